"""The dialect of IRBIS64 catalogues (base IBIS): what its fields say, what is wrong in them, and the same in MARC 21.

Subfield codes mean the same in either case. The tags are those of RUSMARC where both have the matter, with traps: 330
is the table of contents and 331 the abstract, 610 keywords, 621 BBK, 910 the copies.

Field 907 ^B names the cataloguer and is personal data of staff. `without_staff_names` is the one place that takes it
out; importing calls it unless it is told not to, and the crosswalk to MARC 21 never carries it.
"""

from __future__ import annotations

from library.domain.errors import N_, Message
from library.domain.marc import DataField, Field, MarcRecord
from library.marc.dialects.codes import isbn_agrees, issn_agrees
from library.marc.dialects.irbis_description import describe
from library.marc.dialects.irbis_fields import Fields, isbn, issn, language, main, volume_title
from library.marc.dialects.irbis_marc21 import to_marc21
from library.marc.dialects.irbis_material import WORKSHEETS, worksheet

__all__ = ["check", "describe", "to_marc21", "without_staff_names"]

_CHECKED = frozenset({"10", "11", "101", "200", "461", "910", "920"})


def check(marc: MarcRecord) -> tuple[Message, ...]:
    """What breaks the rules of the catalogue; an empty answer means that the record can be saved."""
    fields = Fields.of(marc, _CHECKED)
    problems: list[Message] = []
    if not (fields.first("200", "a") or volume_title(fields) or worksheet(fields).startswith("NJ")):
        problems.append(Message.of(N_("There is no title (200 ^A; for a volume 461 ^C).")))
    name = worksheet(fields)
    if name not in WORKSHEETS:
        problems.append(Message.of(N_("Field 920 names no known worksheet: “{name}”."), name=name))
    problems += [
        Message.of(N_("ISBN {number} is wrong; a number printed wrongly belongs in 10 ^Z."), number=values["a"])
        for values in fields.all("10")
        if "a" in values and not isbn_agrees(isbn(values["a"]))
    ]
    problems += [
        Message.of(N_("ISSN {number} is wrong."), number=values["a"])
        for values in fields.all("11")
        if "a" in values and not issn_agrees(issn(values["a"]))
    ]
    problems += [
        Message.of(N_("Field 101: “{code}” is no code of a language (three letters)."), code=main(values))
        for values in fields.all("101")
        if not language(main(values))
    ]
    seen: set[str] = set()
    for values in fields.all("910"):
        number = values.get("b", "")
        if number in seen:
            problems.append(Message.of(N_("The inventory number {number} stands in two copies."), number=number))
        elif number:
            seen.add(number)
    return tuple(problems)


def without_staff_names(marc: MarcRecord) -> tuple[MarcRecord, int]:
    """The record without the names of cataloguers (907 ^B), and how many were taken out."""
    taken = 0
    fields: list[Field] = []
    for field in marc.fields:
        if field.tag == "907" and isinstance(field, DataField):
            kept = tuple([subfield for subfield in field.subfields if subfield.code not in {"b", "B"}])
            if len(kept) < len(field.subfields):
                taken += sum(1 for name in field.values("bB") if name.strip())
                fields += [DataField(field.tag, field.indicators, kept)] if kept else []
                continue
        fields.append(field)
    return marc.with_fields(fields), taken
