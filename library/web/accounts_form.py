"""The form of an account: as it was typed, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request

from library.domain.errors import N_, InvalidAccount
from library.domain.people import Order, Role
from library.services.accounts import Wanted
from library.services.asked import whole

LONGEST_FIELD = 200
LARGEST_VERSION = 2**31 - 1


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
            login=typed(form, "login"),
            name=typed(form, "name"),
            order_number=typed(form, "order_number"),
            order_date=typed(form, "order_date"),
            email=typed(form, "email"),
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


def typed(form: Mapping[str, str], name: str) -> str:
    """What was typed into a field, on one line and of a bearable length."""
    return " ".join(form.get(name, "").split())[: LONGEST_FIELD + 1]


def version_of_form() -> int:
    """The version that the form of this request was filled from; what is none is older than all."""
    return whole(request.form.get("version", ""), limit=LARGEST_VERSION) or 0
