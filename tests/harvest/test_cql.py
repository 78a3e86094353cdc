"""CQL is read as the standard says; whatever is sent is a tree or a diagnostic, soon."""

import contextlib
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harvest.lookup import cql as client
from harvest.lookup.model import Lookup
from harvest.sru.cql import DEEPEST, MOST_CHARACTERS, MOST_OPERATORS, parse
from harvest.sru.diagnostics import Diagnosed, Number
from harvest.sru.tree import (
    COMPARISONS,
    RESERVED,
    Boolean,
    Clause,
    Mask,
    Modifier,
    Name,
    Node,
    Operator,
    Query,
    Relation,
    Scoped,
    SortKey,
    Term,
    written,
)


def term(*pieces: str | Mask) -> Term:
    return Term(pieces)


def clause(index: str, relation: str, *pieces: str | Mask) -> Clause:
    return Clause(Name.parse(index), Relation(Name.parse(relation)), Term(pieces))


def bare(*pieces: str | Mask) -> Clause:
    return Clause(None, None, Term(pieces))


def number_of(text: str) -> Number:
    with pytest.raises(Diagnosed) as caught:
        parse(text)
    return caught.value.diagnostic.number


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cat", bare("cat")),
        ('"cat and dog"', bare("cat and dog")),
        ("кутубхона", bare("кутубхона")),
        ('""', bare()),
        ("dc.title = fish", clause("dc.title", "=", "fish")),
        ("DC.Title ANY fish", clause("dc.title", "any", "fish")),
        ('title any"fish"', clause("title", "any", "fish")),
        ("dc.title=fish", clause("dc.title", "=", "fish")),
        ("dc.date>=2010", clause("dc.date", ">=", "2010")),
        ("dc.date <> 2010", clause("dc.date", "<>", "2010")),
        ('dc.date within "2010 2012"', clause("dc.date", "within", "2010 2012")),
        ("title = and", clause("title", "=", "and")),
        ("and", bare("and")),
        ("and and and", Boolean(Operator.AND, bare("and"), bare("and"))),
        ("kutub*", bare("kutub", Mask.MANY)),
        (r"kutub\*", bare("kutub*")),
        (r'"a \"b\" c\\"', bare('a "b" c\\')),
        ('"^cat d?g"', bare(Mask.ANCHOR, "cat d", Mask.ONE, "g")),
        ("((a))", bare("a")),
        (
            "a or b and c",
            Boolean(Operator.AND, Boolean(Operator.OR, bare("a"), bare("b")), bare("c")),
        ),
        (
            "a or (b and c)",
            Boolean(Operator.OR, bare("a"), Boolean(Operator.AND, bare("b"), bare("c"))),
        ),
        (
            "a PROX/unit=word/distance>3 b",
            Boolean(
                Operator.PROX,
                bare("a"),
                bare("b"),
                (Modifier(Name("", "unit"), "=", "word"), Modifier(Name("", "distance"), ">", "3")),
            ),
        ),
        (
            'dc.title any/stem/rel.algorithm="cori" fish',
            Clause(
                Name("dc", "title"),
                Relation(
                    Name("", "any"), (Modifier(Name("", "stem")), Modifier(Name("rel", "algorithm"), "=", "cori"))
                ),
                term("fish"),
            ),
        ),
        (
            '> dc = "info:dc" > "info:x" dc.title = a',
            Scoped("dc", "info:dc", Scoped("", "info:x", clause("dc.title", "=", "a"))),
        ),
        (
            'a and (> dc="info:dc" b or c) not d',
            Boolean(
                Operator.NOT,
                Boolean(Operator.AND, bare("a"), Scoped("dc", "info:dc", Boolean(Operator.OR, bare("b"), bare("c")))),
                bare("d"),
            ),
        ),
    ],
)
def test_a_query_is_read_as_the_standard_says(text: str, node: Node) -> None:
    assert parse(text) == Query(node)


