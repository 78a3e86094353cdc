"""Passwords: what is refused, how they are hashed, and that nobody learns from the time it takes who has an account."""

from __future__ import annotations

import threading
import time

import pytest
from argon2 import PasswordHasher

from library.domain.errors import InvalidAccount
from library.services.passwords import LONGEST, MOST_AT_ONCE, NOBODYS, Passwords


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


def _require(passwords: Passwords, password: str, *, second_factor: bool = False) -> None:
    passwords.require_good(password, login="n.karimova", name="Nodira Karimova", second_factor=second_factor)


@pytest.mark.parametrize(
    "password",
    [
        "uch otli arava",
        "yozda tog'da bo'ldim",
        "Катта дарё бўйида",
        "суу боюнда өскөн тал",
        "correct horse battery",
        "x" * 3 + "y7Ўқ-" * 25,
        "kutubxona ochiq shanba",
    ],
)
def test_a_few_words_put_together_are_a_password(passwords: Passwords, password: str) -> None:
    _require(passwords, password)
    assert passwords.matches(password, passwords.hash(password))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too short"),
        ("elevenchars", "too short"),
        ("x1" * LONGEST, "too long"),
        ("N.Karimova " + " " * 4, "your login or your name"),
        ("nodira.karimova", "your login or your name"),
        ("nodira karimova 2026", "your login or your name"),
        ("parol1234567", "first that would be tried"),
        ("PAROL parol parol", "first that would be tried"),
        ("2026kutubxona2026", "first that would be tried"),
        ("Китепкана 123", "first that would be tried"),
        ("Ўзбекистон-2026", "first that would be tried"),
        ("O'zbekistonim1", "first that would be tried"),
        ("йцукенгшщзхъ", "first that would be tried"),
        ("библиотекарь", "first that would be tried"),
        ("1q2w3e4r5t6y", "first that would be tried"),
        ("998901234567", "first that would be tried"),
        ("+998 90 123-45-67", "first that would be tried"),
        ("aaaaaaaaaaaaaaaa", "first that would be tried"),
        ("!!!!!!!!!!!!!!!!", "first that would be tried"),
        ("a good one \ud800 but for this", "can't be kept"),
    ],
)
def test_what_is_no_password_is_refused_with_the_remedy(passwords: Passwords, password: str, reason: str) -> None:
    with pytest.raises(InvalidAccount, match=reason):
        _require(passwords, password)


def test_with_a_second_factor_eight_characters_are_enough(passwords: Passwords) -> None:
    _require(passwords, "tog' yol", second_factor=True)
    with pytest.raises(InvalidAccount, match="8 characters"):
        _require(passwords, "tog' yo", second_factor=True)
    with pytest.raises(InvalidAccount, match="12 characters"):
        _require(passwords, "tog' yol")


def test_a_hash_is_argon2id_with_the_parameters_of_the_house(passwords: Passwords) -> None:
    known = passwords.hash("uch otli arava")
    assert known.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hash("uch otli arava") != known
    assert not passwords.matches("uch otli arav", known)
    assert not passwords.is_dated(known)


def test_a_hash_with_other_parameters_still_opens_and_is_dated(passwords: Passwords) -> None:
    known = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("uch otli arava")
    assert passwords.matches("uch otli arava", known)
    assert passwords.is_dated(known)


def test_who_has_no_password_can_not_come_in_and_is_not_told_apart_by_the_time(passwords: Passwords) -> None:
    assert not passwords.is_dated(NOBODYS), "the parameters changed: make the hash of nobody anew"
    assert not passwords.matches("", "")
    known = passwords.hash("uch otli arava")

    def took(known: str) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            assert not passwords.matches("a wrong password", known)
            times.append(time.perf_counter() - started)
        return min(times)

    assert 0.2 < took("") / took(known) < 5


@pytest.mark.parametrize("known", ["$argon2id$broken", "plain", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_broken_hash_opens_nothing(passwords: Passwords, known: str) -> None:
    assert not passwords.matches("plain", known)


def test_a_password_of_any_length_costs_nothing_before_it_is_hashed(passwords: Passwords) -> None:
    started = time.perf_counter()
    assert not passwords.matches("x" * 100_000, NOBODYS)
    assert time.perf_counter() - started < 0.1


def test_only_so_many_are_hashed_at_once() -> None:
    passwords = Passwords()
    running, most = 0, 0
    lock = threading.Lock()
    plain = passwords._hasher

    class Watched:
        def hash(self, password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            made = plain.hash(password)
            with lock:
                running -= 1
            return made

    passwords._hasher = Watched()  # type: ignore[assignment]
    threads = [threading.Thread(target=passwords.hash, args=("uch otli arava",)) for _ in range(3 * MOST_AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == MOST_AT_ONCE
