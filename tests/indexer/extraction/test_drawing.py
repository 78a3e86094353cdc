"""Pages become images: the right page, of the right size, in the kinds that have pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from indexer.extraction.drawing import COVER_WIDTH, LARGEST_COVER, Drawing
from indexer.extraction.drawing_cache import DrawingCache
from indexer.extraction.drawing_children import DrawingLimits
from indexer.extraction.drawing_errors import DrawingUnavailable, KindNotDrawn, NoSuchPage, Undrawable
from indexer.extraction.page_images import DJVU, NARROWEST, WIDEST, FilePage, TextPage
from tests.indexer.extraction import drawing_samples as samples

LETTERS = "Oʻzbekiston, gʻoya; Ўзбекистон, Ғафур, Ҳамза, қалам; Кыргыз өлкөсү, үңкүр; ёж, №5, «да»"


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawing]:
    with Drawing(DrawingCache(tmp_path_factory.mktemp("drawings"), 50 << 20)) as drawing:
        yield drawing


@pytest.fixture(scope="module")
def djvu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.djvu_book(tmp_path_factory.mktemp("djvu") / "book.djvu")


def ink(image: Image.Image) -> float:
    """The share of pixels that are dark."""
    dark = image.convert("L").point([255] * 128 + [0] * 128)
    return dark.histogram()[255] / (image.width * image.height)


def test_a_page_is_as_wide_as_asked_for_and_as_high_as_its_paper_says(drawing: Drawing, tmp_path: Path) -> None:
    book = samples.textbook(tmp_path / "book.pdf")
    for width in (300, 1000, 1600):
        page = drawing.plain(samples.page(book, 2), width=width)
        assert (page.width, page.height) == samples.opened(page.jpeg).size
        assert page.width == width
        assert page.height == pytest.approx(width * 297 / 210, abs=1)


def test_text_of_a_page_is_drawn_dark_on_white(drawing: Drawing, tmp_path: Path) -> None:
    image = samples.opened(drawing.plain(samples.page(samples.textbook(tmp_path / "book.pdf")), width=1000).jpeg)
    assert image.getpixel((5, 5)) == (255, 255, 255)
    assert 0.01 < ink(image) < 0.2


def test_what_was_typed_into_a_form_is_drawn(drawing: Drawing, tmp_path: Path) -> None:
    empty, filled = (
        samples.opened(drawing.plain(samples.page(samples.form(tmp_path / f"{name}.pdf", typed)), width=600).jpeg)
        for name, typed in (("empty", ""), ("filled", "Karimov"))
    )
    assert ink(empty) < 0.001
    assert 0.005 < ink(filled) < 0.2


@pytest.mark.parametrize(("asked", "given"), [(1, NARROWEST), (1_000_000, WIDEST), (-5, NARROWEST)])
def test_no_width_is_absurd(drawing: Drawing, tmp_path: Path, asked: int, given: int) -> None:
    page = drawing.plain(samples.page(samples.written_by_hand(tmp_path / "a.pdf", box="0 0 300 200")), width=asked)
    assert page.width == given


@pytest.mark.parametrize("number", [0, -1, 4, 10**9])
def test_a_page_out_of_range_is_named_with_the_number_of_pages(drawing: Drawing, tmp_path: Path, number: int) -> None:
    with pytest.raises(NoSuchPage) as refusal:
        drawing.plain(samples.page(samples.textbook(tmp_path / "book.pdf"), number), width=500)
    assert refusal.value.pages == 3
    assert refusal.value.values == {"number": number, "pages": 3}


def test_sizes_tell_how_many_pages_there_are(drawing: Drawing, tmp_path: Path) -> None:
    sizes = drawing.sizes(samples.original(samples.textbook(tmp_path / "book.pdf", 7, paper="a5")))
    assert len(sizes) == 7
    assert (round(sizes[0].width), round(sizes[0].height)) == (420, 595)


def test_sizes_are_told_of_no_more_pages_than_allowed(tmp_path: Path) -> None:
    book = samples.original(samples.textbook(tmp_path / "book.pdf", 7))
    with Drawing(DrawingCache(tmp_path / "kept", 1 << 20), limits=DrawingLimits(pages=5)) as drawing:
        assert len(drawing.sizes(book)) == 5


def test_a_page_that_is_turned_is_drawn_as_it_is_read(drawing: Drawing, tmp_path: Path) -> None:
    path = samples.written_by_hand(tmp_path / "turned.pdf")
    path.write_bytes(path.read_bytes().replace(b"/MediaBox", b"/Rotate 90 /MediaBox"))
    page = drawing.plain(samples.page(path), width=600)
    assert (page.width, page.height) == (600, 400)
    (size,) = drawing.sizes(samples.original(path))
    assert (size.width, size.height) == (300, 200)


def test_four_readers_get_each_the_page_they_asked_for(drawing: Drawing, tmp_path: Path) -> None:
    book = samples.original(samples.colour_book(tmp_path / "colours.pdf", 100))

    def wrong(reader: int) -> list[int]:
        found = []
        for number in range(reader + 1, 101, 4):
            page = FilePage(original=book, number=number)
            seen = samples.opened(drawing.plain(page, width=100 + reader).jpeg).getpixel((50, 50))
            assert isinstance(seen, tuple)
            if max(abs(a - b) for a, b in zip(seen, samples.colour_of(number), strict=True)) > 6:
                found.append(number)
        return found

    with ThreadPoolExecutor(4) as readers:
        assert list(readers.map(wrong, range(4))) == [[], [], [], []]
    assert len(drawing.processes()) <= 2


def test_a_cover_is_a_small_first_page(drawing: Drawing, tmp_path: Path) -> None:
    cover = drawing.cover(samples.page(samples.textbook(tmp_path / "book.pdf")))
    assert cover.width == COVER_WIDTH
    assert cover.height == pytest.approx(COVER_WIDTH * 297 / 210, abs=1)
    assert len(cover.jpeg) < LARGEST_COVER


def test_the_cover_of_a_noisy_scan_keeps_within_its_bytes(drawing: Drawing, tmp_path: Path) -> None:
    noise = Image.effect_noise((480, 900), 120).convert("RGB")
    noise.save(tmp_path / "noise.pdf")
    assert len(drawing.cover(samples.page(tmp_path / "noise.pdf")).jpeg) < LARGEST_COVER


def test_the_cover_of_a_ribbon_is_no_taller_than_twice_its_width(drawing: Drawing, tmp_path: Path) -> None:
    cover = drawing.cover(samples.page(samples.written_by_hand(tmp_path / "ribbon.pdf", box="0 0 10 9000")))
    assert (cover.width, cover.height) == (1, 2 * COVER_WIDTH)


def test_djvu_is_drawn_in_its_colours(drawing: Drawing, djvu: Path) -> None:
    page = drawing.plain(samples.page(djvu, media_type=DJVU), width=600)
    assert (page.width, page.height) == (600, 800)
    pixel = samples.opened(page.jpeg).getpixel((300, 400))
    assert isinstance(pixel, tuple)
    assert max(abs(a - b) for a, b in zip(pixel, (200, 40, 40), strict=True)) < 12


def test_djvu_tells_its_sizes_and_its_last_page(drawing: Drawing, djvu: Path) -> None:
    sizes = drawing.sizes(samples.original(djvu, media_type=DJVU))
    assert [(size.width, size.height) for size in sizes] == [(300, 400), (800, 600)]
    assert drawing.plain(samples.page(djvu, 2, media_type=DJVU), width=400).height == 300
    for number in (0, 3):
        with pytest.raises(NoSuchPage) as refusal:
            drawing.plain(samples.page(djvu, number, media_type=DJVU), width=400)
        assert refusal.value.pages == 2


def test_damaged_djvu_is_told_from_a_missing_page(drawing: Drawing, djvu: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.djvu").write_bytes(djvu.read_bytes()[:60])
    with pytest.raises(Undrawable):
        drawing.plain(samples.page(tmp_path / "cut.djvu", media_type=DJVU), width=400)


def test_without_djvulibre_the_administrator_is_asked_for_it(
    drawing: Drawing, djvu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DrawingUnavailable, match="djvused is not installed"):
        drawing.sizes(samples.original(djvu, media_type=DJVU))


def test_a_page_of_text_is_drawn_with_every_letter(drawing: Drawing) -> None:
    """A letter that the font lacks would be a box, the same for all: no two of these look alike."""
    twins = dict(zip("асеорху", "aceopxy", strict=True))
    looks: dict[bytes, str] = {}
    for letter in sorted({letter for letter in LETTERS.lower() if letter.isalpha()} - {"ʻ"} - set(twins)):
        image = samples.opened(drawing.plain(TextPage(text=letter * 3), width=840).jpeg)
        look = image.crop((60, 60, 240, 140)).tobytes()
        assert ink(image) > 0, letter
        assert look not in looks, (letter, looks.get(look))
        looks[look] = letter
    apostrophe = samples.opened(drawing.plain(TextPage(text="oʻ"), width=420).jpeg)
    assert ImageChops.difference(
        apostrophe, samples.opened(drawing.plain(TextPage(text="o"), width=420).jpeg)
    ).getbbox()


def test_a_short_text_fills_a_page_and_a_long_one_makes_it_higher(drawing: Drawing) -> None:
    short = drawing.plain(TextPage(text="bir"), width=840)
    long = drawing.plain(TextPage(text=(LETTERS + "\n") * 60), width=840)
    assert short.width == 840
    assert short.height == pytest.approx(1188, abs=2)
    assert long.height > 2 * short.height
    assert ink(samples.opened(long.jpeg).crop((0, long.height - 400, 840, long.height))) > 0.005


def test_words_of_a_text_are_never_markup(drawing: Drawing) -> None:
    hostile = '#read("/etc/passwd") $ x $ *bold* #import "@preview/x:1.0.0" \\ "quoted" \x00\x07\x1b[31m \ud800'
    assert ink(samples.opened(drawing.plain(TextPage(text=hostile), width=840).jpeg)) > 0.002


@pytest.mark.parametrize("text", ["", "\n" * 50_000, "x" * 1_000_000, "سلام " * 100, "\u202e\u0301" * 5000])
def test_any_text_makes_a_page_of_bounded_size(drawing: Drawing, text: str) -> None:
    page = drawing.plain(TextPage(text=text), width=1000)
    assert page.width * page.height <= 10_100_000


def test_a_text_has_a_cover_too(drawing: Drawing) -> None:
    cover = drawing.cover(TextPage(text=LETTERS * 400))
    assert cover.width > COVER_WIDTH // 2
    assert cover.height <= 2 * COVER_WIDTH
    assert len(cover.jpeg) < LARGEST_COVER


def test_what_has_no_pages_is_refused(drawing: Drawing, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"ID3")
    with pytest.raises(KindNotDrawn):
        drawing.plain(samples.page(tmp_path / "a.mp3", media_type="audio/mpeg"), width=500)
    with pytest.raises(KindNotDrawn):
        drawing.sizes(samples.original(tmp_path / "a.mp3", media_type="audio/mpeg"))