def test_the_order_of_results_stands_at_the_end() -> None:
    assert parse("a sortBy dc.date/sort.descending title SORTBY") == Query(
        bare("a"),
        (
            SortKey(Name("dc", "date"), (Modifier(Name("sort", "descending")),)),
            SortKey(Name("", "title")),
            SortKey(Name("", "sortby")),
        ),
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", Number.QUERY_SYNTAX),
        ("   ", Number.QUERY_SYNTAX),
        ("alisher navoiy", Number.QUERY_SYNTAX),
        ("title = ", Number.QUERY_SYNTAX),
        ("= fish", Number.QUERY_SYNTAX),
        ("a and", Number.QUERY_SYNTAX),
        ("a and b c", Number.QUERY_SYNTAX),
        ('"a" "b"', Number.QUERY_SYNTAX),
        ("a sortBy", Number.QUERY_SYNTAX),
        ("a sortBy b =", Number.QUERY_SYNTAX),
        ("title any / fish", Number.QUERY_SYNTAX),
        ("> dc = a", Number.QUERY_SYNTAX),
        ("(a", Number.PARENTHESES),
        ("a)", Number.PARENTHESES),
        ("(", Number.QUERY_SYNTAX),
        ("()", Number.PARENTHESES),
        ('"a', Number.QUOTES),
        ('a and title = "b\\"', Number.QUOTES),
        (r"a\b", Number.ESCAPED),
        ('"\\n"', Number.ESCAPED),
        ("a\\", Number.ESCAPED),
        ("x" * (MOST_CHARACTERS + 1), Number.QUERY_TOO_LONG),
        (" or ".join("a" * (MOST_OPERATORS + 2)), Number.TOO_MANY_BOOLEANS),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), Number.PARENTHESES),
        ("a sortBy " + "b " * 21, Number.TOO_MANY_SORT_KEYS),
    ],
)
def test_what_is_no_query_is_told_by_its_own_diagnostic(text: str, number: Number) -> None:
    assert number_of(text) is number


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        ")" * 10_000,
        "(" * 5_000 + ")" * 5_000,
        ">" * 10_000,
        "> a=b " * 1_600,
        '"' * 9_999,
        "\\" * 10_000,
        '"' + "\\" * 9_998,
        "a/" * 5_000,
        "a and " * 1_600,
        "\x00" * 10_000,
        "*" * 10_000,
        "x" * 1_000_000,
        "(" * 1_000_000,
    ],
)
def test_a_hostile_query_is_answered_at_once(text: str) -> None:
    begun = time.monotonic()
    with contextlib.suppress(Diagnosed):
        parse(text)
    assert time.monotonic() - begun < 10


NOISE = st.lists(
    st.sampled_from(
        [*'()=<>"/\\*?^ ', "and", "or ", "not", " prox/", "sortby", "dc.title", ">=", "any", "ў", "\x00", "\ud800"]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.one_of(NOISE, st.text(max_size=80)))
@example(r"a \and b")
@example('"=" = b')
@example("a b\\ c")
def test_any_text_is_a_diagnostic_or_a_query_that_is_written_and_read_again_the_same(text: str) -> None:
    try:
        query = parse(text)
    except Diagnosed:
        return
    assert parse(written(query)) == query


PLAIN = st.text("abcxyz0ўқ", min_size=1, max_size=6).filter(lambda word: word not in RESERVED)
ANYTHING = st.text(max_size=8)
NAMES = st.builds(Name, st.one_of(st.just(""), PLAIN), PLAIN)
TERMS = st.lists(st.one_of(st.sampled_from(Mask), st.text(min_size=1, max_size=8)), max_size=4).map(
    lambda pieces: Term(tuple(_merged(pieces)))
)
MODIFIERS = st.lists(
    st.one_of(
        st.builds(Modifier, NAMES),
        st.builds(Modifier, NAMES, st.sampled_from(COMPARISONS), ANYTHING),
    ),
    max_size=2,
).map(tuple)
RELATIONS = st.builds(
    Relation, st.one_of(NAMES, st.sampled_from(COMPARISONS).map(lambda sign: Name("", sign))), MODIFIERS
)
CLAUSES = st.one_of(st.builds(Clause, st.none(), st.none(), TERMS), st.builds(Clause, NAMES, RELATIONS, TERMS))
NODES = st.recursive(
    CLAUSES,
    lambda inside: st.one_of(
        st.builds(Boolean, st.sampled_from(Operator), inside, inside, MODIFIERS),
        st.builds(Scoped, st.one_of(st.just(""), PLAIN), ANYTHING, inside),
    ),
    max_leaves=12,
)
QUERIES = st.builds(Query, NODES, st.lists(st.builds(SortKey, NAMES, MODIFIERS), max_size=2).map(tuple))


def _merged(pieces: list[str | Mask]) -> list[str | Mask]:
    """Pieces as they are read: no two texts side by side."""
    merged: list[str | Mask] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


@settings(max_examples=100, deadline=None)
@given(QUERIES)
def test_every_query_can_be_written_and_read(query: Query) -> None:
    assert parse(written(query)) == query


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_our_own_client_asks_is_understood(title: str, words: str) -> None:
    lookup = Lookup(title=title + "x", words=words + "y")
    assert isinstance(parse(client.query(lookup, {})).node, Boolean)
