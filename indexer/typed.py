"""A query as a reader would type it: the way back from `parsing.parse`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.folding import surface
from indexer.queries import And, Everything, InField, Node, Not, Or, Phrase, Prefix, Words

_WORD = re.compile(r"[^\s\"«»“”„():*]+")


def typed(node: Node) -> str:  # noqa: PLR0911 - one a kind of node
    """The text that `parse` understands as this query, or as one that finds the same."""
    match node:
        case Words(text):
            return " ".join(word.lower() if word in ("AND", "OR", "NOT") else word for word in text.split())
        case Phrase(text):
            return '"' + text.replace('"', " ") + '"'
        case Prefix(text):
            return text + "*"
        case Everything():
            return "*"
        case InField(field, part):
            return f"{field.value}:{_held(part)}"
        case Not(part):
            return "-" + _held(part)
        case And(nodes):
            return " ".join(f"({typed(part)})" if isinstance(part, Or) else typed(part) for part in nodes)
        case Or(nodes):
            return " OR ".join(map(typed, nodes))


def _held(node: Node) -> str:
    """A query that a sign or a field can stand before."""
    text = typed(node)
    single = isinstance(node, Phrase | Prefix | InField) or (isinstance(node, Words) and " " not in text)
    return text if single else f"({text})"


def respelled(node: Node, spellings: Mapping[str, str]) -> Node:
    """The same query with some words spelled differently; `spellings` is by surface."""
    match node:
        case Words(text):
            return Words(_WORD.sub(lambda word: spellings.get(surface(word[0]), word[0]), text))
        case InField(field, part):
            return InField(field, respelled(part, spellings))
        case And(nodes):
            return And(tuple(respelled(part, spellings) for part in nodes))
        case Or(nodes):
            return Or(tuple(respelled(part, spellings) for part in nodes))
        case Not() | Phrase() | Prefix() | Everything():
            return node
