"""The keys by which two records of one document meet, whatever alphabet, spelling or form of ISBN each was made in.

A key of a work is its folded title, the surname of its first author and its year: "oliy matematika|soatov|2019".
Whoever has typed a part of that looks for all keys that begin with it.
"""

from __future__ import annotations

from enum import StrEnum

from indexer.analysis import split
from indexer.folding import fold_surface
from library.domain.description import CreatorRole, Description

BETWEEN = "|"
# The character after it: keys that begin with a part and a bar are below the part and this.
BEYOND = "}"
LONGEST_TITLE = 160
LONGEST_NAME = 40
_ISBN10 = 10


class KeyKind(StrEnum):
    """What a key was made of."""

    ISBN = "isbn"
    WORK = "work"


KeyRow = tuple[str, str]
"""A kind and a key."""


def duplicate_keys(description: Description) -> tuple[KeyRow, ...]:
    """The keys of a record, each once."""
    keys = [(KeyKind.ISBN.value, isbn_key(isbn)) for isbn in description.isbns]
    author = next((creator.name for creator in description.creators if creator.role is CreatorRole.AUTHOR), "")
    year = "" if description.year is None else str(description.year)
    keys += [(KeyKind.WORK.value, head + year) for head in work_heads(description.title, author)]
    return tuple(dict.fromkeys(keys))


def isbn_key(isbn: str) -> str:
    """The number as one of thirteen digits, without the check digit: ten digits, or a slip in the last, are the same.

    It is given in digits and X.
    """
    return f"978{isbn[:9]}" if len(isbn) == _ISBN10 else isbn[:12]


def work_heads(title: str, author: str) -> tuple[str, ...]:
    """What the keys of a work begin with: title and author, up to the year; none for a title without words.

    Russian writes both е and ё, so that a word with ё has two keys.
    """
    heads = [_head(title, author)]
    if "ё" in title or "ё" in author or "Ё" in title or "Ё" in author:
        heads.append(_head(_without_yo(title), _without_yo(author)))
    return tuple(dict.fromkeys([head for head in heads if head]))


def _head(title: str, author: str) -> str:
    folded = " ".join(_words(title))[:LONGEST_TITLE]
    return f"{folded}{BETWEEN}{_surname(author)}{BETWEEN}" if folded else ""


def _surname(author: str) -> str:
    """The first word that is no initial."""
    words = _words(author.partition(",")[0])
    return next((word for word in words if len(word) > 1), words[0] if words else "")[:LONGEST_NAME]


def _words(text: str) -> list[str]:
    return [word for word in map(fold_surface, split(text)) if word]


def _without_yo(text: str) -> str:
    return text.replace("ё", "е").replace("Ё", "Е")
