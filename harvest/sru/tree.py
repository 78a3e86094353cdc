"""A query of CQL as a value, and written again (CQL 1.2, Library of Congress; searchRetrieve part 5, OASIS)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

# What a word may be made of that stands without quotation marks.
WORD = re.compile(r'[^\s()=<>"/]+')
ESCAPABLE = '*?"^\\'
COMPARISONS = ("=", "==", "<>", "<=", ">=", "<", ">")


class Mask(Enum):
    """A character of a term that stands for others, or for the beginning or end of a field."""

    MANY = "*"
    ONE = "?"
    ANCHOR = "^"


class Operator(StrEnum):
    """What joins two searches."""

    AND = "and"
    OR = "or"
    NOT = "not"
    PROX = "prox"


SORT_BY = "sortby"
RESERVED = frozenset({*Operator, SORT_BY})


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an index, a relation or a modifier in small letters; the prefix of its context set may be empty."""

    prefix: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Name:
        """Case means nothing in names; what stands before the first point is the prefix."""
        prefix, _, name = text.lower().partition(".")
        return cls(prefix, name) if prefix and name else cls("", text.lower())

    def __str__(self) -> str:
        """As it was written."""
        return f"{self.prefix}.{self.name}" if self.prefix else self.name


@dataclass(frozen=True, slots=True)
class Modifier:
    """What follows a stroke: `/stem`, `/sort.descending`, `/distance<3`."""

    name: Name
    comparison: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """How an index and a term are to be compared."""

    name: Name
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """What is looked for: text, and masks between it."""

    pieces: tuple[str | Mask, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One search; index and relation are both there or both left to the server."""

    index: Name | None
    relation: Relation | None
    term: Term


@dataclass(frozen=True, slots=True)
class Boolean:
    """Two searches, joined."""

    operator: Operator
    left: Node
    right: Node
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Scoped:
    """A search within which a prefix (empty for names without one) means the context set of this identifier."""

    prefix: str
    identifier: str
    node: Node


Node = Clause | Boolean | Scoped


@dataclass(frozen=True, slots=True)
class SortKey:
    """An index to order by."""

    index: Name
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. Prefixes that are assigned around all of the search hold in the sort keys too."""

    node: Node
    sort: tuple[SortKey, ...] = ()


def written(query: Query) -> str:
    """The query as text that is read as the same query."""
    text = _node(query.node)
    if query.sort:
        text += " sortBy " + " ".join(f"{_text(str(key.index))}{_modifiers(key.modifiers)}" for key in query.sort)
    return text


def _node(node: Node) -> str:
    match node:
        case Clause(index, relation, term) if index is not None and relation is not None:
            return f"{_text(str(index))} {_relation(relation)} {_term(term)}"
        case Clause(term=term):
            return _term(term)
        case Boolean(operator, left, right, modifiers):
            before = f"({_node(left)})" if isinstance(left, Scoped) else _node(left)
            after = _node(right) if isinstance(right, Clause) else f"({_node(right)})"
            return f"{before} {operator}{_modifiers(modifiers)} {after}"
        case Scoped(prefix, identifier, inside):
            assigned = f"{_text(prefix)} = " if prefix else ""
            return f"> {assigned}{_quoted(identifier)} {_node(inside)}"


def _relation(relation: Relation) -> str:
    """A relation in quotation marks would be a term."""
    text = str(relation.name).replace("\\", "\\\\")
    return ("\\" if text in RESERVED else "") + text + _modifiers(relation.modifiers)


def _modifiers(modifiers: tuple[Modifier, ...]) -> str:
    return "".join(
        f" /{_text(str(one.name))}" + (f" {one.comparison} {_quoted(one.value)}" if one.comparison else "")
        for one in modifiers
    )


def _text(text: str) -> str:
    plain = WORD.fullmatch(text) is not None and "\\" not in text and text not in RESERVED
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\{character}" if character in ESCAPABLE else character for character in text) + '"'


def _term(term: Term) -> str:
    parts = (piece.value if isinstance(piece, Mask) else _quoted(piece)[1:-1] for piece in term.pieces)
    return '"' + "".join(parts) + '"'
