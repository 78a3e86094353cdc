"""The text of IRBIS fields and how it is held in a record.

An IRBIS field is a tag and a text; within the text `^` and one character open a subfield, and there is no way to write
a `^` that does not. Here it is a `DataField` with blank indicators: the text before the first mark, where there is any,
is a subfield with the empty code. `joined(parts(text)) == text` for every text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from library.domain.errors import N_, Message, NotExpressible
from library.domain.marc import ControlField, DataField, Field, Subfield
from library.marc.encodings import UNPRINTABLE, without_unprintable

MARK = "^"

# The tags that a base can hold, and so a text file.
TAGS = range(2**32)

# IRBIS keeps no leader. All records get the one that its ISO 2709 export writes, with the lengths taken out, so that a
# record is the same whether it came from a base, a text file or an ISO 2709 file.
LEADER = "00000nam2 2200000 i 450 "

# A frozen dataclass sets its values one by one through object.__setattr__; through its slots it is made in half the
# time, and a base has millions of subfields.
_new_subfield: Callable[[type[Subfield]], Subfield] = object.__new__
_set_code: Callable[[Subfield, str], None] = vars(Subfield)["code"].__set__
_set_value: Callable[[Subfield, str], None] = vars(Subfield)["value"].__set__
_LINE_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")


def parts(text: str) -> tuple[Subfield, ...]:
    """The subfields of a field's text, codes as they were typed; a first one with the empty code is the head."""
    head, *marked = text.split(MARK)
    subfields = []
    # An empty head is kept where the text could not be told from a head without it: "", "^", "^^a".
    if head or not marked or not marked[0]:
        subfields.append(Subfield("", head))
    for part in marked:
        subfield = _new_subfield(Subfield)
        _set_code(subfield, part[:1])
        _set_value(subfield, part[1:])
        subfields.append(subfield)
    return tuple(subfields)


def joined(subfields: tuple[Subfield, ...]) -> str:
    """The text of a field again: the opposite of `parts`."""
    text = "".join([MARK + subfield.code + subfield.value for subfield in subfields])
    return text[1:] if subfields and not subfields[0].code else text


def field(tag: int, text: str) -> DataField:
    """The field with this tag and text."""
    return DataField(str(tag), "  ", parts(text))


def text_of(record_field: Field) -> str:
    """The text of a field as IRBIS holds it."""
    if isinstance(record_field, ControlField):
        return record_field.value
    return joined(record_field.subfields)


def tag_of(record_field: Field, allowed: range) -> int:
    """The tag as a number; `NotExpressible` where it is none or not one of those allowed."""
    tag = record_field.tag
    if tag.isascii() and tag.isdigit() and len(tag) <= len(str(allowed[-1])) and int(tag) in allowed:
        return int(tag)
    raise NotExpressible(
        N_("Field {tag} can't be written: its tag must be a number from {lowest} to {highest}."),
        tag=tag,
        lowest=allowed[0],
        highest=allowed[-1],
    )


def cleaned(tag: int, text: str, warnings: list[Message]) -> str:
    """The text without the characters that neither XML nor a database can hold; a line break becomes a space."""
    if "\n" in text or "\r" in text:
        text = _LINE_BREAK.sub(" ", text)
        warnings.append(Message.of(N_("Field {tag}: line breaks were made spaces."), tag=tag))
    if UNPRINTABLE.search(text):
        text = without_unprintable(text)
        warnings.append(Message.of(N_("Field {tag}: control characters were left out."), tag=tag))
    return text


def decoded(tag: int, raw: bytes, encoding: str, warnings: list[Message]) -> str:
    """The text of a field that was said to be in `encoding`.

    Where it is not, the other encoding that IRBIS has used is tried and a warning says so; `UnicodeDecodeError` where
    neither fits. No character is ever replaced by a guess.
    """
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        other = "utf-8" if encoding.lower().replace("_", "-") not in {"utf-8", "utf8"} else "cp1251"
        text = raw.decode(other)
        warnings.append(
            Message.of(
                N_("Field {tag} is not in {expected} like the rest; it was read as {other}."),
                tag=tag,
                expected=encoding,
                other=other,
            )
        )
        return text
