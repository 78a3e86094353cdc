"""ORCID, DOI and licence are read out of records, and what only looks like one is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from library.db import descriptions
from library.domain.deposit_fields import Author, DepositKind, Fields
from library.domain.description import Description, Link, Material, Terms
from library.domain.doi import dois
from library.domain.marc import Dialect, MarcRecord
from library.marc import dialects
from library.marc.deposited import record_of
from library.projections.deposited_work import deposited_work
from tests.builders import a_field, a_marc21_record, a_unimarc_record

ORCID = "0000-0002-1825-0097"
TYPED = Fields(
    title="Suv huquqi",
    language="uzb",
    authors=(Author(name="Karimova Lola", orcid=ORCID), Author(name="Aliyev Botir")),
    year="2026",
    doi="10.1234/Suv.7",
    licence="CC-BY-4.0",
    host="Huquq va burch",
    issue="3",
)


def _marc21(*more: tuple[str, str, dict[str, str]]) -> MarcRecord:
    plain = a_marc21_record()
    return plain.with_fields([*plain.fields, *(a_field(tag, marks, **parts) for tag, marks, parts in more)])


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_work_given_to_the_archive_keeps_them_in_each_dialect(dialect: Dialect) -> None:
    work = deposited_work(DepositKind.ARTICLE, TYPED, "")
    facts = dialects.describe(dialect, record_of(dialect, work, datetime(2026, 9, 1, tzinfo=UTC)))
    assert [(one.name[:4], one.orcid) for one in facts.creators] == [("Kari", ORCID), ("Aliy", "")]
    assert [one.url for one in facts.terms] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert dois(facts) == ("10.1234/suv.7",)
    assert descriptions.from_json(descriptions.to_json(facts)) == facts


@pytest.mark.parametrize(
    ("said", "orcid"),
    [
        ({"0": f"(orcid){ORCID}"}, ORCID),
        ({"0": f"(ORCID){ORCID.replace('-', '')}"}, ORCID),
        ({"1": f"https://orcid.org/{ORCID}"}, ORCID),
        ({"1": "https://orcid.org/0000-0002-1825-0098"}, ""),
        ({"0": f"(isni){ORCID}"}, ""),
        ({"0": "(DE-588)118540238", "1": f"http://orcid.org/{ORCID}"}, ORCID),
    ],
)
def test_an_orcid_of_marc21_is_one_by_its_source_and_its_check_character(said: dict[str, str], orcid: str) -> None:
    facts = dialects.describe(Dialect.MARC21, _marc21(("700", "1 ", {"a": "Karimova, Lola", **said})))
    assert facts.creators[-1].orcid == orcid


def test_an_isni_in_unimarc_is_no_orcid() -> None:
    plain = a_unimarc_record()
    for said, orcid in ((ORCID, ""), (f"ORCID {ORCID}", ORCID)):
        field = a_field("701", " 1", a="Aliyev", b="B.", o=said)
        facts = dialects.describe(Dialect.UNIMARC, plain.with_fields([*plain.fields, field]))
        assert facts.creators[-1].orcid == orcid


def test_licences_of_marc21_have_words_and_addresses() -> None:
    facts = dialects.describe(
        Dialect.MARC21,
        _marc21(
            ("540", "  ", {"a": "CC BY 4.0", "u": "https://creativecommons.org/licenses/by/4.0/"}),
            ("540", "  ", {"a": "CC0 https://creativecommons.org/publicdomain/zero/1.0/."}),
            ("540", "  ", {"a": "Faqat oʻqish zalida"}),
            ("540", "  ", {"5": "UZ-TaTU"}),
        ),
    )
    assert facts.terms == (
        Terms(text="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"),
        Terms(text="CC0", url="https://creativecommons.org/publicdomain/zero/1.0/"),
        Terms(text="Faqat oʻqish zalida"),
    )


def test_only_numbers_that_are_called_doi_are_dois_and_each_is_told_once() -> None:
    facts = dialects.describe(
        Dialect.MARC21,
        _marc21(
            ("024", "7 ", {"a": "https://doi.org/10.1234/ABC", "2": "doi"}),
            ("024", "7 ", {"a": "10.1234/other", "2": "hdl"}),
            ("024", "7 ", {"a": "10.5/short", "2": "doi"}),
            ("856", "40", {"u": "https://doi.org/10.1234/aBc"}),
            ("856", "40", {"u": "https://dx.doi.org/10.1234/second"}),
        ),
    )
    assert dois(facts) == ("10.1234/abc", "10.1234/second")


def test_a_description_of_an_earlier_release_can_be_read() -> None:
    facts = Description(title="Algebra", material=Material.BOOK, links=(Link(url="https://doi.org/10.1234/x"),))
    old = json.loads(descriptions.to_json(facts))
    for name in ("dois", "terms"):
        del old[name]
    assert descriptions.from_json(json.dumps(old)) == facts
