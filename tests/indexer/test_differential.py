"""Both engines are given the same entries and asked the same; they must find, count and suggest the same."""

import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from indexer.model import Entry, Facet, Query, Sort, Years
from indexer.parsing import parse
from indexer.queries import EVERYTHING, And, InField, Not, Or, Phrase, Prefix, SearchField, Words
from indexer.sorting import alphabet_of, sort_key
from indexer.tantivy.engine import TantivyIndex
from indexer.whoosh.engine import WhooshIndex

# The same words in several alphabets and forms, so that queries meet entries in every way there is.
VOCABULARY = (
    "oʻzbekiston Ўзбекистонда ozbekiston tarix тарихи tarixlar kitob китоблар kitoblarimiz өнөр онор өнөрдүн мектеп "
    "мектептер библиотека библиотеки самолёт самолет school schools 2015 1999 12.05.2015 ish is'hoq ишоқ san'at санъат "
    "gʻoya goya shahar şahri калам қалам йўл yol Ўқув oʻquv ёр ер концерт konsert"
)
WORDS = VOCABULARY.split()
PEOPLE = ["Karimov, A.", "Каримов, А.", "Navoiy, Alisher", "Навоий, Алишер", "Айтматов, Ч.", "Smith, J."]
TOPICS = ["Tarix", "Тарих", "Adabiyot", "Көркөм өнөр", "Физика", "Sanʼat"]


def made_entries(count: int) -> list[Entry]:
    chance = random.Random(20)

    def text(longest: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, longest)))

    return [
        Entry(
            key=f"k{number}",
            title=text(5),
            other_titles=(text(3),) if chance.random() < 0.2 else (),
            creators=tuple(chance.sample(PEOPLE, chance.randint(0, 3))),
            subjects=tuple(chance.sample(TOPICS, chance.randint(0, 3))),
            publishers=(text(1),) if chance.random() < 0.5 else (),
            text=(text(6),),
            numbers=(f"978-9943-{number:02}-123-4", f"INV-{number}/7"),
            udc=(chance.choice(["94(575.1)", "512.133", "004.8:37", "02"]),),
            bbk=(chance.choice(["Т3(5У)", "63.3", "В161", "22.1", "Ш5", "84"]),),
            year=chance.choice([None, 1988, 1999, 2003, 2015, 2015, 2024]),
            languages=tuple(chance.sample(["uzb", "kir", "rus", "eng"], chance.randint(0, 2))),
            material=chance.choice(["book", "article", "thesis"]),
            availability=tuple(chance.sample(["open", "shelf", "members"], chance.randint(0, 2))),
            collections=chance.choice([(), ("main",), ("archive", "main")]),
            source=chance.choice(["KAT", "RUS"]),
            body=tuple(text(40) for _ in range(chance.choice([0, 0, 1, 3]))),
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """One built at once, one with changes and deletions in many commits, so that segments differ too."""
    entries = made_entries(300)
    whoosh = WhooshIndex(tmp_path_factory.mktemp("whoosh"))
    tantivy = TantivyIndex(tmp_path_factory.mktemp("tantivy"))
    with whoosh.rebuild() as rebuild:
        rebuild.add(entries[:200])
        rebuild.publish()
    for index in (whoosh, tantivy):
        for start in range(0, 300, 60):
            index.apply(entries[start : start + 60], [f"k{start + 3}"])
        index.apply([], [f"k{number}" for number in range(0, 300, 11)])
        index.apply([entries[0], entries[22]], ["k5"])
    return whoosh, tantivy


FIELDS = st.sampled_from(list(SearchField))
LEAVES = (
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join).map(Words)
    | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join).map(Phrase)
    | st.sampled_from(WORDS).flatmap(lambda word: st.integers(1, len(word)).map(lambda end: Prefix(word[:end])))
    | st.sampled_from(["978-9943-07-123-4", "94", "22.1", "В1", "63", "INV-12/7", "karimov", "!!!", "qqq"]).map(Words)
    | st.just(EVERYTHING)
)
NODES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(InField, FIELDS, inner)
        | inner.map(Not)
        | st.lists(inner, max_size=3).map(tuple).map(And)
        | st.lists(inner, max_size=3).map(tuple).map(Or)
    ),
    max_leaves=5,
)
VALUES = {
    Facet.MATERIAL: ["book", "article", "none"],
    Facet.LANGUAGE: ["uzb", "kir", "rus"],
    Facet.AUTHOR: PEOPLE,
    Facet.UDC: ["9", "94", "004"],
    Facet.BBK: ["63", "22.1", "8"],
    Facet.YEAR: ["1999", "2015"],
    Facet.AVAILABILITY: ["open", "shelf"],
    Facet.COLLECTION: ["main", "archive"],
}
FILTERS = st.dictionaries(st.sampled_from(list(VALUES)), st.integers(0, 6), max_size=2).map(
    lambda chosen: {facet: frozenset(VALUES[facet][: bits % 4]) for facet, bits in chosen.items()}
)
YEARS = st.none() | st.builds(
    Years, first=st.none() | st.integers(1980, 2030), last=st.none() | st.integers(1980, 2030)
)
QUERIES = st.builds(
    Query,
    match=NODES,
    filters=FILTERS,
    years=YEARS,
    facets=st.just(tuple(Facet)),
    sort=st.sampled_from(list(Sort)),
    page=st.integers(1, 3),
    size=st.sampled_from([1, 20, 400]),
    facet_size=st.sampled_from([0, 1, 3, 50]),
)


