"""What accounts may be like, and whose card still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import InvalidAccount
from library.domain.people import (
    APPOINTED,
    CATALOGUING,
    LibraryCard,
    Order,
    Person,
    ReaderCategory,
    Role,
    Standing,
    login_key,
    require_sound,
    require_sound_card,
)

ORDER = Order(number="12-k", date=date(2026, 9, 1))
LAST_DAY = date(2026, 6, 30)
CARD = LibraryCard(number="K-1", category=ReaderCategory.STUDENT, valid_until=LAST_DAY)
AT = datetime(2026, 9, 1, tzinfo=UTC)
READER = Person(id=1, login="k-1", name="Aziz", roles=frozenset({Role.READER}), card=CARD, created_at=AT, changed_at=AT)


def _require(
    login: str = "nodira",
    name: str = "Nodira",
    roles: frozenset[Role] = frozenset({Role.CATALOGUER}),
    order: Order | None = ORDER,
) -> None:
    require_sound(login=login, name=name, roles=roles, order=order)


@pytest.mark.parametrize("login", ["", "two words", "x" * 65, "a\u202eb", "a\x00b", "a\tb", "a\xa0b", "\ud800"])
def test_a_login_has_letters_digits_and_signs(login: str) -> None:
    with pytest.raises(InvalidAccount, match="login"):
        _require(login=login)


@pytest.mark.parametrize("login", ["n", "n.karimova@namdu", "Нодира", "K-1042/2026", "x" * 64])
def test_all_of_these_are_logins(login: str) -> None:
    _require(login=login)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\nb", "a\u202eb"])
def test_a_name_is_one_line_of_text(name: str) -> None:
    with pytest.raises(InvalidAccount, match="name"):
        _require(name=name)


@pytest.mark.parametrize("role", sorted(CATALOGUING))
def test_nobody_who_gives_roles_catalogues(role: Role) -> None:
    with pytest.raises(InvalidAccount, match="no cataloguing"):
        _require(roles=frozenset({Role.ADMINISTRATOR, role}))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("order", [None, Order(number=" ", date=date(2026, 9, 1))])
def test_an_order_stands_behind_every_appointed_role(role: Role, order: Order | None) -> None:
    if role in APPOINTED:
        with pytest.raises(InvalidAccount, match="order"):
            _require(roles=frozenset({role}), order=order)
    else:
        _require(roles=frozenset({role}), order=order)


def test_somebody_without_a_role_has_no_account() -> None:
    with pytest.raises(InvalidAccount, match="at least one role"):
        _require(roles=frozenset())


@pytest.mark.parametrize(
    "wrong", [{"number": ""}, {"number": "a b"}, {"number": "x" * 65}, {"hemis_number": "3 9"}, {"faculty": "x" * 201}]
)
def test_a_card_has_a_number_without_spaces(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidAccount):
        require_sound_card(replace(CARD, **wrong))  # type: ignore[arg-type]


def test_a_card_holds_on_its_last_day_and_not_after_it() -> None:
    tomorrow = LAST_DAY + timedelta(days=1)
    assert READER.may_come_in(LAST_DAY)
    assert READER.card_ended(LAST_DAY) is None
    assert not READER.may_come_in(tomorrow)
    assert READER.card_ended(tomorrow) == LAST_DAY
    assert not replace(READER, standing=Standing.CLOSED).may_come_in(LAST_DAY)
    staff = replace(READER, roles=frozenset({Role.READER, Role.CATALOGUER}))
    assert staff.may_come_in(tomorrow)
    assert replace(READER, card=replace(CARD, valid_until=None)).may_come_in(date.max)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=64))
def test_a_login_typed_in_capitals_is_the_same(login: str) -> None:
    assert login_key(login) == login_key(login_key(login))
    assert login_key(login.casefold()) == login_key(login)
