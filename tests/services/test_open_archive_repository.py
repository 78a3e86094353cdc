"""The catalogue is a repository that can be harvested, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harvest.model import Selection
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.domain.description import Creator, CreatorRole, Link, Material
from library.domain.record import Status
from tests.contracts.oai_repository import NOON, RepositoryContract
from tests.services.sql_archive import SqlArchive, a_work, number_of

OAI_DC = Selection(prefix="oai_dc")


class TestSqlArchive(RepositoryContract):
    parent = "collection"
    child = "collection:ochiq"
    rare_prefix = "etdms"

    @pytest.fixture
    def archive(self, database):
        return SqlArchive(database)


@pytest.fixture
def archive(database):
    return SqlArchive(database)


def prefixes(archive, identifier):
    return {offered.prefix for offered in archive.repository.formats(identifier)}


def test_what_was_never_published_is_unknown(archive):
    archive.add(NOON, a_work("Qoralama"), status=Status.DRAFT)
    archive.add(NOON, a_work("Oʻchirilgan"), status=Status.WITHDRAWN)
    assert archive.repository.page(OAI_DC, None, 10).records == ()
    assert archive.repository.size(OAI_DC) == 0
    assert archive.repository.identity().earliest == datetime(1970, 1, 1, tzinfo=UTC)


def test_formats_fit_the_record(archive):
    always = {"oai_dc", "qdc", "marc21", "mods"}
    assert prefixes(archive, archive.add(NOON, a_work("Kitob"))) == always | {"oai_openaire"}
    assert prefixes(archive, archive.add(NOON, a_work("Kitob", creators=()))) == always
    assert prefixes(archive, archive.add(NOON, a_work("Kitob", year=None))) == always
    thesis = archive.add(NOON, a_work("Ish", material=Material.DISSERTATION, year=None))
    assert prefixes(archive, thesis) == always | {"etdms"}
    doi = (Link(url="https://doi.org/10.1234/abc"),)
    with_doi = archive.add(NOON, a_work("Maqola", links=doi))
    assert prefixes(archive, with_doi) == always | {"oai_openaire", "datacite"}
    listed = archive.repository.page(Selection(prefix="datacite"), None, 10)
    assert [record.identifier for record in listed.records] == [with_doi]


def test_a_class_lies_in_the_classes_that_contain_it(archive):
    integral = archive.add(NOON, a_work("Integral", udc=("517.3", "UDC?", "(575.1)")))
    chemistry = archive.add(NOON, a_work("Kimyo", udc=("54",)))
    many = archive.add(NOON, a_work("Ikkalasi", udc=("54", "517")))
    assert archive.repository.record(integral, "oai_dc").sets == ("type:book", "udc:5:51:517")
    for spec, members in {
        "udc": [integral, chemistry, many],
        "udc:5": [integral, chemistry, many],
        "udc:5:51": [integral, many],
        "udc:5:54": [chemistry, many],
        "type:book": [integral, chemistry, many],
        "type:article": [],
    }.items():
        page = archive.repository.page(Selection(prefix="oai_dc", set_spec=spec), None, 10)
        assert [record.identifier for record in page.records] == members, spec
        assert archive.repository.size(Selection(prefix="oai_dc", set_spec=spec)) == len(members)
    specs = [one.spec for one in archive.repository.sets()]
    assert {"udc:5", "udc:5:51", "udc:5:51:517", "udc:5:54"} <= set(specs)


def test_a_record_that_leaves_a_set_is_listed_there_no_more(archive, database):
    identifier = archive.add(NOON, a_work("Kitob", udc=("54",)))
    with database.writing() as tx:
        now = tx.records.described(number_of(identifier))
        record = replace(now.record, version=2)
        after = DescribedRecord(record=record, description=replace(now.description, udc=("51",)))
        tx.records.replace([(now.record, after)])
        tx.outbox.add(Topic.INDEX_RECORD, [record.id], NOON + timedelta(hours=1))
        tx.commit()
    assert archive.repository.size(Selection(prefix="oai_dc", set_spec="udc:5:54")) == 0
    (moved,) = archive.repository.page(Selection(prefix="oai_dc", set_spec="udc:5:51"), None, 10).records
    assert moved.datestamp == NOON + timedelta(hours=1)
    assert archive.repository.page(Selection(prefix="oai_dc", set_spec="udc:5"), None, 10).records == (moved,)


def test_a_clock_that_goes_back_moves_no_datestamp_back(archive):
    identifier = archive.publish(NOON)
    archive.change(identifier, NOON - timedelta(days=1))
    assert archive.repository.record(identifier, "oai_dc").datestamp == NOON


@pytest.mark.parametrize("prefix", ["oai_dc", "marc21", "mods", "oai_openaire"])
def test_a_page_takes_the_same_few_queries_whatever_its_size(archive, database, statements, prefix):
    archive.add(NOON, *(a_work(f"Kitob {number}", udc=("51",)) for number in range(250)))
    counts = []
    for limit in (2, 200):
        for spec in ("", "udc:5"):
            with statements(database.engine) as sent:
                page = archive.repository.page(Selection(prefix=prefix, set_spec=spec), None, limit)
            assert len(page.records) == limit
            counts.append(len([one for one in sent.sent if one.startswith(("SELECT", "WITH"))]))
    assert len(set(counts)) == 1
    assert counts[0] <= 4


def test_headers_take_one_query(archive, database, statements):
    archive.add(NOON, *(a_work(f"Kitob {number}") for number in range(50)))
    with statements(database.engine) as sent:
        archive.repository.headers(OAI_DC, None, 40)
    assert len([one for one in sent.sent if one.startswith("SELECT")]) == 1


def test_whoever_is_named_stands_for_an_author_where_there_is_none(archive):
    editor = (Creator(name="Aliyev, B.", role=CreatorRole.EDITOR),)
    identifier = archive.add(NOON, a_work("Toʻplam", creators=editor))
    assert b"<dc:creator>Aliyev, B.</dc:creator>" in archive.repository.record(identifier, "oai_dc").metadata
