"""Reads CQL 1.1, 1.2 and 2.0; whatever the text, the answer is a tree or a diagnostic, within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from harvest.sru.diagnostics import Diagnosed, Number
from harvest.sru.tree import (
    COMPARISONS,
    ESCAPABLE,
    RESERVED,
    SORT_BY,
    WORD,
    Boolean,
    Clause,
    Mask,
    Modifier,
    Name,
    Node,
    Operator,
    Query,
    Relation,
    Scoped,
    SortKey,
    Term,
)

MOST_CHARACTERS = 10_000
MOST_OPERATORS = 100
MOST_PREFIXES = 20
MOST_SORT_KEYS = 20
# Each level costs a level of recursion here and wherever the tree is walked.
DEEPEST = 40
_SHOWN = 60  # characters of the query in a diagnostic

_TOKEN = re.compile(
    rf'(?P<space>\s+)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sign>==|<>|<=|>=|[=<>()/])|(?P<word>{WORD.pattern})', re.DOTALL
)
_CHARACTER = re.compile(r"\\.?|.", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MASKS = {mask.value: mask for mask in Mask}


class _Kind(Enum):
    WORD = auto()
    QUOTED = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the query; `text` is without quotation marks, its backslashes still in it."""

    kind: _Kind
    text: str
    at: int

    @property
    def reserved(self) -> str:
        """The word that it is of those that join and sort, else empty."""
        word = self.text.lower()
        return word if self.kind is _Kind.WORD and word in RESERVED else ""

    @property
    def is_text(self) -> bool:
        """Whether it can be a term or a name."""
        return self.kind in (_Kind.WORD, _Kind.QUOTED)


def parse(text: str) -> Query:
    """The query. Raises `Diagnosed`, and nothing else for any text."""
    if len(text) > MOST_CHARACTERS:
        raise Diagnosed(Number.QUERY_TOO_LONG, str(MOST_CHARACTERS))
    return _Reader(text).query()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Diagnosed(Number.QUOTES, _around(text, at))
        at = found.end()
        if found["quoted"] is not None:
            yield _Token(_Kind.QUOTED, found["quoted"][1:-1], found.start())
        elif found["sign"] is not None:
            yield _Token(_Kind.SIGN, found["sign"], found.start())
        elif found["word"] is not None:
            yield _Token(_Kind.WORD, found["word"], found.start())
    yield _Token(_Kind.END, "", len(text))


class _Reader:
    """Reads the tokens from left to right: all operators bind alike, and to the left."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0
        self._operators = 0
        self._prefixes = 0

    def query(self) -> Query:
        """All of it."""
        node = self._scoped()
        sort: list[SortKey] = []
        if self._token.reserved == SORT_BY:
            self._at += 1
            while self._token.is_text:
                sort.append(SortKey(self._name(), self._modifiers()))
            if not sort:
                raise self._wrong()
            if len(sort) > MOST_SORT_KEYS:
                raise Diagnosed(Number.TOO_MANY_SORT_KEYS, str(MOST_SORT_KEYS))
        if self._token.kind is not _Kind.END:
            raise self._wrong()
        return Query(node, tuple(sort))

    @property
    def _token(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._token
        self._at += 1
        return token

    def _is(self, *signs: str) -> bool:
        return self._token.kind is _Kind.SIGN and self._token.text in signs

    def _wrong(self) -> Diagnosed:
        """What stands here makes no sense."""
        number = Number.PARENTHESES if self._is("(", ")") else Number.QUERY_SYNTAX
        return Diagnosed(number, _around(self._text, self._token.at) or "end of query")

    def _scoped(self) -> Node:
        assigned: list[tuple[str, str]] = []
        while self._is(">"):
            self._at += 1
            self._prefixes += 1
            if self._prefixes > MOST_PREFIXES:
                raise self._wrong()
            first = self._plain()
            if self._is("="):
                self._at += 1
                assigned.append((first.lower(), self._plain()))
            else:
                assigned.append(("", first))
        node = self._joined()
        for prefix, identifier in reversed(assigned):
            node = Scoped(prefix, identifier, node)
        return node

    def _joined(self) -> Node:
        node = self._clause()
        while (word := self._token.reserved) and word != SORT_BY:
            self._at += 1
            self._operators += 1
            if self._operators > MOST_OPERATORS:
                raise Diagnosed(Number.TOO_MANY_BOOLEANS, str(MOST_OPERATORS))
            modifiers = self._modifiers()
            node = Boolean(Operator(word), node, self._clause(), modifiers)
        return node

    def _clause(self) -> Node:
        if self._is("("):
            return self._bracket()
        if not self._token.is_text:
            raise self._wrong()
        after = self._tokens[self._at + 1]
        named = after.kind is _Kind.WORD and not after.reserved
        if named or (after.kind is _Kind.SIGN and after.text in COMPARISONS):
            index = self._name()
            relation = Relation(Name.parse(_unescaped(self._take().text)), self._modifiers())
            return Clause(index, relation, self._term())
        return Clause(None, None, self._term())

    def _bracket(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Diagnosed(Number.PARENTHESES, f"{DEEPEST} levels at most")
        opened = self._take()
        node = self._scoped()
        if not self._is(")"):
            raise Diagnosed(Number.PARENTHESES, _around(self._text, opened.at))
        self._at += 1
        self._depth -= 1
        return node

    def _modifiers(self) -> tuple[Modifier, ...]:
        found = []
        while self._is("/"):
            self._at += 1
            name = self._name()
            if self._is(*COMPARISONS):
                found.append(Modifier(name, self._take().text, self._plain()))
            else:
                found.append(Modifier(name))
        return tuple(found)

    def _name(self) -> Name:
        return Name.parse(self._plain())

    def _plain(self) -> str:
        """A word or a quoted text in which nothing stands for anything else."""
        if not self._token.is_text:
            raise self._wrong()
        return _unescaped(self._take().text)

    def _term(self) -> Term:
        if not self._token.is_text:
            raise self._wrong()
        return _term(self._take().text)


def _term(text: str) -> Term:
    pieces: list[str | Mask] = []
    letters = ""
    for found in _CHARACTER.finditer(text):
        character = found[0]
        if character in _MASKS:
            pieces += [letters, _MASKS[character]] if letters else [_MASKS[character]]
            letters = ""
        elif character[0] == "\\" and character[1:] not in tuple(ESCAPABLE):
            raise Diagnosed(Number.ESCAPED, character[1:] or character)
        else:
            letters += character[-1]
    return Term((*pieces, letters) if letters else tuple(pieces))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _around(text: str, at: int) -> str:
    """The query from this place on, so far as a diagnostic shows it."""
    return text[at : at + _SHOWN]
