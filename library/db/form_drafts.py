"""What people typed and did not save yet, and forms they filled in beforehand: texts to rows and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from library.db.tables import form_drafts, form_templates
from library.domain.errors import N_, NotFound

# Below this stand forms that became records: their value is the number.
ENTERED = "entered/"
MOST_FORMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """What a person typed into the form at this address; `values` is the text that the form is drawn from again."""

    form: str
    values: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTemplate:
    """A form to begin new records with."""

    id: int
    name: str
    worksheet: str
    values: str


class ReadFormDrafts:
    """What was typed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, person_id: int, form: str) -> FormDraft | None:
        """What this person typed into this form; None where there is nothing."""
        query = select(form_drafts.c.form, _TYPED, form_drafts.c.saved_at).where(
            form_drafts.c.person_id == person_id, form_drafts.c.form == form
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else FormDraft(form=row.form, values=row.typed, saved_at=row.saved_at)

    def of_person(self, person_id: int) -> list[tuple[str, datetime]]:
        """The forms in which this person left something, and when, newest first."""
        return [found for found in self._forms(person_id) if not found[0].startswith(ENTERED)]

    def _forms(self, person_id: int) -> list[tuple[str, datetime]]:
        query = (
            select(form_drafts.c.form, form_drafts.c.saved_at)
            .where(form_drafts.c.person_id == person_id)
            .order_by(form_drafts.c.saved_at.desc(), form_drafts.c.form)
        )
        return [(row.form, row.saved_at) for row in self._connection.execute(query)]

    def templates(self, person_id: int) -> list[FormTemplate]:
        """The templates of this person by name."""
        query = (
            select(form_templates.c.id, form_templates.c.name, form_templates.c.worksheet, _TYPED_BEFORE)
            .where(form_templates.c.person_id == person_id)
            .order_by(form_templates.c.name)
        )
        return [
            FormTemplate(id=row.id, name=row.name, worksheet=row.worksheet, values=row.typed)
            for row in self._connection.execute(query)
        ]

    def template(self, person_id: int, template_id: int) -> FormTemplate:
        """This template, if it is this person's; else `NotFound`."""
        found = next((one for one in self.templates(person_id) if one.id == template_id), None)
        if found is None:
            raise NotFound(N_("You have no template {id}."), id=template_id)
        return found


_TYPED = form_drafts.c["values"].label("typed")
_TYPED_BEFORE = form_templates.c["values"].label("typed")


class FormDrafts(ReadFormDrafts):
    """What was typed, to be written down while it is typed."""

    def keep(self, person_id: int, draft: FormDraft) -> None:
        """Write down what this person typed, instead of what the form had before; of very many forms the oldest go."""
        self.forget(person_id, draft.form)
        row = {"person_id": person_id, "form": draft.form, "values": draft.values, "saved_at": draft.saved_at}
        self._connection.execute(insert(form_drafts), row)
        alike = draft.form.startswith(ENTERED)
        for form, _ in [found for found in self._forms(person_id) if found[0].startswith(ENTERED) is alike][
            MOST_FORMS:
        ]:
            self.forget(person_id, form)

    def forget(self, person_id: int, form: str) -> None:
        """Throw away what this person typed into this form, if there is anything."""
        self._connection.execute(
            delete(form_drafts).where(form_drafts.c.person_id == person_id, form_drafts.c.form == form)
        )

    def keep_template(self, person_id: int, name: str, worksheet: str, values: str, at: datetime) -> None:
        """Write a template, instead of the one of the same name."""
        self._connection.execute(
            delete(form_templates).where(form_templates.c.person_id == person_id, form_templates.c.name == name)
        )
        self._connection.execute(
            insert(form_templates),
            {"person_id": person_id, "name": name, "worksheet": worksheet, "values": values, "saved_at": at},
        )

    def forget_template(self, person_id: int, template_id: int) -> None:
        """Throw a template of this person away; `NotFound` where there is none."""
        self.template(person_id, template_id)
        self._connection.execute(delete(form_templates).where(form_templates.c.id == template_id))
