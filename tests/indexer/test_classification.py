"""Class numbers and the classes one can browse by."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.classification import bbk_asked, bbk_classes, bbk_words, udc_classes


@pytest.mark.parametrize(
    ("notation", "classes"),
    [
        ("5", ("5",)),
        ("51", ("5", "51")),
        ("512.133(075.8)", ("5", "51")),
        ("004.8", ("0", "004")),
        ("002", ("0", "00")),
        ("37.01:004.8(075.8)", ("3", "37", "0", "004")),
        ("93/94(575.1)", ("9", "93", "94")),
        ("902.6", ("9", "902")),
        ("91", ("9", "91")),
        ("929 Navoiy", ("9", "929")),
        ("621.3-52", ("6", "62")),
        ("811.512.133'36", ("8", "81")),
        ("340+316", ("3", "34", "31")),
        ('94(575.1)"19"', ("9", "94")),
        ("(075.8)", ()),
        ("=512.133", ()),
        ("", ()),
        ("kitob", ()),
    ],
)
def test_udc(notation, classes):
    assert udc_classes(notation) == classes


@pytest.mark.parametrize(
    ("notation", "classes"),
    [
        ("22.1", ("22", "22.1")),
        ("22.161я73", ("22", "22.1")),
        ("В161", ("22", "22.1")),
        ("B161", ("22", "22.1")),
        ("С561.8", ("60", "60.5")),
        ("60.561.8", ("60", "60.5")),
        ("У263.111(04)", ("65", "65.2")),
        ("65.263.111", ("65", "65.2")),
        ("Ч514я031", ("7", "75")),
        ("75.14", ("7", "75")),
        ("Щ125.1", ("85", "85.1")),
        ("85.125.1", ("85", "85.1")),
        ("Р1", ("5", "51")),
        ("П", ("4",)),
        ("4", ("4",)),
        ("84(5У)6", ("8", "84")),
        ("Ш5(5У)", ("8",)),
        ("З85", ("31",)),
        ("32.97", ("31",)),
        ("36.8", ("35",)),
        ("88.3", ("87",)),
        ("Ю9", ("87",)),
        ("А", ("А",)),
        ("я43", ("9",)),
        ("", ()),
        ("???", ()),
        ("11", ()),
    ],
)
def test_bbk_in_letters_and_in_numbers(notation, classes):
    assert bbk_classes(notation) == classes


def test_a_class_is_asked_for_in_either_notation():
    assert bbk_asked("в1") == ("в1", "22.1")
    assert bbk_asked("в161") == ("в161",)
    assert bbk_asked("22.1") == ("22.1",)
    assert "22.1" in bbk_words("В161")
    assert "в161" in bbk_words("В161")


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_notation_is_too_odd(text):
    for value in (*udc_classes(text), *bbk_classes(text)):
        assert 1 <= len(value) <= 4
    bbk_words(text)
    bbk_asked(text)
