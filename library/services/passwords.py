"""Passwords: what a good one is, and their hashes by Argon2id."""

from __future__ import annotations

from functools import cached_property
from importlib import resources
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from library.domain.errors import N_, InvalidAccount
from library.domain.people import login_key

LONGEST = 128
SHORTEST = 12
SHORTEST_WITH_SECOND_FACTOR = 8
# Each takes 19 MiB and some 50 ms of a processor: more at once would take both from the readers.
MOST_AT_ONCE = 4
# What an unknown login is tried against, so that it takes as long as a known one. Nothing is known to match it.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$nvWL2qtTdmv1Jcdm3Mqq/w$x7Nhh1Miio1fzbntb5S+O5Wgzh/cvXKa/8OWP/TJ3/0"
FEWEST_DIFFERENT = 4
DIGITS = "0123456789"
_WORDS = "common_passwords.txt"


class Passwords:
    """Hashes passwords, a few at a time; the parameters are the least that OWASP allows."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._places = BoundedSemaphore(MOST_AT_ONCE)

    def hash(self, password: str) -> str:
        """The hash of a password that `require_good` has let through."""
        with self._places:
            return self._hasher.hash(password)

    def matches(self, password: str, known: str) -> bool:
        """Whether the password is the one of this hash; with no hash it takes as long, and is not."""
        if len(password) > LONGEST:
            return False
        with self._places:
            try:
                return self._hasher.verify(known or NOBODYS, password.encode("utf-8", "surrogatepass")) and bool(known)
            except (VerificationError, InvalidHashError):
                return False

    def require_good(self, password: str, *, login: str, name: str, second_factor: bool) -> None:
        """Raise `InvalidAccount` with the remedy unless this may be the password of this person."""
        shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST
        if len(password) < shortest:
            raise InvalidAccount(
                N_("The password is too short: take {shortest} characters or more."), shortest=shortest
            )
        if len(password) > LONGEST:
            raise InvalidAccount(N_("The password is too long: take {longest} characters at most."), longest=LONGEST)
        if any("\ud800" <= letter <= "\udfff" for letter in password):
            raise InvalidAccount(N_("The password has a character that can't be kept. Take other ones."))
        plain = _plain(password)
        tried = {_once(plain), _once(plain.strip(DIGITS)), plain}
        if tried & {*filter(None, map(_plain, (login, name, *name.split())))}:
            raise InvalidAccount(N_("The password must not be your login or your name."))
        if len(set(password)) < FEWEST_DIFFERENT or tried & self._common:
            raise InvalidAccount(
                N_("This password is one of the first that would be tried. Take words that only you put together.")
            )

    @cached_property
    def _common(self) -> frozenset[str]:
        """The words that are tried first; the empty one stands for figures alone, such as telephone numbers."""
        text = resources.files("library.services").joinpath(_WORDS).read_text(encoding="utf-8")
        words = (line for line in text.splitlines() if line and not line.startswith("#"))
        return frozenset(("", *map(_plain, words)))

    def is_dated(self, known: str) -> bool:
        """Whether the hash was made with other parameters than those of this release."""
        return self._hasher.check_needs_rehash(known)


def _once(text: str) -> str:
    """What a text is a repetition of; the text itself where it is none."""
    return text[: (text + text).find(text, 1)]


def _plain(text: str) -> str:
    """Without case, spaces and signs: what stands between a word and a guess of it."""
    return "".join(letter for letter in login_key(text) if letter.isalnum())
