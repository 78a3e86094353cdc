"""What a server of SRU and the catalogue behind it speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from harvest.sru.diagnostics import Diagnostic
from harvest.sru.tree import Operator, Term

# Named in requests by `==` too, which CQL 1.1 called `exact`; `scr` is left to the server.
ANY, ALL, ADJACENT, EQUAL, EXACT, WITHIN, CHOSEN = "any", "all", "adj", "=", "==", "within", "scr"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSet:
    """A family of indexes: its prefix, its identifier, and other identifiers by which it is known."""

    prefix: str
    identifier: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Something that can be searched: its name with the prefix (`dc.title`), and the relations it can be asked by.

    `others` are further names of the same. `orders` are the directions that results can be sorted in: False is
    ascending, True descending.
    """

    name: str
    title: str
    relations: frozenset[str]
    others: tuple[str, ...] = ()
    orders: frozenset[bool] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A format of records: its short name, its identifier, and other names and identifiers by which it is asked for."""

    name: str
    identifier: str
    title: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the server says of itself. The first of the schemas is given to those who do not ask for one.

    `address` is its full public address. At most `most` records are given at once, and none after the place `deepest`.
    """

    title: str
    description: str
    contact: str
    address: str
    sets: tuple[ContextSet, ...]
    indexes: tuple[Index, ...]
    schemas: tuple[Schema, ...]
    usual: int
    most: int
    deepest: int
    _by_name: Mapping[str, Index] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the table of names."""
        names = {name: index for index in self.indexes for name in (index.name, *index.others)}
        object.__setattr__(self, "_by_name", names)

    def index(self, name: str) -> Index | None:
        """The index with this name."""
        return self._by_name.get(name)

    def schema(self, name: str) -> Schema | None:
        """The schema with this name or identifier; case means nothing."""
        wanted = name.lower()
        for schema in self.schemas:
            if wanted in map(str.lower, (schema.name, schema.identifier, *schema.others)):
                return schema
        return None


@dataclass(frozen=True, slots=True)
class Sought:
    """A search in one index by one of the relations that it has."""

    index: Index
    relation: str
    term: Term


@dataclass(frozen=True, slots=True)
class Joined:
    """Both, either, or the left without the right; never PROX."""

    operator: Operator
    left: Condition
    right: Condition


Condition = Sought | Joined


@dataclass(frozen=True, slots=True)
class Order:
    """An index to sort by, in one of its directions."""

    index: Index
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """At most `count` records (which may be 0) from place `start` (from 1) of what meets the condition."""

    condition: Condition
    order: Order | None
    start: int
    count: int
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One record of a result: its identifier, and one XML element, or why it can't be given."""

    identifier: str
    content: bytes | Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How many records there are, and those from the place that was asked for on."""

    total: int
    given: tuple[Given, ...] = ()


class Catalogue(Protocol):
    """What is searched."""

    def described(self) -> Described:
        """What the server says of itself."""

    def changed_at(self) -> datetime | None:
        """When the catalogue last changed, if it ever did."""

    def search(self, search: Search) -> Answer:
        """Answer a search. Raises `Diagnosed`."""
