"""Dublin Core of partners becomes MARC 21 that finds and shows what was said; copies of partners stay behind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Material
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord
from library.marc import codec, dialects
from library.marc.harvested import has_title, of_dublin_core, without_copies
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record

THESIS = (
    ("title", "Ферма теоремаси\n  ва модуляр  шакллар"),
    ("title", "Fermat's theorem and modular forms"),
    ("creator", "Karimova, Nodira"),
    ("creator", "Soatov Yoqub"),
    ("contributor", "Toʻrayev, Elmurod"),
    ("contributor", "Karimova, Nodira"),
    ("subject", "sonlar nazariyasi"),
    ("subject", "511.2"),
    ("description", "Isbot <to‘liq> & sodda."),
    ("publisher", "OʻzMU"),
    ("date", "2023-05-17T08:00:00Z"),
    ("date", "2024"),
    ("type", "info:eu-repo/semantics/doctoralThesis"),
    ("format", "application/pdf"),
    ("identifier", "https://arxiv.example/item/7"),
    ("identifier", "https://doi.org/10.1234/Fermat.7"),
    ("identifier", "urn:isbn:978-9943-22-551-0"),
    ("identifier", "ISSN 1234-5679"),
    ("identifier", "Inv. 1042"),
    ("source", "Arxiv, 7-jild"),
    ("language", "uz-Cyrl"),
    ("language", "en"),
    ("relation", "https://arxiv.example/item/6"),
    ("coverage", "XX asr"),
    ("rights", "CC BY 4.0"),
    ("rights", "CC BY 4.0"),
)
GOLDEN = """\
008 ||||||s2023    xx ||||||m   |||||||uzb||
020    $a 9789943225510
022    $a 1234-5679
024 7  $a 10.1234/Fermat.7 $2 doi
024 8  $a Inv. 1042
041 0  $a uzb $a eng
100 1  $a Karimova, Nodira
245 00 $a Ферма теоремаси ва модуляр шакллар
246 33 $a Fermat's theorem and modular forms
264  1 $b OʻzMU $c 2023
300    $a application/pdf
500    $a Arxiv, 7-jild
500    $a XX asr
520    $a Isbot <to‘liq> & sodda.
540    $a CC BY 4.0
653    $a sonlar nazariyasi
653    $a 511.2
655  7 $a info:eu-repo/semantics/doctoralThesis
700 0  $a Soatov Yoqub $4 aut
700 1  $a Toʻrayev, Elmurod $4 ctb
787 08 $n https://arxiv.example/item/6
856 40 $u https://arxiv.example/item/7
856 40 $u https://doi.org/10.1234/Fermat.7"""

NAMES = (
    *("title", "creator", "contributor", "subject", "description", "publisher", "date", "type", "format"),
    *("identifier", "source", "language", "relation", "coverage", "rights", "nobody's"),
)
# What XML lets through; the sources of damage are drawn more often than they come.
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
    st.sampled_from(
        [
            *("", " ", "2024", "1399/05/01", "urn:isbn:9789943225510", "978994322551X", "ISSN 1234-5679", "uz", "uzb"),
            *("EN-us", "https://doi.org/10.1234/x", "doi: 10.1/x", "http://", "https://a b", "Thesis", "Article"),
            *("$a", "^a", "\\", "|", "¶", "\u202e", "e\u0301", "😀", "‑", "٢٠٢٤"),
        ]
    ),
)


def written(marc: MarcRecord) -> str:
    """A line for each field."""
    lines = []
    for field in marc.fields:
        if isinstance(field, ControlField):
            lines.append(f"{field.tag} {field.value}")
        else:
            said = " ".join(f"${subfield.code} {subfield.value}" for subfield in field.subfields)
            lines.append(f"{field.tag} {field.indicators} {said}")
    return "\n".join(lines)


def test_every_element_has_its_field() -> None:
    marc = of_dublin_core(THESIS)
    assert written(marc) == GOLDEN
    assert marc.leader == "00000nam a2200000 u 4500"


def test_readers_see_what_the_partner_said() -> None:
    seen = dialects.describe(Dialect.MARC21, of_dublin_core(THESIS))
    assert (seen.title, seen.year, seen.languages) == ("Ферма теоремаси ва модуляр шакллар", 2023, ("uzb", "eng"))
    assert [creator.name for creator in seen.creators] == ["Karimova, Nodira", "Soatov Yoqub", "Toʻrayev, Elmurod"]
    assert (seen.isbns, seen.publishers) == (("9789943225510",), ("OʻzMU",))
    assert seen.material is Material.DISSERTATION
    assert {"https://arxiv.example/item/7", "https://doi.org/10.1234/Fermat.7"} <= {link.url for link in seen.links}


