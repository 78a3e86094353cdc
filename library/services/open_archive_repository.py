"""The catalogue as a repository of OAI-PMH (`harvest.provider.repository`), read through one view."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from harvest.model import (
    DeletedRecords,
    Granularity,
    Identity,
    MetadataFormat,
    OaiPage,
    OaiRecord,
    OaiSet,
    Position,
    Selection,
)
from harvest.provider.descriptions import Policy, eprints, friends, oai_identifier
from harvest.provider.provenance import provenance
from harvest.provider.repository import FormatNotAvailable, UnknownIdentifier
from library.db.open_archive import Item, Wanted
from library.db.unit_of_work import ReadingUnit
from library.domain.configuration import Divisions
from library.domain.open_archive import Format
from library.marc import codec
from library.projections.oai_formats import BY_PREFIX, FROM_DESCRIPTION, FROM_MARC, OFFERED
from library.projections.oai_item import work_of
from library.projections.oai_sets import named_sets
from library.services.partners_provenance import provenances

LARGEST_NUMBER = 2**31 - 1
# Before there was anything: an archive without items says so, and no item can be older.
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the library says of itself to harvesters; `language` is the one in which names are told first.

    Identifiers are `oai:<domain>:<number of the record>`. `portal` is the public address without a slash at its end.
    """

    name: str
    portal: str
    base_url: str
    domain: str
    email: str
    language: str
    collections: Divisions
    faculties: Divisions


class ArchiveRepository:
    """All that was ever published, as of one view; `today` decides on embargoes."""

    def __init__(self, view: ReadingUnit, house: House, today: date) -> None:
        self._view = view
        self._house = house
        self._today = today

    @property
    def base_url(self) -> str:
        """The address at which harvesters ask."""
        return self._house.base_url

    def identity(self) -> Identity:
        """Who the repository is: two queries."""
        house = self._house
        known = [partner.entry.address for partner in self._view.partners.all() if partner.is_friend]
        return Identity(
            name=house.name,
            base_url=house.base_url,
            admin_emails=(house.email,),
            earliest=self._view.archive.earliest() or BEFORE_ALL,
            deleted_records=DeletedRecords.PERSISTENT,
            granularity=Granularity.SECOND,
            compressions=("gzip",),
            descriptions=(
                oai_identifier(house.domain, self._identifier(1)),
                *([friends(known)] if known else []),
                eprints(
                    about=Policy(text=f"Catalogue and open archive: {house.name}", url=house.portal + "/"),
                    metadata=Policy(text="Metadata is given to everybody who asks for it here."),
                    data=Policy(text="Each record says who may have its full text, and by which licence."),
                    submission=Policy(text="Works come in by the library and by those whom it lets deposit them."),
                ),
            ),
        )

    def formats(self, identifier: str | None) -> Sequence[MetadataFormat]:
        """The formats of the repository, without a query, or of one item; or `UnknownIdentifier`."""
        if identifier is None:
            return tuple(OFFERED.values())
        item = self._item(identifier)
        return tuple(offered for form, offered in OFFERED.items() if form in item.formats)

    def sets(self) -> Sequence[OaiSet]:
        """All sets, those that contain others before them: one query."""
        house = self._house
        return named_sets(self._view.archive.sets(), house.collections, house.faculties, house.language)

    def record(self, identifier: str, prefix: str) -> OaiRecord:
        """One item in one format; or `UnknownIdentifier`, `FormatNotAvailable`."""
        item, form = self._item(identifier), BY_PREFIX.get(prefix)
        if form is None or form not in item.formats:
            raise FormatNotAvailable(prefix)
        return self._records((item,), form)[0]

    def page(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        """The first records of a selection, or the first behind a position: a fixed number of queries."""
        items, more = self._some(selection, after, limit)
        if not items:
            return OaiPage(records=(), more=False)
        return OaiPage(records=self._records(items, BY_PREFIX[selection.prefix]), more=more)

    def headers(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        """The same page, but with headers only: one query."""
        items, more = self._some(selection, after, limit)
        return OaiPage(records=tuple([self._header(item) for item in items]), more=more)

    def size(self, selection: Selection) -> int:
        """How many records a selection has: one query."""
        wanted = _wanted(selection)
        return 0 if wanted is None else self._view.archive.size(wanted)

    def _some(self, selection: Selection, after: Position | None, limit: int) -> tuple[Sequence[Item], bool]:
        wanted = _wanted(selection)
        if wanted is None:
            return (), False
        behind = None if after is None else (after.datestamp, self._number(after.identifier) or 0)
        items = self._view.archive.page(wanted, behind, limit + 1)
        return items[:limit], len(items) > limit

    def _records(self, items: Sequence[Item], form: Format) -> tuple[OaiRecord, ...]:
        living = [item.record_id for item in items if not item.deleted]
        origins = provenances(self._view, living)
        made = self._made_of_marc(living, form) if form in FROM_MARC else self._made_of_descriptions(living, form)
        return tuple(
            [
                replace(
                    self._header(item),
                    metadata=made.get(item.record_id, b""),
                    abouts=(provenance(origins[item.record_id]),) if item.record_id in origins else (),
                )
                for item in items
            ],
        )

    def _made_of_descriptions(self, numbers: Sequence[int], form: Format) -> Mapping[int, bytes]:
        listed, files = self._view.records.listed(numbers), self._view.documents.of_records(numbers)
        portal, write, made = self._house.portal, FROM_DESCRIPTION[form], {}
        for number, record in listed.items():
            address = f"{portal}/record/{number}"
            try:
                work = work_of(record.description, address, files.get(number, ()), portal, self._today)
                made[number] = write(work)
            except Exception:
                # Whatever a record has that nobody thought of, it costs no other one: the provider leaves it out.
                log.exception("Record %s can't be written as %s", number, form.prefix)
        return made

    def _made_of_marc(self, numbers: Sequence[int], form: Format) -> Mapping[int, bytes]:
        made = self._view.archive.conversions(numbers) if form is Format.MARC21 else {}
        others = [number for number in numbers if number not in made]
        for number, state in (self._view.records.states(others) if others else {}).items():
            try:
                made[number] = FROM_MARC[form](state.dialect, codec.from_json(state.marc))
            except Exception:
                log.exception("Record %s can't be written as %s", number, form.prefix)
        return made

    def _header(self, item: Item) -> OaiRecord:
        return OaiRecord(
            identifier=self._identifier(item.record_id),
            datestamp=item.datestamp,
            sets=item.sets,
            deleted=item.deleted,
        )

    def _item(self, identifier: str) -> Item:
        number = self._number(identifier)
        item = None if number is None else self._view.archive.item(number)
        if item is None:
            raise UnknownIdentifier(identifier)
        return item

    def _identifier(self, number: int) -> str:
        return f"oai:{self._house.domain}:{number}"

    def _number(self, identifier: str) -> int | None:
        """The number of the record, if the identifier is one of ours, written exactly as we write it."""
        digits = identifier.rpartition(":")[2]
        # No more digits than a number of the database has: more of them would take long to read.
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(LARGEST_NUMBER))):
            return None
        number = int(digits)
        return number if number <= LARGEST_NUMBER and identifier == self._identifier(number) else None


def _wanted(selection: Selection) -> Wanted | None:
    """What the database is asked; None for an unknown format."""
    form = BY_PREFIX.get(selection.prefix)
    if form is None:
        return None
    return Wanted(format=form, set_spec=selection.set_spec, from_=selection.from_, until=selection.until)
