"""What is typed is kept for its person alone, as often as it changes, and never grows without end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from library.db.form_drafts import MOST_FORMS
from library.db.unit_of_work import Database
from library.domain.access import GUEST, Actor
from library.domain.errors import AlreadyEntered, InvalidForm, NotEntitled, NotFound
from library.domain.marc import Dialect
from library.domain.people import Person, Role
from library.services.cataloguing import Cataloguing, Stamp
from library.services.drafts import MOST_TEMPLATES, Drafts
from tests.builders import a_marc21_record
from tests.conftest import Clock
from tests.staff import AZIZA

FORM = "/cataloguing/new/marc21-book"
AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def drafts(database: Database, clock: Clock) -> Drafts:
    return Drafts(database, clock)


def _cataloguer(database: Database, name: str) -> Actor:
    person = Person(id=0, login=name, name=name, roles=frozenset({Role.CATALOGUER}), created_at=AT, changed_at=AT)
    with database.writing() as tx:
        person = tx.people.add(person)
        tx.commit()
    return Actor.person(person.id, person.name, person.roles)


@pytest.fixture
def nodira(database: Database) -> Actor:
    return _cataloguer(database, "nodira")


def test_the_newest_of_what_was_typed_comes_back_until_it_is_thrown_away(drafts: Drafts, nodira: Actor) -> None:
    assert drafts.kept(FORM, actor=nodira) is None
    drafts.keep(FORM, "first", actor=nodira)
    drafts.keep(FORM, "second 📚", actor=nodira)
    found = drafts.kept(FORM, actor=nodira)
    assert found is not None
    assert found.values == "second 📚"
    assert drafts.kept(f"{FORM}?copy=1", actor=nodira) is None
    drafts.forget(FORM, actor=nodira)
    assert drafts.kept(FORM, actor=nodira) is None
    drafts.forget(FORM, actor=nodira)


def test_a_colleague_sees_nothing_of_it(database: Database, drafts: Drafts, nodira: Actor) -> None:
    other = _cataloguer(database, "sevara")
    drafts.keep(FORM, "mine", actor=nodira)
    drafts.keep_template("Darslik", "marc21-book", "values", actor=nodira)
    (template,) = drafts.desk(actor=nodira).templates
    assert drafts.kept(FORM, actor=other) is None
    assert drafts.desk(actor=other).templates == ()
    for act in (drafts.template, drafts.forget_template):
        with pytest.raises(NotFound):
            act(template.id, actor=other)
    drafts.forget(FORM, actor=other)
    assert drafts.kept(FORM, actor=nodira) is not None


def test_of_very_many_forms_the_oldest_goes(drafts: Drafts, nodira: Actor) -> None:
    for number in range(MOST_FORMS + 2):
        drafts.keep(f"/cataloguing/{number}", "x", actor=nodira)
    unsaved = drafts.desk(actor=nodira).unsaved
    assert len(unsaved) == MOST_FORMS
    assert unsaved[0].form == f"/cataloguing/{MOST_FORMS + 1}"
    assert drafts.kept("/cataloguing/1", actor=nodira) is None


def test_a_template_is_replaced_by_its_name_and_thrown_away_by_its_number(drafts: Drafts, nodira: Actor) -> None:
    drafts.keep_template("Darslik", "marc21-book", "old", actor=nodira)
    drafts.keep_template("  Darslik\x00 ", "marc21-book", "new", actor=nodira)
    (template,) = drafts.desk(actor=nodira).templates
    assert (template.name, drafts.template(template.id, actor=nodira).values) == ("Darslik", "new")
    drafts.forget_template(template.id, actor=nodira)
    assert drafts.desk(actor=nodira).templates == ()


def test_a_template_needs_a_name_and_there_is_an_end_of_them(drafts: Drafts, nodira: Actor) -> None:
    with pytest.raises(InvalidForm, match="name"):
        drafts.keep_template(" \n", "marc21-book", "values", actor=nodira)
    for number in range(MOST_TEMPLATES):
        drafts.keep_template(str(number), "marc21-book", "values", actor=nodira)
    with pytest.raises(InvalidForm, match="Delete"):
        drafts.keep_template("one more", "marc21-book", "values", actor=nodira)
    drafts.keep_template("0", "marc21-book", "new", actor=nodira)


def test_the_desk_tells_work_apart_by_its_state(
    database: Database, drafts: Drafts, nodira: Actor, clock: Clock
) -> None:
    cataloguing = Cataloguing(database, clock)
    draft, submitted, returned = (
        cataloguing.create(Dialect.MARC21, a_marc21_record(title=title), actor=nodira) for title in ("A1", "B2", "C3")
    )
    cataloguing.submit(submitted, expected=Stamp(1, 1), actor=nodira)
    stamp = cataloguing.submit(returned, expected=Stamp(1, 1), actor=nodira)
    cataloguing.return_(returned, "Muqova qani?", expected=stamp, actor=AZIZA)
    desk = drafts.desk(actor=nodira)
    assert [work.record_id for work in desk.drafts] == [draft]
    assert [work.record_id for work in desk.submitted] == [submitted]
    assert [(work.record_id, work.remark) for work in desk.returned] == [(returned, "Muqova qani?")]


def test_only_cataloguers_have_a_desk(drafts: Drafts) -> None:
    for actor in (GUEST, AZIZA):
        with pytest.raises(NotEntitled):
            drafts.desk(actor=actor)
        with pytest.raises(NotEntitled):
            drafts.keep(FORM, "x", actor=actor)


def test_a_form_that_is_sent_twice_enters_one_record(
    database: Database, drafts: Drafts, nodira: Actor, clock: Clock
) -> None:
    cataloguing = Cataloguing(database, clock)
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=nodira, form="f1")
    with pytest.raises(AlreadyEntered) as again:
        cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=nodira, form="f1")
    assert again.value.record_id == number
    assert cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=nodira, form="f2") != number
    assert drafts.desk(actor=nodira).unsaved == ()
