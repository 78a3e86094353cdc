"""What a reader asks, as a value: engines compile it, tests compare it with `==`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SearchField(StrEnum):
    """Where words are looked for; `ANY` is all of them, weighted."""

    ANY = "any"
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    NUMBER = "number"
    UDC = "udc"
    BBK = "bbk"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Words:
    """All of these words, in any order, each anywhere in the field."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words side by side, in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so."""

    text: str


@dataclass(frozen=True, slots=True)
class InField:
    """The node, looked for in one field only."""

    field: SearchField
    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    node: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """All entries."""


Node = Words | Phrase | Prefix | InField | And | Or | Not | Everything
EVERYTHING = Everything()
