"""What numpy answers of a segment: facets, years, sort keys, and which spellings a word is found by.

Whoosh walks all terms of a field to count a facet and re-reads documents to sort. Here each segment has one file of
arrays beside it, written before the segment is made known, never changed, and removed by Whoosh with the segment,
because its name begins with the segment's.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from whoosh.codec.base import TermsReader

from indexer.analysis import Analyser
from indexer.facets import values_of
from indexer.fields import IndexField, Tokens
from indexer.model import Entry, Facet
from indexer.search_index import IndexUnavailable
from indexer.sorting import alphabet_of, sort_key
from indexer.whoosh.strings import Codes, Lookup, Strings

NO_YEAR = -32768
_SORT_KEY_LENGTH = 48
_FIELDS = tuple(IndexField)
_BIBLIOGRAPHIC = (IndexField.TITLE, IndexField.AUTHOR, IndexField.SUBJECT, IndexField.PUBLISHER, IndexField.REST)


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which document has which value: pairs of a document and the place of its value in the sorted `values`."""

    values: Strings
    documents: Codes
    codes: Codes


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The spellings of a segment in code point order, and by which keys, stems and loose keys they are found.

    `fields` has a bit for each field a spelling stands in, in the order of `IndexField`; `documents` counts the
    documents that have it outside their full text.
    """

    surfaces: Strings
    fields: npt.NDArray[np.uint16]
    documents: Codes
    keys: Lookup
    stems: Lookup
    loose: Lookup


@dataclass(frozen=True, slots=True)
class Columns:
    """The arrays of one segment; all have an item for each of its documents, deleted ones too."""

    keys: Strings
    years: npt.NDArray[np.int16]
    lengths: npt.NDArray[np.int32]
    titles: Strings
    authors: Strings
    facets: dict[Facet, FacetColumn]
    lexicon: Lexicon


def facts_of(entry: Entry, tokens: dict[IndexField, Tokens]) -> bytes:
    """What a document must carry through merges for its columns to be made again."""
    author = entry.creators[0] if entry.creators else ""
    return orjson.dumps(
        [
            entry.key,
            NO_YEAR if entry.year is None else max(-32767, min(32767, entry.year)),
            [sum(map(len, tokens.get(field, ()))) for field in _FIELDS],
            sort_key(entry.title, alphabet_of(entry.title, entry.languages))[:_SORT_KEY_LENGTH],
            sort_key(author, alphabet_of(author, entry.languages))[:_SORT_KEY_LENGTH],
            [values_of(entry, facet) for facet in Facet],
        ]
    )


def make_columns(facts: Iterable[bytes], terms: TermsReader) -> Columns:
    """The columns of a segment from the facts of its documents and its terms."""
    rows = [orjson.loads(fact) for fact in facts]
    return Columns(
        keys=Strings.of(row[0] for row in rows),
        years=np.array([row[1] for row in rows], dtype=np.int16),
        lengths=np.array([row[2] for row in rows], dtype=np.int32).reshape(len(rows), len(_FIELDS)).T.copy(),
        titles=Strings.of(row[3] for row in rows),
        authors=Strings.of(row[4] for row in rows),
        facets={facet: _facet_column([row[5][place] for row in rows]) for place, facet in enumerate(Facet)},
        lexicon=_lexicon(terms),
    )


def _facet_column(values: list[list[str]]) -> FacetColumn:
    distinct = sorted({value for row in values for value in row}, key=lambda value: value.encode())
    code = {value: place for place, value in enumerate(distinct)}
    pairs = [(document, code[value]) for document, row in enumerate(values) for value in row]
    documents, codes = np.array(pairs, dtype=np.int32).reshape(len(pairs), 2).T
    return FacetColumn(Strings.of(distinct), documents.copy(), codes.copy())


def _lexicon(terms: TermsReader) -> Lexicon:
    bits = {field.value: 1 << place for place, field in enumerate(_FIELDS)}
    found: dict[bytes, int] = {}
    documents: dict[bytes, int] = {}
    for (field, surface), info in terms.items():
        if field in bits:
            found[surface] = found.get(surface, 0) | bits[field]
            if field in _BIBLIOGRAPHIC:
                documents[surface] = documents.get(surface, 0) + info.doc_frequency()
    surfaces = sorted(found)
    analyser = Analyser()
    keys: dict[str, list[int]] = {}
    stems: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for number, surface in enumerate(surfaces):
        word = analyser.word(surface.decode())
        for key in {*word.keys, *word.parts}:
            keys.setdefault(key, []).append(number)
        for stem in word.stems:
            stems.setdefault(stem, []).append(number)
        for form in word.loose:
            loose.setdefault(form, []).append(number)
    return Lexicon(
        surfaces=Strings.of(surface.decode() for surface in surfaces),
        fields=np.array([found[surface] for surface in surfaces], dtype=np.uint16),
        documents=np.array([documents.get(surface, 0) for surface in surfaces], dtype=np.int32),
        keys=Lookup.of(keys),
        stems=Lookup.of(stems),
        loose=Lookup.of(loose),
    )


def write_columns(path: Path, columns: Columns) -> None:
    """Write the arrays to a file that appears whole or not at all."""
    arrays: dict[str, npt.NDArray[Any]] = {"years": columns.years, "lengths": columns.lengths}
    for name in ("keys", "titles", "authors"):
        arrays |= getattr(columns, name).arrays(name)
    for facet, column in columns.facets.items():
        arrays |= column.values.arrays(facet)
        arrays |= {f"{facet}.documents": column.documents, f"{facet}.codes": column.codes}
    lexicon = columns.lexicon
    arrays |= lexicon.surfaces.arrays("surfaces")
    arrays |= {"surfaces.fields": lexicon.fields, "surfaces.documents": lexicon.documents}
    for name in ("keys", "stems", "loose"):
        arrays |= getattr(lexicon, name).arrays(f"by {name}")
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    unfinished.replace(path)


def read_columns(path: Path) -> Columns:
    """The arrays of a file. Raises `FileNotFoundError`, or `IndexUnavailable` when it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return Columns(
            keys=Strings.from_arrays("keys", arrays),
            years=arrays["years"],
            lengths=arrays["lengths"],
            titles=Strings.from_arrays("titles", arrays),
            authors=Strings.from_arrays("authors", arrays),
            facets={
                facet: FacetColumn(
                    Strings.from_arrays(facet, arrays), arrays[f"{facet}.documents"], arrays[f"{facet}.codes"]
                )
                for facet in Facet
            },
            lexicon=Lexicon(
                surfaces=Strings.from_arrays("surfaces", arrays),
                fields=arrays["surfaces.fields"],
                documents=arrays["surfaces.documents"],
                keys=Lookup.from_arrays("by keys", arrays),
                stems=Lookup.from_arrays("by stems", arrays),
                loose=Lookup.from_arrays("by loose", arrays),
            ),
        )
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise IndexUnavailable(f"The columns in {path.name} are damaged: {error}") from error
