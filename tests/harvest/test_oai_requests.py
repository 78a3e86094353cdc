"""Requests as harvesters, bad programs and worse people send them, and what each is told."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harvest.memory_archive import LONG_AGO, SETS, MemoryArchive
from tests.harvest.oai_asking import Watch, ask, ask_pairs, provider_of

LIVE, GONE = "oai:kutubxona.example:0", "oai:kutubxona.example:1"
IDENTIFIERS = "verb=ListIdentifiers&metadataPrefix=oai_dc"
RECORDS = "verb=ListRecords&metadataPrefix=oai_dc"
GET = "verb=GetRecord&metadataPrefix=oai_dc"
FORMATS = "verb=ListMetadataFormats"

ANSWERS = {
    # The verb.
    "": "badVerb",
    "metadataPrefix=oai_dc": "badVerb",
    "verb=": "badVerb",
    "verb=identify": "badVerb",
    "verb=ListEverything": "badVerb",
    "verb=GetMetadata&identifier={id}&metadataPrefix=oai_dc": "badVerb",
    "verb=Identify%20": "badVerb",
    "verb=%20Identify": "badVerb",
    "verb=Identify%00": "badVerb",
    "verb=%FF": "badVerb",
    "verb=%3Cscript%3Ealert(1)%3C/script%3E": "badVerb",
    "verb=Identify&verb=Identify": "badVerb",
    "verb=Identify&verb=ListSets": "badVerb",
    "Verb=Identify": "badVerb",
    # Arguments that are not asked for.
    "verb=Identify": "ok",
    "verb=Identify&foo=bar": "badArgument",
    "verb=Identify&metadataPrefix=oai_dc": "badArgument",
    "verb=Identify&resumptionToken=x": "badArgument",
    "verb=Identify&%FF=1": "badArgument",
    "verb=Identify&=": "badArgument",
    FORMATS: "ok",
    FORMATS + "&identifier={id}": "ok",
    FORMATS + "&identifier={gone}": "ok",
    FORMATS + "&identifier=oai:nowhere.example:x": "idDoesNotExist",
    FORMATS + "&identifier=": "badArgument",
    FORMATS + "&identifier={id}&identifier={id}": "badArgument",
    FORMATS + "&metadataPrefix=oai_dc": "badArgument",
    "verb=ListSets": "ok",
    "verb=ListSets&resumptionToken=rubbish": "badResumptionToken",
    "verb=ListSets&resumptionToken={token}": "badResumptionToken",
    "verb=ListSets&set=faculty": "badArgument",
    # One record.
    GET + "&identifier={id}": "ok",
    GET + "&identifier={gone}": "ok",
    "verb=GetRecord&identifier={id}": "badArgument",
    GET: "badArgument",
    "verb=GetRecord": "badArgument badArgument",
    "verb=GetRecord&identifier={id}&metadataPrefix=oai_xyz": "cannotDisseminateFormat",
    "verb=GetRecord&identifier={id}&metadataPrefix=OAI_DC": "cannotDisseminateFormat",
    "verb=GetRecord&identifier={id}&metadataPrefix=etdms": "cannotDisseminateFormat",
    "verb=GetRecord&identifier={id}&metadataPrefix=a%20b": "badArgument",
    GET + "&identifier=oai:nowhere.example:x": "idDoesNotExist",
    GET + "&identifier=x": "badArgument",
    GET + "&identifier=oai:kutubxona.example:0%23a%23b": "badArgument",
    GET + "&identifier=oai:a[b]": "badArgument",
    GET + "&identifier=http://a.example:80/b?c%23d": "idDoesNotExist",
    GET + "&identifier=http://a.example:port/": "badArgument",
    GET + "&identifier=https://doi.org/10.1000/(x)182%2520a": "idDoesNotExist",
    GET + "&identifier=oai:kutubxona.example:0%2520": "idDoesNotExist",
    GET + "&identifier=in%22valid%3C%26id": "badArgument",
    GET + "&identifier=a%00b": "badArgument",
    GET + "&identifier=a%EF%BF%BEb": "badArgument",
    GET + "&identifier=a%ED%A0%80b": "badArgument",
    GET + "&identifier=a%FFb": "badArgument",
    GET + "&identifier=%27%20OR%201=1%20--": "badArgument",
    GET + "&identifier={id}%0A": "badArgument",
    GET + "&identifier=" + "x" * 5000: "badArgument",
    GET + "&identifier={id}&set=faculty": "badArgument",
    GET + "&identifier={id}&resumptionToken={token}": "badArgument",
    # Lists.
    "verb=ListRecords": "badArgument",
    "verb=ListIdentifiers": "badArgument",
    RECORDS: "ok",
    RECORDS + "&": "ok",
    "verb=ListRecords&metadataPrefix=oai%5Fdc": "ok",
    "verb=ListRecords&metadataPrefix=oai_xyz": "cannotDisseminateFormat",
    "verb=ListRecords&metadataPrefix=": "badArgument",
    "verb=ListRecords&metadataPrefix=oai_dc%0A": "badArgument",
    RECORDS + "&metadataPrefix=oai_dc": "badArgument",
    IDENTIFIERS + "&foo=1": "badArgument",
    RECORDS + "&resumptionToken={token}": "badArgument",
    IDENTIFIERS + "&resumptionToken={token}": "badArgument",
    "verb=ListRecords&resumptionToken={token}&set=faculty": "badArgument",
    "verb=ListRecords&resumptionToken={token}&resumptionToken={token}": "badArgument",
    "verb=ListRecords&resumptionToken={token}": "ok",
    "verb=ListRecords&resumptionToken={token}X": "badResumptionToken",
    "verb=ListIdentifiers&resumptionToken={token}": "badResumptionToken",
    "verb=ListIdentifiers&resumptionToken=": "badArgument",
    "verb=ListIdentifiers&resumptionToken=a%00b": "badArgument",
    "verb=ListRecords&resumptionToken=rubbish%26%3C": "badResumptionToken",
    "verb=ListRecords&resumptionToken=metadataPrefix%253Doai_dc%2526cursor%253D-5": "badResumptionToken",
    # Windows.
    RECORDS + "&from={earliest}&until={earliest}": "ok",
    RECORDS + "&from=2020-01-01&until=2020-01-01": "ok",
    RECORDS + "&until=9999-12-31": "ok",
    RECORDS + "&until=9999-12-31T23:59:59Z": "ok",
    RECORDS + "&from=0001-01-01": "ok",
    RECORDS + "&from=2020-02-29": "noRecordsMatch",
    RECORDS + "&from=9999-01-01": "noRecordsMatch",
    RECORDS + "&until=1000-01-01": "noRecordsMatch",
    RECORDS + "&until=2001-01-01&from=2002-01-01": "badArgument",
    RECORDS + "&from=2020-01-01T00:00:01Z&until=2020-01-01T00:00:00Z": "badArgument",
    RECORDS + "&from=2002-02-05&until=2002-02-06T05:35:00Z": "badArgument",
    RECORDS + "&from=2002-02-05T05:35:00Z&until=2002-02-06": "badArgument",
    RECORDS + "&from=2020-01-01&from=2020-01-01": "badArgument",
    **{
        f"{IDENTIFIERS}&{end}={value}": "badArgument"
        for end in ("from", "until")
        for value in (
            "",
            "junk",
            "2020",
            "2020-1-1",
            "2020-02-30",
            "20200101",
            "2020-01-01T00:00:00",
            "2020-01-01T00:00:00%2B01:00",
            "2020-01-01T00:00:00.5Z",
            "2020-01-01T00:00:61Z",
            "2020-01-01t00:00:00z",
            "0000-01-01",
            "-0001-01-01",
            "2020-01-01Z",
            "%202020-01-01",
            "%D9%A2%D9%A0%D9%A2%D9%A0-01-01",
        )
    },
    # Sets.
    RECORDS + "&set=faculty": "ok",
    RECORDS + "&set=faculty:law": "ok",
    RECORDS + "&set=no:such:set": "noRecordsMatch",
    RECORDS + "&set=facult": "noRecordsMatch",
    RECORDS + "&set=FACULTY": "noRecordsMatch",
    RECORDS + "&set=facult_": "noRecordsMatch",
    RECORDS + "&set=": "badArgument",
    RECORDS + "&set=faculty%25": "badArgument",
    RECORDS + "&set=faculty:": "badArgument",
    RECORDS + "&set=faculty&set=faculty": "badArgument",
}


@pytest.fixture
def archive():
    archive = MemoryArchive()
    for number in range(8):
        archive.publish(LONG_AGO + timedelta(seconds=number // 4), in_set=("faculty:law", "")[number % 2])
    archive.withdraw(GONE, LONG_AGO)
    return archive


@pytest.fixture
def provider(archive):
    return provider_of(archive, Watch())


@pytest.fixture
def token(provider):
    return ask(provider, RECORDS).one("resumptionToken").text


@pytest.mark.parametrize("query", ANSWERS)
def test_every_request_has_its_answer(provider, token, query):
    values = {"{id}": LIVE, "{gone}": GONE, "{token}": quote(token), "{earliest}": "2020-01-01T00:00:00Z"}
    asked = query
    for name, value in values.items():
        asked = asked.replace(name, value)
    assert (ask(provider, asked).codes or ["ok"]) == ANSWERS[query].split()


def test_all_that_is_wrong_is_told_at_once(provider):
    answer = ask(provider, "verb=ListRecords&foo=1&until=&until=&set=%25")
    assert sorted(error.text for error in answer.root.iter("{*}error")) == [
        "ListRecords has no argument foo.",
        "ListRecords needs the argument metadataPrefix.",
        "The argument until is empty.",
        "The argument until is repeated.",
        "“%” can't be the value of set.",
    ]


def test_markup_in_a_request_comes_back_as_text(provider):
    answer = ask(provider, "verb=%3Cscript%3Ealert(1)%3C/script%3E")
    assert b"<script" not in answer.body
    assert "“<script>alert(1)</script>” is no verb." in (answer.one("error").text or "")
    answer = ask(provider, "verb=ListRecords&resumptionToken=%22%3E%3Cscript%3E%26%27")
    assert b"<script" not in answer.body
    assert answer.echoed["resumptionToken"] == "\"><script>&'"


def test_arguments_come_back_as_they_were_sent(provider):
    for pairs in (
        [("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc"), ("from", "2020-01-01"), ("until", "2020-01-01")],
        [("until", "2020-01-01T00:00:00Z"), ("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc")],
        [("verb", "GetRecord"), ("identifier", "urn:a(b)'c~%C3%A9;d=1&e"), ("metadataPrefix", "oai_dc")],
        [("verb", "ListSets")],
    ):
        assert ask_pairs(provider, pairs).echoed == dict(pairs)


class Undisseminated(MemoryArchive):
    """An archive whose items can't be had in any format."""

    def formats(self, identifier):
        return super().formats(None) if identifier is None else ()


