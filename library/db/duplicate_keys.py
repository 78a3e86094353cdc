"""The keys by which two records of one document meet, whatever alphabet, spelling or form of ISBN each was made in.

Keys are numbers, so that an import of many records is hardly slower for them. That of an ISBN is its digits without the
check digit. That of a DOI is a digest of it in small letters. That of a work is made of three checksums, the folded
title before the surname of the first author before the year: so all works with a title, or with a title and an
author, are one range of numbers. Two titles have one checksum in one of two thousand million cases; whoever shows what
was found compares `folded_title` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import blake2b
from zlib import crc32

from indexer.folding import fold_surface, surface
from library.domain.description import CreatorRole, Description

ISBN10 = 10
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
_TITLE_BITS, _NAME_BITS, _YEAR_BITS = 31, 16, 16


class KeyKind(StrEnum):
    """What a key was made of."""

    ISBN = "isbn"
    DOI = "doi"
    WORK = "work"


def first_author(description: Description) -> str:
    """The author whose name stands in the key of a work; empty where there is none."""
    return next((creator.name for creator in description.creators if creator.role is CreatorRole.AUTHOR), "")


def isbn_keys(isbns: Iterable[str]) -> Iterator[int]:
    """The keys of these ISBNs, given in digits and X: ten digits, or a slip in the last one, make no difference."""
    for isbn in dict.fromkeys([f"978{isbn[:9]}" if len(isbn) == ISBN10 else isbn[:12] for isbn in isbns]):
        if isbn.isascii() and isbn.isdigit():
            yield int(isbn)


def doi_keys(dois: Iterable[str]) -> Iterator[int]:
    """The keys of these DOIs, given without a resolver: their case means nothing."""
    for doi in dict.fromkeys([doi.lower() for doi in dois]):
        # A column holds 63 bits without a sign: no two DOIs in the world will ever share them.
        yield int.from_bytes(blake2b(doi.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


class WorkKeys:
    """Makes the keys of works; a word that comes again is folded once."""

    def __init__(self) -> None:
        self._folded: dict[str, str] = {}

    def key(self, title: str, author: str, year: int | None) -> int | None:
        """The key of a work; none for a title without words."""
        of_title = self.folded_title(title)
        return _joined(of_title, self._surname(author), year or 0) if of_title else None

    def span(self, title: str, author: str) -> tuple[int, int] | None:
        """The least and the greatest key of works with this title and author, or, where none is given, without one."""
        key = self.key(title, author, None)
        return None if key is None else (key, key | (1 << _YEAR_BITS) - 1)

    def span_of_title(self, title: str) -> tuple[int, int] | None:
        """The least and the greatest key of works with this title, whoever wrote them."""
        key = self.key(title, "", None)
        return None if key is None else (key, key | (1 << _NAME_BITS + _YEAR_BITS) - 1)

    def folded_title(self, title: str) -> str:
        """The words of a title in letters that all alphabets and spellings share."""
        return " ".join(self._words(title))

    def _surname(self, author: str) -> str:
        """The first word that is no initial; they may stand before it."""
        return next((word for word in self._words(author.partition(",")[0]) if len(word) > 1), "")

    def _words(self, text: str) -> Iterator[str]:
        folded = self._folded
        for word in _WORD.findall(surface(text)):
            key = folded.get(word)
            if key is None:
                # Russian prints е for ё, which is yo to the folding, as it has to be for Uzbek.
                key = folded[word] = fold_surface(word).replace("yo", "e").replace("ye", "e")
            if key:
                yield key


def year_of(key: int) -> int | None:
    """The year in the key of a work."""
    return key & (1 << _YEAR_BITS) - 1 or None


def _joined(title: str, surname: str, year: int) -> int:
    of_title = crc32(title.encode()) & (1 << _TITLE_BITS) - 1
    of_name = crc32(surname.encode()) & (1 << _NAME_BITS) - 1 if surname else 0
    return of_title << _NAME_BITS + _YEAR_BITS | of_name << _YEAR_BITS | year & (1 << _YEAR_BITS) - 1