@given(query=QUERIES)
@example(query=Query(match=Prefix("1"), size=400))  # a date is one word, and its first figures are none
@example(query=Query(match=Words("ёр"), size=400))  # ер has the same Russian stem
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_engines_find_and_count_the_same(engines, query):
    first, second = (engine.search(query) for engine in engines)
    assert first.total == second.total
    assert first.facets == second.facets
    assert len(first.hits) == len(second.hits)
    if first.total <= query.size and query.page == 1:
        assert {(hit.key, hit.close) for hit in first.hits} == {(hit.key, hit.close) for hit in second.hits}
        snippets = [{hit.key: hit.snippet for hit in results.hits} for results in (first, second)]
        assert snippets[0] == snippets[1]
    assert [engine.count(query) for engine in engines] == [first.total] * 2


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Three thousand words that begin alike, in titles, names and full texts, written in several commits."""
    entries = [
        Entry(
            key=f"k{number}",
            title=f"Soʻz{_letters(number)} kitobi",
            creators=(f"Shoir{_letters(number)}, A.",),
            udc=(f"5{number}.1",),
            body=(f"sahifa matn{_letters(number)}", f"soʻng{_letters(number * 7)} va boshqa"),
            year=2000 + number % 20,
        )
        for number in range(3000)
    ]
    engines = WhooshIndex(tmp_path_factory.mktemp("whoosh")), TantivyIndex(tmp_path_factory.mktemp("tantivy"))
    for index in engines:
        with index.rebuild() as rebuild:
            rebuild.add(entries[:2500])
            rebuild.publish()
        index.apply(entries[2500:], ["k7", "k8"])
    return engines


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ("soʻz*", 2998),
        ("s*", 2998),
        ("со*", 2998),
        ("shoir*", 2998),
        ("soʻzaa*", 98),
        ("title:soz*", 2998),
        ("author:s*", 2998),
        ("text:soʻn*", 2998),
        ("text:matnc*", 1000),
        ("udc:5", 2998),
        ("udc:51", 1111),
        ("soʻzb* shoirb*", 1000),
        ("soʻza* OR soʻzc*", 1998),
        ("* -soʻza*", 2000),
        ('m* "va boshqa"', 2998),
    ],
)
def test_a_prefix_stands_for_all_the_words_that_begin_so_however_many(wide, typed, total):
    for index in wide:
        assert index.count(Query(match=parse(typed))) == total
    first, second = (index.search(Query(match=parse(typed), facets=(Facet.YEAR,), size=5000)) for index in wide)
    assert first.facets == second.facets
    found = [{hit.key: (hit.close, hit.snippet) for hit in results.hits} for results in (first, second)]
    assert found[0] == found[1]


@pytest.mark.parametrize("typed", ["s", "so", "shoira", "soʻzaaa"])
def test_completions_come_from_all_the_words_that_begin_so(wide, typed):
    first, second = (index.complete(typed, SearchField.AUTHOR) for index in wide)
    assert first == second


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.TITLE, Sort.AUTHOR])
def test_both_engines_sort_by_the_same_keys(engines, sort):
    entries = {entry.key: entry for entry in made_entries(300)}

    def sorted_by(key: str) -> object:
        entry = entries[key]
        if sort in (Sort.NEWEST, Sort.OLDEST):
            return entry.year
        text = entry.title if sort is Sort.TITLE else "".join(entry.creators[:1])
        return sort_key(text, alphabet_of(text, entry.languages))

    orders = [[sorted_by(hit.key) for hit in engine.search(Query(sort=sort, size=400)).hits] for engine in engines]
    assert orders[0] == orders[1]


@pytest.mark.parametrize("typed", ["ўзбекистом", "tarxi kitob", "библеотека", "kitobb", "мектип", "zzzzzz"])
def test_both_engines_suggest_words_that_find_something(engines, typed):
    suggestions = [engine.search(Query(match=Words(typed))).suggestion for engine in engines]
    assert [suggestion is None for suggestion in suggestions] == [typed == "zzzzzz"] * 2
    for engine, suggestion in zip(engines, suggestions, strict=True):
        if suggestion is not None:
            assert engine.search(Query(match=Words(suggestion))).total


@pytest.mark.parametrize("typed", ["o", "kar", "наво", "tarix", "онор", "ўзб тар", "san'", "sh"])
def test_both_engines_complete_names_and_subjects_alike(engines, typed):
    for field in (SearchField.AUTHOR, SearchField.SUBJECT):
        first, second = (engine.complete(typed, field) for engine in engines)
        assert first == second
