"""Charts: well-formed whatever they are told, inside their box, and told apart by more than colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.projections.charts import MOST_SERIES, Picture, Series, Words, heat, over_time, ranked, stacked

SVG = "{http://www.w3.org/2000/svg}"
# Any text a record may bring: markup, controls, formulas, lone surrogates, letters from right to left.
TEXTS = st.text(st.characters(codec=None), max_size=90) | st.sampled_from(["<x-m>&\"'", "\x00]]>", "=1+1", "\u202eמדע"])
NUMBERS = st.integers(min_value=-(10**6), max_value=10**40) | st.sampled_from([0, 1, 2, 5, 999, 10**18])


def words(title: str = "Requests", description: str = "") -> Words:
    return Words(key="a-1", title=title, description=description)


@st.composite
def lines(draw: st.DrawFn) -> tuple[list[str], list[tuple[int | None, ...]]]:
    """Labels, and up to six series of as many numbers."""
    labels = draw(st.lists(TEXTS, max_size=31))
    numbers = st.lists(NUMBERS | st.none(), min_size=len(labels), max_size=len(labels)).map(tuple)
    return labels, draw(st.lists(numbers, min_size=1, max_size=MOST_SERIES))


def parts(picture: Picture) -> ElementTree.Element:
    """The chart read as XML; nothing in it is no number, and each part lies in the box."""
    page = ElementTree.fromstring(picture.__html__())
    assert ElementTree.fromstring(picture.paper(480)).tag == f"{SVG}svg"
    assert not re.search(r'"-?(nan|inf)|style="|e\+', picture.body, re.IGNORECASE)
    for rect in page.iter("rect"):
        share = [length(rect, name) for name in ("x", "width")]
        assert min(share) >= 0
        assert sum(share) <= 100.01, ElementTree.tostring(rect)
        y, height = float(rect.get("y", "0")), float(rect.get("height", "0"))
        assert min(y, height) >= 0
        assert y + height <= picture.height
    for plot in plots(page):
        _, _, across, down = map(float, plot.get("viewBox", "").split())
        for place, below, above in (bar for path in plot.iter("path") for bar in standing(path)):
            assert place - float(plot.get("stroke-width", "")) / 2 >= 0
            assert place + float(plot.get("stroke-width", "")) / 2 <= across
            assert 0 <= above <= below <= down
        assert float(plot.get("y", "")) + float(plot.get("height", "")) <= picture.height
    return page


def length(rect: ElementTree.Element, name: str) -> float:
    """A length in hundredths of the width; samples of a legend are counted in pixels of the narrowest picture."""
    text = rect.get(name, "0")
    return float(text.removesuffix("%")) if text.endswith("%") else float(text) / 3.2


def plots(page: ElementTree.Element) -> list[ElementTree.Element]:
    """The boxes of bars."""
    return [plot for plot in page.iter("svg") if plot.get("viewBox") is not None]


def bars(page: ElementTree.Element, name: str) -> list[float]:
    """The heights of the bars in the groups of a class, lines or rectangles; samples of a legend are left out."""
    groups = [group for group in page.iter("g") if group.get("class") == name]
    drawn = [bar for group in groups for path in group.iter("path") for bar in standing(path)]
    grouped = [rect for group in groups for rect in group.iter("rect")]
    return [below - above for _, below, above in drawn] + [float(rect.get("height", "0")) for rect in grouped]


def standing(path: ElementTree.Element) -> list[tuple[float, float, float]]:
    """The place of each bar of a path, and from where to where it reaches; none for a ground of rows."""
    number = r"(-?[\d.]+)"
    found = re.findall(rf"M{number} {number}V{number}", path.get("d", ""))
    assert len(found) == path.get("d", "").count("M") or path.get("class") == "slot"
    return [(float(place), float(below), float(above)) for place, below, above in found]


@settings(max_examples=60, deadline=None)
@given(drawn=lines(), title=TEXTS)
def test_bars_over_time_stay_in_their_box(drawn: tuple[list[str], list[tuple[int | None, ...]]], title: str) -> None:
    labels, values = drawn
    before = Series(name=title, values=values[1]) if len(values) > 1 else None
    page = parts(over_time(labels, Series(name=title, values=values[0]), before, words(title, title)))
    assert len(bars(page, "s0")) == sum(value is not None for value in values[0])


@settings(max_examples=60, deadline=None)
@given(drawn=lines(), name=TEXTS)
def test_stacked_bars_stay_in_their_box(drawn: tuple[list[str], list[tuple[int | None, ...]]], name: str) -> None:
    labels, values = drawn
    parts(stacked(labels, [Series(name=name, values=one) for one in values], words()))


@settings(max_examples=60, deadline=None)
@given(labels=st.lists(TEXTS, max_size=12), data=st.data())
def test_ranked_bars_and_heat_stay_in_their_box(labels: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(NUMBERS, min_size=len(labels), max_size=len(labels)))
    parts(ranked(labels, numbers, words()))
    parts(heat(labels, ["0", "1"], [(number, 1) for number in numbers], words()))


def test_heights_are_in_proportion_and_the_tallest_bar_is_labelled() -> None:
    page = parts(
        over_time(
            ["Jan", "Feb"], Series(name="2026", values=(100, 400)), Series(name="2025", values=(200, None)), words()
        )
    )
    first, second = bars(page, "s0")
    assert first * 4 == pytest.approx(second, abs=0.1)
    assert bars(page, "before") == pytest.approx([first * 2], abs=0.1)
    assert [text.text for text in page.iter("text") if text.get("class") == "peak"] == ["400"]


def test_what_is_not_known_has_no_bar_and_zero_has_a_flat_one() -> None:
    page = parts(over_time(["Jan", "Feb"], Series(name="2026", values=(None, 0)), None, words()))
    assert bars(page, "s0") == [0]
    assert not [text for text in page.iter("text") if text.get("class") == "peak"]


def test_a_stack_is_as_tall_as_its_sum_and_its_parts_have_patterns() -> None:
    series = [Series(name=str(number), values=(10 * number,)) for number in range(1, 7)]
    page = parts(stacked(["Jan"], series, words()))
    heights = [sum(bars(page, f"s{number}")) for number in range(6)]
    # 210 under a scale that ends at 240, in a plot of 168 pixels.
    assert sum(heights) == pytest.approx(210 / 240 * 168, abs=0.1)
    assert heights[5] == pytest.approx(heights[0] * 6, abs=0.2)
    fills = {one.get("fill") for tag in ("rect", "use") for one in page.iter(tag)} - {None}
    drawn = {f"url(#{pattern.get('id')})" for pattern in page.iter("pattern")}
    held = {f"#{group.get('id')}" for group in page.iter("g")}
    assert {use.get("href") for use in page.iter("use")} <= held
    masks = {f"url(#{mask.get('id')})" for mask in page.iter("mask")}
    assert {rect.get("mask") for rect in page.iter("rect")} - {None} == masks
    assert fills == drawn
    assert len(drawn) == 5
    with pytest.raises(ValueError, match="at most 6"):
        stacked(["Jan"], [*series, series[0]], words())


def test_a_fuller_hour_is_darker_and_taller() -> None:
    page = parts(heat(["Mon"], ["9", "10", "11"], [(1, 50, 100)], words()))
    ground, *tones = (path for plot in plots(page) for path in plot.iter("path"))
    assert ground.get("class") == "slot"
    assert [path.get("class") for path in tones] == ["t1", "t3", "t4"]
    assert [standing(path)[0][0] for path in tones] == [0.5, 1.5, 2.5]
    heights = [below - above for path in tones for _, below, above in standing(path)]
    assert heights == sorted(set(heights))


def test_long_titles_take_two_lines_and_end_with_an_ellipsis() -> None:
    page = parts(ranked(["word " * 40, "x" * 300, ""], [3, 2, 1], words()))
    said = [text.text or "" for text in page.iter("text")]
    assert max(map(len, said)) <= 40
    assert sum(text.endswith("…") for text in said) == 2


def test_numbers_are_said_in_the_words_of_the_language() -> None:
    told = Words(key="a", title="", description="", say=lambda value: f"{value} ta")
    page = parts(ranked(["A"], [7], told))
    assert "7 ta" in [text.text for text in page.iter("text")]


def test_labels_that_have_no_room_are_left_out_evenly() -> None:
    labels = [f"{day:02}.09.2026" for day in range(1, 31)]
    page = parts(over_time(labels, Series(name="n", values=(1,) * 30), None, words()))
    shown = [text.text for text in page.iter("text") if text.text in labels]
    assert 3 <= len(shown) <= 4
    assert shown[0] == labels[0]
