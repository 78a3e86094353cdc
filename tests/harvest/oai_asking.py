"""Asks a provider and reads what it says; every answer is held against the form that the specification gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

from lxml import etree

from harvest.model import NAMESPACE
from harvest.provider.provider import Provider
from harvest.provider.repository import Repository
from harvest.provider.tokens import Tokens

O = f"{{{NAMESPACE}}}"  # noqa: E741  (as short as the prefix it stands for)
KEY = b"a key that nobody knows, in tests"
FORM = Path(__file__).parents[1] / "data" / "oai" / "answer.rng"


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def go_on(self, seconds: float) -> datetime:
        self.time += timedelta(seconds=seconds)
        return self.time


@dataclass(frozen=True)
class Answer:
    """An answer that has the right form."""

    body: bytes
    root: etree._Element

    @property
    def codes(self) -> list[str]:
        return [error.attrib["code"] for error in self.root.findall(f"{O}error")]

    @property
    def moment(self) -> str:
        return self.root.findtext(f"{O}responseDate") or ""

    @property
    def echoed(self) -> dict[str, str]:
        return dict(self.one("request").attrib)

    @property
    def identifiers(self) -> list[str]:
        return self.texts("header/identifier")

    @property
    def token(self) -> etree._Element | None:
        return next(self.root.iter(f"{O}resumptionToken"), None)

    @property
    def position(self) -> tuple[str, str, bool] | None:
        """Cursor, size, and whether other pages follow."""
        token = self.token
        return None if token is None else (token.attrib["cursor"], token.attrib["completeListSize"], bool(token.text))

    def headers(self) -> list[tuple[str, str, bool]]:
        """Identifier, datestamp, and whether the record is deleted."""
        return [
            (
                header.findtext(f"{O}identifier") or "",
                header.findtext(f"{O}datestamp") or "",
                header.get("status") == "deleted",
            )
            for header in self.root.iter(f"{O}header")
        ]

    def texts(self, path: str) -> list[str]:
        return [found.text or "" for found in self.root.findall(".//" + "/".join(O + name for name in path.split("/")))]

    def one(self, name: str) -> etree._Element:
        found = self.root.find(f".//{O}{name}")
        assert found is not None
        return found


@cache
def _form() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(FORM))


def read(body: bytes) -> Answer:
    """An answer, if it is one."""
    root = etree.fromstring(body)
    _form().assertValid(root)
    answer = Answer(body, root)
    if set(answer.codes) & {"badVerb", "badArgument"}:
        assert answer.echoed == {}
    return answer


def ask(provider: Provider, query: str) -> Answer:
    """What a provider answers to a query string."""
    return ask_pairs(provider, parse_qsl(query, keep_blank_values=True, errors="replace"))


def ask_pairs(provider: Provider, pairs: Sequence[tuple[str, str]]) -> Answer:
    """What a provider answers to pairs of names and values, which it repeats unless they are at fault."""
    answer = read(provider.respond(pairs))
    if not set(answer.codes) & {"badVerb", "badArgument"}:
        assert answer.echoed == dict(pairs)
    return answer


def pages(provider: Provider, verb: str = "ListRecords", arguments: str = "metadataPrefix=oai_dc") -> list[Answer]:
    """All pages of a list; no token comes twice."""
    found = [ask(provider, f"verb={verb}&{arguments}")]
    tokens: set[str] = set()
    while (token := found[-1].token) is not None and token.text:
        assert token.text not in tokens
        tokens.add(token.text)
        found.append(ask_pairs(provider, [("verb", verb), ("resumptionToken", token.text)]))
    return found


def provider_of(
    repository: Repository, clock: Watch, *, lag: float = 0, page_size: int = 3, key: bytes = KEY, stylesheet: str = ""
) -> Provider:
    """A provider with small pages."""
    return Provider(
        repository,
        tokens=Tokens(key),
        clock=clock,
        lag=timedelta(seconds=lag),
        page_size=page_size,
        stylesheet=stylesheet,
    )
