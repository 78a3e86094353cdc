"""What was typed into a form whose session ended meanwhile: carried through the sign-in, and sent again by a button."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import request

from library.web.pages import Page

PREFIX = "kept."
ACTION = "kept_action"
FILES = "kept_files"
# Whatever is secret in a form has a name that begins so; the token of the form is another each time.
SECRET = ("password", "csrf")
# The sign-in brings all of it back in one form, and forms have a limit.
LARGEST = 900_000
LONGEST_ADDRESS = 2_000
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """A form as it was sent: its address, its fields but for secrets, and the names of its files, which are lost."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    is_whole: bool = True

    def hidden(self) -> tuple[tuple[str, str], ...]:
        """Fields that carry it through another form; none where it is too long to be carried."""
        if not self.is_whole:
            return ()
        fields = ((PREFIX + name, value) for name, value in self.fields)
        return ((ACTION, self.action), *((FILES, name) for name in self.files), *fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """The form for login and password; `kept` goes on with it."""

    template: ClassVar[str] = "session/sign_in.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    login: str
    next: str
    kept: KeptForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAgainPage(Page):
    """A form that is sent again as it was typed."""

    template: ClassVar[str] = "session/send_again.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    kept: KeptForm


def kept_form() -> KeptForm:
    """The form of this request."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if not _is_secret(name)]
    is_whole = len(urlencode(fields, errors="surrogatepass")) <= LARGEST
    files = tuple(file.filename for _, file in request.files.items(multi=True) if file.filename)
    return KeptForm(
        action=local_address(request.path), fields=tuple(fields) if is_whole else (), files=files, is_whole=is_whole
    )


def carried_form() -> KeptForm | None:
    """The form that a sign-in carries; None where it carries none."""
    if ACTION not in request.form:
        return None
    fields = tuple(
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX) and not _is_secret(name.removeprefix(PREFIX))
    )
    action = local_address(request.form[ACTION])
    return KeptForm(action=action, fields=fields, files=tuple(request.form.getlist(FILES)))


def local_address(address: str) -> str:
    """The address if it leads to a page of ours, else that of the first page."""
    return address if len(address) <= LONGEST_ADDRESS and _LOCAL.fullmatch(address) else "/"


def _is_secret(name: str) -> bool:
    return name.startswith(SECRET)
