"""What is written: well-formed whatever the records hold, with all that the guidelines have a place for."""

import logging
from dataclasses import replace
from xml.sax.saxutils import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from harvest.model import OaiSet, Origin
from harvest.provider.characters import attribute, content
from harvest.provider.descriptions import Policy, branding, eprints, friends, oai_identifier, set_description
from harvest.provider.fragments import Fragments, Unsound
from harvest.provider.provenance import provenance
from tests.harvest.memory_archive import DUBLIN_CORE, LONG_AGO, Item, MemoryArchive, dublin_core
from tests.harvest.oai_asking import Watch, ask, pages, provider_of

RECORDS = "verb=ListRecords&metadataPrefix=oai_dc"
GET = "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:kutubxona.example:"
OAI = "http://www.openarchives.org/OAI"
UNSOUND = [
    b"",
    b"words",
    b"<a xmlns='u:'>",
    b"<a xmlns='u:'/><a xmlns='u:'/>",
    b"</metadata></record>",
    b"<a/>",
    b"<u:a/>",
    b"<a xmlns='u:'>&uuml;</a>",
    b"<a xmlns='u:' b=1/>",
    b"<?xml version='1.0'?><a xmlns='u:'/>",
    b"<!DOCTYPE a><a xmlns='u:'/>",
    b"<!-- a --><a xmlns='u:'/>",
    b"\xef\xbb\xbf<a xmlns='u:'/>",
    b"<a xmlns='u:'><![CDATA[</a>",
    b"<a xmlns='u:'>" + b"<b>" * 300 + b"</b>" * 300 + b"</a>",
]


def stocked(*ready, **options):
    archive = MemoryArchive(**options)
    for number, metadata in enumerate(ready):
        archive.put(Item(f"oai:kutubxona.example:{number}", LONG_AGO, "Kitob", (), ready=metadata))
    return archive


def metadata_of(answer):
    return [found[0] for found in answer.root.iter("{*}metadata")]


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text(st.characters(categories=["Cc", "Cs", "Cn"])))
def test_any_text_can_stand_in_an_element_and_in_an_attribute(text):
    element = etree.fromstring(f"<a b={attribute(text)}>{content(text)}</a>".encode())
    legal = "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
    legal = "".join(one for one in legal if not 0xD800 <= ord(one) <= 0xDFFF)
    assert element.attrib["b"] == legal
    assert (element.text or "") == legal.replace("\r\n", "\n").replace("\r", "\n")


def test_what_is_sound_passes_byte_for_byte():
    ready = dublin_core("Oʻzbekiston 😀 א é <&>\x85")
    assert Fragments().sound(ready) == ready
    answer = ask(provider_of(stocked(ready), Watch()), RECORDS)
    assert ready in answer.body


@pytest.mark.parametrize(
    ("dirt", "left"),
    [
        (b"a\x00b", "ab"),
        (b"a\x0bb", "ab"),
        (b"a\xef\xbf\xbeb\xef\xbf\xbf", "ab"),
        (b"a\xed\xa0\x80b", "ab"),
        (b"a\xffb", "ab"),
        (b"a&#11;b&#xFFFE;&#xD800;&#x1F600;", "ab😀"),
        ("é\x07é😀א".encode(), "éé😀א"),
    ],
)
def test_characters_that_xml_forbids_are_left_out_and_nothing_else(dirt, left):
    ready = dublin_core("@").replace(b"@", dirt)
    answer = ask(provider_of(stocked(dublin_core("oldin"), ready, dublin_core("keyin")), Watch()), RECORDS)
    assert ["".join(element.itertext()) for element in metadata_of(answer)] == ["oldin", left, "keyin"]


@pytest.mark.parametrize("fragment", UNSOUND)
def test_what_would_break_a_page_is_unsound(fragment):
    with pytest.raises(Unsound):
        Fragments().sound(fragment)


@settings(max_examples=100, deadline=None)
@given(st.binary() | st.builds(b"<a xmlns='u:'>%b</a>".__mod__, st.binary()))
def test_a_page_with_any_bytes_is_well_formed(fragment):
    answer = ask(provider_of(stocked(fragment, dublin_core("keyin")), Watch()), RECORDS)
    assert answer.identifiers[-1] == "oai:kutubxona.example:1"


def test_a_record_that_cannot_be_written_costs_no_other_and_is_logged(caplog):
    archive = stocked(dublin_core("bir"), b"<broken", dublin_core("uch"), dublin_core("toʻrt"), dublin_core("besh"))
    with caplog.at_level(logging.ERROR):
        answers = pages(provider_of(archive, Watch(), page_size=3))
    assert [[name[-1] for name in answer.identifiers] for answer in answers] == [["0", "2"], ["3", "4"]]
    assert [answer.position for answer in answers] == [("0", "5", True), ("2", "4", False)]
    (record,) = caplog.records
    assert record.getMessage().startswith("oai:kutubxona.example:1 can't be given as oai_dc and is left out: ")
    assert ask(provider_of(archive, Watch()), GET + "1").codes == ["cannotDisseminateFormat"]
    assert len(pages(provider_of(archive, Watch()), "ListIdentifiers")[0].identifiers) == 3


def test_a_whole_page_that_cannot_be_written_is_passed_over():
    archive = stocked(*[b"<broken"] * 7, dublin_core("sakkiz"))
    assert ask(provider_of(archive, Watch(), page_size=3), RECORDS).identifiers == ["oai:kutubxona.example:7"]
    assert ask(provider_of(stocked(*[b"<broken"] * 7), Watch()), RECORDS).codes == ["noRecordsMatch"]


