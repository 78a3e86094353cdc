"""The forms of a reader and of a list of readers: as they were typed, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from library.db.people import PeopleFilter
from library.domain.people import LibraryCard, Person, ReaderCategory, Role
from library.services.asked import cleaned
from library.web.accounts_form import day, typed
from library.web.accounts_words import CATEGORIES
from library.web.languages import gettext

LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderForm:
    """What stands in the fields."""

    name: str = ""
    card: str = ""
    hemis: str = ""
    category: str = ReaderCategory.STUDENT.value
    faculty: str = ""
    group: str = ""
    until: str = ""
    deposits: bool = False

    @classmethod
    def read(cls, form: Mapping[str, str]) -> ReaderForm:
        """What was typed, of a bearable length."""
        return cls(
            name=typed(form, "name"),
            card=typed(form, "card"),
            hemis=typed(form, "hemis"),
            category=typed(form, "category"),
            faculty=typed(form, "faculty"),
            group=typed(form, "group"),
            until=typed(form, "until"),
            deposits="deposits" in form,
        )

    @classmethod
    def of(cls, person: Person) -> ReaderForm:
        """The form of somebody who is there already."""
        card = person.card
        if card is None:
            return cls(name=person.name, card=person.login)
        return cls(
            name=person.name,
            card=card.number,
            hemis=card.hemis_number,
            category=card.category.value,
            faculty=card.faculty,
            group=card.group,
            until=card.valid_until.isoformat() if card.valid_until else "",
            deposits=Role.DEPOSITOR in person.roles,
        )


def read_card(form: ReaderForm) -> LibraryCard:
    """The card that the form asks for; `InvalidAccount` where the date is none."""
    return LibraryCard(
        number=form.card,
        hemis_number=form.hemis,
        category=_category(form.category) or ReaderCategory.EXTERNAL,
        faculty=form.faculty,
        group=form.group,
        valid_until=day(form.until) if form.until else None,
    )


def read_filter(form: Mapping[str, str]) -> PeopleFilter:
    """The readers that a list is narrowed to."""
    return PeopleFilter(
        words=cleaned(form.get("q", ""))[:LONGEST_WORDS],
        staff=False,
        category=_category(form.get("category", "")),
        faculty=cleaned(form.get("faculty", ""))[:LONGEST_WORDS],
        group=cleaned(form.get("group", ""))[:LONGEST_WORDS],
    )


def category_choices() -> tuple[tuple[str, str], ...]:
    """The categories for a form."""
    return tuple((category.value, gettext(name)) for category, name in CATEGORIES.items())


def _category(value: str) -> ReaderCategory | None:
    return ReaderCategory(value) if value in list(ReaderCategory) else None
