"""What any way to search a partner's catalogue must do; each protocol's test module derives its classes from this."""

import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.addresses import Reach
from harvest.errors import AddressRefused, NothingToSearch, PartnerError, TooSlow, Unreachable
from harvest.lookup.model import Form, Lookup, Target
from harvest.lookup.search import Catalogues
from harvest.lookup.sru import Sru
from harvest.lookup.z3950 import Z3950
from harvest.transport import Transport
from tests.harvest.hostile_server import HostileServer, raw
from tests.harvest.loopback import catalogues_on, free_port, reach_of

FORBIDDEN_HOSTS = ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254")

INJECTIONS = (
    '" and dc.title = "9',
    '" @attr 1=4 "9',
    '\\" or 9',
    "x\\",
    '";\nfind 9\n! touch taken\n',
    "\nquit\r\nquit\x00quit\x0bquit",
    "@or @and @set @attr 1=9999 @term",
    "a; b; ! touch taken; . taken",
    "prox/unit=word < > <> == any all (and) [or] not",
    "ў қ ғ ҳ ө ү ң oʻ gʻ 𝔘 \u202e \u0301",
    "%22%0Afind%209 &query=9&version=9 #9",
    "*?^ *",
)


class CatalogueContract:
    """Against yaz-ztest, which finds as many records as the number that a search begins with says."""

    form: Form
    make: Callable[..., Target]  # of `host:port` and, unless it is Default, a database

    @pytest.fixture
    def target(self, ztest: int) -> Target:
        return self.make(f"127.0.0.1:{ztest}")

    @pytest.fixture
    def catalogues(self, ztest: int) -> Catalogues:
        return catalogues_on(ztest)

    def test_records_come_with_their_places_and_bytes(self, catalogues: Catalogues, target: Target) -> None:
        found = catalogues.search(target, Lookup(title="7 programs"), count=3)
        assert found.total == 7
        assert found.faults == ()
        assert [(record.position, record.form) for record in found.records] == [(n, self.form) for n in (1, 2, 3)]
        assert b"How to program a computer" in found.records[0].raw
        assert b"11224466" in found.records[0].raw
        assert b"11224467" in found.records[1].raw

    def test_a_result_is_turned_over_page_by_page_without_loss(self, catalogues: Catalogues, target: Target) -> None:
        lookup = Lookup(words="7")
        whole = catalogues.search(target, lookup, count=50).records
        paged = [record for start in (1, 4, 7) for record in catalogues.search(target, lookup, start, 3).records]
        assert [record.position for record in whole] == [1, 2, 3, 4, 5, 6, 7]
        assert paged == list(whole)

    def test_beyond_the_end_there_is_nothing(self, catalogues: Catalogues, target: Target) -> None:
        beyond = catalogues.search(target, Lookup(title="2"), start=3)
        assert (beyond.total, beyond.records, beyond.faults) == (2, (), ())

    def test_nothing_found_is_an_answer(self, catalogues: Catalogues, target: Target) -> None:
        nothing = catalogues.search(target, Lookup(title="0"))
        assert (nothing.total, nothing.records, nothing.faults) == (0, (), ())

    @pytest.mark.parametrize(
        "lookup",
        [
            Lookup(title="5 тарих"),
            Lookup(author="5 Каримов"),
            Lookup(isbn="5-01-001234-5"),
            Lookup(year="5"),
            Lookup(words="5 Oʻzbekiston"),
            Lookup(title="5", author="Каримов, А. А.", isbn="978-9943-01-123-4", year="2015", words="тарих"),
        ],
        ids=["title", "author", "isbn", "year", "words", "all"],
    )
    def test_each_field_can_be_searched(self, catalogues: Catalogues, target: Target, lookup: Lookup) -> None:
        found = catalogues.search(target, lookup, count=1)
        assert found.total == (5010012345 if lookup.isbn.startswith("5") else 5)

    @pytest.mark.parametrize("words", INJECTIONS)
    def test_an_injection_is_a_word_and_nothing_more(self, catalogues: Catalogues, target: Target, words: str) -> None:
        assert catalogues.search(target, Lookup(title=f"3 {words}"), count=1).total == 3

    def test_whatever_is_typed_is_a_word_and_nothing_more(self, catalogues: Catalogues, target: Target) -> None:
        @settings(max_examples=30, deadline=None)
        @given(st.text(max_size=60))
        def check(words: str) -> None:
            assert catalogues.search(target, Lookup(title=f"3 {words}"), count=1).total == 3

        check()

    @pytest.mark.parametrize(
        "lookup", [Lookup(), Lookup(title=" \t\n"), Lookup(title='"*?"', author="..."), Lookup(isbn="n/a")]
    )
    def test_a_search_for_nothing_is_not_sent(self, catalogues: Catalogues, target: Target, lookup: Lookup) -> None:
        with pytest.raises(NothingToSearch):
            catalogues.search(target, lookup)

    def test_too_many_words_are_not_sent(self, catalogues: Catalogues, target: Target) -> None:
        with pytest.raises(NothingToSearch):
            catalogues.search(target, Lookup(title="ў " * 300))

    @pytest.mark.parametrize(("start", "count"), [(0, 1), (-1, 1), (1, 0), (1, 51)])
    def test_bounds(self, catalogues: Catalogues, target: Target, start: int, count: int) -> None:
        with pytest.raises(ValueError, match="1 to 50"):
            catalogues.search(target, Lookup(title="5"), start, count)

    def test_a_database_that_is_not_there_is_told(self, catalogues: Catalogues, ztest: int) -> None:
        with pytest.raises(PartnerError, match=r"no such database|404"):
            catalogues.search(self.make(f"127.0.0.1:{ztest}", "Nowhere"), Lookup(title="5"))

    @pytest.mark.parametrize("host", FORBIDDEN_HOSTS)
    def test_the_own_network_is_out_of_reach_unless_allowed(self, ztest: int, host: str) -> None:
        closed = Catalogues(Sru(Transport(agent="test")), Z3950())
        with pytest.raises(AddressRefused):
            closed.search(self.make(f"{host}:{ztest}"), Lookup(title="5"))
        with socket.create_server(("127.0.0.1", 0)) as ear:
            ear.setblocking(False)
            reach = Reach(ports=frozenset({ear.getsockname()[1]}))
            open_port = Catalogues(Sru(Transport(agent="test", reach=reach)), Z3950(reach=reach))
            with pytest.raises(AddressRefused):
                open_port.search(self.make(f"{host}:{ear.getsockname()[1]}"), Lookup(title="5"))
            with pytest.raises(BlockingIOError):
                ear.accept()

    def test_a_name_is_resolved_once_and_that_address_is_connected_to(self, ztest: int) -> None:
        asked: list[str] = []

        def resolver(host: str, _: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        reach = reach_of(ztest)
        catalogues = Catalogues(
            Sru(Transport(agent="test", reach=reach, resolver=resolver)), Z3950(reach=reach, resolver=resolver)
        )
        assert catalogues.search(self.make(f"partner.example:{ztest}"), Lookup(title="5"), count=1).total == 5
        assert asked == ["partner.example"]

    def test_a_silent_server_is_left_when_the_time_is_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            start = time.monotonic()
            with pytest.raises(TooSlow, match="1 seconds"):
                catalogues_on(port, seconds=0.6).search(self.make(f"127.0.0.1:{port}"), Lookup(title="5"))
            assert time.monotonic() - start < 30

    def test_nobody_at_home(self) -> None:
        port = free_port()
        with pytest.raises(Unreachable, match=f"port {port}"):
            catalogues_on(port).search(self.make(f"127.0.0.1:{port}"), Lookup(title="5"))

    @pytest.mark.parametrize("said", [b"", b"\x00" * 5000, b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
    def test_another_kind_of_server_is_no_catalogue(self, said: bytes) -> None:
        with HostileServer(raw(said), reads_request=False) as server, pytest.raises(PartnerError):
            catalogues_on(server.port).search(self.make(f"127.0.0.1:{server.port}"), Lookup(title="5"))
