"""What was typed into a cataloguing form: flat names and values, as a browser sends them.

    LDR.0.p6       the leader at position 6
    008.0.p35      field 008 at position 35 (of UNIMARC 100: its coded subfield)
    245.0.ind1     the first indicator of the first field 245
    245.0.a.0      its first subfield a; 245.0.a.1 the second one
    101.0.text.0   the text of an IRBIS field before its first mark
    700.1.remove   any value: the second field 700 is taken out

Fields are counted from 0 among those with their tag in the record that the form was opened with; higher numbers are new
fields. An input that is missing leaves the record as it was; one that is empty takes its subfield out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from library.domain.marc import Dialect, MarcRecord
from library.marc import codec
from library.marc.encodings import without_unprintable
from library.marc.worksheets.lines import parse_text, to_text
from library.marc.worksheets.model import LEADER

MOST_INPUTS = 5_000
LONGEST_VALUE = 20_000
LONGEST_FORM = 1_000_000
TEXT = "text"
REMOVE = "remove"

_LONGEST_NAME = 32
_NAME = re.compile(
    rf"(?P<tag>{LEADER}|[0-9A-Za-z]{{1,10}})\.(?P<occurrence>0|[1-9][0-9]{{0,3}})\."
    rf"(?:(?P<part>ind[12]|p(?:0|[1-9][0-9]?)|{REMOVE})"
    rf"|(?P<code>{TEXT}|[!-\-/-~])\.(?P<number>0|[1-9][0-9]{{0,2}}))"
)


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an input: `part` is "ind1", "ind2", "p" and a position, "remove", or empty for a subfield."""

    tag: str
    occurrence: int
    part: str = ""
    code: str = ""
    number: int = 0

    def __str__(self) -> str:
        field = f"{self.tag}.{self.occurrence}"
        return f"{field}.{self.part}" if self.part else f"{field}.{self.code or TEXT}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> Name | None:
        """The name that this is; none where it is no name of an input."""
        match = _NAME.fullmatch(text) if len(text) <= _LONGEST_NAME else None
        if match is None:
            return None
        occurrence = int(match["occurrence"])
        if match["part"]:
            return cls(match["tag"], occurrence, match["part"])
        code = "" if match["code"] == TEXT else match["code"]
        return cls(match["tag"], occurrence, "", code, int(match["number"]))


@dataclass(frozen=True, slots=True)
class FormValues:
    """A form as it was filled in, over the record that it was opened with.

    `is_cut` says that more was sent than a form can hold: it must not be saved.
    """

    base: MarcRecord
    inputs: tuple[tuple[str, str], ...]
    is_cut: bool = False

    def value(self, name: str) -> str:
        """What the input of this name says; empty where it is missing."""
        return dict(self.inputs).get(name, "")

    def with_input(self, name: str, value: str) -> FormValues:
        """The same with another value in this input."""
        return replace(self, inputs=tuple({**dict(self.inputs), name: value}.items()))

    def to_json(self) -> str:
        """The values as JSON, for drafts and templates."""
        document = {"base": codec.to_json(self.base), "inputs": self.inputs, "is_cut": self.is_cut}
        return orjson.dumps(document).decode()

    @classmethod
    def from_json(cls, text: str) -> FormValues:
        """The values again; `ValueError` where the text is none of ours."""
        try:
            document = orjson.loads(text)
            inputs = tuple([(str(name), str(value)) for name, value in document["inputs"]])
            return cls(codec.from_json(document["base"]), inputs, bool(document["is_cut"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not the values of a form: {error!r}") from error


def carry(dialect: Dialect, base: MarcRecord) -> str:
    """The record that a form is opened with, as the value of a hidden input."""
    return to_text(dialect, base)


def carried(dialect: Dialect, text: str) -> MarcRecord | None:
    """The record again; none where it was damaged, so that nothing is saved over what was lost on the way."""
    base = parse_text(dialect, text)
    return base if isinstance(base, MarcRecord) else None


def parse_form(pairs: Iterable[tuple[str, str]], base: MarcRecord) -> FormValues:
    """What a browser sent for a form that was opened with `base`.

    Never raises, whatever is sent. Names that are none of a form are passed over, of two inputs with one name the first
    counts, and characters that no record can hold are left out.
    """
    inputs: dict[str, str] = {}
    size, is_cut = 0, False
    for name, value in pairs:
        if name in inputs or Name.parse(name) is None:
            continue
        is_cut = is_cut or len(value) > LONGEST_VALUE
        size += len(value[:LONGEST_VALUE])
        if len(inputs) >= MOST_INPUTS or size > LONGEST_FORM:
            is_cut = True
            break
        inputs[name] = without_unprintable(value[:LONGEST_VALUE])
    return FormValues(base, tuple(inputs.items()), is_cut)
