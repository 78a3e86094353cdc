"""What readers type, understood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import Analyser, split
from indexer.parsing import FIELD_NAMES, MAX_CHARACTERS, MAX_WORDS, QueryTooLong, parse
from indexer.plan import make_plan
from indexer.queries import EVERYTHING, And, InField, Not, Or, Phrase, Prefix, SearchField, Words
from indexer.typed import respelled, typed

TITLE, AUTHOR, UDC = SearchField.TITLE, SearchField.AUTHOR, SearchField.UDC


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EVERYTHING),
        (" \t ", EVERYTHING),
        ("*", EVERYTHING),
        ("alisher  navoiy", Words("alisher navoiy")),
        ("alisher AND navoiy", Words("alisher navoiy")),
        ("+alisher +navoiy", Words("alisher navoiy")),
        ('"qutadgʻu bilig"', Phrase("qutadgʻu bilig")),
        ("«qutadgʻu bilig»", Phrase("qutadgʻu bilig")),
        ("“a b” „c d“", And((Phrase("a b"), Phrase("c d")))),
        ('title:"a b" c', And((InField(TITLE, Phrase("a b")), Words("c")))),
        ("navoiy OR bobur", Or((Words("navoiy"), Words("bobur")))),
        ("a b OR c d", Or((Words("a b"), Words("c d")))),
        ("a -b", And((Words("a"), Not(Words("b"))))),
        ("a NOT b", And((Words("a"), Not(Words("b"))))),
        ("a NOT NOT b", Words("a b")),
        ('-"a b"', Not(Phrase("a b"))),
        ("-(a OR b)", Not(Or((Words("a"), Words("b"))))),
        ("-title:a", Not(InField(TITLE, Words("a")))),
        ("title:-a", Not(InField(TITLE, Words("a")))),
        ("oʻquv-uslubiy", Words("oʻquv-uslubiy")),
        ("1990-2000", Words("1990-2000")),
        ("a - b", Words("a - b")),
        ("kutub*", Prefix("kutub")),
        ("kutub**", Prefix("kutub")),
        ("title:kutub*", InField(TITLE, Prefix("kutub"))),
        ("*kutub", Words("*kutub")),
        ("(a OR b) (c OR d)", And((Or((Words("a"), Words("b"))), Or((Words("c"), Words("d")))))),
        ("title:tarix", InField(TITLE, Words("tarix"))),
        ("title: tarix", InField(TITLE, Words("tarix"))),
        ("Sarlavha:tarix", InField(TITLE, Words("tarix"))),
        ("сарлавҳа:тарих", InField(TITLE, Words("тарих"))),
        ("заглавие:история", InField(TITLE, Words("история"))),
        ("аталышы:тарых", InField(TITLE, Words("тарых"))),
        ("муаллиф:навоий", InField(AUTHOR, Words("навоий"))),
        ("muallif:(navoiy OR bobur)", InField(AUTHOR, Or((Words("navoiy"), Words("bobur"))))),
        ("title:author:x", InField(AUTHOR, Words("x"))),
        ("udc:94(575.1)", InField(UDC, Words("94(575.1)"))),
        ("UDC:94(575.1) tarix", And((InField(UDC, Words("94(575.1)")), Words("tarix")))),
        ("УДК:94", InField(UDC, Words("94"))),
        ("bbk:(22.1 OR 22.2)", InField(SearchField.BBK, Or((Words("22.1"), Words("22.2"))))),
        ("isbn:978-9943-01-123-4", InField(SearchField.NUMBER, Words("978-9943-01-123-4"))),
        ("matn:doston", InField(SearchField.BODY, Words("doston"))),
        ("http://example", Words("http://example")),
        ("12:30", Words("12:30")),
        # What makes no sense as signs.
        ("OR", Words("OR")),
        ("a OR", Words("a")),
        ("AND a", Words("a")),
        ("((a", Words("a")),
        ("a)) b", Words("a b")),
        ('"a b', Words("a b")),
        ("title:", Words("title:")),
        ("title:()", Words("title:()")),
        ("()", Words("()")),
        ('""', Words('""')),
        ("-", Words("-")),
        ("!!!", Words("!!!")),
        ("(" * 3000 + "a" + ")" * 3000, Words("(" * 3000 + "a" + ")" * 3000)),
    ],
)
def test_typed_text_is_understood(text, query):
    assert parse(text) == query


def test_each_field_has_a_name_in_each_language():
    assert set(FIELD_NAMES.values()) == set(SearchField) - {SearchField.ANY}


def test_many_prefixes_are_read_as_words():
    query = parse(" ".join(f"a{number}*" for number in range(20)))
    assert isinstance(query, And)
    assert sum(isinstance(node, Prefix) for node in query.nodes) == 4


@pytest.mark.parametrize("text", ["a" * (MAX_CHARACTERS + 1), "a " * (MAX_WORDS + 1), "(" * (MAX_CHARACTERS + 1)])
def test_a_query_without_end_is_refused_with_its_bounds(text):
    with pytest.raises(QueryTooLong, match="10000 characters and 500 words"):
        parse(text)


@pytest.mark.parametrize("text", ["a" * MAX_CHARACTERS, "a " * MAX_WORDS, "-" * MAX_CHARACTERS, "title:" * 490])
def test_a_query_at_the_bounds_is_understood(text):
    make_plan(parse(text), Analyser())


HOSTILE = st.text(alphabet="ab оўқ'\"«»“”()+-*:ORANDNT \n\t\\/~^[]{}<>?!title", max_size=120) | st.text(max_size=200)


@given(HOSTILE)
@settings(max_examples=600, deadline=None)
def test_nothing_typed_ever_raises(text):
    make_plan(parse(text), Analyser())


@given(st.lists(st.sampled_from(["a", "b", '"c d"', "(", ")", "OR", "NOT", "AND", "title:", "-", "x*"]), max_size=25))
@settings(max_examples=400, deadline=None)
def test_every_word_that_is_typed_is_asked_for(parts):
    text = " ".join(parts)
    written = split(typed(parse(text)))
    for word in ("a", "b", "c", "x"):
        # "()" around nothing is dropped, words never are.
        assert written.count(word) == split(text).count(word)


NODES = st.recursive(
    st.sampled_from(["navoiy", "ўзбек тили", "978-9943"]).map(Words)
    | st.sampled_from(["qutadgʻu bilig", "бир икки"]).map(Phrase)
    | st.sampled_from(["kutub", "ўз"]).map(Prefix),
    lambda inner: (
        st.builds(InField, st.sampled_from([TITLE, AUTHOR]), inner)
        | inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(tuple).map(And)
        | st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or)
    ),
    max_leaves=6,
)


@given(NODES)
@settings(max_examples=400, deadline=None)
def test_a_query_can_be_written_as_text_that_is_understood_the_same(node):
    once = parse(typed(node))
    assert typed(once) == typed(parse(typed(once)))
    assert parse(typed(once)) == once


def test_words_are_respelled_where_they_stand():
    query = And((InField(TITLE, Words("Ўзбекистом тарихи")), Not(Words("Ўзбекистом")), Phrase("Ўзбекистом")))
    assert respelled(query, {"ўзбекистом": "ўзбекистон"}) == And(
        (InField(TITLE, Words("ўзбекистон тарихи")), Not(Words("Ўзбекистом")), Phrase("Ўзбекистом"))
    )
