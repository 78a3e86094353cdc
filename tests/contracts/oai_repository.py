"""What every repository must do to be harvested; each one's test module derives its class from this.

A real repository gives more than was asked, such as sets of its own; so nothing is said here of what else there is.
"""

import re
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from lxml import etree

from harvest.model import DeletedRecords, Granularity, OaiRecord, Selection
from harvest.provider.arguments import parse
from harvest.provider.fragments import Fragments
from harvest.provider.repository import FormatNotAvailable, Repository, UnknownIdentifier

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
NAME = r"[A-Za-z0-9\-_.!~*'()]+"


class Archive(Protocol):
    """A repository and the means to change what it holds; it is empty at first."""

    @property
    def repository(self) -> Repository:
        """What is under test."""

    def publish(self, at: datetime, in_set: str = "") -> str:
        """Publish a new item, of the set if one is named; the identifier."""

    def change(self, identifier: str, at: datetime) -> None:
        """Change the title of an item."""

    def withdraw(self, identifier: str, at: datetime) -> None:
        """Withdraw an item."""


class RepositoryContract(ABC):
    """Derive from it, give the fixture `archive`, two of its sets, and a format that plain items don't have."""

    parent: str
    child: str
    rare_prefix: str

    @pytest.fixture
    @abstractmethod
    def archive(self) -> Archive:
        """An empty archive that knows the sets."""

    def listed(self, archive, limit=3, **window):
        """All records of a selection in pages, and that the headers are the same."""
        selection = Selection(**{"prefix": "oai_dc", **window})
        repository = archive.repository
        found: list[OaiRecord] = []
        after = None
        while True:
            page = repository.page(selection, after, limit)
            headers = repository.headers(selection, after, limit)
            assert [bare(record) for record in page.records] == list(headers.records)
            assert headers.more is page.more
            assert len(page.records) <= limit
            assert page.records or not page.more
            found += page.records
            if not page.more:
                break
            assert len(page.records) == limit
            after = page.records[-1].position
        assert repository.size(selection) == len(found)
        return found

    def identifiers(self, archive, **window):
        return {record.identifier for record in self.listed(archive, **window)}

    def test_it_says_who_it_is(self, archive):
        identity = archive.repository.identity()
        assert identity.name
        assert identity.base_url == archive.repository.base_url
        assert re.fullmatch(r"https?://[^\s?#]+", identity.base_url)
        assert all(re.fullmatch(r"\S+@\S+\.\S+", email) for email in identity.admin_emails)
        assert identity.admin_emails
        assert identity.granularity is Granularity.SECOND
        assert identity.deleted_records is DeletedRecords.PERSISTENT
        assert "identity" not in identity.compressions

    def test_nothing_is_older_than_it_says_not_even_what_was_withdrawn(self, archive):
        assert archive.repository.identity().earliest.tzinfo is not None
        first = archive.publish(NOON)
        archive.publish(NOON + timedelta(days=1))
        assert archive.repository.identity().earliest <= NOON
        archive.withdraw(first, NOON + timedelta(hours=1))
        assert archive.repository.identity().earliest <= NOON + timedelta(hours=1)

    def test_its_formats_can_be_named_in_requests(self, archive):
        formats = archive.repository.formats(None)
        prefixes = [offered.prefix for offered in formats]
        assert len(set(prefixes)) == len(prefixes)
        assert all(re.fullmatch(NAME, prefix) for prefix in prefixes)
        dublin_core = next(offered for offered in formats if offered.prefix == "oai_dc")
        assert dublin_core.namespace == "http://www.openarchives.org/OAI/2.0/oai_dc/"
        assert dublin_core.schema == "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"

    def test_an_item_has_some_of_the_formats(self, archive):
        identifier = archive.publish(NOON)
        offered = archive.repository.formats(identifier)
        assert "oai_dc" in [one.prefix for one in offered]
        assert self.rare_prefix not in [one.prefix for one in offered]
        assert set(offered) <= set(archive.repository.formats(None))

    def test_an_unknown_item_is_told_from_one_that_lacks_a_format(self, archive):
        identifier = archive.publish(NOON)
        with pytest.raises(FormatNotAvailable):
            archive.repository.record(identifier, self.rare_prefix)
        for stranger in (identifier + "x", "oai:elsewhere.example:1", "%", "' OR 1=1 --", "oai:", "9" * 40):
            with pytest.raises(UnknownIdentifier):
                archive.repository.record(stranger, "oai_dc")
            with pytest.raises(UnknownIdentifier):
                archive.repository.formats(stranger)

    def test_sets_stand_behind_those_that_contain_them(self, archive):
        specs = [one.spec for one in archive.repository.sets()]
        assert {self.parent, self.child} <= set(specs)
        assert len(set(specs)) == len(specs)
        for place, spec in enumerate(specs):
            assert re.fullmatch(f"{NAME}(?::{NAME})*", spec)
            assert ":" not in spec or spec.rpartition(":")[0] in specs[:place]
        assert all(one.name for one in archive.repository.sets())

    def test_an_empty_archive_has_an_empty_list(self, archive):
        assert self.listed(archive) == []

    def test_a_record_is_the_same_alone_and_in_a_list(self, archive):
        identifier = archive.publish(NOON, in_set=self.child)
        alone = archive.repository.record(identifier, "oai_dc")
        assert self.listed(archive) == [alone]
        assert alone.datestamp == NOON
        assert self.child in alone.sets
        assert set(alone.sets) <= {one.spec for one in archive.repository.sets()}
        root = etree.fromstring(alone.metadata)
        assert root.tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
        assert Fragments().sound(alone.metadata) == alone.metadata
        parse([("verb", "GetRecord"), ("identifier", identifier), ("metadataPrefix", "oai_dc")])

    @pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 6, 7])
    def test_pages_have_everything_once_and_know_whether_others_follow(self, archive, number):
        published = {archive.publish(NOON + timedelta(seconds=place // 2)) for place in range(number)}
        found = self.listed(archive, limit=3)
        assert {record.identifier for record in found} == published
        assert len(found) == number
        assert [record.datestamp for record in found] == sorted(record.datestamp for record in found)

    def test_many_of_one_second_have_an_order_too(self, archive):
        published = {archive.publish(NOON) for _ in range(12)}
        orders = [[record.identifier for record in self.listed(archive, limit=limit)] for limit in (1, 5, 12, 50)]
        assert all(order == orders[0] for order in orders)
        assert set(orders[0]) == published
        assert len(orders[0]) == 12

    def test_datestamps_are_whole_seconds_in_utc(self, archive):
        archive.publish(NOON + timedelta(microseconds=999_999))
        (record,) = self.listed(archive)
        assert record.datestamp == NOON
        assert record.datestamp.utcoffset() == timedelta(0)
        assert self.listed(archive, until=NOON) == [record]
        assert self.listed(archive, from_=NOON + timedelta(seconds=1)) == []

    def test_both_ends_of_a_window_belong_to_it(self, archive):
        a, b, c = (archive.publish(NOON + timedelta(seconds=second)) for second in range(3))
        second = NOON + timedelta(seconds=1)
        assert self.identifiers(archive, from_=second) == {b, c}
        assert self.identifiers(archive, until=second) == {a, b}
        assert self.identifiers(archive, from_=second, until=second) == {b}
        assert self.identifiers(archive, from_=second, until=NOON) == set()
        far = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
        assert self.identifiers(archive, from_=datetime(1, 1, 1, tzinfo=UTC), until=far) == {a, b, c}
        assert self.identifiers(archive, from_=far) == set()

    def test_a_set_has_what_its_parts_have_and_nothing_else(self, archive):
        outside = archive.publish(NOON)
        part = archive.publish(NOON, in_set=self.child)
        whole = archive.publish(NOON, in_set=self.parent)
        assert self.identifiers(archive) == {outside, part, whole}
        assert self.identifiers(archive, set_spec=self.parent) == {part, whole}
        assert self.identifiers(archive, set_spec=self.child) == {part}

    def test_a_set_is_its_name_and_not_a_pattern(self, archive):
        archive.publish(NOON, in_set=self.child)
        strangers = [self.parent[:-1], self.parent + "x", self.child + ":x", self.parent.swapcase(), "no:such:set"]
        for spec in (*strangers, "%", "_" * len(self.parent), self.parent + "%", self.parent[:-1] + "_", "*"):
            assert self.listed(archive, set_spec=spec) == [], spec

    def test_an_unknown_format_is_that_of_no_record(self, archive):
        archive.publish(NOON)
        assert self.listed(archive, prefix="oai_xyz") == []
        assert self.listed(archive, prefix="OAI_DC") == []
        assert self.listed(archive, prefix=self.rare_prefix) == []

    def test_a_change_moves_a_record_to_the_end(self, archive):
        a, b = archive.publish(NOON), archive.publish(NOON + timedelta(seconds=1))
        before = archive.repository.record(a, "oai_dc")
        archive.change(a, NOON + timedelta(seconds=2))
        found = self.listed(archive)
        assert [record.identifier for record in found] == [b, a]
        assert found[1].datestamp == NOON + timedelta(seconds=2)
        assert found[1].metadata != before.metadata

    def test_what_was_withdrawn_is_there_as_deleted_in_its_sets(self, archive):
        identifier = archive.publish(NOON, in_set=self.child)
        sets = archive.repository.record(identifier, "oai_dc").sets
        archive.withdraw(identifier, NOON + timedelta(seconds=5))
        (record,) = self.listed(archive)
        assert record == archive.repository.record(identifier, "oai_dc")
        assert record == OaiRecord(
            identifier=identifier, datestamp=NOON + timedelta(seconds=5), sets=sets, deleted=True
        )
        assert self.listed(archive, set_spec=self.parent) == [record]
        archive.repository.formats(identifier)

    def test_what_comes_back_has_one_header_and_is_there(self, archive):
        identifier = archive.publish(NOON)
        archive.withdraw(identifier, NOON + timedelta(seconds=1))
        archive.change(identifier, NOON + timedelta(seconds=2))
        (record,) = self.listed(archive)
        assert (record.identifier, record.deleted) == (identifier, False)
        assert record.metadata

    def test_a_position_holds_though_its_record_has_moved(self, archive):
        published = [archive.publish(NOON + timedelta(seconds=second // 2)) for second in range(6)]
        order = [record.identifier for record in self.listed(archive)]
        assert set(order) == set(published)
        selection = Selection(prefix="oai_dc", until=NOON + timedelta(hours=1))
        first = archive.repository.page(selection, None, 3)
        assert [record.identifier for record in first.records] == order[:3]
        after = first.records[-1].position
        archive.change(order[2], NOON + timedelta(days=1))
        archive.change(order[0], NOON + timedelta(days=1))
        archive.withdraw(order[4], NOON + timedelta(days=1))
        rest = archive.repository.page(selection, after, 3)
        assert [record.identifier for record in rest.records] == [order[3], order[5]]
        assert not rest.more


def bare(record: OaiRecord) -> OaiRecord:
    """A record of which only the header is left."""
    return OaiRecord(identifier=record.identifier, datestamp=record.datestamp, sets=record.sets, deleted=record.deleted)
