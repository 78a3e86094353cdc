"""What a RUSMARC record says, what must be right in it, and how it goes over to MARC 21 without loss."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import CreatorRole, Material
from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield
from library.marc.dialects import marc21, unimarc

LEADER = "00000nam0 2200000   450 "
CODED = DataField("100", "  ", (Subfield("a", "20240115d2023    k  y0rusy5000    ca"),))


def field(tag: str, text: str, indicators: str = "  ") -> DataField:
    return DataField(tag, indicators, tuple(Subfield(part[0], part[1:]) for part in text.split("$")[1:]))


def record(*fields: Field, leader: str = LEADER) -> MarcRecord:
    return MarcRecord(leader, fields)


TITLE = field("200", "$aСуу жана жер")


def lines(marc: MarcRecord) -> list[str]:
    return [
        f"{item.tag} {item.value}"
        if isinstance(item, ControlField)
        else f"{item.tag} {item.indicators.replace(' ', '#')}" + "".join(f"${s.code}{s.value}" for s in item.subfields)
        for item in marc.fields
    ]


def test_a_sound_record_has_no_problems():
    assert unimarc.check(record(CODED, TITLE, field("101", "$akir"), field("011", "$a0378-5955"))) == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (record(CODED), "no title"),
        (record(TITLE), "100 $a"),
        (record(field("100", "$a2024"), TITLE), "100 $a"),
        (record(CODED, TITLE, leader=LEADER.replace("nam", "n?m")), "position 6"),
        (record(CODED, TITLE, field("010", "$a5-640-01234-0")), "ISBN 5-640-01234-0"),
        (record(CODED, TITLE, field("101", "$aкыр")), "“кыр” is no code"),
    ],
)
def test_a_problem_names_its_field_and_reason(changed: MarcRecord, words: str):
    (problem,) = unimarc.check(changed)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("leader", "fields", "material"),
    [
        (LEADER, (TITLE,), Material.BOOK),
        (LEADER.replace("nam0", "naa2"), (TITLE,), Material.ARTICLE),
        (LEADER.replace("nam0", "nas1"), (TITLE,), Material.SERIAL),
        (LEADER.replace("nam0", "nlm0"), (TITLE,), Material.ELECTRONIC),
        (LEADER.replace("nam0", "nem0"), (TITLE,), Material.MAP),
        (LEADER.replace("nam0", "nam2"), (TITLE, field("461", "$12001 $aКурс")), Material.VOLUME),
        (LEADER.replace("nam0", "nam2"), (TITLE, field("461", "$1011  $a0378-5955$12001 $aЖурнал")), Material.ISSUE),
        (LEADER, (TITLE, field("105", "$ay   j   000yy")), Material.TEXTBOOK),
        (LEADER, (TITLE, field("105", "$ay   l   000yy")), Material.STANDARD),
        (LEADER, (TITLE, field("328", "$aДис. ... канд. наук")), Material.DISSERTATION),
        (LEADER, (field("200", "$aСуу$eавтореф. дис."), field("328", "$aАвтореф.")), Material.DISSERTATION_ABSTRACT),
    ],
)
def test_the_type_of_document(leader: str, fields: tuple[Field, ...], material: Material):
    assert unimarc.describe(MarcRecord(leader, fields)).material is material


def test_names_have_their_initials_and_roles():
    described = unimarc.describe(
        record(
            TITLE, field("700", "$aАйтматов$bЧ.$gЧыңгыз$f1928-2008"), field("702", "$aДружников$bЮ.$4730"),
            field("702", "$aIoann$dXXIII"), field("701", "$aБаялинова$gКүлсүн"), field("712", "$aИнститут$bКафедра"),
        )
    )  # fmt: skip
    assert [(creator.name, creator.role) for creator in described.creators] == [
        ("Айтматов, Ч.", CreatorRole.AUTHOR),
        ("Баялинова, Күлсүн", CreatorRole.AUTHOR),
        ("Дружников, Ю.", CreatorRole.TRANSLATOR),
        ("Ioann XXIII", CreatorRole.OTHER),
        ("Институт. Кафедра", CreatorRole.BODY),
    ]
    assert described.creators[0].dates == "1928-2008"


def test_linking_fields_without_embedded_fields_are_read_too():
    article = record(
        TITLE, field("463", "$tЖурнал$x0378-5955$d2019$vТ. 2, № 7$pС. 3-9"), leader=LEADER.replace("nam0", "naa2")
    )
    host = unimarc.describe(article).host
    assert host is not None
    assert (host.title, host.issn, host.year, host.volume, host.issue, host.pages) == (
        "Журнал", "0378-5955", 2019, "2", "7", "3-9",
    )  # fmt: skip


def test_a_book_goes_over_to_marc21():
    book = record(
        ControlField("001", "KG-1"),
        ControlField("005", "20240115093000.0"),
        field("010", "$a978-9967-00-000-1$d500 сом"),
        CODED,
        field("101", "$akir$crus", "1 "),
        field("102", "$aKG"),
        field("105", "$aac  e   001yy"),
        field("200", "$aСуу$dВода$eочерктер$eтандамалар$fЧ. Айтматов$gред. А. Б.", "1 "),
        field("205", "$a2-бас."),
        field("210", "$aБишкек$cИлим$d2023"),
        field("215", "$a180 б.$cсүр.$d21 см"),
        field("225", "$aКитепкана$v4"),
        field("300", "$aЭскертүү"),
        field("320", "$aАдаб.: 170-б."),
        field("327", "$aБиринчи бөлүк"),
        field("330", "$aКыскача мазмуну"),
        field("606", "$3x1$aСуу$yКыргызстан$zXX к.$xТарых$jОчерктер$2nlr"),
        field("610", "$aсуу", "0 "),
        field("675", "$a821.512.154$v4"),
        field("686", "$a84(2Ки)$2rubbk"),
        field("700", "$aАйтматов$bЧ.$gЧыңгыз$f1928-2008$4070", " 1"),
        field("702", "$aБ.$bА.$4340", " 1"),
        field("712", "$aИлимдер академиясы$bИнститут", "02"),
        field("801", "$aKG$bNB$gPSBO", " 0"),
        field("856", "$uhttps://a.example/1$zТолук текст", "4 "),
        field("899", "$aNB$jК 12$p777"),
    )
    made = unimarc.to_marc21(book)
    assert made.leader == "00000nam a2200000 c 4500"
    assert lines(made) == [
        "001 KG-1",
        "005 20240115093000.0",
        "008 240115s2023    kg ac  f d    001 0 kir d",
        "020 ##$a978-9967-00-000-1$c500 сом",
        "040 ##$aNB$epsbo",
        "041 1#$akir$hrus",
        "044 ##$akg",
        "080 ##$a821.512.154$24",
        "084 ##$a84(2Ки)$2rubbk",
        "100 1#$aАйтматов, Ч.$qЧыңгыз$d1928-2008$4aut",
        "245 10$aСуу$bВода : очерктер : тандамалар$cЧ. Айтматов ; ред. А. Б.",
        "246 31$aВода",
        "250 ##$a2-бас.",
        "264 #1$aБишкек$bИлим$c2023",
        "300 ##$a180 б.$bсүр.$c21 см",
        "490 0#$aКитепкана$v4",
        "500 ##$aЭскертүү",
        "504 ##$aАдаб.: 170-б.",
        "505 0#$aБиринчи бөлүк",
        "520 ##$aКыскача мазмуну",
        "650 #7$aСуу$zКыргызстан$yXX к.$xТарых$vОчерктер$0x1$2nlr",
        "653 ##$aсуу",
        "700 1#$aБ., А.$4edt",
        "710 2#$aИлимдер академиясы$bИнститут",
        "852 ##$aNB$jК 12$p777",
        "856 4#$uhttps://a.example/1$zТолук текст",
        "887 ##$a100   $a20240115d2023    k  y0rusy5000    ca$2unimarc",
        "887 ##$a105   $aac  e   001yy$2unimarc",
        "887 ##$a801  0$aKG$bNB$gPSBO$2unimarc",
    ]
    assert marc21.check(made) == ()
    assert marc21.describe(made).year == 2023


def test_an_article_keeps_its_host():
    article = record(
        TITLE,
        field("463", "$12001 $a№ 3$vС. 45-51$1210  $d2019"),
        field("461", "$1001J-1$1011  $a0378-5955$12001 $aЖурнал$vТ. 62"),
        leader=LEADER.replace("nam0", "naa2"),
    )
    made = unimarc.to_marc21(article)
    assert [line for line in lines(made) if line.startswith("773")] == [
        "773 0#$t№ 3$d2019$gС. 45-51",
        "773 0#$tЖурнал$gТ. 62$x0378-5955$wJ-1",
    ]
    assert not any(line.startswith("887") for line in lines(made))


def test_what_marc21_can_not_carry_is_kept_whole():
    odd = record(TITLE, field("321", "$aIndex$zlocal"), field("995", "$f1234$kA 1", "1 "), ControlField("003", "urn:x"))
    assert [line for line in lines(unimarc.to_marc21(odd)) if line.startswith("887")] == [
        "887 ##$a321   $aIndex$zlocal$2unimarc",
        "887 ##$a995 1 $f1234$kA 1$2unimarc",
        "887 ##$a003 urn:x$2unimarc",
    ]


words = st.text("абв123.,:", min_size=1, max_size=8)
tags = st.integers(10, 999).map("{:03d}".format)
codes = st.sampled_from("abcdefghijklmnopqrstuvwxyz23456789")
any_field = st.builds(
    DataField,
    tags,
    st.text(" 01", min_size=2, max_size=2),
    st.lists(st.builds(Subfield, codes, words), min_size=1, max_size=4).map(tuple),
)


@pytest.mark.parametrize("tag", ["600", "601", "700", "710"])
def test_a_heading_with_a_part_twice_is_kept_whole(tag: str) -> None:
    field = DataField(tag, "00", (Subfield("a", "Navoiy"), Subfield("a", "Alisher")))
    kept = [one for one in unimarc.to_marc21(record(field)).fields if one.tag == "887"]
    assert [one.first("a") for one in kept if isinstance(one, DataField)] == [f"{tag} 00$aNavoiy$aAlisher"]


@settings(max_examples=300, deadline=None)
@given(st.lists(any_field, min_size=1, max_size=8))
def test_no_value_is_lost_on_the_way_to_marc21(fields: list[DataField]):
    made = unimarc.to_marc21(record(*fields))
    said = "\n".join(lines(made))
    for item in fields:
        kept = f"{item.tag} {item.indicators}" + "".join(f"${s.code}{s.value}" for s in item.subfields)
        if kept in said:
            continue
        for subfield in item.subfields:
            if not (item.tag in {"700", "701", "702", "600"} and subfield.code == "4") and item.tag not in {"102"}:
                assert subfield.value.strip(".,: ") in said or subfield.value.lower() in said, (kept, said)
