"""What a MARC 21 record says, and what must be right before it is saved."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import CopyStatus, CreatorRole, Material
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc import dialects
from library.marc.dialects import marc21

LEADER = "00000nam a2200000 a 4500"
CODED = ControlField("008", "240115s2023    uz a     b    001 0 uzb d")


def field(tag: str, text: str, indicators: str = "  ") -> DataField:
    return DataField(tag, indicators, tuple(Subfield(part[0], part[1:]) for part in text.split("$")[1:]))


def record(*fields: Field, leader: str = LEADER) -> MarcRecord:
    return MarcRecord(leader, fields)


TITLE = field("245", "$aSuv va yer")


def test_a_sound_record_has_no_problems():
    assert (
        marc21.check(record(CODED, field("020", "$a978-9943-01-234-9 (qattiq)"), field("041", "$auzb$arus"), TITLE))
        == ()
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (record(CODED, field("245", "$cnobody")), "no title"),
        (record(CODED, TITLE, leader=LEADER.replace("nam", "?am")), "position 5"),
        (record(CODED, TITLE, leader=LEADER.replace("nam", "nxm")), "position 6"),
        (record(CODED, TITLE, leader=LEADER.replace("nam", "naz")), "position 7"),
        (record(ControlField("008", "short"), TITLE), "Field 008 has 5 characters"),
        (record(TITLE, field("020", "$a9789943012340")), "ISBN 9789943012340"),
        (record(TITLE, field("022", "$a1234-5678")), "ISSN 1234-5678"),
        (record(TITLE, field("041", "$auz")), "“uz” is no code"),
        (record(TITLE, field("500", "$aNote", "A ")), "“A ” are no indicators"),
        (record(TITLE, field("500", "$a ")), "Field 500 is empty"),
        (record(ControlField("001", " "), TITLE), "Field 001 is empty"),
    ],
)
def test_a_problem_names_its_field_and_reason(changed: MarcRecord, words: str):
    (problem,) = marc21.check(changed)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("leader", "fields", "material"),
    [
        (LEADER, (TITLE,), Material.BOOK),
        (LEADER.replace("nam", "nas"), (TITLE,), Material.SERIAL),
        (LEADER.replace("nam", "naa"), (TITLE,), Material.ARTICLE),
        (LEADER.replace("nam", "nem"), (TITLE,), Material.MAP),
        (LEADER.replace("nam", "ncm"), (TITLE,), Material.SCORE),
        (LEADER.replace("nam", "njm"), (TITLE,), Material.AUDIO),
        (LEADER.replace("nam", "ngm"), (TITLE,), Material.VIDEO),
        (LEADER.replace("nam", "nkm"), (TITLE,), Material.IMAGE),
        (LEADER.replace("nam", "nmm"), (TITLE,), Material.ELECTRONIC),
        (LEADER.replace("nam", "nrm"), (TITLE,), Material.OTHER),
        (LEADER.replace("nam", "ntm"), (TITLE,), Material.MANUSCRIPT),
        (LEADER.replace("nam", "ntm"), (TITLE, field("502", "$aDiss.")), Material.DISSERTATION),
        (LEADER[:19] + "b4500", (TITLE,), Material.VOLUME),
        (LEADER, (TITLE, field("502", "$aАвтореф. дис.")), Material.DISSERTATION_ABSTRACT),
        (LEADER, (TITLE, field("655", "$aDarslik.")), Material.TEXTBOOK),
        (LEADER, (field("245", "$aSuv$h[electronic resource]"),), Material.ELECTRONIC),
        (LEADER, (ControlField("008", " " * 23 + "o" + " " * 16), TITLE), Material.ELECTRONIC),
        (LEADER, (ControlField("008", " " * 24 + "u" + " " * 15), TITLE), Material.STANDARD),
    ],
)
def test_the_type_of_document(leader: str, fields: tuple[Field, ...], material: Material):
    assert marc21.describe(MarcRecord(leader, fields)).material is material


def test_parts_of_the_title_stand_in_their_places():
    described = marc21.describe(record(field("245", "$aKurs.$n2-qism,$pMexanika =$bMechanics : a course /$cA. B.")))
    assert described.title == "Kurs. 2-qism, Mexanika"
    assert described.parallel_titles == ("Mechanics",)
    assert (described.remainder, described.responsibility) == ("a course", "A. B.")


def test_roles_are_known_by_code_by_word_and_by_the_statement():
    described = marc21.describe(
        record(
            field("100", "$aA, A."), TITLE, field("700", "$aB, B.$4edt"), field("700", "$aC, C.$etarjimon"),
            field("700", "$aD, D.$4http://id.loc.gov/vocabulary/relators/ill"), field("700", "$aE, E.$tOther work"),
            field("700", "$aF, F."), field("710", "$aInstitut.$bKafedra"), field("700", "$aG, G.$eperformer"),
        )
    )  # fmt: skip
    assert [(creator.name, creator.role) for creator in described.creators] == [
        ("A, A.", CreatorRole.AUTHOR),
        ("B, B.", CreatorRole.EDITOR),
        ("C, C.", CreatorRole.TRANSLATOR),
        ("D, D.", CreatorRole.ILLUSTRATOR),
        ("F, F.", CreatorRole.OTHER),
        ("G, G.", CreatorRole.OTHER),
        ("Institut. Kafedra", CreatorRole.BODY),
    ]


def test_publications_are_taken_before_copyright_dates():
    described = marc21.describe(
        record(TITLE, field("264", "$c©2021", " 4"), field("264", "$aNukus :$bBilim,$c2020", " 1"))
    )
    assert (described.places, described.publishers, described.year) == (("Nukus",), ("Bilim",), 2021)


def test_copies_of_a_catalogue_that_is_not_koha_are_its_locations():
    described = marc21.describe(record(TITLE, field("852", "$aNB$bAbonement$h33$iS20$p007"), field("952", "$zlocal")))
    (copy,) = described.copies
    assert (copy.place, copy.shelfmark, copy.barcode, copy.status) == (
        "NB, Abonement",
        "33 S20",
        "007",
        CopyStatus.UNKNOWN,
    )
    assert copy.collection == "Abonement"


def test_an_item_of_koha_is_in_the_collection_of_its_code():
    (copy,) = marc21.describe(record(TITLE, field("952", "$aMAIN$bMAIN$cOZ$p0001$8NOYOB"))).copies
    assert (copy.place, copy.collection) == ("MAIN, OZ", "NOYOB")


def test_a_host_is_told_by_its_coded_place_too():
    host = marc21.describe(record(TITLE, field("773", "$aX$tJurnal$q96:4<23$d2019"))).host
    assert host is not None
    assert (host.title, host.volume, host.issue, host.pages, host.year) == ("Jurnal", "96", "4", "23", 2019)


def test_marc21_stays_as_it_is_in_marc21():
    marc = record(TITLE)
    assert dialects.to_marc21(Dialect.MARC21, marc) is marc


words = st.text("aё ./:;,=-[]()0129«»…$", max_size=12)
any_field = st.builds(
    DataField,
    st.sampled_from(
        ["020", "022", "041", "080", "084", "100", "110", "245", "246", "250", "260", "264", "300", "490", "505", "520",
         "653", "650", "700", "710", "773", "852", "856", "880", "952", "010", "011", "101", "102", "200", "205", "210",
         "215", "225", "410", "423", "461", "463", "606", "610", "675", "686", "701", "702", "801", "899", "9XX"]
    ),
    st.text(" 01", min_size=2, max_size=2),
    st.lists(st.builds(Subfield, st.sampled_from("abcdefghinpqtuvxyz1234"), words), max_size=4).map(tuple),
)  # fmt: skip
control = st.builds(ControlField, st.sampled_from(["001", "005", "008"]), words)
leaders = st.text("acdfgijklmnprst 012", min_size=24, max_size=24)
any_record = st.builds(MarcRecord, leaders, st.lists(st.one_of(any_field, control), max_size=10).map(tuple))


@settings(max_examples=300, deadline=None)
@given(any_record, st.sampled_from([Dialect.MARC21, Dialect.UNIMARC]))
def test_whatever_a_record_holds_it_has_a_title_and_sound_facts(marc: MarcRecord, dialect: Dialect):
    described = dialects.describe(dialect, marc)
    assert described.title.strip()
    assert described.year is None or 1400 <= described.year < 2100
    assert all(len(code) == 3 and code.isalpha() for code in described.languages)
    assert all(len(number) in (10, 13) for number in described.isbns)
    assert all(link.url.startswith(("http://", "https://")) for link in described.links)
    dialects.check(dialect, marc)
    made = dialects.to_marc21(dialect, marc)
    assert made.leader[9] == "a" or dialect is Dialect.MARC21
