"""Pictures of pages are read by tesseract, one at a time, in the languages of their records."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer.extraction import ocr
from indexer.extraction.model import Unreadable
from indexer.extraction.ocr import Recognised, installed_models, models_for, recognise
from indexer.extraction.sandbox import Limits
from tests.indexer.extraction.extraction_samples import TEXTS, words

CODES = {"uz-Latn": "uz-Latn", "uz-Cyrl": "uz-Cyrl", "ky": "kir", "ru": "rus", "en": "eng"}


def picture(path: Path, text: str) -> Path:
    """A page with this text, as a scanner would give it at 300 dots an inch."""
    image = Image.new("L", (1500, 700), 255)
    font = ImageFont.truetype("DejaVuSerif.ttf", 42)
    line, lines = "", []
    for word in text.split():
        if len(line) + len(word) > 48:
            lines.append(line)
            line = ""
        line += word + " "
    ImageDraw.Draw(image).multiline_text((60, 60), "\n".join([*lines, line]), font=font, fill=0, spacing=18)
    image.save(path, dpi=(300, 300))
    return path


@pytest.mark.parametrize("language", sorted(CODES))
def test_most_words_of_a_page_are_recognised(tmp_path: Path, language: str) -> None:
    found = recognise(picture(tmp_path / "page.png", TEXTS[language]), [CODES[language]])
    assert isinstance(found, Recognised)
    wanted = words(TEXTS[language])
    assert len(wanted & words(found.text)) >= 0.7 * len(wanted), found.text


def test_a_blank_page_says_nothing(tmp_path: Path) -> None:
    assert recognise(picture(tmp_path / "page.pgm", ""), ["rus"]) == Recognised(text="", made_by="tesseract rus")


@pytest.mark.parametrize(
    ("languages", "models"),
    [
        (["uzb"], ("uzb", "uzb_cyrl")),
        (["uz-Cyrl", "rus"], ("uzb_cyrl", "rus")),
        (["kir", "kir", "ky"], ("kir",)),
        ([], ("rus", "eng")),
        (["lat"], ("rus", "eng")),
    ],
)
def test_languages_of_records_become_those_of_tesseract(languages: list[str], models: tuple[str, ...]) -> None:
    assert models_for(languages) == models


def test_the_languages_of_the_library_are_installed() -> None:
    installed = installed_models()
    assert not isinstance(installed, Unreadable)
    assert {"uzb", "uzb_cyrl", "kir", "rus", "eng"} <= installed
    assert "osd" not in installed


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"\x89PNG\r\n\x1a\n", b"P5 99999999 99999999 255\n"])
def test_a_picture_that_is_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(data)
    assert isinstance(recognise(path, ["eng"]), Unreadable)


def test_a_page_that_takes_too_long(tmp_path: Path) -> None:
    limits = Limits(memory=1 << 30, clock=0.2)
    answer = recognise(picture(tmp_path / "page.png", TEXTS["ru"]), ["rus", "kir", "uzb"], limits)
    assert isinstance(answer, Unreadable)
    assert answer.reason.code == "time"


def test_without_tesseract_the_answer_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = picture(tmp_path / "page.png", "matn")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    answer = recognise(path, ["rus"])
    assert isinstance(answer, Unreadable)
    assert (answer.reason.code, dict(answer.reason.values)["package"]) == ("program-missing", "tesseract-ocr")


def test_without_any_of_the_languages_the_answer_names_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(tmp_path / "page.png", "matn")
    monkeypatch.setattr(ocr, "installed_models", lambda: frozenset({"deu"}))
    answer = recognise(path, ["uzb"])
    assert isinstance(answer, Unreadable)
    assert dict(answer.reason.values)["packages"] == "tesseract-ocr-uzb tesseract-ocr-uzb-cyrl"
