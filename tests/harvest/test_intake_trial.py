"""The first look at a partner that is being entered: what is found out, in plain words."""

from dataclasses import replace

import pytest

from harvest.intake.trial import Trial, try_partner
from harvest.model import Granularity
from tests.harvest.hostile_server import answer
from tests.harvest.oai_partner import Arguments, Repository, Time, busy, cut, serving, works


def look(repository: Repository, prefix: str = "oai_dc", set_spec: str = "") -> Trial:
    time = Time()
    with serving(repository) as (partner, transport):
        trial = try_partner(replace(partner, prefix=prefix, set_spec=set_spec), transport, clock=time, sleep=time.sleep)
    assert time.slept == [], "a person waits"
    assert len(repository.asked) <= 3
    return trial


def said(trial: Trial, *, good: bool) -> str:
    return " ".join(str(finding) for finding in trial.findings if finding.good is good)


def test_a_partner_in_good_order() -> None:
    trial = look(Repository(works(100), marcxml=True), prefix="marc21", set_spec="theses")
    assert trial.works
    assert said(trial, good=True) == (
        "The partner calls itself “Partner” and has records since 2026-01-01. It gives records in these formats: "
        "oai_dc, marc21. Records on the first page: 40 of 100."
    )
    assert said(trial, good=False) == ""
    assert trial.identity is not None
    assert trial.identity.admin_emails == ("oai@partner.example",)
    assert [found.prefix for found in trial.formats] == ["oai_dc", "marc21"]
    assert trial.first_page is not None
    assert len(trial.first_page.records) == 40


def test_peculiarities_are_told() -> None:
    some = works(5)
    some[0], some[1], some[2] = (
        replace(work, inside=text) for work, text in zip(some, (b"\x0b", b"<b>", b"&x;"), strict=False)
    )
    trial = look(Repository(some, granularity=Granularity.DAY, policy="no"))
    assert trial.works
    good, bad = said(trial, good=True), said(trial, good=False)
    assert "dates its records by the day" in good
    assert "does not tell of all deletions" in good
    assert "Records on the first page: 5." in good
    assert "forbids: 1." in good
    assert "Records that can't be read: 2." in bad
    assert "not well-formed" in bad


@pytest.mark.parametrize(
    ("set_spec", "prefix", "works_", "told"),
    [
        ("nowhere", "oai_dc", True, "no records for this format and set"),
        ("", "klingon", False, "does not list the format klingon, but only these: oai_dc."),
        ("", "klingon", False, "Choose another format in the partner's entry."),
    ],
)
def test_a_wrong_entry_is_told_with_its_remedy(set_spec: str, prefix: str, works_: bool, told: str) -> None:
    trial = look(Repository(works(5)), prefix, set_spec)
    assert trial.works is works_
    assert told in said(trial, good=False)


def test_without_a_list_of_formats_a_harvest_is_possible_all_the_same() -> None:
    def fault(_: int, arguments: Arguments, body: bytes):
        return cut(body) if arguments["verb"] == "ListMetadataFormats" else None

    trial = look(Repository(works(5), fault=fault))
    assert trial.works
    assert "not well-formed" in said(trial, good=False)


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (answer(b"<html>Welcome</html>"), "no OAI-PMH server (it sent “html”). Check the address."),
        (busy("Retry-After: 60"), "asks to wait 60 seconds"),
        (busy(status="404 Not Found"), "HTTP status 404"),
        (answer(b'<explain xmlns="urn:sru"/>'), "it sent “explain”"),
    ],
)
def test_one_that_is_no_partner(behaviour, told: str) -> None:
    repository = Repository([], fault=lambda *_: behaviour)
    trial = look(repository)
    assert not trial.works
    assert (trial.identity, trial.formats, len(trial.findings)) == (None, (), 1)
    assert told in said(trial, good=False)
    assert len(repository.asked) == 1
