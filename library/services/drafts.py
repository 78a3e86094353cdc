"""What cataloguers type, kept while they type it; forms filled in beforehand; and what each has on the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from library.db.form_drafts import FormDraft, FormTemplate
from library.db.unit_of_work import Database
from library.db.works import ListedWork
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidForm
from library.domain.work import WorkState
from library.services.asked import cleaned

MOST_TEMPLATES = 50
MOST_WORKS = 200
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """A form in which something was typed and not saved."""

    form: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one cataloguer has under way: newest first, but for templates, which are ordered by name."""

    returned: tuple[ListedWork, ...]
    drafts: tuple[ListedWork, ...]
    submitted: tuple[ListedWork, ...]
    unsaved: tuple[Unsaved, ...]
    templates: tuple[FormTemplate, ...]


class Drafts:
    """Each person has one draft for each form, known by the address of the form; others never see it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def keep(self, form: str, values: str, *, actor: Actor) -> None:
        """Keep what was typed, instead of what was kept of this form before; of very many forms the oldest goes."""
        person = _person(actor)
        with self._database.writing() as tx:
            tx.form_drafts.keep(person, FormDraft(form=form, values=values, saved_at=self._clock()))
            tx.commit()

    def kept(self, form: str, *, actor: Actor) -> FormDraft | None:
        """What was kept of this form; None where there is nothing."""
        person = _person(actor)
        with self._database.reading() as view:
            return view.form_drafts.find(person, form)

    def forget(self, form: str, *, actor: Actor) -> None:
        """Throw away what was kept of this form: it was saved, or is not wanted."""
        person = _person(actor)
        with self._database.writing() as tx:
            tx.form_drafts.forget(person, form)
            tx.commit()

    def keep_template(self, name: str, worksheet: str, values: str, *, actor: Actor) -> None:
        """Keep the values of a form as a template of this name, instead of the former one."""
        person = _person(actor)
        name = cleaned(name)[:LONGEST_NAME]
        if not name:
            raise InvalidForm(N_("Give the template a name."))
        with self._database.writing() as tx:
            names = [one.name for one in tx.form_drafts.templates(person)]
            if name not in names and len(names) >= MOST_TEMPLATES:
                raise InvalidForm(N_("You have {count} templates. Delete one first."), count=len(names))
            tx.form_drafts.keep_template(person, name, worksheet, values, self._clock())
            tx.commit()

    def template(self, template_id: int, *, actor: Actor) -> FormTemplate:
        """A template of this person; `NotFound` where there is none."""
        person = _person(actor)
        with self._database.reading() as view:
            return view.form_drafts.template(person, template_id)

    def forget_template(self, template_id: int, *, actor: Actor) -> None:
        """Throw a template of this person away; `NotFound` where there is none."""
        person = _person(actor)
        with self._database.writing() as tx:
            tx.form_drafts.forget_template(person, template_id)
            tx.commit()

    def desk(self, *, actor: Actor) -> Desk:
        """What this person has under way."""
        person = _person(actor)
        with self._database.reading() as view:
            works = view.works.of_person(actor.key, MOST_WORKS)
            unsaved = view.form_drafts.of_person(person)
            templates = view.form_drafts.templates(person)

        def standing(state: WorkState) -> tuple[ListedWork, ...]:
            return tuple(work for work in works if work.state is state)

        return Desk(
            returned=standing(WorkState.RETURNED),
            drafts=standing(WorkState.DRAFT),
            submitted=standing(WorkState.SUBMITTED),
            unsaved=tuple(Unsaved(form=form, saved_at=saved_at) for form, saved_at in unsaved),
            templates=tuple(templates),
        )


def _person(actor: Actor) -> int:
    """The number of the account: only people have desks."""
    require(actor, Action.CATALOGUE)
    return int(actor.key.removeprefix("person:"))
