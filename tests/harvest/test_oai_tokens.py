"""Resumption tokens in good hands and in bad ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.model import ErrorCode, Position, Selection, Verb
from harvest.provider.faults import Refusal
from harvest.provider.tokens import Bookmark, Tokens
from tests.harvest.memory_archive import LONG_AGO, MemoryArchive
from tests.harvest.oai_asking import KEY, Watch, ask, ask_pairs, provider_of

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
MARKS = st.builds(
    Bookmark,
    verb=st.sampled_from([Verb.LIST_RECORDS, Verb.LIST_IDENTIFIERS]),
    selection=st.builds(
        Selection, prefix=st.text(), from_=st.none() | MOMENTS, until=st.none() | MOMENTS, set_spec=st.text()
    ),
    end=MOMENTS,
    after=st.builds(Position, datestamp=MOMENTS, identifier=st.text()),
    delivered=st.integers(0),
    size=st.integers(0),
)
MARK = Bookmark(
    verb=Verb.LIST_RECORDS,
    selection=Selection(prefix="oai_dc", from_=LONG_AGO, set_spec="faculty"),
    end=NOW,
    after=Position(datestamp=LONG_AGO, identifier="oai:kutubxona.example:2"),
    delivered=3,
    size=9,
)


def refused(tokens, text, verb=Verb.LIST_RECORDS, at=NOW):
    with pytest.raises(Refusal) as told:
        tokens.read(text, verb, at)
    (fault,) = told.value.faults
    assert fault.code is ErrorCode.BAD_RESUMPTION_TOKEN
    return fault.message


@settings(max_examples=100, deadline=None)
@given(MARKS)
def test_a_token_brings_back_the_place_and_any_worker_reads_it(mark):
    token = Tokens(KEY).issue(mark, NOW)
    assert Tokens(KEY).read(token.text, mark.verb, NOW) == mark
    assert set(token.text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_altered_token_is_taken(data):
    text = Tokens(KEY).issue(MARK, NOW).text
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters() | st.sampled_from("ABab01-_.=+/ "))
    for altered in (text[:place] + other + text[place + 1 :], text[:place] + other + text[place:], text[:place]):
        if altered != text:
            assert refused(Tokens(KEY), altered) == "This resumption token was not issued here, or it was altered."


@pytest.mark.parametrize("text", ["", ".", "..", "=", "W10.", "\ud800", "null", "%", "a" * 4000, "W10.W10", " "])
def test_what_was_never_a_token_is_none(text):
    refused(Tokens(KEY), text)


def test_a_token_of_another_repository_is_none():
    text = Tokens(b"the secret of somebody else").issue(MARK, NOW).text
    refused(Tokens(KEY), text)


def test_a_token_is_of_one_verb():
    text = Tokens(KEY).issue(MARK, NOW).text
    assert "belongs to a list of ListRecords" in refused(Tokens(KEY), text, Verb.LIST_IDENTIFIERS)
    refused(Tokens(KEY), text, Verb.LIST_SETS)


def test_a_token_lives_as_long_as_it_says_and_a_day_at_least():
    token = Tokens(KEY).issue(MARK, NOW)
    assert token.expires >= NOW + timedelta(hours=24)
    assert Tokens(KEY).read(token.text, MARK.verb, token.expires) == MARK
    assert "has expired" in refused(Tokens(KEY), token.text, at=token.expires + timedelta(seconds=1))
    with pytest.raises(ValueError, match="24 hours"):
        Tokens(KEY, life=timedelta(hours=23))
    with pytest.raises(ValueError, match="16 bytes"):
        Tokens(b"too short")


def test_the_end_of_the_list_and_the_end_that_was_asked_are_two_things():
    mark = replace(MARK, selection=replace(MARK.selection, until=NOW + timedelta(days=9)))
    read = Tokens(KEY).read(Tokens(KEY).issue(mark, NOW).text, mark.verb, NOW)
    assert (read.end, read.selection.until) == (NOW, NOW + timedelta(days=9))


@pytest.fixture
def archive():
    archive = MemoryArchive()
    for _ in range(9):
        archive.publish(LONG_AGO)
    return archive


def test_the_same_token_gives_the_same_page_on_any_worker_until_it_expires(archive):
    watch = Watch()
    token = ask(provider_of(archive, watch), "verb=ListRecords&metadataPrefix=oai_dc").one("resumptionToken")
    resumed = [("verb", "ListRecords"), ("resumptionToken", token.text or "")]
    first = ask_pairs(provider_of(archive, watch), resumed)
    watch.go_on(24 * 3600)
    again = ask_pairs(provider_of(archive, watch), resumed)
    assert first.identifiers == again.identifiers
    assert token.attrib["expirationDate"] == "2026-06-03T09:00:00Z"
    watch.go_on(24 * 3600 + 1)
    late = ask_pairs(provider_of(archive, watch), resumed)
    assert late.codes == ["badResumptionToken"]
    assert late.echoed["resumptionToken"] == token.text


def test_a_token_for_a_format_that_was_given_up_is_refused(archive):
    watch = Watch()
    for _ in range(9):
        archive.publish(LONG_AGO, in_set="theses")
    token = ask(provider_of(archive, watch), "verb=ListRecords&metadataPrefix=etdms").one("resumptionToken").text

    class WithoutTheses(MemoryArchive):
        def formats(self, identifier):
            return super().formats(identifier)[:1]

    provider = provider_of(WithoutTheses(), watch)
    assert ask(provider, f"verb=ListRecords&resumptionToken={token}").codes == ["badResumptionToken"]
