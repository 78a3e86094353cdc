"""What an upload would bring and what it brought: reports as values of JSON, all reasons of rejection in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from library.db.duplicate_keys import KeyKind, WorkKeys, isbn_keys
from library.db.imports import Counts
from library.db.unit_of_work import ReadingUnit
from library.domain.errors import Message
from library.marc.source import RejectedRecord
from library.services.import_batch import Arrival
from library.services.import_report import SourceReport

TITLES_SHOWN = 20
DUPLICATES_SHOWN = 50
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTwice:
    """A record of the file that the catalogue may have already: its title, the number of ours, and what they share."""

    title: str
    record_id: int
    kind: KeyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became, or would become, of a file; `problem` is why it was not read to its end.

    `titles` are the first ones; `twice` the first of the `duplicates` records that may be here already.
    """

    format: str = ""
    dialect: str = ""
    encoding: str = ""
    counts: Counts = field(default_factory=Counts)
    doubtful: int = 0
    staff_names: int = 0
    warnings: tuple[Message, ...] = ()
    titles: tuple[str, ...] = ()
    duplicates: int = 0
    twice: tuple[FoundTwice, ...] = ()
    problem: Message | None = None

    @classmethod
    def of(cls, report: SourceReport, foresight: Foresight | None = None) -> Report:
        """The report of a run, with what was seen on the way."""
        source = report.source
        return cls(
            format=source.format.value,
            dialect=source.dialect.value,
            encoding=source.encoding,
            counts=report.counts,
            doubtful=report.doubtful,
            staff_names=report.staff_names,
            warnings=source.warnings,
            titles=tuple(foresight.titles) if foresight else (),
            duplicates=foresight.duplicates if foresight else 0,
            twice=tuple(foresight.twice) if foresight else (),
            problem=report.problem,
        )

    def to_facts(self) -> dict[str, object]:
        """The report as values of JSON."""
        counts = self.counts
        return {
            "format": self.format,
            "dialect": self.dialect,
            "encoding": self.encoding,
            "counts": [counts.new, counts.changed, counts.unchanged, counts.rejected],
            "doubtful": self.doubtful,
            "staff_names": self.staff_names,
            "warnings": [_message_facts(warning) for warning in self.warnings],
            "titles": list(self.titles),
            "duplicates": self.duplicates,
            "twice": [[one.title, one.record_id, one.kind.value] for one in self.twice],
            "problem": _message_facts(self.problem) if self.problem else None,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Report:
        """The report again."""
        new, changed, unchanged, rejected = facts["counts"]
        return cls(
            format=facts["format"],
            dialect=facts["dialect"],
            encoding=facts["encoding"],
            counts=Counts(new=new, changed=changed, unchanged=unchanged, rejected=rejected),
            doubtful=facts["doubtful"],
            staff_names=facts["staff_names"],
            warnings=tuple(map(_message, facts["warnings"])),
            titles=tuple(facts["titles"]),
            duplicates=facts["duplicates"],
            twice=tuple(
                FoundTwice(title=title, record_id=number, kind=KeyKind(kind)) for title, number, kind in facts["twice"]
            ),
            problem=_message(facts["problem"]) if facts["problem"] else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a record was not taken: where it stands in the file, and the words for it."""

    number: int
    offset: int
    message: Message


class Reasons:
    """A file of all reasons, written anew by each run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: TextIO | None = None

    def begin(self) -> None:
        """Forget what a former run wrote."""
        self.end()
        self._path.unlink(missing_ok=True)

    def add(self, rejected: Sequence[RejectedRecord]) -> None:
        """Keep these; the file is made when the first one comes."""
        if not rejected:
            return
        if self._stream is None:
            self._stream = self._path.open("w", encoding="utf-8", errors="replace")
        for record in rejected:
            facts = {"number": record.number, "offset": record.offset, **_message_facts(record.reason)}
            self._stream.write(json.dumps(facts, ensure_ascii=False) + "\n")
        self._stream.flush()

    def end(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def read(self, skip: int = 0, limit: int | None = None) -> Iterator[Reason]:
        """So many of the reasons that are there, after the first ones."""
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as stream:
            for line in islice(stream, skip, None if limit is None else skip + limit):
                if not line.endswith("\n"):
                    return  # the run that writes it was not done with it
                facts = json.loads(line)
                yield Reason(number=facts["number"], offset=facts["offset"], message=_message(facts))


class Foresight:
    """Looks on at a dry run: the first titles, and records that the catalogue may have already."""

    def __init__(self, reasons: Reasons) -> None:
        self._reasons = reasons
        self._works = WorkKeys()
        self.titles: list[str] = []
        self.twice: list[FoundTwice] = []
        self.duplicates = 0

    def foreseen(self, view: ReadingUnit, arrivals: Sequence[Arrival]) -> None:
        """Look at what would be written."""
        for arrival in arrivals[: TITLES_SHOWN - len(self.titles)]:
            self.titles.append(_heading(arrival))
        new = [arrival for arrival in arrivals if arrival.known is None]
        by_isbn = {id(arrival): list(isbn_keys(arrival.derived.isbns)) for arrival in new}
        by_work = {id(arrival): self._work_keys(arrival) for arrival in new}
        for_isbn = view.duplicates.having(KeyKind.ISBN, (key for keys in by_isbn.values() for key in keys))
        for_work = view.duplicates.having(KeyKind.WORK, (key for keys in by_work.values() for key in keys))
        for arrival in new:
            same_isbn = [for_isbn[key] for key in by_isbn[id(arrival)] if key in for_isbn]
            same_work = [for_work[key] for key in by_work[id(arrival)] if key in for_work]
            if same_isbn:
                self._note(arrival, same_isbn[0], KeyKind.ISBN)
            elif same_work:
                self._note(arrival, same_work[0], KeyKind.WORK)

    def written(self, *_: object) -> None:
        """A dry run writes nothing."""

    def rejected(self, rejected: Sequence[RejectedRecord]) -> None:
        """Keep the reasons."""
        self._reasons.add(rejected)

    def _work_keys(self, arrival: Arrival) -> list[int]:
        """The key of the work, where it is more than a title: of those there are too many alike."""
        facts = arrival.derived
        key = self._works.key(facts.title, facts.author, facts.year) if facts.author or facts.year else None
        return [] if key is None else [key]

    def _note(self, arrival: Arrival, record_id: int, kind: KeyKind) -> None:
        self.duplicates += 1
        if len(self.twice) < DUPLICATES_SHOWN:
            self.twice.append(FoundTwice(title=_heading(arrival), record_id=record_id, kind=kind))


def _heading(arrival: Arrival) -> str:
    facts = arrival.derived
    details = ", ".join(filter(None, (facts.author, str(facts.year or ""))))
    title = facts.title[:LONGEST_TITLE]
    return f"{title} / {details[:LONGEST_TITLE]}" if details else title


def _message_facts(message: Message) -> dict[str, object]:
    return {"template": message.template, "values": dict(message.values)}


def _message(facts: Mapping[str, Any]) -> Message:
    return Message.of(facts["template"], **facts["values"])
