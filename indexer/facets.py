"""The values an entry is counted and filtered by."""

from __future__ import annotations

from collections.abc import Callable

from indexer.classification import bbk_classes, udc_classes
from indexer.model import Entry, Facet

_VALUES: dict[Facet, Callable[[Entry], tuple[str, ...]]] = {
    Facet.MATERIAL: lambda entry: (entry.material,),
    Facet.LANGUAGE: lambda entry: entry.languages,
    Facet.YEAR: lambda entry: () if entry.year is None else (str(entry.year),),
    Facet.AUTHOR: lambda entry: entry.creators,
    Facet.SUBJECT: lambda entry: entry.subjects,
    Facet.UDC: lambda entry: tuple(value for notation in entry.udc for value in udc_classes(notation)),
    Facet.BBK: lambda entry: tuple(value for notation in entry.bbk for value in bbk_classes(notation)),
    Facet.AVAILABILITY: lambda entry: entry.availability,
    Facet.COLLECTION: lambda entry: entry.collections,
    Facet.SOURCE: lambda entry: (entry.source,),
}


def values_of(entry: Entry, facet: Facet) -> tuple[str, ...]:
    """The values of one facet, each once, none empty."""
    return tuple(dict.fromkeys(filter(None, _VALUES[facet](entry))))
