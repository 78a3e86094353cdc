"""Which encoding a text is in, told by its bytes alone, in the languages that are written with Cyrillic and Latin."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extraction.plain import encoding_of
from tests.indexer.extraction.extraction_samples import TEXTS

CODE_PAGES = ("cp1251", "cp866", "koi8-r")
# What people wrote in place of the letters that code pages lack.
PLAIN = str.maketrans("қғҳўҚҒҲЎңөүҢӨҮʻʼ", "кгхуКГХУноуНОУ''")
CYRILLIC = ("uz-Cyrl", "ky", "ru")


@settings(max_examples=300, deadline=None)
@given(
    language=st.sampled_from(CYRILLIC),
    codec=st.sampled_from(CODE_PAGES),
    start=st.integers(0, 70),
    length=st.integers(40, 5000),
    capitals=st.booleans(),
    replaced=st.booleans(),
)
def test_code_pages(language: str, codec: str, start: int, length: int, capitals: bool, replaced: bool) -> None:
    text = (TEXTS[language] * 30)[start : start + length]
    text = text.upper() if capitals else text
    data = (text.translate(PLAIN) if replaced else text).encode(codec, "replace")
    assert encoding_of(data) == codec


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    data = text.encode()
    assert encoding_of(data) == "utf-8" or data.startswith((b"\xff", b"\xfe"))
    assert encoding_of(b"\xef\xbb\xbf" + data) == "utf-8"
    assert encoding_of(("\ufeff" + text).encode("utf-16-le")) == "utf-16-le"
    assert encoding_of(("\ufeff" + text).encode("utf-16-be")) == "utf-16-be"


@pytest.mark.parametrize("language", [*CYRILLIC, "uz-Latn"])
def test_utf_8_with_a_fault_and_cut_in_the_middle_of_a_letter_is_still_utf_8(language: str) -> None:
    data = TEXTS[language].encode()
    assert encoding_of(data[:150] + b"\xff" + data[150:-1]) == "utf-8"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_have_an_encoding_that_decodes_them(data: bytes) -> None:
    data.decode(encoding_of(data), "replace")
