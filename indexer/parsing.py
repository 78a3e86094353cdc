"""What a reader typed, understood as a query.

    alisher navoiy              both words, anywhere
    "qutadgʻu bilig"            side by side
    navoiy OR bobur, -roman     either; without. AND, OR, NOT in capitals, or + and -
    title:tarix, muallif:(…)    in one field, by its name in any of the languages
    kutubxona*                  words that begin so
    ( … )                       what belongs together

Nothing that is typed is wrong: what makes no sense as a sign is read as words or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from indexer.analysis import split
from indexer.folding import fold
from indexer.queries import EVERYTHING, And, InField, Node, Not, Or, Phrase, Prefix, SearchField, Words

MAX_CHARACTERS = 10_000
MAX_WORDS = 500
# Deeper brackets than this are nobody's meaning, and each level costs a level of recursion here and in the engines.
_MAX_DEPTH = 40
# A prefix stands for many words; of more than these the rest are read as whole words.
_MAX_PREFIXES = 4

_NAMES: dict[SearchField, str] = {
    SearchField.TITLE: "title sarlavha nom nomi заглавие название аталыш аталышы",
    SearchField.AUTHOR: "author muallif автор",
    SearchField.SUBJECT: "subject mavzu тема предмет рубрика",
    SearchField.PUBLISHER: "publisher nashriyot издательство издатель басмакана басма",
    SearchField.NUMBER: "isbn issn number raqam номер",
    SearchField.UDC: "udc udk уок uo'k",
    SearchField.BBK: "bbk lbc kbk",
    SearchField.BODY: "text matn текст",
}
FIELD_NAMES = {fold(name): field for field, names in _NAMES.items() for name in names.split()}

_FIELD = re.compile(r"([^\W\d_]+(?:['ʻʼ‘’`][^\W\d_]*)*):\s*(?=\S)")
_QUOTED = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|„([^“”]*)[“”]')
_CLASS_NUMBER = re.compile(r"[^\s()\"«“„][^\s\"«“„]*")
_PLAIN = re.compile(r"[^\s()\"«“„]+")
_SPACE = re.compile(r"\s+")


class QueryTooLong(Exception):
    """The query has more characters or words than are searched for; the reader should be told to shorten it."""

    def __init__(self) -> None:
        super().__init__(f"A query may have {MAX_CHARACTERS} characters and {MAX_WORDS} words.")


def parse(text: str) -> Node:
    """What was typed, as a query; nothing typed, or a lone star, is everything. Raises `QueryTooLong` and nothing else.

    What cannot be read as signs is read as words, in the last resort all of it.
    """
    if len(text) > MAX_CHARACTERS or len(split(text)) > MAX_WORDS:
        raise QueryTooLong
    if text.strip() in ("", "*"):
        return EVERYTHING
    return _Reader(text).read() or Words(text)


class _Sign(Enum):
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Field:
    field: SearchField


_Token = _Sign | _Field | Words | Phrase | Prefix
# The tokens that stand at a place, and where the next ones begin.
_Step = tuple[tuple[_Token, ...], int]
_OPERATORS = {"AND": _Sign.AND, "OR": _Sign.OR, "NOT": _Sign.NOT}


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    prefixes = 0
    while at < len(text):
        # What no reader knows is a quotation mark that is never closed.
        tokens, at = next((step for read in _READERS if (step := read(text, at))), ((), at + 1))
        for token in tokens:
            prefixes += isinstance(token, Prefix)
            yield Words(token.text) if isinstance(token, Prefix) and prefixes > _MAX_PREFIXES else token


def _space(text: str, at: int) -> _Step | None:
    space = _SPACE.match(text, at)
    return ((), space.end()) if space else None


def _bracket(text: str, at: int) -> _Step | None:
    sign = {"(": _Sign.OPEN, ")": _Sign.CLOSE}.get(text[at])
    return ((sign,), at + 1) if sign else None


def _phrase(text: str, at: int) -> _Step | None:
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        return None
    inside = next(filter(None, quoted.groups()), "")
    return ((Phrase(inside),) if split(inside) else (), quoted.end())


def _plus_or_minus(text: str, at: int) -> _Step | None:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] not in "+-" or not after.strip() or before.strip(" \t\r\n\u00a0(:+-"):
        return None
    return ((_Sign.NOT,) if text[at] == "-" else (), at + 1)


def _field(text: str, at: int) -> _Step | None:
    named = _FIELD.match(text, at)
    field = FIELD_NAMES.get(fold(named[1])) if named else None
    if named is None or field is None:
        return None
    number = _CLASS_NUMBER.match(text, named.end()) if field in (SearchField.UDC, SearchField.BBK) else None
    # The brackets of a class number are its own: udc:94(575.1).
    return ((_Field(field), Words(number[0])), number.end()) if number else ((_Field(field),), named.end())


def _word(text: str, at: int) -> _Step | None:
    plain = _PLAIN.match(text, at)
    if plain is None:
        return None
    word = plain[0]
    if word in _OPERATORS:
        return ((_OPERATORS[word],), plain.end())
    return ((Prefix(word.rstrip("*")) if word.endswith("*") and split(word) else Words(word),), plain.end())


_READERS = (_space, _bracket, _phrase, _plus_or_minus, _field, _word)


class _Reader:
    """Reads the tokens from left to right; OR binds less than standing side by side."""

    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text), _Sign.END]
        self._at = 0
        self._depth = 0

    def read(self) -> Node | None:
        """The whole query; None when there is nothing in it but signs, or brackets too deep."""
        parts: list[Node] = []
        while self._tokens[self._at] is not _Sign.END:
            if (node := self._alternatives()) is not None:
                parts.append(node)
            # A bracket that was never opened.
            if self._tokens[self._at] is _Sign.CLOSE:
                self._at += 1
        return _together(parts) if self._depth == 0 else None

    def _alternatives(self) -> Node | None:
        choices = [self._side_by_side()]
        while self._tokens[self._at] is _Sign.OR:
            self._at += 1
            choices.append(self._side_by_side())
        nodes = tuple(node for node in choices if node is not None)
        return (nodes[0] if len(nodes) == 1 else Or(nodes)) if nodes else None

    def _side_by_side(self) -> Node | None:
        parts: list[Node] = []
        while self._tokens[self._at] not in (_Sign.OR, _Sign.CLOSE, _Sign.END):
            if (node := self._one()) is not None:
                parts.append(node)
        return _together(parts)

    def _one(self) -> Node | None:
        """One word, phrase, prefix or bracket, with the signs before it."""
        excluded = False
        fields: list[SearchField] = []
        while True:
            token = self._tokens[self._at]
            if token in (_Sign.OR, _Sign.CLOSE, _Sign.END):
                return None
            self._at += 1
            match token:
                case _Sign.NOT:
                    excluded = not excluded
                case _Field(field):
                    fields.append(field)
                case _Sign.OPEN:
                    return _signed(self._bracket(), fields, excluded=excluded)
                case Words() | Phrase() | Prefix():
                    return _signed(token, fields, excluded=excluded)

    def _bracket(self) -> Node | None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._at = len(self._tokens) - 1
            return None
        node = self._alternatives()
        if self._tokens[self._at] is _Sign.CLOSE:
            self._at += 1
        self._depth -= 1
        return node


def _signed(node: Node | None, fields: list[SearchField], *, excluded: bool) -> Node | None:
    if node is None:
        return None
    if fields:
        # The name nearest to the words is the one that is meant.
        node = InField(fields[-1], node)
    return Not(node) if excluded else node


def _together(parts: list[Node]) -> Node | None:
    """All of these; plain words that stand side by side are one node."""
    joined: list[Node] = []
    for part in parts:
        if isinstance(part, Words) and joined and isinstance(joined[-1], Words):
            joined[-1] = Words(f"{joined[-1].text} {part.text}")
        else:
            joined.append(part)
    return (joined[0] if len(joined) == 1 else And(tuple(joined))) if joined else None
