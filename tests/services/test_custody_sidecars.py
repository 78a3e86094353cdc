"""Beside each original stands what the catalogue knows of it, and it follows every change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.db.origins import Origin
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Contents, Document, DocumentState, Scan, Signed, TextState
from library.domain.errors import Message
from library.domain.holdings import Source
from library.domain.transfer import Paper, PaperKind, Transfer
from library.services.custody_facts import FileFacts, RecordFacts, read, written
from storage.content_store import Fault
from storage.model import Digest, Finding, MediaType, StoredFile, Verdict
from tests.builders import LONG_AGO, a_record
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import AZIZA, NODIRA

PDF = a_pdf("Birinchi bet")


def _facts(custodian: Custodian, document: Document) -> Mapping[str, Any]:
    while custodian.sidecars.step():
        pass
    custodian.clock.pass_(seconds=3)
    while custodian.sidecars.step():
        pass
    return custodian.store.describe(Digest(document.digest)).facts


def test_the_sidecar_tells_of_record_rights_transfer_and_history(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    custodian.approve(document)
    document = custodian.inspected(document)
    facts = _facts(custodian, document)
    assert facts["format"] == 1
    (told,) = facts["documents"]
    assert (told["number"], told["record"], told["transfer"]) == (document.id, custodian.record, custodian.transfer.id)
    assert (told["name"], told["state"]) == ("kitob.pdf", "kept")
    assert told["rights"]["level"] == document.rights.level
    assert told["history"]["received"]["by"] == NODIRA.key
    assert told["history"]["approved"]["by"] == AZIZA.key
    (record,) = facts["records"]
    assert (record["number"], record["title"], record["dialect"]) == (custodian.record, "Oliy matematika", "marc21")
    assert {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Oliy matematika"}, {"c": "Soatov, Yo. U."}]}} in (
        record["marc"]["fields"]
    )
    (transfer,) = facts["transfers"]
    assert (transfer["source"], transfer["partner"]) == ("gift", "Soatov, Yo. U.")
    assert transfer["papers"] == [{"kind": "act", "number": "12-k", "date": "2026-09-01"}]
    assert not custodian.document(document).sidecar_due


def test_a_sidecar_that_was_never_followed_up_tells_enough(custodian: Custodian) -> None:
    document = custodian.keep(PDF)
    facts = custodian.store.describe(Digest(document.digest)).facts
    assert [one["number"] for one in facts["documents"]] == [document.id]  # type: ignore[union-attr,index,call-overload]
    assert facts["documents"][0]["state"] == "kept"  # type: ignore[index,call-overload]


def test_it_follows_the_record_the_transfer_and_the_rights(custodian: Custodian) -> None:
    document = custodian.keep(PDF)
    _facts(custodian, document)
    before = a_record(custodian.record)
    with custodian.container.database.writing() as tx:
        record = tx.records.described(custodian.record)
        newer = replace(record.record, marc=a_record(1, title="Oliy matematika, 2-qism").marc, version=2)
        tx.records.replace([(record.record, replace(record, record=newer))])
        tx.commit()
    assert before.version == 1
    facts = _facts(custodian, document)
    assert (facts["records"][0]["version"], facts["records"][0]["title"]) == (2, "Oliy matematika, 2-qism")

    changed = replace(custodian.transfer, partner="Karimov, A.")
    custodian.container.transfers.change(changed, expected=custodian.transfer.version, actor=NODIRA)
    assert _facts(custodian, document)["transfers"][0]["partner"] == "Karimov, A."

    now = custodian.document(document)
    rights = Rights(level=AccessLevel.CLOSED, embargo_until=date(2030, 1, 1), licence="CC-BY-4.0")
    custodian.container.documents.describe(
        document.id, label="1-qism", rights=rights, transfer_id=now.transfer_id, expected=now.version, actor=NODIRA
    )
    (told,) = _facts(custodian, document)["documents"]
    assert told["rights"] == {"level": "closed", "embargo_until": "2030-01-01", "licence": "CC-BY-4.0"}
    assert told["label"] == "1-qism"


def test_two_documents_with_the_same_bytes_share_a_sidecar(custodian: Custodian) -> None:
    first = custodian.keep(PDF)
    second = custodian.keep(PDF, "nusxa.pdf", custodian.record_named("Algebra"))
    facts = _facts(custodian, first)
    assert [one["number"] for one in facts["documents"]] == [first.id, second.id]
    assert [one["title"] for one in facts["records"]] == ["Oliy matematika", "Algebra"]


def test_a_lost_or_damaged_sidecar_is_written_again_from_the_row(custodian: Custodian) -> None:
    document = custodian.keep(PDF)
    whole = custodian.store.describe(Digest(document.digest))
    sidecar = custodian.path(document).with_name(f"{document.digest}.json")
    sidecar.chmod(0o640)
    sidecar.write_text("{")
    custodian.audit.check(document.digest)
    again = custodian.store.describe(Digest(document.digest))
    assert (again.verdict, again.kept_at, again.media_type) == (whole.verdict, whole.kept_at, whole.media_type)
    sidecar.unlink()
    custodian.audit.check(document.digest)
    assert custodian.store.describe(Digest(document.digest)) == again
    assert custodian.document(document).state is DocumentState.KEPT


def test_a_sidecar_whose_bytes_are_lost_does_not_hold_up_the_others(custodian: Custodian) -> None:
    lost, other = custodian.keep(PDF), custodian.keep(a_pdf("Ikki"), "ikki.pdf")
    path = custodian.path(lost)
    path.unlink()
    path.with_name(f"{path.name}.json").unlink()
    _facts(custodian, other)
    assert not custodian.document(lost).sidecar_due
    assert not custodian.document(other).sidecar_due


def test_a_change_while_it_is_written_asks_for_the_next(custodian: Custodian, monkeypatch: pytest.MonkeyPatch) -> None:
    document = custodian.keep(PDF)

    def failing(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(custodian.store, "note_facts", failing)
        with pytest.raises(KeyboardInterrupt):
            custodian.sidecars.step()
    assert custodian.document(document).sidecar_due
    assert list(custodian.store.faults()) == []
    assert not any(fault.fault is Fault.UNFINISHED for fault in custodian.store.faults())


SIGNED = st.builds(Signed, by=st.text(max_size=9), by_name=st.text(max_size=9), at=st.just(LONG_AGO))
DAYS = st.one_of(st.none(), st.dates())
RIGHTS = st.builds(Rights, level=st.sampled_from(AccessLevel), embargo_until=DAYS, licence=st.text(max_size=9))
PAPERS = st.lists(
    st.builds(Paper, kind=st.sampled_from(PaperKind), number=st.text(max_size=9), date=st.dates()), max_size=3
)
TRANSFERS = st.builds(
    Transfer,
    id=st.integers(1, 2**31),
    source=st.sampled_from(Source),
    partner=st.text(max_size=9),
    taken_on=st.dates(),
    papers=PAPERS.map(tuple),
    price=st.decimals(0, 10**9, places=2),
    term_ends=DAYS,
    entered_at=st.just(LONG_AGO),
)


@settings(max_examples=60, deadline=None)
@given(
    signed=SIGNED,
    approved=st.one_of(st.none(), SIGNED),
    rights=RIGHTS,
    transfer=TRANSFERS,
    state=st.sampled_from([DocumentState.KEPT, DocumentState.CLOSED, DocumentState.WITHDRAWN]),
    words=st.text(max_size=20),
    pages=st.integers(0, 10_000),
)
def test_what_is_written_is_read_back(
    signed: Signed,
    approved: Signed | None,
    rights: Rights,
    transfer: Transfer,
    state: DocumentState,
    words: str,
    pages: int,
) -> None:
    digest = Digest("ab" * 32)
    verdict = Verdict(
        finding=Finding.CLEAN, digest=digest, engine="ClamAV 1.4.3", signatures="local", scanned_at=LONG_AGO
    )
    stored = StoredFile(
        digest=digest, size=7, media_type=MediaType.PDF, name="a.pdf", verdict=verdict, kept_at=LONG_AGO
    )
    document = Document(
        id=12,
        record_id=3,
        transfer_id=transfer.id,
        state=state,
        name=words or "a.pdf",
        label=words,
        size=7,
        digest=digest.hex,
        media_type=MediaType.PDF.value,
        reason=Message.of("It is {what}.", what=words) if state is not DocumentState.KEPT else None,
        scan=Scan(finding="clean", engine="ClamAV 1.4.3", signatures="local", at=LONG_AGO),
        rights=rights,
        received=signed,
        edited=signed,
        approved=approved,
        kept_at=LONG_AGO,
        contents=Contents(pages=pages, format="PDF 1.7", text=TextState.WAITING),
        version=5,
    )
    origin = Origin(source="base", key=words, record_id=3, digest="d", imported_version=1, base="BASE", mfn=7)
    facts = FileFacts(
        documents=(document,),
        records=(RecordFacts(record=a_record(3), title=words, origins=(origin,)),),
        transfers=(transfer,),
    )
    assert read(replace(stored, facts=written(facts))) == facts
    assert isinstance(transfer.price, Decimal)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"format": 2},
        {"format": 1},
        {"format": 1, "documents": [{}], "records": [], "transfers": []},
        {"format": 1, "documents": 5, "records": [], "transfers": []},
    ],
)
def test_facts_that_are_not_whole_are_refused_in_one_way(facts: Mapping[str, Any]) -> None:
    digest = Digest("ab" * 32)
    verdict = Verdict(finding=Finding.CLEAN, digest=digest, engine="", signatures="", scanned_at=LONG_AGO)
    stored = StoredFile(
        digest=digest, size=7, media_type=MediaType.PDF, name="a", verdict=verdict, kept_at=LONG_AGO, facts=facts
    )
    with pytest.raises(ValueError, match="facts"):
        read(stored)