@pytest.mark.parametrize(
    ("said", "letters"),
    [
        ("info:eu-repo/semantics/article", "aa"),
        ("Мақола", "aa"),
        ("Conference Paper", "aa"),
        ("Кандидатская диссертация", "am"),
        ("MovingImage", "gm"),
        ("Still Image", "km"),
        ("Sound", "im"),
        ("Dataset", "mm"),
        ("journal", "as"),
        ("kitob", "am"),
        ("", "am"),
    ],
)
def test_the_type_is_found_by_a_word_in_it(said: str, letters: str) -> None:
    assert of_dublin_core([("title", "A"), ("type", said)]).leader[6:8] == letters


@pytest.mark.parametrize(
    ("date", "year"),
    [("[2024]", 2024), ("17.05.1998", 1998), ("c1999-2003", 1999), ("12024", None), ("XX asr", None), ("20٢٤", None)],
)
def test_a_year_is_found_wherever_it_stands(date: str, year: int | None) -> None:
    assert dialects.describe(Dialect.MARC21, of_dublin_core([("title", "A"), ("date", date)])).year == year


@pytest.mark.parametrize(
    ("identifier", "tag"),
    [
        ("9789943225510", "020"),
        ("9789943225511", "024"),
        ("ISBN: 978-9943-22-551-0", "020"),
        ("1234-5679", "022"),
        ("1234-5678", "024"),
        ("doi:10.1234/a", "024"),
        ("oai:partner.example:1", "024"),
        ("HTTPS://PARTNER.EXAMPLE/1", "856"),
        ("javascript:alert(1)", "024"),
        ('https://partner.example/"onclick', "024"),
    ],
)
def test_an_identifier_is_what_its_check_digit_and_form_say(identifier: str, tag: str) -> None:
    marc = of_dublin_core([("title", "A"), ("identifier", identifier)])
    tags = {field.tag for field in marc.fields} - {"008", "245"}
    assert tag in tags
    assert tags <= {tag, "856"}


@given(st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=12))
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_the_record_is_sound_and_nothing_is_lost(elements: Sequence[tuple[str, str]]) -> None:
    marc = of_dublin_core(elements)
    assert codec.from_json(codec.to_json(marc)) == marc
    assert [field.tag for field in marc.fields] == sorted(field.tag for field in marc.fields)
    coded = marc.control("008") or ""
    assert len(coded) == 40
    assert coded.isascii()
    dialects.describe(Dialect.MARC21, marc)
    kept = " ".join(part.value for field in marc.fields if isinstance(field, DataField) for part in field.subfields)
    for name, text in elements:
        if name in ("title", "creator", "contributor", "subject", "description", "publisher", "relation", "rights"):
            assert " ".join(text.split()) in kept
    assert has_title(Dialect.MARC21, marc) == any(name == "title" and text.strip() for name, text in elements)
    assert of_dublin_core([*elements, *elements]) == marc, "what is said twice is said once"


@pytest.mark.parametrize(
    ("dialect", "marc", "copies"),
    [
        (Dialect.MARC21, a_marc21_record(), ("852", "876", "952")),
        (Dialect.UNIMARC, a_unimarc_record(), ("899", "910", "995")),
        (Dialect.IRBIS, an_irbis_record(), ("910",)),
    ],
)
def test_copies_stay_where_they_are(dialect: Dialect, marc: MarcRecord, copies: tuple[str, ...]) -> None:
    rest = [field for field in marc.fields if field.tag not in copies]
    given_ = marc.with_fields([*rest, *(a_field(tag, a="1042") for tag in copies)])
    assert without_copies(dialect, given_).fields == tuple(rest)


@pytest.mark.parametrize(
    ("dialect", "tag", "code"),
    [(Dialect.MARC21, "245", "a"), (Dialect.UNIMARC, "200", "a")],
)
def test_a_title_of_blanks_is_none(dialect: Dialect, tag: str, code: str) -> None:
    def titled(text: str) -> MarcRecord:
        return MarcRecord(a_marc21_record().leader, (a_field(tag, **{code: text}),))

    assert has_title(dialect, titled("Algebra"))
    assert not has_title(dialect, titled(" \u00a0 "))
    assert not has_title(dialect, MarcRecord(a_marc21_record().leader, ()))
