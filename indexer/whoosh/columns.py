"""What numpy answers of a segment: facets, years, sort keys, and the lexicon.

Whoosh walks all terms of a field to count a facet and re-reads documents to sort. Here each segment has one file of
arrays beside it, written before the segment is made known, never changed, and removed by Whoosh with the segment,
because its name begins with the segment's.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import zipfile
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from whoosh.codec.base import TermsReader

from indexer.facets import values_of
from indexer.fields import EntryWords, IndexField
from indexer.model import Entry, Facet, Sort
from indexer.search_index import IndexUnavailable
from indexer.sorting import alphabet_of, sort_key
from indexer.whoosh.lexicon import Lexicon, make_lexicon
from indexer.whoosh.strings import Codes, Strings, Texts

NO_YEAR = -32768
_SORT_KEY_LENGTH = 48
_FIELDS = tuple(IndexField)


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """Which document has which value: pairs of a document and the place of its value in the sorted `values`."""

    values: Strings
    documents: Codes
    codes: Codes


@dataclass(frozen=True, slots=True)
class Columns:
    """The arrays of one segment; all have an item for each of its documents, deleted ones too.

    `sort_keys` and `sort_ranks` are by title and by author; a document without a key is among the last.
    """

    keys: Strings
    years: npt.NDArray[np.int16]
    lengths: npt.NDArray[np.int32]
    sort_keys: dict[Sort, Strings]
    sort_ranks: dict[Sort, Codes]
    facets: dict[Facet, FacetColumn]
    lexicon: Lexicon
    titles: Strings


def facts_of(entry: Entry, words: EntryWords) -> bytes:
    """What a document must carry through merges for its columns to be made again."""
    author = entry.creators[0] if entry.creators else ""
    return orjson.dumps(
        [
            entry.key,
            entry.title,
            NO_YEAR if entry.year is None else max(-32767, min(32767, entry.year)),
            [words.length(field) for field in _FIELDS],
            sort_key(entry.title, alphabet_of(entry.title, entry.languages))[:_SORT_KEY_LENGTH],
            sort_key(author, alphabet_of(author, entry.languages))[:_SORT_KEY_LENGTH],
            [values_of(entry, facet) for facet in Facet],
        ]
    )


def make_columns(facts: Iterable[bytes], terms: TermsReader) -> Columns:
    """The columns of a segment from the facts of its documents and its terms."""
    rows = _Rows()
    for fact in facts:
        rows.add(*orjson.loads(fact))
    sort_keys = {sort: texts.made() for sort, texts in rows.sort_keys.items()}
    return Columns(
        keys=rows.keys.made(),
        years=np.array(rows.years, np.int16),
        lengths=np.array(rows.lengths, np.int32).reshape(-1, len(_FIELDS)).T.copy(),
        sort_keys=sort_keys,
        sort_ranks={sort: _ranks(keys) for sort, keys in sort_keys.items()},
        facets={facet: column.made() for facet, column in rows.facets.items()},
        lexicon=make_lexicon(terms),
        titles=rows.titles.made(),
    )


class _Rows:
    """The facts of all documents, one after another in small room: a hundred thousand would fill it as objects."""

    def __init__(self) -> None:
        self.keys = Texts()
        self.titles = Texts()
        self.years = array("h")
        self.lengths = array("i")
        self.sort_keys = {Sort.TITLE: Texts(), Sort.AUTHOR: Texts()}
        self.facets = {facet: _FacetRows() for facet in Facet}

    def add(
        self,
        key: str,
        title: str,
        year: int,
        lengths: list[int],
        by_title: str,
        by_author: str,
        facets: list[list[str]],
    ) -> None:
        """Add the facts of the next document."""
        document = len(self.years)
        self.keys.add(key)
        self.titles.add(title)
        self.years.append(year)
        self.lengths.extend(lengths)
        self.sort_keys[Sort.TITLE].add(by_title)
        self.sort_keys[Sort.AUTHOR].add(by_author)
        for column, values in zip(self.facets.values(), facets, strict=True):
            column.add(document, values)


class _FacetRows:
    """The values of one facet; their codes are in the order of their coming until the last has come."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._documents = array("i")
        self._codes = array("i")

    def add(self, document: int, values: Iterable[str]) -> None:
        """Add the values of a document."""
        for value in values:
            self._documents.append(document)
            self._codes.append(self._places.setdefault(value, len(self._places)))

    def made(self) -> FacetColumn:
        """The column."""
        values = sorted(self._places, key=str.encode)
        codes = np.empty(len(values), np.int32)
        codes[[self._places[value] for value in values]] = np.arange(len(values), dtype=np.int32)
        return FacetColumn(Strings.of(values), np.array(self._documents, np.int32), codes[np.array(self._codes)])


def _ranks(keys: Strings) -> Codes:
    order = sorted(range(len(keys)), key=lambda document: (not keys.raw(document), keys.raw(document)))
    ranks = np.empty(len(keys), np.int32)
    ranks[order] = np.arange(len(keys), dtype=np.int32)
    return ranks


def write_columns(path: Path, columns: Columns) -> None:
    """Write the arrays to a file that appears whole or not at all."""
    arrays: dict[str, npt.NDArray[Any]] = {"years": columns.years, "lengths": columns.lengths}
    arrays |= columns.keys.arrays("keys") | columns.titles.arrays("titles")
    for sort, keys in columns.sort_keys.items():
        arrays |= keys.arrays(f"by {sort}") | {f"by {sort}.ranks": columns.sort_ranks[sort]}
    for facet, column in columns.facets.items():
        arrays |= column.values.arrays(facet)
        arrays |= {f"{facet}.documents": column.documents, f"{facet}.codes": column.codes}
    arrays |= columns.lexicon.arrays()
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    unfinished.replace(path)


def read_columns(path: Path) -> Columns:
    """The arrays of a file. Raises `FileNotFoundError`, or `IndexUnavailable` when it is damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return Columns(
            keys=Strings.from_arrays("keys", arrays),
            years=arrays["years"],
            lengths=arrays["lengths"],
            sort_keys={sort: Strings.from_arrays(f"by {sort}", arrays) for sort in (Sort.TITLE, Sort.AUTHOR)},
            sort_ranks={sort: arrays[f"by {sort}.ranks"] for sort in (Sort.TITLE, Sort.AUTHOR)},
            facets={
                facet: FacetColumn(
                    Strings.from_arrays(facet, arrays), arrays[f"{facet}.documents"], arrays[f"{facet}.codes"]
                )
                for facet in Facet
            },
            lexicon=Lexicon.from_arrays(arrays),
            titles=Strings.from_arrays("titles", arrays),
        )
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise IndexUnavailable(f"The columns in {path.name} are damaged: {error}") from error
