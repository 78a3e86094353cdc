"""Full texts in tests: bytes in the real store with their sidecar, as after a restored backup, and the row.

Whoever tests the gate itself sends a file through quarantine and a real scanner; here a file is simply there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from library.container import Container
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Contents, Document, DocumentState, Scan, Signed, TextState
from library.domain.holdings import Source
from library.domain.transfer import Transfer
from storage.content_store import place_of
from storage.model import Digest, Finding, MediaType, StoredFile, Verdict

KEPT_AT = datetime(2026, 9, 2, 10, 0, tzinfo=UTC)
TAKEN_IN = Signed(by="person:1", by_name="Nodira", at=datetime(2026, 9, 2, 9, 0, tzinfo=UTC))
APPROVED = Signed(by="person:2", by_name="Aziza", at=datetime(2026, 9, 2, 11, 0, tzinfo=UTC))
KEPT_STATES = (DocumentState.KEPT, DocumentState.CLOSED, DocumentState.WITHDRAWN)


def a_pdf(*pages: str) -> bytes:
    """A sound PDF with a page for each of these lines of ASCII."""
    lines = pages or ("Kitob",)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(lines)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, line in enumerate(lines):
        drawn = f"BT /F1 18 Tf 40 340 Td ({line}) Tj ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 280 400] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    body, places = "%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("ascii")


PDF = a_pdf("Birinchi bet", "Ikkinchi bet", "Uchinchi bet")


def a_document(
    record_id: int,
    level: AccessLevel = AccessLevel.OPEN,
    *,
    data: bytes = PDF,
    state: DocumentState = DocumentState.KEPT,
    embargo_until: date | None = None,
    approved: bool = True,
) -> Document:
    """A file of a record, taken in by Nodira and approved by Aziza; not in any table yet.

    It is a PDF of three pages.
    """
    was_kept = state in KEPT_STATES
    scan = Scan(finding=Finding.CLEAN, engine="ClamAV 1.4.3", signatures="27500", at=KEPT_AT)
    return Document(
        record_id=record_id,
        state=state,
        name="kitob.pdf",
        size=len(data),
        digest="" if state is DocumentState.ARRIVING else Digest.of(data).hex,
        media_type=MediaType.PDF if was_kept else "",
        scan=scan if was_kept else None,
        rights=Rights(level=level, embargo_until=embargo_until),
        received=TAKEN_IN,
        edited=TAKEN_IN,
        approved=APPROVED if approved else None,
        kept_at=KEPT_AT if was_kept else None,
        contents=Contents(pages=3, format="PDF 1.7", text=TextState.EXTRACTED) if was_kept else Contents(),
    )


def keep(container: Container, document: Document, data: bytes = PDF, *, term_ends: date | None = None) -> Document:
    """Put the bytes of a document into the store, and the document into the catalogue; it comes back as it is read.

    With `term_ends` it came by a subscription that ends on that day.
    """
    if document.state in KEPT_STATES:
        store_bytes(container, document, data)
    with container.database.writing() as tx:
        if term_ends is not None:
            subscription = Transfer(
                source=Source.SUBSCRIPTION, partner="Znanium", taken_on=date(2026, 9, 1), term_ends=term_ends
            )
            document = replace(document, transfer_id=tx.transfers.add(replace(subscription, entered_at=KEPT_AT)).id)
        number = tx.documents.add(document).id
        tx.commit()
    return container.reading.document(number)


def store_bytes(container: Container, document: Document, data: bytes) -> None:
    """Put bytes into the store as a restored backup has them."""
    digest = Digest.of(data)
    verdict = Verdict(
        finding=Finding.CLEAN, digest=digest, engine="ClamAV 1.4.3", signatures="27500", scanned_at=KEPT_AT
    )
    path = place_of(Path(container.settings.originals_dir), digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    container.store.restore_sidecar(
        StoredFile(
            digest=digest,
            size=len(data),
            media_type=MediaType(document.media_type),
            name=document.name,
            verdict=verdict,
            kept_at=KEPT_AT,
        )
    )
