"""What is said to whoever may not read a file, and where the sign-in leads back to."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from library.domain.access import Rule
from library.domain.errors import Message
from library.web import formats
from library.web.languages import gettext, locale

# Whoever signs in may pass these.
OF_MEMBERS = frozenset({Rule.MEMBERS, Rule.VIEW_ONLY})


def reason(message: Message) -> str:
    """The refusal in the reader's language, its day as that language writes it."""
    values = {
        name: formats.long_day(date.fromisoformat(str(value)), locale()) if name == "date" else value
        for name, value in message.values
    }
    return gettext(message.template, **values)


def sign_in_url(wanted: str) -> str:
    """The sign-in that leads back to this address."""
    return f"/sign-in?{urlencode({'next': wanted})}"
