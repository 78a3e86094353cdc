"""Search addresses: read without failing, written in one form."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.model import FacetValue, Years
from library.services.asked import Asked
from library.web.histogram import MOST_BARS, histogram

NAMES = ["q", "material", "language", "author", "year_from", "year_to", "sort", "page", "lang", "x"]
VALUES = st.one_of(st.text(max_size=20), st.sampled_from(["book", "1990", "2020", "newest", "7", "-1", "0"]))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=12))
def test_an_address_means_the_same_when_it_is_written_again(pairs: list[tuple[str, str]]) -> None:
    asked = Asked.read(MultiDict(pairs))
    again = Asked.read(MultiDict(parse_qsl(urlsplit(asked.url()).query)))
    assert again == asked
    assert asked.page >= 1


def test_choosing_and_taking_back_lead_home() -> None:
    asked = Asked.read(MultiDict([("q", "kimyo"), ("material", "book"), ("page", "3")]))
    (facet,) = asked.filters
    assert asked.toggling(facet, "book").url() == "/search?q=kimyo"
    assert asked.toggling(facet, "map").toggling(facet, "map").url() == "/search?q=kimyo&material=book"


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.integers(0, 9999), st.integers(1, 10**6), min_size=1, max_size=200))
def test_the_bars_of_years_hold_all_that_is_drawn(counts: dict[int, int]) -> None:
    drawn = histogram([FacetValue(value=str(year), count=count) for year, count in counts.items()], None)
    assert drawn is not None
    likely = {year: count for year, count in counts.items() if year >= 1400} or counts
    assert sum(bar.count for bar in drawn.bars) == sum(likely.values())
    assert all(bar.height > 0 and bar.chosen for bar in drawn.bars)
    assert (drawn.first, drawn.last) == (min(likely), max(likely))
    assert len(drawn.bars) <= max(MOST_BARS, 101)


def test_no_years_make_no_picture() -> None:
    assert histogram([], Years(first=1990)) is None
    assert histogram([FacetValue(value="unknown", count=3)], None) is None
