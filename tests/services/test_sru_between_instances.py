"""One instance of the library searches another over HTTP and copies its records; so does a stranger's client."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harvest.lookup.model import Dialect as PartnerDialect
from harvest.lookup.model import Lookup, Protocol, Target
from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import Status
from library.settings import Settings
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record
from tests.journeys.serving import served
from tests.staff import BOTIR, NODIRA, published, withdrawn

VERSIONS = ("1.1", "1.2", "2.0")
TITLES = {
    Dialect.MARC21: "Ўзбек халқ эртаклари",
    Dialect.UNIMARC: "Общая <химия> & физика",
    Dialect.IRBIS: "Алгебра жана анализ",
}


@dataclass(frozen=True)
class Partner:
    """The other instance: its address, and what it has of each dialect."""

    address: str
    container: Container
    records: dict[Dialect, MarcRecord]
    numbers: dict[Dialect, int]


def _installed(directory: Path, migrated: Path, **options: object) -> Container:
    directory.mkdir()
    shutil.copy(migrated, directory / "library.sqlite")
    return Container(Settings(data_dir=directory, **options))  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def partner(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Partner]:
    directory = tmp_path_factory.mktemp("partner") / "data"
    container = _installed(directory, migrated_sqlite, search_engine=request.param, institution="Qoʻshni universitet")
    records = {
        Dialect.MARC21: a_marc21_record("qo-1", title=TITLES[Dialect.MARC21]),
        Dialect.UNIMARC: a_unimarc_record("qo-2", title=TITLES[Dialect.UNIMARC]),
        Dialect.IRBIS: an_irbis_record(title=TITLES[Dialect.IRBIS]),
    }
    numbers = {dialect: published(container.cataloguing, dialect, marc) for dialect, marc in records.items()}
    gone = published(container.cataloguing, Dialect.MARC21, a_marc21_record("qo-4", title="Oʻchirilgan kitob"))
    container.cataloguing.create(Dialect.MARC21, a_marc21_record("qo-5", title="Qoralama kitob"), actor=NODIRA)
    container.indexing.rebuild()
    # Withdrawn when the index still had it.
    withdrawn(container.cataloguing, gone, "Takror")
    with served(create_app(container)) as address:
        yield Partner(f"{address}/sru", container, records, numbers)
    container.close()


@pytest.fixture
def ours(partner: Partner, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Container]:
    """Our instance, which may reach the port of the partner on this machine."""
    (port,) = re.findall(r":(\d+)/", partner.address)
    container = _installed(
        tmp_path / "ours", migrated_sqlite, partner_networks=("127.0.0.1/32",), partner_ports=(port,)
    )
    yield container
    container.close()


def _entered(ours: Container, partner: Partner, **options: object) -> int:
    target = Target(name="Qoʻshni", protocol=Protocol.SRU, address=partner.address, **options)  # type: ignore[arg-type]
    return ours.targets.add(target, actor=BOTIR)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_partner_is_tried_before_it_is_entered(ours: Container, partner: Partner, version: str) -> None:
    target = Target(name="Qoʻshni", protocol=Protocol.SRU, address=partner.address, version=version)
    trial = ours.targets.try_out(target, "эртаклари", actor=BOTIR)
    assert (trial.problem, trial.explain_problem) == (None, None)
    assert trial.explained is not None
    assert "Qoʻshni universitet" in trial.explained.title
    assert {"dc.title", "dc.creator", "bath.isbn", "dc.date", "cql.anywhere"} <= {
        index.name for index in trial.explained.indexes
    }
    assert (trial.total, trial.first_title) == (1, TITLES[Dialect.MARC21])


@pytest.mark.parametrize(
    ("version", "dialect", "lookup"),
    [
        ("1.1", Dialect.MARC21, Lookup(title="oʻzbek xalq ertaklari", year="2019")),
        ("1.2", Dialect.MARC21, Lookup(author="Yo. U. Soatov", title="эртаклари")),
        ("2.0", Dialect.MARC21, Lookup(isbn="978-9943-22-551-0", words="халқ")),
        ("1.2", Dialect.UNIMARC, Lookup(title="химия", author="Каримова")),
        ("2.0", Dialect.IRBIS, Lookup(words="алгебра")),
    ],
)
def test_a_record_of_any_dialect_becomes_a_draft_in_marc21(
    ours: Container, partner: Partner, version: str, dialect: Dialect, lookup: Lookup
) -> None:
    number = _entered(ours, partner, version=version)
    (found,) = ours.copy_cataloguing.search(lookup, (number,), 1, actor=NODIRA)
    assert (found.problem, found.faults) == (None, ())
    assert [line.description.title for line in found.lines] == [TITLES[dialect]]
    preview = ours.copy_cataloguing.preview(number, lookup, 1, actor=NODIRA)
    if dialect is Dialect.MARC21:
        assert preview.marc == partner.records[dialect]
    draft = ours.copy_cataloguing.take_over(number, preview.marc, Dialect.MARC21, actor=NODIRA)
    with ours.database.reading() as view:
        record = view.records.described(draft)
        work = record.record
    assert (work.status, work.dialect) == (Status.DRAFT, Dialect.MARC21)
    assert record.description.title == TITLES[dialect]


def test_a_record_of_rusmarc_is_copied_in_its_own_dialect_without_loss(ours: Container, partner: Partner) -> None:
    number = _entered(ours, partner, dialect=PartnerDialect.UNIMARC, record_format="unimarcxchange")
    lookup = Lookup(words="химия")
    preview = ours.copy_cataloguing.preview(number, lookup, 1, actor=NODIRA)
    theirs = partner.records[Dialect.UNIMARC]
    assert preview.marc == theirs
    draft = ours.copy_cataloguing.take_over(number, preview.marc, Dialect.UNIMARC, actor=NODIRA)
    with ours.database.reading() as view:
        copied = view.records.get(draft)
    assert copied.dialect is Dialect.UNIMARC
    for field in theirs.fields:
        if field.tag not in ("001", "100"):
            assert field in copied.marc.fields
    # The partner's records of other dialects are named, not guessed at.
    (mixed,) = ours.copy_cataloguing.search(Lookup(words="алгебра"), (number,), 1, actor=NODIRA)
    assert (mixed.total, mixed.lines, len(mixed.faults)) == (1, (), 1)


def test_what_is_not_published_is_neither_given_nor_named(ours: Container, partner: Partner) -> None:
    number = _entered(ours, partner)
    (found,) = ours.copy_cataloguing.search(Lookup(title="oʻchirilgan"), (number,), 1, actor=NODIRA)
    assert (found.lines, len(found.faults)) == ((), 1)
    assert "65" in str(found.faults[0])
    (draft,) = ours.copy_cataloguing.search(Lookup(title="qoralama"), (number,), 1, actor=NODIRA)
    assert (draft.total, draft.lines, draft.faults) == (0, (), ())


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_client_of_debian_takes_records(partner: Partner, method: str, version: str) -> None:
    commands = (
        f"sru {method} {version}",
        f"open {partner.address}",
        "querytype cql",
        "schema marcxml",
        'find dc.title any "эртаклари химия" or rec.identifier=9',
        'find dc.title any "эртаклари химия" sortby dc.date/sort.descending',
        "show 1+2",
        "quit",
    )
    done = subprocess.run(
        ["yaz-client"], input="\n".join(commands), capture_output=True, text=True, timeout=30, check=False
    )
    assert re.findall(r"Number of hits: (\d+)", done.stdout) == ["0", "2", "2"]
    assert "info:srw/diagnostic/1/18" in done.stdout
    titles = re.findall(r'<datafield tag="245".*?<subfield code="a">(.*?)</subfield>', done.stdout, re.DOTALL)
    assert titles[0] == TITLES[Dialect.MARC21]
    assert titles[1] == "Общая &lt;химия&gt; &amp; физика"


def test_every_field_is_copied_that_marc21_has_room_for(ours: Container, partner: Partner) -> None:
    rich = a_marc21_record("qo-6", title="Boy yozuv").with_fields(
        (
            *a_marc21_record("qo-6", title="Boy yozuv").fields,
            a_field("520", a="Izoh “qoʻshtirnoq” — ⟨belgi⟩ e\u0301 𐰀"),
            a_field("880", "1 ", a="Бой ёзув"),
        )
    )
    partner.container.indexing.refresh([published(partner.container.cataloguing, Dialect.MARC21, rich)])
    preview = ours.copy_cataloguing.preview(_entered(ours, partner), Lookup(title="boy yozuv"), 1, actor=NODIRA)
    assert preview.marc == rich
