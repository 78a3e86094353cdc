"""An address of a page image holds for one reader, one page, one width and some minutes, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.services.viewing_signatures import LASTS, Signature, Signatures, WantedImage

AT = datetime(2026, 9, 1, 9, 0, 0, 500_000, tzinfo=UTC)
IMAGE = WantedImage(document_id=12, digest="ab" * 32, page=7, width=1000, reader="person:3")
OURS = Signatures(b"k" * 32)


def test_it_holds_for_some_minutes_and_no_longer() -> None:
    signature = OURS.sign(IMAGE, AT)
    assert OURS.hold(IMAGE, signature, AT)
    assert OURS.hold(IMAGE, signature, AT + LASTS)
    assert not OURS.hold(IMAGE, signature, AT + LASTS + timedelta(seconds=1))


@pytest.mark.parametrize(
    "other",
    [
        replace(IMAGE, document_id=13),
        replace(IMAGE, digest="cd" * 32),
        replace(IMAGE, page=8),
        replace(IMAGE, width=2000),
        replace(IMAGE, reader="person:33"),
        replace(IMAGE, reader="guest"),
    ],
    ids=["document", "digest", "page", "width", "reader", "guest"],
)
def test_it_is_worth_nothing_for_another_image_or_reader(other: WantedImage) -> None:
    assert not OURS.hold(other, OURS.sign(IMAGE, AT), AT)


def test_nobody_lengthens_its_life() -> None:
    signature = OURS.sign(IMAGE, AT)
    assert not OURS.hold(IMAGE, replace(signature, expires=signature.expires + 3600), AT)


def test_another_installation_signs_otherwise() -> None:
    assert not OURS.hold(IMAGE, Signatures(b"x" * 32).sign(IMAGE, AT), AT)


@settings(max_examples=200, deadline=None)
@given(seal=st.text(max_size=60), expires=st.integers(min_value=0, max_value=2**40))
def test_no_other_seal_holds_whatever_it_looks_like(seal: str, expires: int) -> None:
    assert not OURS.hold(IMAGE, Signature(expires=expires, seal=seal), AT)


@settings(max_examples=50, deadline=None)
@given(place=st.integers(min_value=0, max_value=42), letter=st.sampled_from("Aa0_-"))
def test_no_letter_of_the_seal_can_be_changed(place: int, letter: str) -> None:
    signature = OURS.sign(IMAGE, AT)
    seal = signature.seal[:place] + letter + signature.seal[place + 1 :]
    assert OURS.hold(IMAGE, replace(signature, seal=seal), AT) == (seal == signature.seal)
