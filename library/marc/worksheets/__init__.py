"""Cataloguing forms by dialect and kind of document: what they ask for, and how their values become a record.

A form is opened with a record (`new_record`, `copy_record`, or one of the catalogue) in its worksheet (`worksheet`,
`worksheet_for`). `values_of` gives its inputs, `form_of` lays them out, `parse_form` reads what a browser sent, `fill`
makes the record again: bit for bit the same, but for what was changed. `carry` and `carried` take the record that a
form was opened with through the page.
"""

from library.marc.worksheets.choosing import WORKSHEETS, worksheet, worksheet_for, worksheets
from library.marc.worksheets.filling import fill, values_of
from library.marc.worksheets.form import Form, FormField, FormGroup, FormRow, Input, form_of
from library.marc.worksheets.form_values import FormValues, Name, carried, carry, parse_form
from library.marc.worksheets.lines import LineProblem, parse_text, to_text
from library.marc.worksheets.making import copy_record, new_record
from library.marc.worksheets.model import AUTHORITIES, Code, CodeList, InputKind, Naming, Worksheet

__all__ = [
    "AUTHORITIES",
    "WORKSHEETS",
    "Code",
    "CodeList",
    "Form",
    "FormField",
    "FormGroup",
    "FormRow",
    "FormValues",
    "Input",
    "InputKind",
    "LineProblem",
    "Name",
    "Naming",
    "Worksheet",
    "carried",
    "carry",
    "copy_record",
    "fill",
    "form_of",
    "new_record",
    "parse_form",
    "parse_text",
    "to_text",
    "values_of",
    "worksheet",
    "worksheet_for",
    "worksheets",
]
