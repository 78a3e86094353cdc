"""Records of partners that were set aside: looked at as they came, mended and taken in, or dismissed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from harvest.errors import PartnerError
from harvest.intake.pages import LARGEST_REJECTED, read_list
from harvest.model import NAMESPACE, OaiRecord, Verb
from harvest.xml_reader import without_controls
from library.db.partners_rejects import Reject
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidPartner, NotFound
from library.domain.journal import Deed
from library.domain.partners import KeptPartner, RejectState
from library.services.partners_reading import SortedPage, Unfit, read_record, source_for
from library.services.partners_sink import put

# What partners declare at the top of a page, which a record that was cut out of it needs.
_FRAME = (
    f'<OAI-PMH xmlns="{NAMESPACE}" xmlns:oai="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:marc="http://www.loc.gov/MARC21/slim">'
    "<responseDate>2000-01-01T00:00:00Z</responseDate><ListRecords>"
).encode()
_FRAME_END = b"</ListRecords></OAI-PMH>"


@dataclass(frozen=True, slots=True)
class Rejects:
    """Each method is one transaction, journalled."""

    database: Database
    own_identifiers: str
    clock: Callable[[], datetime]

    def page(self, partner_id: int, after: int, limit: int, *, actor: Actor) -> list[Reject]:
        """Those of a partner that wait for a person, behind this number."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            view.partners.get(partner_id)
            return view.partner_rejects.rejects(partner_id, after, limit)

    def get(self, reject_id: int, *, actor: Actor) -> tuple[KeptPartner, Reject]:
        """One of them with its partner; `NotFound` where it does not wait for anybody any more."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            reject = _open(view.partner_rejects.reject(reject_id))
            return view.partners.get(reject.partner_id), reject

    def take_in(self, reject_id: int, text: str, *, actor: Actor) -> int:
        """Take in a record as a person mended it; its number. `InvalidPartner` says what is still wrong with it.

        Where record and partner's record were both changed, the partner's replaces ours: that is what the person wants.
        """
        require(actor, Action.HARVEST)
        record = _mended(text)
        at = self.clock()
        with self.database.writing() as tx:
            reject = _open(tx.partner_rejects.reject(reject_id))
            partner = tx.partners.get(reject.partner_id)
            self._refuse_identifier(reject, record)
            source = source_for(partner)
            coming = read_record(record, source, partner.entry.form)
            if isinstance(coming, Unfit):
                raise InvalidPartner(coming.reason.template, **dict(coming.reason.values))
            for origin in tx.origins.of_source(source.name, [record.identifier]).values():
                version = tx.records.get(origin.record_id).version
                tx.origins.set_back(source.name, [(origin.record_id, "", version)])
            put(tx, partner, SortedPage(coming=(coming,), deleted=(), unfit=()), at)
            number = tx.origins.of_source(source.name, [record.identifier])[record.identifier].record_id
            tx.partner_rejects.decide_reject(reject_id, RejectState.TAKEN_IN)
            facts = {"record": number, "identifier": record.identifier, "partner": partner.entry.name}
            tx.journal.add(actor, Deed.REJECT_TAKEN_IN, f"reject:{reject_id}", at, after=facts)
            tx.commit()
        return number

    def dismiss(self, reject_id: int, *, actor: Actor) -> int:
        """Leave a record out until the partner sends another one of its name; the number of the partner."""
        require(actor, Action.HARVEST)
        at = self.clock()
        with self.database.writing() as tx:
            reject = _open(tx.partner_rejects.reject(reject_id))
            tx.partner_rejects.decide_reject(reject_id, RejectState.DISMISSED)
            facts = {"identifier": reject.identifier, "reason": str(reject.reason)}
            tx.journal.add(actor, Deed.REJECT_DISMISSED, f"reject:{reject_id}", at, before=facts)
            tx.commit()
        return reject.partner_id

    def _refuse_identifier(self, reject: Reject, record: OaiRecord) -> None:
        if reject.identifier and record.identifier != reject.identifier:
            raise InvalidPartner(
                N_("The identifier of the record has to stay {identifier}."), identifier=reject.identifier
            )
        if self.own_identifiers and record.identifier.startswith(self.own_identifiers):
            raise InvalidPartner(N_("This is a record of our own."))


def _open(reject: Reject) -> Reject:
    if reject.state is not RejectState.OPEN:
        raise NotFound(N_("This record does not wait for anybody any more."))
    return reject


def _mended(text: str) -> OaiRecord:
    raw = without_controls(text.encode("utf-8", "replace")).strip()
    if len(raw) > LARGEST_REJECTED:
        raise InvalidPartner(N_("The record is larger than a record can be."))
    try:
        page = read_list(_FRAME + raw + _FRAME_END, Verb.LIST_RECORDS)
    except PartnerError as error:
        raise InvalidPartner(error.template, **error.values) from error
    for one in page.rejected:
        raise InvalidPartner(one.reason.template, **one.reason.values)
    if len(page.records) != 1 or page.records[0].deleted:
        raise InvalidPartner(N_("Write one record: an element “record” with its header and its metadata."))
    return page.records[0]
