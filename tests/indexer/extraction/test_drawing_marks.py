"""A view-only page says on all of itself who read it and when."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_cache import DrawingCache
from indexer.extraction.marking import LONGEST_CARD, LONGEST_NAME, lines_of, shortened
from indexer.extraction.page_images import DJVU, Mark, PageSource, TextPage
from tests.indexer.extraction import drawing_samples as samples

MARK = Mark(name="Гулнора Қодирова", card="TDPU-004512", at=datetime(2026, 11, 21, 10, 5, tzinfo=UTC))
WIDTH = 900


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawing]:
    with Drawing(DrawingCache(tmp_path_factory.mktemp("drawings"), 50 << 20)) as drawing:
        yield drawing


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.textbook(tmp_path_factory.mktemp("book") / "book.pdf")


def differs(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where two images differ by more than what JPEG alters."""
    return ImageChops.difference(one, other).convert("L").point([0] * 20 + [255] * 236)


def shades(image: Image.Image) -> tuple[int, int]:
    """The darkest and the palest grey of an image."""
    found = [shade for shade, pixels in enumerate(image.convert("L").histogram()) if pixels]
    return found[0], found[-1]


def marked(drawing: Drawing, source: PageSource, mark: Mark = MARK) -> Image.Image:
    return samples.opened(drawing.marked(source, width=WIDTH, mark=mark).jpeg)


def test_the_mark_is_on_every_part_of_a_page(drawing: Drawing, book: Path) -> None:
    page = samples.page(book)
    seen = differs(marked(drawing, page), samples.opened(drawing.plain(page, width=WIDTH).jpeg))
    across, down = WIDTH // 3, seen.height // 4
    for left in range(0, WIDTH - across + 1, across):
        for top in range(0, seen.height - down + 1, down):
            part = seen.crop((left, top, left + across, top + down))
            assert part.histogram()[255] > 0.005 * across * down, (left, top)


def test_what_is_under_the_mark_stays_legible(drawing: Drawing, book: Path) -> None:
    page = samples.page(book)
    plain, seen = samples.opened(drawing.plain(page, width=WIDTH).jpeg), marked(drawing, page)
    letters = plain.convert("L").point([255] * 60 + [0] * 196)
    paper = plain.convert("L").point([0] * 250 + [255] * 6)
    darkest_paper, _ = shades(ImageChops.composite(seen, Image.new("RGB", seen.size, "white"), paper))
    _, palest_letter = shades(ImageChops.composite(seen, Image.new("RGB", seen.size, "black"), letters))
    assert darkest_paper > palest_letter


@pytest.mark.parametrize("shade", [0, 90, 160, 255])
def test_the_mark_is_seen_on_dark_and_pale_pictures(drawing: Drawing, tmp_path: Path, shade: int) -> None:
    content = f"{shade / 255} g 0 0 200 300 re f".encode()
    page = samples.page(samples.written_by_hand(tmp_path / "flat.pdf", content))
    darkest, palest = shades(marked(drawing, page))
    assert palest - darkest > 20


@pytest.mark.parametrize(
    "other",
    [
        replace(MARK, name="Гулнора Қодиров"),
        replace(MARK, card="TDPU-004513"),
        replace(MARK, at=MARK.at + timedelta(minutes=1)),
    ],
)
def test_two_readings_leave_different_images(drawing: Drawing, book: Path, other: Mark) -> None:
    page = samples.page(book)
    assert differs(marked(drawing, page), marked(drawing, page, other)).getbbox()


def test_the_name_itself_is_drawn(drawing: Drawing) -> None:
    """The mark of a longer name covers more, in either script."""
    empty = TextPage(text="")
    for short, long in (("Ўғил", "Ўғилжон Ғуломов"), ("Asal", "Asalxon Gʻulomova")):
        stamps = [
            differs(marked(drawing, empty, replace(MARK, name=name)), Image.new("RGB", (900, 1273), "white"))
            for name in (short, long)
        ]
        assert stamps[0].histogram()[255] != stamps[1].histogram()[255]


