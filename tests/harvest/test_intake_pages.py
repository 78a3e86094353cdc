"""A page of a partner: read whole, read but for its bad records, or refused; half a page is never a whole one."""

import resource
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import NotWellFormed, PartnerError, TooLarge, UnexpectedAnswer
from harvest.intake.faults import BadRecord, NoOaiPmh, Refused
from harvest.intake.pages import LARGEST_REJECTED, ListPage, moment_of, read_formats, read_identity, read_list
from harvest.intake.provenance import chain, read_origin
from harvest.model import DeletedRecords, Granularity, Verb
from harvest.xml_reader import parse
from tests.harvest.oai_partner import DAWN, NOW, Repository, Work, works

RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def page_with(*inside: bytes, **fields) -> bytes:
    """A page whose records hold these bytes, one after the other."""
    repository = Repository([replace(work, inside=text) for work, text in zip(works(len(inside)), inside, strict=True)])
    return replace(repository, **fields).answer(RECORDS)


def read(body: bytes) -> ListPage:
    return read_list(body, Verb.LIST_RECORDS)


def numbers(page: ListPage) -> list[int]:
    return [int(record.identifier.rpartition(":")[2]) for record in page.records]


@pytest.mark.parametrize("prefix", ["", "oai:"])
@pytest.mark.parametrize("marcxml", [False, True])
def test_a_page_is_read_whatever_its_prefixes(prefix: str, marcxml: bool) -> None:
    some = works(45)
    some[1] = replace(some[1], deleted=True, sets=("a", "a:b"))
    page = read(Repository(some, prefix=prefix, marcxml=marcxml).answer(RECORDS))
    assert page.responded == NOW
    assert numbers(page) == list(range(1, 41))
    assert not page.rejected
    assert not page.mended
    assert page.token is not None
    assert (page.token.value, page.token.announced, page.token.cursor) == ("|||40", 45, 0)
    living, deleted = page.records[:2]
    assert living.datestamp == some[0].changed
    assert "1" in "".join(parse(living.metadata).itertext())
    assert (deleted.deleted, deleted.metadata, deleted.sets) == (True, b"", ("a", "a:b"))


def test_metadata_stands_by_itself_with_its_own_namespaces_only() -> None:
    (record,) = read(Repository(works(1), prefix="oai:").answer(RECORDS)).records
    assert parse(record.metadata).tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
    assert b'OAI/2.0/"' not in record.metadata
    assert record.metadata.startswith(b"<oai_dc:dc")


