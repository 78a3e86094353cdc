"""Where records of partners are from, for those who look at them here and for those who harvest us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from harvest.model import Origin
from library.db.unit_of_work import Database, ReadingUnit
from library.domain.partners import NAMESPACES
from library.services.partners_reading import origin_of

_DAY = len("2026-09-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPartner:
    """The partner that gave a record: its name, the record's name there, and the address of the partner's site.

    `same_as` is the record of ours that a person said it is, if any.
    """

    name: str
    identifier: str
    site: str
    same_as: int | None = None


def provenances(view: ReadingUnit, record_ids: Sequence[int]) -> dict[int, Origin]:
    """The origins of those of these records that came from partners, for OAI-PMH: two queries.

    All of them count as altered: copies are left out of MARC records, and Dublin Core is kept as MARC.
    """
    found = view.partner_records.of_records(record_ids)
    sources = sorted({f"oai:{one.partner_id}" for one in found.values()})
    partners = {partner.id: partner for partner in view.partners.of_sources(sources).values()}
    return {
        number: Origin(
            base_url=partners[one.partner_id].entry.address,
            identifier=one.identifier,
            datestamp=one.datestamp[:_DAY] if partners[one.partner_id].by_day else one.datestamp,
            namespace=NAMESPACES[partners[one.partner_id].entry.form],
            harvested_at=one.harvested_at,
            altered=True,
            earlier=origin_of(one.earlier),
        )
        for number, one in found.items()
    }


class PartnerOrigins:
    """What the page of a record says of its partner."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_record(self, record_id: int) -> FromPartner | None:
        """The partner that gave this record, removed or not; None where none did."""
        with self._database.reading() as view:
            one = view.partner_records.of_records([record_id]).get(record_id)
            partner = view.partners.find(one.partner_id) if one is not None else None
            if one is None or partner is None:
                return None
            parts = urlsplit(partner.entry.address)
            return FromPartner(
                name=partner.entry.name,
                identifier=one.identifier,
                site=f"{parts.scheme}://{parts.netloc}/",
                same_as=view.partner_records.same_as(record_id),
            )
