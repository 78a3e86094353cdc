"""The record, the transfer and the files of a deposit: made and kept in step in the name of its depositor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import BinaryIO, ClassVar

from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.access_level import AccessLevel, Rights
from library.domain.deposit import Deposit
from library.domain.deposit_fields import AGREEMENT, MATERIALS, Fields
from library.domain.document import Document, DocumentState
from library.domain.embargo import embargo_of
from library.domain.errors import N_, AlreadyEntered, NotFound
from library.domain.holdings import Source
from library.domain.marc import Dialect, MarcRecord
from library.domain.people import Role
from library.domain.transfer import Paper, PaperKind, Transfer
from library.domain.work import WorkState
from library.marc.deposited import made_anew, record_of
from library.projections.deposited_work import begun_work, deposited_work
from library.services.cataloguing import Cataloguing
from library.services.configuration import Configuration
from library.services.documents import NOT_KEPT, Documents, Upload
from library.services.transfers import Transfers

WITHDRAWN = N_("The depositor withdrew the deposit.")


class DepositRecord:
    """A depositor has no right to the catalogue: what is done here is done for them, and to their own deposit alone.

    `NotFound` for what is not a file of the deposit; errors of `Cataloguing`, `Documents` and `Transfers` else.
    """

    WHOLE: ClassVar[frozenset[DocumentState]] = frozenset({DocumentState.QUARANTINED, DocumentState.KEPT})

    def __init__(
        self,
        database: Database,
        cataloguing: Cataloguing,
        documents: Documents,
        transfers: Transfers,
        configuration: Configuration,
        dialect: Dialect,
        default_language: str,
    ) -> None:
        self._database = database
        self._cataloguing = cataloguing
        self._documents = documents
        self._transfers = transfers
        self._configuration = configuration
        self._dialect = dialect
        self._default_language = default_language

    def receive(self, deposit_id: int, stream: BinaryIO, name: str, *, actor: Actor) -> Document:
        """Take a whole file in; nobody but staff and its depositor sees it before it is approved."""
        record = self._open(deposit_id, actor).record_id
        return self._documents.receive(record, stream, name, rights=_SHUT, actor=_for(actor))

    def begin(self, deposit_id: int, name: str, size: int, *, actor: Actor) -> Document:
        """Announce a file that will come in pieces."""
        record = self._open(deposit_id, actor).record_id
        return self._documents.begin(record, name, size, rights=_SHUT, actor=_for(actor))

    def upload(self, deposit_id: int, document_id: int, *, actor: Actor) -> Upload:
        """How far a file has come."""
        self._file(deposit_id, document_id, actor)
        return self._documents.upload(document_id, actor=_for(actor))

    def append(self, deposit_id: int, document_id: int, stream: BinaryIO, *, offset: int, actor: Actor) -> Upload:
        """Take the next piece of a file."""
        self._file(deposit_id, document_id, actor)
        return self._documents.append(document_id, stream, offset=offset, actor=_for(actor))

    def finish(self, deposit_id: int, document_id: int, *, actor: Actor) -> Document:
        """All pieces are there."""
        self._file(deposit_id, document_id, actor)
        return self._documents.finish(document_id, actor=_for(actor))

    def remove(self, deposit_id: int, document_id: int, *, expected: int, actor: Actor) -> None:
        """Take a file away that its depositor does not want there: one that was kept is withdrawn, its bytes stay."""
        document = self._file(deposit_id, document_id, actor)
        self._take_away(replace(document, version=expected), actor)

    def settle(self, deposit: Deposit, today: date, *, actor: Actor) -> Deposit:
        """Bring record, transfer and files to what was typed; the deposit with its numbers.

        What a librarian did to the record meanwhile stays, but for what its depositor changed.
        """
        deposit = self._with_record(deposit, actor)
        work = deposited_work(deposit.kind, deposit.fields, self._faculty(deposit.fields))
        after = record_of(self._dialect, work, deposit.created_at)
        place = self._cataloguing.workplace(deposit.record_id, actor=_for(actor))
        anew = made_anew(place.marc, self._recorded(deposit), after)
        if anew != place.marc or place.work is None:
            self._cataloguing.save(deposit.record_id, anew, expected=place.stamp, actor=_for(actor))
        deposit = self._noted(replace(deposit, recorded=deposit.fields))
        deposit = self._with_transfer(deposit, today, actor)
        self._describe_files(deposit, today, actor)
        self._plan_embargo(deposit, today)
        return deposit

    def clear(self, deposit: Deposit, *, actor: Actor) -> None:
        """Take away the files of a deposit that was given up, and the work on its record."""
        if not deposit.record_id:
            return
        with self._database.reading() as view:
            files = view.documents.of_record(deposit.record_id)
        for one in files:
            if one.state is not DocumentState.WITHDRAWN:
                self._take_away(one, actor)
        place = self._cataloguing.workplace(deposit.record_id, actor=_for(actor))
        if place.work is not None:
            self._cataloguing.discard(deposit.record_id, expected=place.stamp, actor=_for(actor))

    def call_back(self, deposit: Deposit, reason: str, *, actor: Actor) -> None:
        """Take the work on the record of a returned deposit back from approval, in the name of whoever returned it."""
        if deposit.work_state is WorkState.SUBMITTED:
            place = self._cataloguing.workplace(deposit.record_id, actor=_for(actor))
            returning = replace(actor, roles=frozenset({Role.APPROVER}))
            self._cataloguing.return_(deposit.record_id, reason, expected=place.stamp, actor=returning)

    def _open(self, deposit_id: int, actor: Actor) -> Deposit:
        """A deposit of this actor that can be changed, with its record."""
        return self._with_record(self._own(deposit_id, actor).require_open(), actor)

    def _own(self, deposit_id: int, actor: Actor) -> Deposit:
        require(actor, Action.DEPOSIT)
        with self._database.reading() as view:
            deposit = view.deposits.get(deposit_id)
        if actor.key != deposit.depositor:
            raise NotFound(N_("There is no deposit {id}."), id=deposit_id)
        return deposit

    def _file(self, deposit_id: int, document_id: int, actor: Actor) -> Document:
        deposit = self._own(deposit_id, actor).require_open()
        with self._database.reading() as view:
            document = view.documents.get(document_id)
        if not deposit.record_id or document.record_id != deposit.record_id:
            raise NotFound(N_("There is no file {id}."), id=document_id)
        return document

    def _with_record(self, deposit: Deposit, actor: Actor) -> Deposit:
        if deposit.record_id:
            return deposit
        begun = record_of(self._dialect, begun_work(deposit.kind, deposit.fields), deposit.created_at)
        try:
            # The form has one record, however often, and at once, it is sent.
            number = self._cataloguing.create(self._dialect, begun, actor=_for(actor), form=deposit.key)
        except AlreadyEntered as entered:
            number = entered.record_id
        with self._database.writing() as tx:
            now = tx.deposits.get(deposit.id)
            if now.record_id:
                return replace(deposit, record_id=now.record_id)
            tx.deposits.note_record(replace(now, record_id=number))
            tx.commit()
        return replace(deposit, record_id=number)

    def _recorded(self, deposit: Deposit) -> MarcRecord:
        """The record as it was last made of the deposit."""
        if deposit.recorded is None:
            with self._database.reading() as view:
                return view.records.get(deposit.record_id).marc
        work = deposited_work(deposit.kind, deposit.recorded, self._faculty(deposit.recorded))
        return record_of(self._dialect, work, deposit.created_at)

    def _with_transfer(self, deposit: Deposit, today: date, actor: Actor) -> Deposit:
        """The transfer by which its files came, with the agreement as its paper."""
        paper = Paper(kind=PaperKind.AUTHOR_AGREEMENT, number=deposit.number, date=today)
        said = Transfer(
            id=deposit.transfer_id,
            source=Source.OWN,
            partner=deposit.person_name,
            taken_on=today,
            papers=(paper,),
            licence=self._licence(deposit),
        )
        if not deposit.transfer_id:
            entered = self._transfers.enter(said, actor=_for(actor))
            return self._noted(replace(deposit, transfer_id=entered.id))
        before = self._transfers.one(deposit.transfer_id, actor=_for(actor)).transfer
        others = tuple(one for one in before.papers if one.number != deposit.number)
        self._transfers.change(
            replace(before, papers=(paper, *others), licence=said.licence), expected=before.version, actor=_for(actor)
        )
        return deposit

    def _describe_files(self, deposit: Deposit, today: date, actor: Actor) -> None:
        ruled = self._configuration.current().rights
        is_own = deposit.fields.licence == AGREEMENT
        level = ruled.level_for(MATERIALS[deposit.kind], Source.OWN) if is_own else AccessLevel.OPEN
        embargo = deposit.fields.opens_on(deposit.kind, today)
        rights = Rights(level=level, embargo_until=embargo, licence=self._licence(deposit))
        with self._database.reading() as view:
            files = view.documents.of_record(deposit.record_id)
        for one in files:
            if one.state in self.WHOLE and (one.rights != rights or one.transfer_id != deposit.transfer_id):
                self._documents.describe(
                    one.id,
                    label=one.label,
                    rights=rights,
                    transfer_id=deposit.transfer_id,
                    expected=one.version,
                    actor=_for(actor),
                )

    def _plan_embargo(self, deposit: Deposit, today: date) -> None:
        """Have the record closed by its approval, or not any more, as its depositor wants it."""
        until = deposit.fields.hidden_until(deposit.kind, today)
        with self._database.writing() as tx:
            before = tx.embargoes.find(deposit.record_id)
            if until is not None:
                tx.embargoes.keep(embargo_of(deposit.record_id, until, self._database.zone))
            elif before is not None and before.is_planned:
                tx.embargoes.remove(deposit.record_id)
            tx.commit()

    def _licence(self, deposit: Deposit) -> str:
        own = deposited_work(deposit.kind, deposit.fields, "").licence
        return own if deposit.fields.licence == AGREEMENT else deposit.fields.licence

    def _noted(self, deposit: Deposit) -> Deposit:
        with self._database.writing() as tx:
            tx.deposits.note_record(deposit)
            tx.commit()
        return deposit

    def _faculty(self, typed: Fields) -> str:
        """The name of the faculty as the catalogue has it: in the library's own language."""
        for one in self._configuration.current().faculties.all:
            if one.code == typed.faculty:
                return one.names.get(self._default_language) or next(iter(one.names.values()))
        return ""

    def _take_away(self, document: Document, actor: Actor) -> None:
        if document.state in NOT_KEPT:
            self._documents.discard(document.id, expected=document.version, actor=_for(actor))
        else:
            withdrawing = replace(actor, roles=frozenset({Role.APPROVER}))
            self._documents.withdraw(document.id, WITHDRAWN, expected=document.version, actor=withdrawing)


# Until it is sent nothing is agreed on.
_SHUT = Rights(level=AccessLevel.CLOSED)


def _for(actor: Actor) -> Actor:
    """The depositor, who may enter their own work."""
    return replace(actor, roles=frozenset({Role.CATALOGUER}))
