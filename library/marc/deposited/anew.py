"""A record after its work was described anew, with what a librarian did to it meanwhile."""

from __future__ import annotations

from library.domain.marc import Field, MarcRecord


def made_anew(record: MarcRecord, before: MarcRecord, after: MarcRecord) -> MarcRecord:
    """The record with what changed from `before` to `after`; whatever else stands in it stays.

    A field that went is taken out where it still stands as it was; one that came stands where one with its tag stood,
    else behind the last whose tag is not above its own.
    """
    gone = [field for field in before.fields if field not in after.fields]
    come = [field for field in after.fields if field not in before.fields]
    fields: list[Field] = []
    for field in record.fields:
        if field not in gone:
            fields.append(field)
            continue
        gone.remove(field)
        other = next((one for one in come if one.tag == field.tag), None)
        if other is not None:
            come.remove(other)
            fields.append(other)
    for field in come:
        if field not in fields:
            fields.insert(_place(fields, field), field)
    return MarcRecord(record.leader, tuple(fields))


def _place(fields: list[Field], new: Field) -> int:
    below = [place for place, one in enumerate(fields) if one.tag.zfill(4) <= new.tag.zfill(4)]
    return below[-1] + 1 if below else len(fields)
