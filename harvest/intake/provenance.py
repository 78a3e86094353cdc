"""Where a partner has a record from: the provenance container among what is said about a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from harvest.errors import PartnerError
from harvest.intake.pages import moment_of
from harvest.model import Origin
from harvest.xml_reader import Element, child, local_name, parse, text_of

_DEEPEST = 20


def read_origin(abouts: Sequence[bytes]) -> Origin | None:
    """The origin that the first provenance container among these tells, as `OaiRecord.abouts` holds them."""
    for about in abouts:
        if b"provenance" not in about[:500]:
            continue
        try:
            root = parse(about)
        except PartnerError:
            # It stood in a document as deep as it may be, or was written by somebody else: not worth a record.
            continue
        if local_name(root) == "provenance":
            return _origin(child(root, "originDescription"), _DEEPEST)
    return None


def chain(origin: Origin | None) -> Iterator[Origin]:
    """An origin and those before it."""
    while origin is not None:
        yield origin
        origin = origin.earlier


def _origin(element: Element | None, deepest: int) -> Origin | None:
    if element is None or deepest == 0:
        return None
    return Origin(
        base_url=text_of(element, "baseURL"),
        identifier=text_of(element, "identifier"),
        datestamp=text_of(element, "datestamp"),
        namespace=text_of(element, "metadataNamespace"),
        harvested_at=moment_of(element.get("harvestDate", "")) or datetime(1, 1, 1, tzinfo=UTC),
        altered=element.get("altered") in ("true", "1"),
        earlier=_origin(child(element, "originDescription"), deepest - 1),
    )