def test_headers_alone_are_records_without_metadata() -> None:
    body = Repository(works(3)).answer({"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
    page = read_list(body, Verb.LIST_IDENTIFIERS)
    assert [(record.metadata, record.sets) for record in page.records] == [(b"", ("theses",))] * 3


@pytest.mark.parametrize("marcxml", [False, True])
@pytest.mark.parametrize("prefix", ["", "oai:"])
def test_a_forbidden_character_costs_nothing_and_is_noted(prefix: str, marcxml: bool) -> None:
    body = page_with(b"", b"x\x0by", b"&#x1;", b"\xef\xbf\xbe", b"\xed\xa0\x80", prefix=prefix, marcxml=marcxml)
    page = read(body)
    assert numbers(page) == [1, 2, 3, 4, 5]
    assert page.mended == tuple(f"oai:partner.example:{number}" for number in (2, 3, 4, 5))
    assert b"xy" in page.records[1].metadata


BAD = {
    "an unknown entity": b"&nbsp;",
    "a bare ampersand": b"Tom & Jerry",
    "a tag that is not closed": b"<b>",
    "a tag that was not opened": b"</i>",
    "half a character": b"\xd0",
    "another character set": "Ўзбек".encode("cp1251"),
    "an undeclared prefix": b"<x:y/>",
    "a comment without end": b"<!-- ",
    "text without end": b"<![CDATA[",
    "too deep": b"<b>" * 300 + b"</b>" * 300,
    "more text than a parser bears": b"x" * (11 << 20),
}


@pytest.mark.parametrize("marcxml", [False, True])
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_one_bad_record_is_put_aside_and_the_rest_is_kept(bad: bytes, marcxml: bool) -> None:
    page = read(page_with(b"", b"", bad, b"", b"\x0b", marcxml=marcxml))
    assert numbers(page) == [1, 2, 4, 5]
    (rejected,) = page.rejected
    assert rejected.identifier == "oai:partner.example:3"
    assert rejected.raw.startswith(b"<record><header>")
    assert bad[:1000] in rejected.raw
    assert len(rejected.raw) <= LARGEST_REJECTED
    assert str(rejected.reason)


def test_bad_first_and_last_records_do_not_take_the_token_with_them() -> None:
    some = [replace(work, inside=b"<b>" if work.number in (1, 40) else b"") for work in works(45)]
    page = read(Repository(some).answer(RECORDS))
    assert numbers(page) == list(range(2, 40))
    assert page.token is not None
    assert page.token.value == "|||40"


def test_a_token_in_an_unusual_form_is_not_lost_with_a_bad_record() -> None:
    some = [replace(work, inside=b"\x0b" if work.number == 40 else b"") for work in works(45)]
    body = Repository(some).answer(RECORDS).replace(b">|||40<", b"><![CDATA[|||40]]><")
    page = read(body)
    assert page.token is not None
    assert page.token.value == "|||40"
    with pytest.raises(NotWellFormed):
        read(body.replace(b"\x0b", b"<b>"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<identifier>oai:partner.example:2</identifier>", b"", "no identifier"),
        (b"<identifier>oai:partner.example:2<", b"<identifier>" + b"x" * 3000 + b"<", "no identifier"),
        (b"2026-01-01T02:00:00Z", b"yesterday", "(yesterday)"),
        (b"2026-01-01T02:00:00Z", b"2026-02-30", "(2026-02-30)"),
    ],
)
def test_a_record_against_the_protocol_is_put_aside(old: bytes, new: bytes, reason: str) -> None:
    body = page_with(b"", b"", b"")
    assert old in body
    page = read(body.replace(old, new))
    assert numbers(page) == [1, 3]
    (rejected,) = page.rejected
    assert isinstance(rejected.reason, BadRecord)
    assert reason in str(rejected.reason)
    assert "ўқув".encode() in rejected.raw


@pytest.mark.parametrize("spoilt", [b"partner.example:2 & <", b"partner.example:2 < <", b"<b><"])
def test_a_record_without_a_legible_name_is_not_called_by_another_identifier_in_it(spoilt: bytes) -> None:
    inside = b"</dc:creator><dc:identifier>urn:isbn:9789943225510</dc:identifier><dc:creator>"
    page = read(page_with(b"", inside).replace(b"partner.example:2<", spoilt))
    assert numbers(page) == [1]
    assert [(one.identifier, inside in one.raw) for one in page.rejected] == [("", True)]


def test_a_living_record_without_metadata_is_put_aside() -> None:
    body = page_with(b"", b"")
    start, end = body.index(b"<metadata>"), body.index(b"</metadata>")
    page = read(body[:start] + b"<metadata>" + body[end:])
    assert numbers(page) == [2]
    assert "has no metadata" in str(page.rejected[0].reason)


@pytest.mark.parametrize("step", [1, 7, 100])
@pytest.mark.parametrize("inside", [b"", b"\x0b", b"<b>"])
def test_a_page_that_is_cut_off_anywhere_is_no_page(step: int, inside: bytes) -> None:
    whole = page_with(*[inside] * 3).rstrip()
    for end in range(1, len(whole), 97) if step == 100 else (len(whole) - step,):
        with pytest.raises(PartnerError):
            read(whole[:end])


def test_a_page_with_a_hole_in_the_middle_is_not_read_as_if_nothing_were_missing() -> None:
    whole = page_with(*[b""] * 5)
    second, fourth = whole.index(b"example:2"), whole.index(b"example:4")
    page = read(whole[: second + 40] + whole[fourth + 60 :])
    assert numbers(page) == [1, 5]
    assert len(page.rejected) == 1


WEB_PAGES = (
    b"<html><body>Busy</body></html>",
    b"<!DOCTYPE html><html><body><p>Busy<br></body></html>",
    b"\xef\xbb\xbf\n<!doctype HTML>\n<html lang=uz>",
    b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://w3.example"><html/>',
)


@pytest.mark.parametrize("body", WEB_PAGES)
def test_a_web_page_is_never_an_empty_list(body: bytes) -> None:
    for reader in (read, read_identity, read_formats):
        with pytest.raises(NoOaiPmh, match="html"):
            reader(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Fatal error: out of memory",
        b'{"error": 500}',
        b"<rss><channel/></rss>",
        b"\x1f\x8b\x08",
        Repository(works(1)).answer({"verb": "Identify"}),
        Repository([]).envelope(b""),
    ],
)
def test_what_is_something_else_is_never_an_empty_list(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        read(body)


def test_nothing_is_fetched_and_nothing_is_unpacked() -> None:
    plain = page_with(b"&e;")
    for doctype in (
        b'<!DOCTYPE OAI-PMH [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE OAI-PMH [<!ENTITY e "ha"><!ENTITY f "&e;&e;&e;&e;">]>',
        b"<!DOCTYPE OAI-PMH>",
    ):
        body = plain.replace(b"<OAI-PMH", doctype + b"<OAI-PMH", 1)
        for broken in (body, body.replace(b"A. ", b"\x0b")):
            with pytest.raises(UnexpectedAnswer) as caught:
                read(broken)
            assert "root:" not in str(caught.value)


BOMBS = {
    "beginnings": b"<record><header>" * 250_000,
    "pieces": b"<record><header/></record>" * 600_000,
    "a long beginning": b"<record" + b" " * (15 << 20),
    "prefixes": b"<" + b"a" * (15 << 20),
    "many prefixes": b"<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 300_000,
    "tokens": b"<record><header/>" + b"<resumptionToken " * 250_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_salvage_is_bounded(bomb: bytes) -> None:
    body = Repository([]).envelope(b"<ListRecords>\x0b" + bomb + b"</ListRecords>")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with pytest.raises((UnexpectedAnswer, TooLarge)):
        read(body)
    assert time.process_time() - start < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250 << 10


def test_thousands_of_bad_records_take_no_longer_than_they_may() -> None:
    body = page_with(*[b"<b>"] * 2000, batch=2000)
    start = time.process_time()
    assert len(read(body).rejected) == 2000
    assert time.process_time() - start < 30


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([("noRecordsMatch", "none")], "noRecordsMatch"),
        ([("badArgument", "x"), ("badResumptionToken", "expired")], "badResumptionToken"),
        ([("myOwnError", "hm\x0b")], "myOwnError"),
    ],
)
def test_errors_of_the_protocol_are_told_by_their_codes(errors: list[tuple[str, str]], code: str) -> None:
    repository = Repository([])
    body = repository.envelope(b"".join(repository.error(*error) for error in errors))
    with pytest.raises(Refused) as caught:
        read(body)
    assert caught.value.oai_code == code


def test_a_partner_introduces_itself() -> None:
    found = read_identity(Repository(works(2), policy="transient").answer({"verb": "Identify"}))
    assert found.responded == NOW
    identity = found.identity
    assert (identity.name, identity.admin_emails) == ("Partner", ("oai@partner.example",))
    assert identity.earliest == datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert identity.deleted_records is DeletedRecords.TRANSIENT
    assert identity.granularity is Granularity.SECOND


def test_of_an_untidy_introduction_the_careful_reading_is_taken() -> None:
    body = Repository([]).answer({"verb": "Identify"})
    body = body.replace(b"persistent", b"sometimes").replace(b"YYYY-MM-DDThh:mm:ssZ", b"DD.MM.YYYY")
    identity = read_identity(body.replace(b"2026-01-01", b"once")).identity
    assert identity.deleted_records is DeletedRecords.NO
    assert identity.granularity is Granularity.DAY
    assert identity.earliest.year == 1


def test_formats_are_listed() -> None:
    formats = read_formats(Repository([], marcxml=True).answer({"verb": "ListMetadataFormats"}))
    assert [(found.prefix, found.namespace) for found in formats] == [
        ("oai_dc", "urn:oai_dc"),
        ("marc21", "urn:marc21"),
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-01T09:00:00Z", NOW),
        ("2026-09-01T09:00:00.250Z", NOW),
        ("2026-09-01T14:00:00+05:00", NOW),
        ("2026-09-01 09:00:00", NOW),
        ("2026-01-01", DAWN),
        ("0001-01-01T00:00:00+05:00", None),
        ("2026-13-01", None),
        ("", None),
        ("soon", None),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment


def test_where_a_record_comes_from_is_read_through_all_its_hands() -> None:
    about = (
        b'<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">'
        b'<originDescription harvestDate="2026-08-01T00:00:00Z" altered="true"><baseURL>http://a.example/oai</baseURL>'
        b"<identifier>oai:a.example:1</identifier><datestamp>2026-07-01</datestamp>"
        b"<metadataNamespace>urn:x</metadataNamespace>"
        b'<originDescription harvestDate="2026-07-01T00:00:00Z" altered="false"><baseURL>http://b.example/oai</baseURL>'
        b"<identifier>oai:b.example:7</identifier><datestamp>2026-06-01</datestamp>"
        b"<metadataNamespace>urn:x</metadataNamespace></originDescription></originDescription></provenance></about>"
    )
    other = b"<about><rights xmlns='urn:r'>free</rights></about>"
    (record,) = read(Repository([Work(1, DAWN, about=other + about)]).answer(RECORDS)).records
    assert len(record.abouts) == 2
    origins = list(chain(read_origin(record.abouts)))
    assert [origin.identifier for origin in origins] == ["oai:a.example:1", "oai:b.example:7"]
    assert [origin.altered for origin in origins] == [True, False]
    assert origins[0].datestamp == "2026-07-01"
    assert read_origin(record.abouts[:1]) is None


def test_endless_hands_are_not_followed() -> None:
    deep = b"<originDescription>" * 200 + b"</originDescription>" * 200
    origin = read_origin([b'<provenance xmlns="urn:p">' + deep + b"</provenance>"])
    assert len(list(chain(origin))) == 20


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_in_one_record_the_others_come(data: st.DataObject) -> None:
    """Unless it claims to be another record, or the end of the list."""
    pieces = st.one_of(
        st.binary(max_size=12),
        st.sampled_from([b"<b>", b"</b>", b"&", b"&#0;", b"</dc:creator>", b"<record>", b"</record>", b"]]>", b"<!--"]),
    )
    inside = b"".join(data.draw(st.lists(pieces, max_size=6)))
    page = read(page_with(b"", inside, b""))
    assert numbers(page) in ([1, 3], [1, 2, 3])
    assert page.size == 3
    assert all(rejected.identifier == "oai:partner.example:2" for rejected in page.rejected)
    for record in page.records:
        parse(record.metadata)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(min_value=0), st.integers(min_value=0, max_value=200))
def test_damage_anywhere_never_makes_up_or_silently_loses_a_record(junk: bytes, place: int, gone: int) -> None:
    whole = page_with(*[b""] * 4)
    place %= len(whole)
    damaged = whole[:place] + junk + whole[place + gone :]
    for reader in (read, read_identity, read_formats):
        try:
            page = reader(damaged)
        except PartnerError:
            continue
        assert isinstance(page, ListPage)
        found = {record.identifier for record in page.records}
        assert len(found - {f"oai:partner.example:{number}" for number in range(1, 5)}) <= 1