def test_an_item_in_no_format_and_an_undivided_repository_say_so():
    archive = Undisseminated(sets=())
    archive.publish(LONG_AGO)
    provider = provider_of(archive, Watch())
    assert ask(provider, f"verb=ListMetadataFormats&identifier={LIVE}").codes == ["noMetadataFormats"]
    assert ask(provider, "verb=ListSets").codes == ["noSetHierarchy"]
    assert ask(provider, RECORDS + "&set=faculty").codes == ["noSetHierarchy"]
    assert ask(provider, RECORDS).codes == []


def test_a_list_of_nothing_is_an_error_and_not_an_empty_list():
    provider = provider_of(MemoryArchive(), Watch())
    assert ask(provider, RECORDS).codes == ["noRecordsMatch"]
    assert ask(provider, IDENTIFIERS + "&set=faculty").codes == ["noRecordsMatch"]
    assert [one.text for one in ask(provider, "verb=ListSets").root.iter("{*}setSpec")] == [one.spec for one in SETS]


VERBS = st.sampled_from(["Identify", "ListMetadataFormats", "ListSets", "GetRecord", "ListIdentifiers", "ListRecords"])
NAMES = st.sampled_from(["verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken", "x"])
VALUES = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="oai_dc:%-0123456789TZ.[]#?/~", max_size=30),
    st.sampled_from(["oai_dc", "etdms", LIVE, GONE, "2020-01-01", "2020-01-01T00:00:00Z", "faculty", "\ud800", "\x00"]),
)


@settings(max_examples=100, deadline=None)
@given(VERBS, st.lists(st.tuples(NAMES | st.text(max_size=5), VALUES), max_size=5))
def test_whatever_is_asked_the_answer_has_the_right_form(verb, pairs):
    archive = MemoryArchive()
    archive.publish(LONG_AGO, in_set="theses")
    ask_pairs(provider_of(archive, Watch()), [("verb", verb), *pairs])