def test_a_page_is_marked_the_same_whether_it_was_kept_or_not(drawing: Drawing, book: Path) -> None:
    page = samples.page(book, 2)
    drawing.forget(page.original.digest)
    fresh = marked(drawing, page)
    again = marked(drawing, page)
    assert differs(fresh, again).histogram()[255] < 0.002 * fresh.width * fresh.height


def test_marked_images_are_kept_nowhere(tmp_path: Path, book: Path) -> None:
    with Drawing(DrawingCache(tmp_path / "kept", 50 << 20)) as drawing:
        page = samples.page(book)
        image = drawing.marked(page, width=WIDTH, mark=MARK)
        (kept,) = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
        assert kept.read_bytes() != image.jpeg
        assert kept.read_bytes() == drawing.plain(page, width=WIDTH).jpeg
        drawing.marked(TextPage(text="so‘z"), width=WIDTH, mark=MARK)
        assert sum(path.is_file() for path in (tmp_path / "kept").rglob("*")) == 1


def test_a_damaged_drawing_in_the_cache_is_drawn_anew(tmp_path: Path, book: Path) -> None:
    with Drawing(DrawingCache(tmp_path / "kept", 50 << 20)) as drawing:
        page = samples.page(book)
        first = marked(drawing, page)
        (kept,) = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
        kept.write_bytes(b"\xff\xd8nonsense\xff\xd9")
        assert not differs(first, marked(drawing, page)).getbbox()
        kept.write_bytes(b"\xff\xd8nonsense\xff\xd9")
        assert drawing.plain(page, width=WIDTH).width == WIDTH


def test_djvu_and_texts_are_marked_too(drawing: Drawing, tmp_path: Path) -> None:
    djvu = samples.page(samples.djvu_book(tmp_path / "book.djvu"), 2, media_type=DJVU)
    for source in (djvu, TextPage(text="bir ikki uch")):
        plain = samples.opened(drawing.plain(source, width=WIDTH).jpeg)
        assert differs(plain, marked(drawing, source)).histogram()[255] > 0.01 * plain.width * plain.height


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Гулнора Қодирова", "Гулнора Қодирова"),
        ("Oʻgʻilxon", "Oʻgʻilxon"),
        ("Ali\u202egnp.exe", "Alignp.exe"),
        ("A\x00l\ni\tB", "A l i B"),
        ("\u200b\u2066\u00ad ", ""),
        ("e" + "\u0301" * 300, "é\u0301\u0301"),
        ("Абдураҳмонов Абдумалик Абдумажитович оглы", "Абдураҳмонов Абдумалик Абдумажитович ог…"),
        ('#read("x") *b*', '#read("x") *b*'),
    ],
)
def test_names_are_made_safe_to_draw(written: str, drawn: str) -> None:
    assert shortened(written, LONGEST_NAME) == drawn


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=500), st.text(max_size=500))
def test_whatever_a_name_is_the_mark_has_two_short_visible_lines(name: str, card: str) -> None:
    first, second = lines_of(name, card, "2026-11-21 10:05")
    assert 1 <= len(first) <= LONGEST_NAME
    assert len(second) <= LONGEST_CARD + len(" · 2026-11-21 10:05")
    assert second.endswith(" · 2026-11-21 10:05")
    for letter in first + second:
        assert letter == " " or unicodedata.category(letter)[0] not in "CZ"


def test_hostile_names_are_drawn_like_others(drawing: Drawing) -> None:
    for name in ("\u202e" * 400, "\x00", "W" * 400, "﷽" * 40, "a\u0300" * 400, "\ud800", "😀" * 60, "]#panic()["):
        seen = marked(drawing, TextPage(text=""), replace(MARK, name=name, card=name))
        assert shades(seen)[0] < 235
