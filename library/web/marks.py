"""Words of a query marked in a text, whichever alphabet either is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.analysis import Analyser, Word, split
from indexer.folding import APOSTROPHES, fold_surface, surface
from indexer.parsing import parse
from indexer.queries import And, Everything, InField, Node, Not, Or, Phrase, Prefix, Words

_WORD = re.compile(rf"\w(?:[\w{APOSTROPHES}]*\w)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is what was looked for."""

    text: str
    match: bool = False


class Sought:
    """The forms of the words that a query looks for; what it excludes is not sought. Not to be shared by threads."""

    def __init__(self, query: str) -> None:
        self.query = query
        self._analyser = Analyser()
        self._forms: set[str] = set()
        self._beginnings: tuple[str, ...] = ()
        for node in _leaves(parse(query)):
            *whole, last = split(node.text) or [""]
            if isinstance(node, Prefix) and last:
                self._beginnings += (fold_surface(last),)
            elif last:
                whole.append(last)
            for word in whole:
                self._forms |= _forms(self._analyser.word(word))

    def marked(self, text: str) -> tuple[Piece, ...]:
        """The text in pieces that give it back when they are joined."""
        pieces: list[Piece] = []
        end = 0
        for found in _WORD.finditer(text):
            if self._has(found.group()):
                if found.start() > end:
                    pieces.append(Piece(text[end : found.start()]))
                pieces.append(Piece(found.group(), match=True))
                end = found.end()
        if end < len(text):
            pieces.append(Piece(text[end:]))
        return tuple(pieces)

    def _has(self, text: str) -> bool:
        if not self._forms and not self._beginnings:
            return False
        word = self._analyser.word(surface(text))
        if not self._forms.isdisjoint(_forms(word)):
            return True
        return any(key.startswith(self._beginnings) for key in word.keys) if self._beginnings else False


def in_pieces(text: str, marks: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text in pieces that give it back when they are joined; `marks` are where matches begin and end, in order."""
    pieces: list[Piece] = []
    end = 0
    for first, last in marks:
        pieces += [Piece(text[end:first]), Piece(text[first:last], match=True)]
        end = last
    return tuple(piece for piece in (*pieces, Piece(text[end:])) if piece.text)


def _forms(word: Word) -> set[str]:
    return {*word.keys, *word.stems, *word.loose} - {""}


def _leaves(node: Node) -> Iterator[Words | Phrase | Prefix]:
    match node:
        case Words() | Phrase() | Prefix():
            yield node
        case And(nodes) | Or(nodes):
            for inner in nodes:
                yield from _leaves(inner)
        case InField(_, inner):
            yield from _leaves(inner)
        case Not() | Everything():
            return
