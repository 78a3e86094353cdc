"""Words of a query marked in a text, whichever alphabet either is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.folding import APOSTROPHES, fold, loosen
from indexer.parsing import parse
from indexer.queries import And, Everything, InField, Node, Not, Or, Phrase, Prefix, Words

_WORD = re.compile(rf"\w(?:[\w{APOSTROPHES}]*\w)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is what was looked for."""

    text: str
    match: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """The keys of whole words, and of beginnings of words."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> Sought:
        """What a reader's query looks for; what it excludes is not sought."""
        nodes = list(_leaves(parse(query)))
        whole = {key for node in nodes if not isinstance(node, Prefix) for key in _keys(node.text)}
        return cls(frozenset(whole), tuple(key for node in nodes if isinstance(node, Prefix) for key in _keys(node.text)))

    def has(self, word: str) -> bool:
        """Whether this word of a text is one of them."""
        key = loosen(fold(word))
        return key in self.whole or (bool(self.beginnings) and key.startswith(self.beginnings))


def marked(text: str, sought: Sought) -> tuple[Piece, ...]:
    """The text in pieces that give it back when they are joined."""
    pieces: list[Piece] = []
    end = 0
    for found in _WORD.finditer(text):
        if sought.has(found.group()):
            if found.start() > end:
                pieces.append(Piece(text[end : found.start()]))
            pieces.append(Piece(found.group(), match=True))
            end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)


def _keys(text: str) -> Iterator[str]:
    return (key for word in _WORD.findall(text) if (key := loosen(fold(word))))


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