def test_an_unsound_about_costs_its_record():
    archive = stocked(dublin_core("bir"), dublin_core("ikki"))
    archive.put(Item("oai:kutubxona.example:0", LONG_AGO, "bir", (), abouts=(b"<broken",)))
    assert ask(provider_of(archive, Watch()), RECORDS).identifiers == ["oai:kutubxona.example:1"]


def test_a_record_tells_the_whole_way_it_came():
    first = Origin(
        base_url="http://manba.example/oai?a=1&b=2",
        identifier="oai:manba.example:<1>",
        datestamp="2019-05-05",
        namespace=DUBLIN_CORE.namespace,
        harvested_at=LONG_AGO,
        altered=False,
    )
    origin = replace(first, base_url="http://vositachi.example/oai", altered=True, earlier=first)
    archive = stocked(dublin_core("bir"))
    archive.put(
        Item("oai:kutubxona.example:0", LONG_AGO, "bir", (), abouts=(provenance(origin), oai_identifier("a", "b")))
    )
    about, other = (found[0] for found in ask(provider_of(archive, Watch()), GET + "0").root.iter("{*}about"))
    ns = {"p": f"{OAI}/2.0/provenance"}
    assert about.tag == f"{{{ns['p']}}}provenance"
    assert about.xpath("count(//p:originDescription/p:originDescription)", namespaces=ns) == 1
    (nearest, farthest) = about.iter(f"{{{ns['p']}}}originDescription")
    assert dict(nearest.attrib) == {"harvestDate": "2020-01-01T00:00:00Z", "altered": "true"}
    assert dict(farthest.attrib) == {"harvestDate": "2020-01-01T00:00:00Z", "altered": "false"}
    assert [part.text for part in farthest] == [
        "http://manba.example/oai?a=1&b=2",
        "oai:manba.example:<1>",
        "2019-05-05",
        DUBLIN_CORE.namespace,
    ]
    assert other.tag == f"{{{OAI}/2.0/oai-identifier}}oai-identifier"


def test_the_repository_describes_itself_and_leaves_out_what_is_broken(caplog):
    archive = MemoryArchive()
    archive.about_it = replace(
        archive.about_it,
        name="Arxiv <&> \x0bsinov",
        admin_emails=("bir@kutubxona.example", "ikki@kutubxona.example"),
        compressions=("gzip",),
        descriptions=(
            oai_identifier("kutubxona.example", "oai:kutubxona.example:1"),
            friends(["http://doʻst.example/oai?a&b", "http://ikki.example/oai"]),
            b"<broken",
            eprints(
                about=Policy(text="Asarlar & <maqolalar>"),
                metadata=Policy(url="http://kutubxona.example/m"),
                data=Policy(text="Erkin", url="http://kutubxona.example/d"),
                submission=Policy(text="Oʻqituvchilar"),
            ),
            branding(icon="http://kutubxona.example/i.png", link="http://kutubxona.example/", title="Kutubxona"),
        ),
    )
    identity = ask(provider_of(archive, Watch()), "verb=Identify").one("Identify")
    assert identity.findtext("{*}repositoryName") == "Arxiv <&> sinov"
    assert [email.text for email in identity.iter("{*}adminEmail")] == list(archive.about_it.admin_emails)
    assert [found.text for found in identity.iter("{*}compression")] == ["gzip"]
    assert [found[0].tag for found in identity.iter("{*}description")] == [
        f"{{{OAI}/2.0/oai-identifier}}oai-identifier",
        f"{{{OAI}/2.0/friends/}}friends",
        f"{{{OAI}/1.1/eprints}}eprints",
        f"{{{OAI}/2.0/branding/}}branding",
    ]
    location = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
    for found in identity.iter("{*}description"):
        assert found[0].attrib[location].split()[0] == etree.QName(found[0]).namespace
    ns = {"e": f"{OAI}/1.1/eprints"}
    (policies,) = identity.iter(f"{{{ns['e']}}}eprints")
    assert policies.xpath("string(e:content/e:text)", namespaces=ns) == "Asarlar & <maqolalar>"
    assert [etree.QName(part).localname for part in policies.xpath("e:dataPolicy/*", namespaces=ns)] == ["URL", "text"]
    assert "A description of the repository is left out" in caplog.text


def test_sets_have_their_descriptions():
    sets = (
        OaiSet(spec="a", name="A & B", description=set_description("Hammasi <bu yerda>")),
        OaiSet(spec="a:b", name="Qism"),
        OaiSet(spec="a:c", name="Buzuq", description=b"<broken"),
    )
    answer = ask(provider_of(MemoryArchive(sets=sets), Watch()), "verb=ListSets")
    assert answer.texts("setSpec") == ["a", "a:b", "a:c"]
    assert answer.texts("setName") == ["A & B", "Qism", "Buzuq"]
    (description,) = answer.root.iter("{*}setDescription")
    assert description[0].tag == f"{{{DUBLIN_CORE.namespace}}}dc"
    assert "".join(description.itertext()) == "Hammasi <bu yerda>"


def test_people_with_a_browser_are_given_a_stylesheet_and_nobody_else():
    archive = MemoryArchive()
    styled = provider_of(archive, Watch(), stylesheet='/static/oai.xsl?a=1&b="2"?>')
    for query in ("verb=Identify", "verb=none"):
        answer = ask(styled, query)
        instruction = answer.root.getprevious()
        assert instruction is not None
        assert instruction.target == "xml-stylesheet"
        assert unescape(instruction.get("href")) == '/static/oai.xsl?a=1&b="2"?>'
        assert instruction.get("type") == "text/xsl"
        assert ask(provider_of(archive, Watch()), query).root.getprevious() is None
