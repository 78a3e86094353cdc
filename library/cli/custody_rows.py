"""Files as lists show them: for people on a line, for programs as JSON or as rows."""

from __future__ import annotations

from datetime import datetime

from library.domain.document import Document, Signed
from library.services.custody import ListedFile

COLUMNS = (
    "id",
    "record",
    "title",
    "name",
    "label",
    "state",
    "reason",
    "digest",
    "size",
    "media_type",
    "verdict",
    "engine",
    "signatures",
    "scanned_at",
    "level",
    "embargo_until",
    "licence",
    "transfer",
    "received_by",
    "received_at",
    "approved_by",
    "approved_at",
    "kept_at",
    "audited_at",
    "published",
)


def told(document: Document) -> str:
    """A document on one line."""
    reason = f"\t{document.reason}" if document.reason else ""
    level = document.rights.level
    return f"{document.id}\trecord {document.record_id}\t{document.state}\t{level}\t{document.name}{reason}"


def as_json(listed: ListedFile) -> dict[str, object]:
    """A file as an object; what is not there is null or empty."""
    one = listed.document
    scan, rights = one.scan, one.rights
    return {
        "id": one.id,
        "record": one.record_id,
        "title": listed.title,
        "name": one.name,
        "label": one.label,
        "state": one.state.value,
        "reason": str(one.reason) if one.reason else None,
        "digest": one.digest,
        "size": one.size,
        "media_type": one.media_type,
        "verdict": {
            "finding": scan.finding,
            "engine": scan.engine,
            "signatures": scan.signatures,
            "at": scan.at.isoformat(),
        }
        if scan
        else None,
        "rights": {
            "level": rights.level.value,
            "embargo_until": rights.embargo_until.isoformat() if rights.embargo_until else None,
            "licence": rights.licence,
        },
        "transfer": one.transfer_id,
        "received": _signed(one.received),
        "approved": _signed(one.approved),
        "kept_at": _moment(one.kept_at),
        "audited_at": _moment(one.audited_at),
        "next_try_at": _moment(one.next_try_at),
        "published": one.is_published,
    }


def as_row(listed: ListedFile) -> tuple[object, ...]:
    """The same as the values of `COLUMNS`."""
    one = listed.document
    scan, rights, approved = one.scan, one.rights, one.approved
    return (
        one.id,
        one.record_id,
        listed.title,
        one.name,
        one.label,
        one.state.value,
        str(one.reason or ""),
        one.digest,
        one.size,
        one.media_type,
        scan.finding if scan else "",
        scan.engine if scan else "",
        scan.signatures if scan else "",
        _moment(scan.at) if scan else "",
        rights.level.value,
        rights.embargo_until or "",
        rights.licence,
        one.transfer_id or "",
        one.received.by_name,
        _moment(one.received.at),
        approved.by_name if approved else "",
        _moment(approved.at) if approved else "",
        _moment(one.kept_at) or "",
        _moment(one.audited_at) or "",
        "yes" if one.is_published else "no",
    )


def _signed(signed: Signed | None) -> dict[str, str] | None:
    return None if signed is None else {"by": signed.by, "name": signed.by_name, "at": signed.at.isoformat()}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
