"""The sets of the open archive with their names and what they contain, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from harvest.model import OaiSet
from harvest.provider.descriptions import set_description
from library.domain.configuration import Division, Divisions, said
from library.domain.open_archive import COLLECTION, FACULTY, OPEN_ARCHIVE, OPENAIRE, TYPE, UDC

_ALWAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        COLLECTION: (
            "Collections",
            "Records of which a collection of the library holds copies, and what partners gave to it.",
        ),
        FACULTY: ("Faculties", "Records of works of the university's faculties."),
        OPEN_ARCHIVE: ("Open archive", "Records with a full text that anybody may have today."),
        OPENAIRE: ("OpenAIRE", "Records with a full text that is open, or will be open when its embargo ends."),
        TYPE: ("Types of documents", "All records, by the type of the document."),
        UDC: ("Subjects", "Records by the classes of the Universal Decimal Classification."),
    }
)


def named_sets(used: Iterable[str], collections: Divisions, faculties: Divisions, language: str) -> tuple[OaiSet, ...]:
    """All sets that there can be and those that are used, those that contain others before them, empty kinds last."""
    used = frozenset(used)
    divisions = {f"{COLLECTION}:{one.code}": one for one in collections.all}
    divisions |= {f"{FACULTY}:{one.code}": one for one in faculties.all}
    specs = sorted({*_ALWAYS, *divisions, *used}, key=lambda spec: (spec.partition(":")[0] not in used, spec))
    return tuple(_named(spec, divisions.get(spec), language) for spec in specs)


def _named(spec: str, division: Division | None, language: str) -> OaiSet:
    if division is not None:
        name = said(division.names, language, language)
        texts = dict.fromkeys([*division.names.values(), *division.description.values()])
        return OaiSet(spec=spec, name=name, description=set_description(". ".join(texts)))
    if spec in _ALWAYS:
        name, text = _ALWAYS[spec]
        return OaiSet(spec=spec, name=name, description=set_description(text))
    kind, _, rest = spec.rpartition(":")
    if kind == TYPE:
        name = rest.replace("-", " ").capitalize()
        return OaiSet(spec=spec, name=name, description=set_description(f"Records of the type {rest}."))
    if kind.startswith(UDC):
        return OaiSet(spec=spec, name=f"UDC {rest}", description=set_description(f"Records of the class {rest}."))
    # A collection or a faculty that was taken away: what was withdrawn while it was there stays in it.
    return OaiSet(spec=spec, name=rest)
