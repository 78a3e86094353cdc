"""The keys that work, and what is refused, why, and to whom that matters."""

from __future__ import annotations

from library.domain.access import PERMISSIONS, Action
from library.domain.errors import N_
from library.domain.people import Role

_EVERYBODY = frozenset(Role)

KEYS = (
    ("/", N_("Into the search box")),
    ("Ctrl + S", N_("Save draft")),
    ("Ctrl + Enter", N_("Submit for approval")),
    ("Enter", N_("To the next input")),
    ("Alt + N", N_("One more field like this")),
    ("Alt + M", N_("One more part like this")),
    ("Alt + X", N_("Remove this field")),
    ("Alt + G", N_("Go to field")),
    ("Alt + ↓ ↑", N_("Next and previous part of the form")),
)
"""Keys of every page, and after the first those of the cataloguing form."""

REFUSALS = (
    (
        PERMISSIONS[Action.CATALOGUE] | PERMISSIONS[Action.APPROVE],
        N_("Nobody approves what they entered or last changed, whatever their role: a second person finds more."),
    ),
    (
        PERMISSIONS[Action.CATALOGUE],
        N_("A record with an error is not saved. What you typed stays on your desk all the same; advice stops nobody."),
    ),
    (
        PERMISSIONS[Action.CONFIRM_DEPOSITS],
        N_("Nobody confirms their own work, nor one of another faculty where the account names one."),
    ),
    (
        PERMISSIONS[Action.HOLDINGS],
        N_("An inventory number is given once, and an act that was entered stays."),
    ),
    (
        PERMISSIONS[Action.STAFF],
        N_("Nobody changes their own roles, and who keeps the accounts has no cataloguing role."),
    ),
    (
        _EVERYBODY,
        N_("After five wrong passwords an account waits, a quarter of an hour at most. Nothing is locked for ever."),
    ),
    (
        _EVERYBODY,
        N_("An unused session ends. What you had typed is not lost: sign in when you are asked, and send it."),
    ),
)
"""What is refused, why, and to whom that matters."""
