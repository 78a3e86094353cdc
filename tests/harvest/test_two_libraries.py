"""Libraries are killed while they harvest: two of ours, over a bad line, end with the same records all the same."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sickle import Sickle

from library.container import Container, now
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.domain.marc import Dialect
from library.domain.partners import PartnerForm, PartnerRun, RunState
from library.domain.record import CatalogueRecord, Status
from library.marc import dialects
from tests.builders import LONG_AGO, a_marc21_record, a_unimarc_record
from tests.harvest.hostile_proxy import HostileProxy
from tests.harvest.hostile_server import Behaviour, HostileServer
from tests.harvest.library_processes import Harvester, Library, answering
from tests.harvest.oai_partner import Arguments, Repository, cut, works
from tests.services.partner_room import entry_for
from tests.staff import BOTIR, revised, withdrawn

OF_EACH = 60
MOST_LIVES = 40
# No harvest of everything needs fewer requests than this.
REQUESTS = 6
DEATHS = 3
_ORIGIN = re.compile(r"<originDescription.*?<identifier>(.*?)</identifier>", re.DOTALL)
_METADATA = re.compile(r"<metadata>(.*?)</metadata>", re.DOTALL)


@dataclass
class Side:
    """One of the two, with the way by which it reaches the other."""

    library: Library
    container: Container
    port: int
    harvester: Harvester
    proxy: HostileProxy
    way: int

    def harvested(self) -> PartnerRun:
        """The run that brought all there is, however often it takes."""
        for _ in range(MOST_LIVES):
            run = self.harvester.lived(self.way)
            if run is not None and _is_whole(run):
                return run
        pytest.fail(f"no end in sight: {self.proxy.done}")

    def shelf(self, prefix: str) -> dict[str, str]:
        """The metadata of all living records as a client gets them, by the identifiers of those who made them."""
        found = {}
        for record in self._ask().ListRecords(metadataPrefix=prefix, ignore_deleted=True):
            origin, metadata = _ORIGIN.search(record.raw), _METADATA.search(record.raw)
            assert metadata is not None
            name = origin.group(1) if origin else record.header.identifier
            assert name not in found, "a record came back to where it is from"
            found[name] = re.sub(rf"http://{self.library.name}\.example/record/\d+", "", metadata.group(1))
        return found

    def headers(self) -> list[tuple[str, str, bool]]:
        """Identifiers and datestamps of all, living and deleted."""
        found = self._ask().ListIdentifiers(metadataPrefix="oai_dc")
        return [(one.identifier, one.datestamp, one.deleted) for one in found]

    def _ask(self) -> Sickle:
        return Sickle(f"http://127.0.0.1:{self.port}/oai")


def _is_whole(run: PartnerRun) -> bool:
    return run.state is RunState.COMPLETE and run.missing == run.holes == run.counts.set_aside == 0


def stocked(container: Container, name: str) -> None:
    """Records in two dialects, ten of each second."""
    with container.database.writing() as tx:
        for number in tx.records.reserve(OF_EACH):
            dialect = Dialect.UNIMARC if number % 3 == 0 else Dialect.MARC21
            build = a_unimarc_record if dialect is Dialect.UNIMARC else a_marc21_record
            record = CatalogueRecord(
                id=number,
                dialect=dialect,
                marc=build(f"{name}{number}", title=f"{name} <{number}> & ҳақида"),
                status=Status.PUBLISHED,
                version=1,
                created_at=LONG_AGO,
                changed_at=LONG_AGO,
                changed_by="person:1",
            )
            tx.records.add([DescribedRecord(record=record, description=dialects.describe(dialect, record.marc))])
            tx.outbox.add(Topic.INDEX_RECORD, [number], now() - timedelta(seconds=number // 10))
        tx.commit()


@pytest.fixture
def sides(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[Side, Side]]:
    """Each is the other's partner, and passes on what it has from it."""
    with ExitStack() as open_things:
        libraries = [Library(name=name, directory=tmp_path / name) for name in ("namangan", "bishkek")]
        containers = []
        for library in libraries:
            library.directory.mkdir()
            shutil.copy(migrated_sqlite, library.directory / "library.sqlite")
            containers.append(Container(library.settings()))
            open_things.callback(containers[-1].close)
            stocked(containers[-1], library.name)
        ports = [open_things.enter_context(answering(library)) for library in libraries]
        made = []
        for seed, (library, container, port) in enumerate(zip(libraries, containers, ports, strict=True)):
            harvester = Harvester(library)
            deaths = frozenset(Random(seed).sample(range(1, REQUESTS), DEATHS))
            proxy = HostileProxy(ports[1 - seed], seed, deaths, harvester.kill)
            way = open_things.enter_context(HostileServer(proxy)).port
            _acquaint(library, way)
            made.append(Side(library, container, port, harvester, proxy, way))
        yield made[0], made[1]


def _acquaint(library: Library, port: int) -> None:
    container = Container(library.settings(port))
    container.partners.add(replace(entry_for(port, PartnerForm.MARC21), expose=True), actor=BOTIR)
    container.close()


def require_equal(first: Side, second: Side, count: int) -> None:
    for prefix in ("oai_dc", "marc21"):
        shelf = first.shelf(prefix)
        assert len(shelf) == count
        assert shelf == second.shelf(prefix)


def test_two_libraries_that_harvest_each_other_over_a_bad_line_end_equal(sides: tuple[Side, Side]) -> None:
    first, second = sides
    for side in sides:
        side.harvested()
    require_equal(first, second, 2 * OF_EACH)
    # The one that is killed after an answer may have been done.
    assert all(side.harvester.deaths >= DEATHS - 1 for side in sides)

    before = [side.headers() for side in sides]
    for side in sides:
        counts = side.harvested().counts
        assert (counts.new, counts.changed, counts.gone) == (0, 0, 0)
        assert counts.own >= OF_EACH, "what is its own is met, and passed over"
    assert [side.headers() for side in sides] == before, "a second pass changes nothing"

    for side in sides:
        cataloguing = side.container.cataloguing
        withdrawn(cataloguing, 4, "yoʻqolgan")
        revised(cataloguing, 5, a_marc21_record(f"{side.library.name}5", title="Yangi sarlavha"))
    for side in (first, second):
        side.harvested()
    require_equal(first, second, 2 * (OF_EACH - 1))


def test_a_harvest_that_is_killed_again_and_again_is_one_run_that_repeats_no_page_it_has(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    library = Library(name="namangan", directory=tmp_path)
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    repository = Repository(works(60), batch=5)
    repository.works[50].deleted = True
    harvester, deaths = Harvester(library), (3, 9, 11)
    with HostileServer(repository) as server, closing(Container(library.settings(server.port))) as container:
        container.partners.add(entry_for(server.port), actor=BOTIR)

        def fault(number: int, _: Arguments, body: bytes) -> Behaviour | None:
            if number in deaths:
                harvester.kill()
                return cut(body)
            return None

        repository.fault = fault
        assert [harvester.lived(server.port) is None for _ in range(len(deaths) + 1)] == [True, True, True, False]
        with container.database.reading() as view:
            (run,) = view.partners.runs(1, 10)
            assert (run.state, run.counts.new, run.counts.unchanged) == (RunState.COMPLETE, 59, 0)
            assert sum(view.records.counts().values()) == 59
    tokens = [asked["resumptionToken"] for asked in repository.asked if "resumptionToken" in asked]
    assert len(tokens) == 11 + len(deaths), "each death costs the page that it spoils"
    assert sum("metadataPrefix" in asked for asked in repository.asked) == 1, "never from the beginning"
