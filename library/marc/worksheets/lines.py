"""A record as lines of text that can be edited, and back.

MARC 21 and UNIMARC, a line for each field, "#" for a blank in the leader, in control fields and in indicators:

    =LDR  00000nam#a2200000#c#4500
    =008  260905s2026####uz#||||#######000#0#uzb#d
    =245  10$aTitle$cStatement of responsibility

IRBIS, as in its text format; its leader is left out where it is the one of all records:

    #200: ^ATitle^FStatement of responsibility

Signs that would be taken for marks are written by name: {dollar} {caret} {num} {lcub} {lf} {cr}; {none} is a subfield
code that is empty, {control} a control field where the tag is that of a data field, {data} the opposite.
`parse_text(dialect, to_text(dialect, marc)) == marc` for every record that the catalogue can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from library.domain.errors import N_, Message
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.encodings import UNPRINTABLE
from library.marc.irbis import values as irbis_values

LONGEST_TEXT = 5_000_000
MOST_PROBLEMS = 50

_LEADER = "LDR"
_LEADER_LENGTH = 24
_BLANK = "#"
_SIGNS = {"dollar": "$", "caret": "^", "num": "#", "lcub": "{", "lf": "\n", "cr": "\r", "none": ""}
_NAMES = {sign: name for name, sign in _SIGNS.items() if sign}
_CONTROL, _DATA = "{control}", "{data}"
_NONE = "{none}"
_NAMED = re.compile(r"\{(" + "|".join((*_SIGNS, "control", "data")) + r")\}")
_MARC_LINE = re.compile(r"=(\S{3})  ?(.*)")
_IRBIS_LINE = re.compile(r"#([^\s:]+): ?(.*)")
_INDICATORS = 2
_BREAKS = "\n\r"
_LENGTHS = ((0, 5), (12, 17))


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line (counted from 1) can't be read; line 0 is the whole text."""

    line: int
    message: Message


class _Unreadable(Exception):
    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def to_text(dialect: Dialect, marc: MarcRecord) -> str:
    """The record in lines."""
    if dialect is Dialect.IRBIS:
        own_leader = [] if marc.leader == irbis_values.LEADER else [f"#{_LEADER}: {_in_control(marc.leader)}"]
        return "\n".join([*own_leader, *map(_irbis_line, marc.fields)])
    return "\n".join([f"={_LEADER}  {_in_control(marc.leader)}", *map(_marc_line, marc.fields)])


def parse_text(dialect: Dialect, text: str) -> MarcRecord | tuple[LineProblem, ...]:
    """The record that the lines say, or what is wrong in which line. Never raises; empty lines mean nothing."""
    if len(text) > LONGEST_TEXT:
        return (LineProblem(0, Message.of(N_("The text has more than {limit} characters."), limit=LONGEST_TEXT)),)
    problems: list[LineProblem] = []
    leader = irbis_values.LEADER if dialect is Dialect.IRBIS else ""
    fields: list[Field] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            read = _read_irbis(line) if dialect is Dialect.IRBIS else _read_marc(line)
        except _Unreadable as error:
            problems.append(LineProblem(number, error.message))
            if len(problems) == MOST_PROBLEMS:
                return tuple(problems)
            continue
        if isinstance(read, str):
            leader = read
        else:
            fields.append(read)
    if not leader and not problems:
        problems.append(LineProblem(0, Message.of(N_("The leader is missing: a line that begins with =LDR."))))
    return tuple(problems) or MarcRecord(_without_lengths(dialect, leader), tuple(fields))


def _named(text: str, signs: str) -> str:
    """The text with these signs by name, and a brace by name where it would begin a name."""
    text = _NAMED.sub(lambda match: f"{{lcub}}{match[1]}}}", text)
    for sign in signs:
        text = text.replace(sign, f"{{{_NAMES[sign]}}}")
    return text


def _signs(text: str) -> str:
    return _NAMED.sub(lambda match: _SIGNS.get(match[1], match[0]), text)


def _in_control(text: str) -> str:
    return _named(text, "#\n\r").replace(" ", _BLANK)


