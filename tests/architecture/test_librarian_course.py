"""The course for librarians says what the pages say: its words, its addresses, its pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from library.translations import update

DOCS = Path(__file__).parents[2] / "docs"
COURSE = (DOCS / "librarian.md").read_text(encoding="utf-8")
LESSONS = COURSE.split("\n## Lesson ")[1:]
HEAVIEST_PICTURE = 120_000


@pytest.fixture(scope="module")
def words() -> set[str]:
    """What the interface says, in English."""
    ids = [message.id for message in update.messages() if message.id]
    return {text for one in ids for text in (one if isinstance(one, list | tuple) else (one,))}


def test_bold_words_are_those_of_the_interface(words: set[str]) -> None:
    told = {" ".join(text.split()) for text in re.findall(r"\*\*(.+?)\*\*", COURSE, re.DOTALL)}
    assert len(told) > 200
    assert not told - words, "the pages say something else now: mend the course"


def test_there_are_ten_lessons_each_with_a_picture_exercises_and_what_is_refused() -> None:
    assert len(LESSONS) == 10
    for lesson in LESSONS:
        name = lesson.partition("\n")[0]
        assert "You will be able to" in lesson, name
        assert "![" in lesson, name
        assert "### What the program refuses, and why" in lesson, name
        assert "### Exercises" in lesson, name


def test_every_picture_is_there_and_light() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", COURSE)
    assert len(set(pictures)) == len(pictures)
    for picture in pictures:
        assert (DOCS / picture).stat().st_size < HEAVIEST_PICTURE, picture
    drawn = {f"images/{path.name}" for path in (DOCS / "images").glob("librarian-*.png")}
    assert drawn <= set(pictures), "pictures that no lesson shows"


def test_every_link_inside_the_course_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", COURSE, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    targets = re.findall(r"\]\(([^)]+)\)", COURSE)
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif ":" not in target:
            assert (DOCS / target).exists(), target
