"""Search by SRU: the contract in each version, and answers as servers really write them."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import Busy, Declined, InvalidTarget, PartnerError, UnexpectedAnswer
from harvest.lookup import cql
from harvest.lookup.explain import Explained, Index, Schema
from harvest.lookup.model import Form, Found, Lookup, Protocol, SearchField, Target
from harvest.xml_reader import parse
from tests.harvest.hostile_server import HostileServer, answer
from tests.harvest.lookup_contract import CatalogueContract
from tests.harvest.loopback import catalogues_on

OLD = "http://www.loc.gov/zing/srw/"
NEW = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
RECORD = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader></record>'


class TestSru11(CatalogueContract):
    form = Form.XML

    @staticmethod
    def make(place: str, database: str = "Default") -> Target:
        return Target(name="test", protocol=Protocol.SRU, address=f"http://{place}/{database}", version="1.1")


class TestSru12(CatalogueContract):
    form = Form.XML

    @staticmethod
    def make(place: str, database: str = "Default") -> Target:
        return Target(name="test", protocol=Protocol.SRU, address=f"http://{place}/{database}", version="1.2")


class TestSru20(CatalogueContract):
    form = Form.XML

    @staticmethod
    def make(place: str, database: str = "Default") -> Target:
        return Target(name="test", protocol=Protocol.SRU, address=f"http://{place}/{database}", version="2.0")


def target_at(address: str, **fields) -> Target:
    return Target(name="test", protocol=Protocol.SRU, address=address, **fields)


def response(inside: str, namespace: str = OLD, name: str = "searchRetrieveResponse") -> bytes:
    return f'<?xml version="1.0"?><zs:{name} xmlns:zs="{namespace}">{inside}</zs:{name}>'.encode()


def records(*contents: str, packing: str = "<zs:recordPacking>xml</zs:recordPacking>", total: int = 9) -> str:
    inside = "".join(
        f"<zs:record><zs:recordSchema>marcxml</zs:recordSchema>{packing}<zs:recordData>{content}</zs:recordData></zs:record>"
        for content in contents
    )
    return f"<zs:numberOfRecords>{total}</zs:numberOfRecords><zs:records>{inside}</zs:records>"


def diagnostic(number: int, details: str = "", message: str = "") -> str:
    inside = f"<uri>info:srw/diagnostic/1/{number}</uri><details>{details}</details><message>{message}</message>"
    return f'<diagnostic xmlns="http://www.loc.gov/zing/srw/diagnostic/">{inside}</diagnostic>'


def search_in(body: bytes, *headers: str, start: int = 1, count: int = 10, status: str = "200 OK") -> Found:
    with HostileServer(answer(body, "Content-Type: text/xml", *headers, status=status)) as server:
        return catalogues_on(server.port).search(target_at(server.url()), Lookup(title="x"), start, count)


def asked_of(target: Target, lookup: Lookup) -> dict[str, list[str]]:
    with HostileServer(answer(response(records()))) as server:
        catalogues_on(server.port).search(replace(target, address=server.url("/sru?base=a")), lookup, 11, 5)
        return parse_qs(urlsplit(server.requests[0].split(" ")[1]).query, strict_parsing=True)


def test_versions_ask_in_their_own_words() -> None:
    lookup = Lookup(title="Война и мир", isbn="5-01-001234-x")
    query = 'dc.title all "Война и мир" and bath.isbn = "501001234X"'
    common = {
        "base": ["a"],
        "query": [query],
        "startRecord": ["11"],
        "maximumRecords": ["5"],
        "recordSchema": ["marcxml"],
    }
    for version in ("1.1", "1.2"):
        assert asked_of(target_at("", version=version), lookup) == common | {
            "operation": ["searchRetrieve"],
            "version": [version],
            "recordPacking": ["xml"],
        }
    assert asked_of(target_at("", version="2.0"), lookup) == common | {"recordXMLEscaping": ["xml"]}


def test_the_entry_of_a_partner_can_name_its_own_indexes_and_schema() -> None:
    target = Target(
        name="test",
        protocol=Protocol.SRU,
        address="",
        record_format="unimarcxchange",
        indexes={SearchField.TITLE: "bib.title", SearchField.WORDS: "woe"},
    )
    asked = asked_of(target, Lookup(title="a", year="2015", words="b c"))
    assert asked["query"] == ['bib.title all "a" and dc.date = "2015" and woe all "b c"']
    assert asked["recordSchema"] == ["unimarcxchange"]


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_a_quoted_term_ends_where_it_should(term: str) -> None:
    quoted = cql.quoted(term)
    inside = quoted[1:-1]
    unescaped, place = "", 0
    while place < len(inside):
        if inside[place] == "\\":
            place += 1
        else:
            assert inside[place] not in '"*?^'
        unescaped += inside[place]
        place += 1
    assert (quoted[0], quoted[-1], unescaped) == ('"', '"', term)


@pytest.mark.parametrize(
    "fields",
    [
        {"indexes": {SearchField.TITLE: 'dc.title any "x" or dc.title'}},
        {"indexes": {SearchField.TITLE: "1.4"}},
        {"record_format": "marc xml"},
        {"record_format": "marcxml\n"},
        {"version": "1.3"},
        {"query_charset": "klingon"},
        {"query_charset": "utf-8\x00"},
    ],
)
def test_an_entry_that_cannot_be_right_is_refused(fields) -> None:
    with pytest.raises(InvalidTarget):
        target_at("http://partner.example/", **fields)


@pytest.mark.parametrize("namespace", [OLD, NEW])
@pytest.mark.parametrize(
    ("packing", "content"),
    [
        ("<zs:recordPacking>xml</zs:recordPacking>", RECORD),
        ("<zs:recordPacking>string</zs:recordPacking>", RECORD.replace("<", "&lt;")),
        ("<zs:recordXMLEscaping>string</zs:recordXMLEscaping>", RECORD.replace("<", "&lt;")),
        ("<zs:recordPacking>unpacked</zs:recordPacking>", RECORD),
        ("", f"\n <!-- here --> {RECORD}\n"),
        ("", f"<![CDATA[<?xml version='1.0' encoding='ISO-8859-5'?>\n{RECORD}]]>"),
        ("<zs:recordPacking>xml</zs:recordPacking>", RECORD.replace("<", "&lt;")),
    ],
)
def test_records_are_unpacked_however_they_are_packed(namespace: str, packing: str, content: str) -> None:
    found = search_in(response(records(content, packing=packing), namespace), start=4)
    assert (found.total, found.faults) == (9, ())
    assert [(record.position, record.raw) for record in found.records] == [(4, RECORD.encode())]


def test_a_record_takes_along_the_namespaces_it_needs_and_all_its_letters() -> None:
    inside = (
        '<marc:record><marc:leader>x</marc:leader><marc:datafield tag="245" ind1="1" ind2=" ">'
        '<marc:subfield code="a">Ўзбек &amp; 𝔘 e\u0301</marc:subfield></marc:datafield></marc:record>'
    )
    body = response(records(inside)).replace(b" xmlns:zs", b' xmlns:marc="http://www.loc.gov/MARC21/slim" xmlns:zs')
    raw = search_in(body).records[0].raw
    assert raw.decode().startswith("<marc:record ")
    root = parse(raw)
    assert root.tag == "{http://www.loc.gov/MARC21/slim}record"
    assert root[1][0].text == "Ўзбек & 𝔘 e\u0301"


def test_a_record_that_cannot_be_had_costs_only_itself() -> None:
    body = response(
        records(
            RECORD,
            diagnostic(64, "locked", "Record temporarily unavailable"),
            RECORD.replace("<", "&lt;").replace("/record", "/recor"),
            "<dc><title>x</title></dc>",
            "",
            "&lt;!DOCTYPE a>&lt;record/>",
            RECORD,
        )
    )
    found = search_in(body)
    assert [record.position for record in found.records] == [1, 7]
    assert [fault.position for fault in found.faults] == [2, 3, 4, 5, 6]
    told = [str(fault.error) for fault in found.faults]
    assert "64: Record temporarily unavailable locked" in told[0]
    assert "not well-formed" in told[1]
    assert "“dc” and not MARCXML" in told[2]
    assert "empty record" in told[3]
    assert "DOCTYPE" in told[4]


def test_more_records_than_asked_for_are_not_taken() -> None:
    found = search_in(response(records(*[RECORD] * 30)), count=2)
    assert [record.position for record in found.records] == [1, 2]


def test_a_control_character_does_not_cost_the_page() -> None:
    found = search_in(response(records(RECORD.replace("nam", "n\x0b&#11;am"))))
    assert found.records[0].raw == RECORD.encode()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Try again later"),
        (3, "a right that we do not have"),
        (5, "version of SRU"),
        (10, "did not understand"),
        (16, "by one of these fields"),
        (35, "so common"),
        (60, "Add a word"),
        (66, "in this format"),
        (999999, "declined"),
    ],
)
def test_diagnostics_are_told_in_plain_words(number: int, words: str) -> None:
    for inside in (
        f"<zs:diagnostics>{diagnostic(number, 'dc.nope', 'Said so')}</zs:diagnostics>",
        f"<zs:numberOfRecords>0</zs:numberOfRecords><zs:diagnostics>{diagnostic(number)}</zs:diagnostics>",
    ):
        for name in ("searchRetrieveResponse", "explainResponse"):
            with pytest.raises(Declined, match=words) as caught:
                search_in(response(inside, name=name))
            assert caught.value.number == number


def test_the_words_of_a_server_are_one_short_line() -> None:
    body = response(f"<zs:diagnostics>{diagnostic(10, 'a&#10;b&#x202e;' + 'x' * 5000)}</zs:diagnostics>")
    with pytest.raises(Declined) as caught:
        search_in(body)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_remark_beside_records_is_kept_beside_them() -> None:
    found = search_in(response(records(RECORD) + f"<zs:diagnostics>{diagnostic(8, 'x')}</zs:diagnostics>"))
    assert len(found.records) == 1
    assert [(fault.position, fault.error.code) for fault in found.faults] == [(0, "declined")]


@pytest.mark.parametrize(("header", "seconds"), [("Retry-After: 30", 30), ("Retry-After: 999999", 600), ("X: y", None)])
def test_a_busy_server_is_left_in_peace(header: str, seconds: int | None) -> None:
    with pytest.raises(Busy) as caught:
        search_in(b"", header, status="503 Busy")
    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Welcome</body></html>",
        b"<!DOCTYPE html><html></html>",
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>',
        response(""),
        response("<zs:numberOfRecords>many</zs:numberOfRecords>"),
        response("<zs:numberOfRecords>-1</zs:numberOfRecords>"),
        response("<zs:numberOfRecords>1" + "0" * 5000 + "</zs:numberOfRecords>"),
        response(records(RECORD))[:-10],
        response(records(RECORD), name="explainResponse"),
        b"<diagnostics/>",
    ],
)
def test_what_is_no_sru_is_told_as_such(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        search_in(body)


def test_a_web_page_is_called_one() -> None:
    with (
        HostileServer(answer(b"<!DOCTYPE html><p>Welcome", "Content-Type: text/html; charset=utf-8")) as server,
        pytest.raises(UnexpectedAnswer, match="no SRU server"),
    ):
        catalogues_on(server.port).search(target_at(server.url()), Lookup(title="x"))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_whatever_comes_is_an_answer_or_a_plain_error(noise: bytes, place: int) -> None:
    body = response(records(RECORD, diagnostic(1)))
    with HostileServer(answer(body[:place] + noise + body[place:])) as server:
        try:
            found = catalogues_on(server.port).search(target_at(server.url()), Lookup(title="x"))
        except PartnerError:
            return
        assert all(parse(record.raw) is not None for record in found.records)


def test_a_server_describes_itself(ztest: int) -> None:
    target = TestSru12.make(f"127.0.0.1:{ztest}")
    for version in ("1.1", "1.2", "2.0"):
        assert catalogues_on(ztest).explain(replace(target, version=version)) == Explained(
            title="Books about programming",
            version="1.2",
            database="Default",
            indexes=(Index(name="dc.title", title="Title"), Index(name="dc.creator", title="Author")),
            schemas=(Schema(name="marcxml", identifier="info:srw/schema/1/marcxml-v1.1", title="MARC"),),
        )


@pytest.mark.parametrize(
    ("description", "indexes"),
    [
        ("<explain/>", []),
        ("&lt;explain/>", []),
        (
            "<explain><indexInfo><index/><index><map/></index><index><map><name/></map></index></indexInfo></explain>",
            [],
        ),
        (
            "<e:explain xmlns:e='http://explain.z3950.org/dtd/2.1/'><e:indexInfo><e:index><e:map><e:name>tit</e:name>"
            "</e:map><e:map><e:name set='dc'>title</e:name></e:map></e:index></e:indexInfo></e:explain>",
            ["tit", "dc.title"],
        ),
    ],
)
def test_a_description_may_be_poor(description: str, indexes: list[str]) -> None:
    inside = f"<zs:record><zs:recordData>{description}</zs:recordData></zs:record>"
    with HostileServer(answer(response(inside, name="explainResponse"))) as server:
        explained = catalogues_on(server.port).explain(target_at(server.url()))
        assert [index.name for index in explained.indexes] == indexes


def test_a_server_may_not_describe_itself() -> None:
    for inside in ("", "<zs:record><zs:recordData/></zs:record>"):
        with (
            HostileServer(answer(response(inside, name="explainResponse"))) as server,
            pytest.raises(UnexpectedAnswer, match="does not describe itself"),
        ):
            catalogues_on(server.port).explain(target_at(server.url()))
