"""What is wrong with a record that is being catalogued, where, and whether it can be saved so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from library.domain.errors import Message
from library.marc.worksheets.form_values import Name


class Severity(StrEnum):
    """An error must be mended before the record can be saved; a warning informs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem; without a tag it is one of the whole record, without a part one of the whole field.

    `occurrence` counts from 0 among the fields with this tag, `number` among the subfields with this code. `part` is
    the code of a subfield ("text" for the text of an IRBIS field), "ind1", "ind2", or "p" and a position.
    """

    severity: Severity
    message: Message
    tag: str = ""
    occurrence: int = 0
    part: str = ""
    number: int = 0

    @property
    def name(self) -> str:
        """The name of the input in a form opened with the checked record; of a field its beginning ("245.0")."""
        if not self.tag:
            return ""
        field = f"{self.tag}.{self.occurrence}"
        if not self.part:
            return field
        is_whole = self.part.startswith(("ind", "p")) and len(self.part) > 1
        return f"{field}.{self.part}" if is_whole else f"{field}.{self.part}.{self.number}"


def at(name: Name, severity: Severity, message: Message) -> Problem:
    """A problem of this input."""
    return Problem(
        severity=severity,
        message=message,
        tag=name.tag,
        occurrence=name.occurrence,
        part=name.part or name.code or "text",
        number=name.number,
    )
