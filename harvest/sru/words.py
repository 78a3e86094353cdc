"""The words of a term, as far as masks are supported: a star at the end of a word."""

from __future__ import annotations

from dataclasses import dataclass

from harvest.sru.diagnostics import Diagnosed, Number
from harvest.sru.tree import Mask, Term

# Fewer letters begin too many words to be of use.
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class TermWord:
    """A word, or the beginning of one."""

    text: str
    begun: bool = False


def words_of(term: Term) -> tuple[TermWord, ...]:
    """The words between blanks; at least one. Raises `Diagnosed`."""
    found: list[TermWord] = []
    letters = ""
    ended = False  # by a star, after which only a blank may come
    for piece in (*term.pieces, " "):
        if piece is Mask.ONE:
            raise Diagnosed(Number.MASKING, piece.value)
        if piece is Mask.ANCHOR:
            raise Diagnosed(Number.ANCHORING, piece.value)
        if piece is Mask.MANY:
            if ended or not letters:
                raise Diagnosed(Number.MASK_POSITION, piece.value)
            if len(letters) < LEAST_LETTERS:
                raise Diagnosed(Number.MASKED_TOO_SHORT, str(LEAST_LETTERS))
            ended = True
            continue
        for character in piece if isinstance(piece, str) else "":
            if character.isspace():
                found += [TermWord(letters, ended)] if letters else []
                letters, ended = "", False
            elif ended:
                raise Diagnosed(Number.MASK_POSITION, Mask.MANY.value)
            else:
                letters += character
    if not found:
        raise Diagnosed(Number.EMPTY_TERM)
    return tuple(found)
