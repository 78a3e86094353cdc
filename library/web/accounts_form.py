"""The form of an account: as it was typed, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from library.domain.errors import N_, InvalidAccount
from library.domain.people import Order, Role
from library.services.accounts import Wanted

LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountForm:
    """What stands in the fields."""

    login: str = ""
    name: str = ""
    order_number: str = ""
    order_date: str = ""
    email: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> AccountForm:
        """What was typed, of a bearable length."""
        return cls(
            login=_typed(form, "login"),
            name=_typed(form, "name"),
            order_number=_typed(form, "order_number"),
            order_date=_typed(form, "order_date"),
            email=_typed(form, "email"),
        )


def read_account(form: AccountForm, roles: frozenset[Role]) -> Wanted:
    """What the form asks for; `InvalidAccount` where the date is none."""
    order = None
    if form.order_number or form.order_date:
        order = Order(number=form.order_number, date=day(form.order_date))
    return Wanted(login=form.login, name=form.name, roles=roles, order=order, email=form.email)


def day(text: str) -> date:
    """The date in a field."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidAccount(N_("Write dates as year, month and day: 2026-09-01.")) from None


def _typed(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())[: LONGEST_FIELD + 1]
