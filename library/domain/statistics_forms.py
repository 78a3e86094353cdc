"""Forms of statistics as authorities print them: rows over indicators, in a file (TOML), so that no form needs code.

    [title]
    en = "Yearly sheet"

    [[row]]                                # a heading: it has no indicator
    number = "1"
    title.en = "Holdings"

    [[row]]
    number = "1.1"
    indicator = "holdings.titles"          # its name is the title of the row, unless the row has one
    where.type = ["textbook", "book"]      # only these values of a dimension of the indicator

The name of the file is the id of the form. A title in one language at least is enough.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from library.domain.errors import N_, InvalidReportForm
from library.domain.statistics import Dimension, Figure, IndicatorTable, StatisticsReport, Words
from library.domain.statistics_table import WRITTEN

MOST_ROWS = 500
LONGEST_TITLE = 500

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LINE = re.compile(r"at line (\d+)")
_LANGUAGES = (*WRITTEN, "uz-Cyrl")
_OF_FORM = frozenset({"title", "basis", "row"})
_OF_ROW = frozenset({"number", "title", "indicator", "where"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """A row. `indicator` is empty in a heading; `where` keeps some values of dimensions, which are added up."""

    number: str
    titles: Words
    indicator: str = ""
    where: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()

    @property
    def by(self) -> tuple[Dimension, ...]:
        """What its figure has to be told by."""
        return tuple(dimension for dimension, _ in self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form; `basis` says who asks for it."""

    id: str
    titles: Words
    basis: Words
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """A row with a figure for each period; a heading has none."""

    row: FormRow
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form with its figures. `report` holds the same figures line by line, how sure they are, and their checksum."""

    form: Form
    rows: tuple[FilledRow, ...]
    report: StatisticsReport


def form_from(form_id: str, text: str, table: IndicatorTable, to_cyrillic: Callable[[str], str]) -> Form:
    """The form that such a file holds; `InvalidReportForm` names the line and the remedy."""
    if _ID.fullmatch(form_id) is None:
        raise InvalidReportForm(
            N_("Form {file}: name the file with small letters, digits and hyphens, such as {example}."),
            file=_file(form_id),
            example="yearly-sheet.toml",
        )
    try:
        facts = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        number = int(line[1]) if line else text.count("\n") + 1
        raise InvalidReportForm(
            N_("Form {file}, line {line}: this line can't be read ({detail}). Mend it."),
            file=_file(form_id),
            line=number,
            detail=str(error),
        ) from error
    return _Reader(form_id, text, table, to_cyrillic).form(facts)


class _Reader:
    """Reads one file; whatever is wrong is told with the line at which its part begins."""

    def __init__(self, form_id: str, text: str, table: IndicatorTable, to_cyrillic: Callable[[str], str]) -> None:
        self._form_id = form_id
        self._table = table
        self._to_cyrillic = to_cyrillic
        lines = text.splitlines()
        self._rows = [number for number, line in enumerate(lines, 1) if line.strip().startswith("[[row]]")]

    def form(self, facts: Mapping[str, Any]) -> Form:
        self._known(facts, _OF_FORM, 1)
        rows = facts.get("row")
        if (
            not isinstance(rows, list)
            or not 0 < len(rows) <= MOST_ROWS
            or not all(isinstance(row, dict) for row in rows)
        ):
            raise self._wrong(
                N_("Form {file}, line {line}: write from 1 to {most} rows as {example}."),
                1,
                most=MOST_ROWS,
                example="[[row]]",
            )
        titles = self._words(facts.get("title"), 1)
        return Form(
            id=self._form_id,
            titles=titles,
            basis=self._words(facts["basis"], 1) if "basis" in facts else dict.fromkeys(_LANGUAGES, ""),
            rows=tuple(self._row(row, self._line_of(place)) for place, row in enumerate(rows)),
        )

    def _line_of(self, place: int) -> int:
        return self._rows[place] if place < len(self._rows) else 1

    def _row(self, facts: Mapping[str, Any], line: int) -> FormRow:
        self._known(facts, _OF_ROW, line)
        number, indicator_id = facts.get("number", ""), facts.get("indicator", "")
        if not isinstance(number, str) or not isinstance(indicator_id, str):
            raise self._wrong(
                N_("Form {file}, line {line}: write the number and the indicator in quotation marks."), line
            )
        if not indicator_id:
            return FormRow(number=number, titles=self._words(facts.get("title"), line))
        if indicator_id not in self._table.indicators:
            raise self._wrong(
                N_("Form {file}, line {line}: there is no indicator “{id}”. Take one from the list of indicators."),
                line,
                id=indicator_id[:80],
            )
        indicator = self._table.indicators[indicator_id]
        where = self._where(facts.get("where", {}), line)
        if not indicator.can_be_told_by(dimension for dimension, _ in where):
            raise self._wrong(
                N_("Form {file}, line {line}: “{id}” can't be told by these. It can be told by: {possible}."),
                line,
                id=indicator_id,
                possible="; ".join(" + ".join(one) for one in indicator.combinations) or "-",
            )
        titles = self._words(facts["title"], line) if "title" in facts else indicator.names
        return FormRow(number=number, titles=titles, indicator=indicator_id, where=where)

    def _where(self, facts: Any, line: int) -> tuple[tuple[Dimension, tuple[str, ...]], ...]:
        if not isinstance(facts, dict):
            facts = {"where": facts}
        self._known(facts, frozenset(Dimension), line)
        where = []
        for name, values in facts.items():
            if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
                raise self._wrong(
                    N_("Form {file}, line {line}: write the values of “{name}” as a list, such as {example}."),
                    line,
                    name=name,
                    example='["textbook"]',
                )
            where.append((Dimension(name), tuple(values)))
        return tuple(where)

    def _words(self, facts: Any, line: int) -> Words:
        """A text in all languages; where it was not written, in the first one in which it was."""
        if (
            not isinstance(facts, dict)
            or not facts
            or not facts.keys() <= set(_LANGUAGES)
            or not all(isinstance(text, str) and 0 < len(text.strip()) <= LONGEST_TITLE for text in facts.values())
        ):
            raise self._wrong(
                N_("Form {file}, line {line}: write the title in one of these languages at least: {languages}."),
                line,
                languages=", ".join(WRITTEN),
            )
        first = next(facts[language] for language in _LANGUAGES if language in facts)
        words = {language: facts.get(language, first) for language in _LANGUAGES}
        if "uz-Latn" in facts and "uz-Cyrl" not in facts:
            words["uz-Cyrl"] = self._to_cyrillic(facts["uz-Latn"])
        return words

    def _known(self, facts: Mapping[str, Any], names: Sequence[str] | frozenset[str], line: int) -> None:
        unknown = sorted(facts.keys() - set(names))
        if unknown:
            raise self._wrong(
                N_("Form {file}, line {line}: the word “{word}” is not known here. There are: {words}."),
                line,
                word=unknown[0][:80],
                words=", ".join(sorted(names)),
            )

    def _wrong(self, template: str, line: int, **values: str | int) -> InvalidReportForm:
        return InvalidReportForm(template, file=_file(self._form_id), line=line, **values)


def _file(form_id: str) -> str:
    return f"{form_id[:80]}.toml"
