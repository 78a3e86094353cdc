"""Entries of the journal for people to read: facts in lines, with nothing in them that hides or turns text around."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that was, or is: its name in the journal, and its values before and after, line by line."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many lines it takes."""
        return len(self.before) + len(self.after)

    def difference(self) -> Fact:
        """The same without the lines that both sides have."""
        return Fact(
            name=self.name,
            before=tuple(line for line in self.before if line not in self.after),
            after=tuple(line for line in self.after if line not in self.before),
        )


def visible(text: str) -> str:
    """The text on one line; what cannot be seen, or turns the direction of writing, stands there as its number."""
    return "".join(map(_sign, text)) if not text.isprintable() else text


def changes(before: str, after: str) -> tuple[Fact, ...]:
    """What both sides of an entry tell, in JSON, by name; a side that was tampered with stands there as it is."""
    was, now = _sides(before), _sides(after)
    names = list(dict.fromkeys([*was, *now]))
    return tuple(Fact(name=name, before=was.get(name, ()), after=now.get(name, ())) for name in names)


def _sides(text: str) -> Mapping[str, tuple[str, ...]]:
    try:
        facts = json.loads(text)
        if isinstance(facts, dict):
            return {visible(name): tuple(_lines(value)) for name, value in facts.items()}
    except (ValueError, RecursionError):
        pass
    return {"?": (visible(text),)}


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield _words(one)
    elif value not in ("", None):
        yield _words(value)


def _words(value: object) -> str:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return ", ".join(f"{visible(name)}: {_words(one)}" for name, one in value.items() if one not in ("", None))
    return visible(json.dumps(value, ensure_ascii=False))


def _sign(letter: str) -> str:
    if unicodedata.category(letter) in _UNSEEN:
        return _SHORT.get(letter, f"\\u{{{ord(letter):x}}}")
    return letter if letter.isprintable() else " "