def _from_control(text: str) -> str:
    return _signs(text.replace(_BLANK, " "))


def _marc_line(field: Field) -> str:
    is_control_tag = field.tag.startswith("00")
    if isinstance(field, ControlField):
        return f"={field.tag}  {'' if is_control_tag else _CONTROL}{_in_control(field.value)}"
    indicators = _named(field.indicators, "#$").replace(" ", _BLANK)
    parts = [f"${_code(part.code)}{_named(part.value, '$' + _BREAKS)}" for part in field.subfields]
    return f"={field.tag}  {_DATA if is_control_tag else ''}{indicators}{''.join(parts)}"


def _irbis_line(field: Field) -> str:
    if isinstance(field, ControlField):
        return f"#{field.tag}: {_CONTROL}{_named(field.value, _BREAKS)}"
    said: list[str] = []
    for index, part in enumerate(field.subfields):
        text = _named(part.value, "^" + _BREAKS)
        if index == 0 and not part.code:
            said.append(text or _NONE)
        else:
            said.append(f"^{_code(part.code)}{text}")
    return f"#{field.tag}: {''.join(said)}"


def _code(code: str) -> str:
    if not code:
        return _NONE
    return f"{{{_NAMES[code]}}}" if code in _NAMES else code


def _read_marc(line: str) -> Field | str:
    """The field of a line, or the leader."""
    match = _MARC_LINE.fullmatch(_clean(line))
    if match is None:
        raise _Unreadable(Message.of(N_("The line must begin with = and a tag, then two spaces: =245  10$aTitle")))
    tag, rest = match.groups()
    if tag == _LEADER:
        return _leader(rest)
    if rest.startswith(_CONTROL) or (tag.startswith("00") and not rest.startswith(_DATA)):
        return ControlField(tag, _from_control(rest.removeprefix(_CONTROL)))
    head, *parts = rest.removeprefix(_DATA).split("$")
    indicators = _from_control(head)
    if len(indicators) != _INDICATORS:
        raise _Unreadable(
            Message.of(N_("Field {tag} must have two indicators before its first $; # is a blank one."), tag=tag)
        )
    return DataField(tag, indicators, tuple(_subfields(parts, "$")))


def _read_irbis(line: str) -> Field | str:
    match = _IRBIS_LINE.fullmatch(_clean(line))
    if match is None:
        raise _Unreadable(Message.of(N_("The line must begin with # and a tag, then a colon: #200: ^ATitle")))
    tag, rest = match.groups()
    if tag == _LEADER:
        return _leader(rest)
    if rest.startswith(_CONTROL):
        return ControlField(tag, _signs(rest.removeprefix(_CONTROL)))
    head, *parts = rest.split("^")
    first = [Subfield("", _signs(head))] if head else []
    return DataField(tag, "  ", (*first, *_subfields(parts, "^")))


def _subfields(parts: list[str], mark: str) -> Iterator[Subfield]:
    for part in parts:
        named = _NAMED.match(part)
        if named is not None and named[1] in _SIGNS:
            yield Subfield(_SIGNS[named[1]], _signs(part[named.end() :]))
        elif part:
            yield Subfield(part[0], _signs(part[1:]))
        else:
            raise _Unreadable(Message.of(N_("A {mark} has no subfield code behind it."), mark=mark))


def _leader(text: str) -> str:
    leader = _from_control(text)
    if len(leader) != _LEADER_LENGTH:
        raise _Unreadable(
            Message.of(
                N_("The leader has {count} characters instead of {length}."), count=len(leader), length=_LEADER_LENGTH
            )
        )
    return leader


def _clean(line: str) -> str:
    if UNPRINTABLE.search(line):
        raise _Unreadable(Message.of(N_("The line has control characters in it.")))
    return line


def _without_lengths(dialect: Dialect, leader: str) -> str:
    """The leader as records have it: without the lengths of a carrier, and in Unicode."""
    for start, end in _LENGTHS:
        leader = leader[:start] + "0" * (end - start) + leader[end:]
    return leader[:9] + "a" + leader[10:] if dialect is Dialect.MARC21 else leader
