"""A cataloguing form as it is drawn: labels in the reader's language, choices, and each problem at its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from library.domain.marc import Dialect
from library.marc.checks import Problem, Severity
from library.marc.worksheets import (
    AUTHORITIES,
    CodeList,
    FormField,
    FormRow,
    FormValues,
    Input,
    InputKind,
    Name,
    Worksheet,
    form_of,
)
from library.marc.worksheets.model import LEADER
from library.marc.writing import field_line
from library.web.cataloguing_codes import LONGEST_MENU, OFFERED, is_menu, meaning, name_of
from library.web.languages import gettext, told

# What is asked about while it is typed, whether the catalogue has it already.
_TELLING: Mapping[Dialect, Mapping[str, str]] = {
    Dialect.MARC21: {"020.a": "isbn", "245.a": "title", "100.a": "author", "264.c": "year", "260.c": "year"},
    Dialect.UNIMARC: {"010.a": "isbn", "200.a": "title", "700.a": "author", "210.d": "year"},
    Dialect.IRBIS: {"10.A": "isbn", "200.A": "title", "700.A": "author", "210.D": "year"},
}
_IN_FIGURES = frozenset({InputKind.YEAR, InputKind.NUMBER, InputKind.DATE, InputKind.AUTHORITY_NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is wrong; an error must be mended, a warning is advice. `target` is the id of the place it is about."""

    text: str
    is_error: bool
    target: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnInput:
    """One input. `control` is "menu", "long" or "line"; a line may choose from the list with the id `choices`.

    `all_codes` leads to a list that is too long for that. `said` is what a code that stands there means. By inputs that
    are `telling` duplicates are looked for. One that is `alone` has the label of its field beside it.
    """

    name: str
    label: str
    mark: str
    alone: bool
    control: str
    value: str
    hint: str
    must: bool
    length: int
    figures: bool
    options: tuple[tuple[str, str], ...]
    choices: str
    all_codes: str
    said: str
    telling: str
    authority: str
    more: str
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnField:
    """One field of the record; `kept` is what it has and the form does not show."""

    name: str
    title: str
    inputs: tuple[DrawnInput, ...]
    kept: str
    can_go: bool
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRow:
    """The fields with one tag; `more` asks for one more of them."""

    tag: str
    label: str
    help: str
    fields: tuple[DrawnField, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGroup:
    """Rows under a heading; `offers` are fields that are drawn when they are asked for, with the name to ask by."""

    id: str
    label: str
    rows: tuple[DrawnRow, ...]
    offers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A list of codes to choose from while typing; what is not among the first is fetched from `url`."""

    id: str
    url: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnForm:
    """A whole form. `kept` are the fields it does not show, `removed` those that were taken out and can come back."""

    groups: tuple[DrawnGroup, ...]
    lists: tuple[Choices, ...]
    kept: tuple[str, ...]
    removed: tuple[tuple[str, str], ...]
    complaints: tuple[Complaint, ...]


def drawn(worksheet: Worksheet, values: FormValues, problems: Sequence[Problem]) -> DrawnForm:
    """The form with these values and problems; names of problems are those of inputs."""
    return _Drawing(worksheet, values, problems).form()


class _Drawing:
    def __init__(self, worksheet: Worksheet, values: FormValues, problems: Sequence[Problem]) -> None:
        self._worksheet = worksheet
        self._values = values
        self._problems: defaultdict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            self._problems[problem.name].append(problem)
        self._asked = {name.tag for text, _ in values.inputs if (name := Name.parse(text)) is not None}
        self._lists: dict[str, CodeList] = {}
        self._told: list[Complaint] = []
        self._required = _required(worksheet)

    def form(self) -> DrawnForm:
        found = form_of(self._worksheet, self._values)
        folded = {group.label for group in self._worksheet.groups if group.folded}
        groups = []
        for number, group in enumerate(found.groups, start=1):
            offered = [row for row in group.rows if group.label in folded and self._is_offered(row)]
            groups.append(
                DrawnGroup(
                    id=f"group-{number}",
                    label=gettext(group.label),
                    rows=tuple(self._row(row) for row in group.rows if row not in offered),
                    offers=tuple((row.shape.tag, gettext(row.shape.label), _first_name(row)) for row in offered),
                )
            )
        elsewhere = [self._complaint(problem, "", "") for some in self._problems.values() for problem in some]
        return DrawnForm(
            groups=tuple(groups),
            lists=tuple(map(_choices, self._lists.values())),
            kept=tuple(map(field_line, found.kept)),
            removed=tuple((name.removesuffix(".remove"), self._label_of(name)) for name, _ in found.removed),
            complaints=(*elsewhere, *self._told),
        )

    def _is_offered(self, row: FormRow) -> bool:
        """Whether the row is empty, nobody asked for it, and nothing is wrong with its being empty."""
        is_empty = all(field.is_new for field in row.fields) and row.shape.tag not in self._asked
        return is_empty and not any(name.split(".")[0] == row.shape.tag for name in self._problems)

    def _row(self, row: FormRow) -> DrawnRow:
        shape = row.shape
        label = gettext(shape.label)
        fields = tuple(
            self._field(field, row, f"{label} {number}" if len(row.fields) > 1 else label)
            for number, field in enumerate(row.fields, start=1)
        )
        return DrawnRow(tag=shape.tag, label=label, help=_told(shape.help), fields=fields, more=row.more)

    def _field(self, field: FormField, row: FormRow, title: str) -> DrawnField:
        own = tuple(
            self._complaint(problem, f"f-{field.name}", title) for problem in self._problems.pop(field.name, ())
        )
        self._told += own
        alone = len(field.inputs) == 1
        says = not field.is_new or len(row.fields) > 1 or any(one.value for one in field.inputs)
        return DrawnField(
            name=field.name,
            title=title,
            inputs=tuple(self._input(one, title, alone=alone) for one in field.inputs),
            kept=" ".join(f"{part.code}: {part.value}" for part in field.kept),
            can_go=says and row.shape.tag != LEADER,
            complaints=own,
        )

    def _input(self, one: Input, title: str, *, alone: bool) -> DrawnInput:
        label = title if alone else gettext(one.label)
        path = title if label == title else f"{title}, {label}"
        complaints = tuple(self._complaint(problem, one.name, path) for problem in self._problems.pop(one.name, ()))
        self._told += complaints
        menu = one.codes is not None and is_menu(one.codes)
        if one.codes is not None and not menu:
            self._lists[one.codes.name] = one.codes
        tag = one.name.split(".")[0]
        long = one.kind is InputKind.LONG_TEXT
        return DrawnInput(
            name=one.name,
            label=label,
            mark=one.mark,
            alone=alone,
            control="menu" if menu else "long" if long else "line",
            value=one.value,
            hint=_told(one.help),
            must=f"{tag}.{one.mark}" in self._required,
            length=one.length,
            figures=one.kind in _IN_FIGURES,
            options=tuple(_options(one)) if menu else (),
            choices=f"codes-{one.codes.name}" if one.codes is not None and not menu else "",
            all_codes=_address(one.codes) if one.codes is not None and not menu else "",
            said=meaning(one.codes, one.value) if one.codes is not None and not menu and one.value else "",
            telling=_TELLING[self._worksheet.dialect].get(f"{tag}.{one.mark}", ""),
            authority=one.kind.value if one.kind in AUTHORITIES else "",
            more=one.more,
            complaints=complaints,
        )

    def _complaint(self, problem: Problem, target: str, label: str) -> Complaint:
        return Complaint(
            text=told(problem.message), is_error=problem.severity is Severity.ERROR, target=target, label=label
        )

    def _label_of(self, name: str) -> str:
        tag = name.partition(".")[0]
        shape = self._worksheet.field(tag)
        return f"{gettext(shape.label)} ({tag})" if shape is not None else tag


def _required(worksheet: Worksheet) -> frozenset[str]:
    """The inputs that every record of the worksheet has to have filled in, by tag and mark."""
    rules = [rule.needs[0] for rule in worksheet.rules if rule.blocks and not rule.when and len(rule.needs) == 1]
    named = {f"{where.tag}.{where.code}" for where in rules}
    parts = {
        f"{field.tag}.{part.code}" for field in worksheet.fields if field.must for part in field.subfields if part.must
    }
    return frozenset(named | parts)


def _told(text: str) -> str:
    return gettext(text) if text else ""


def _first_name(row: FormRow) -> str:
    return next(one.name for one in row.fields[0].inputs if not one.mark.startswith("ind"))


def _options(one: Input) -> Iterable[tuple[str, str]]:
    """What a menu offers: the code, and what it means."""
    assert one.codes is not None
    for code in one.options:
        said = name_of(code, one.codes)
        shown = code.value.replace(" ", "#")
        yield code.value, f"{said} ({shown})" if said and shown and said != shown else said or shown or "—"


def _choices(codes: CodeList) -> Choices:
    offered = codes.codes if len(codes.codes) <= LONGEST_MENU else codes.codes[:OFFERED]
    return Choices(
        id=f"codes-{codes.name}",
        url=_address(codes),
        options=tuple((code.value, name_of(code, codes)) for code in offered),
    )


def _address(codes: CodeList) -> str:
    """The page of a list that is too long for a form; empty for others."""
    return f"/cataloguing/codes/{codes.name}" if len(codes.codes) > LONGEST_MENU else ""
