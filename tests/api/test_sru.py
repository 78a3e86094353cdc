"""The catalogue answers other libraries' searches by SRU, in each version's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import event

from harvest.sru.cql import parse
from library.services.search import DEEPEST_HIT, LARGEST_PAGE
from library.services.sru import page_around
from tests.api.conftest import BASE, Stacks
from tests.web.shelves import ALGEBRAS

# One more record has the word elsewhere than in its title.
FOUND = ALGEBRAS + 1

OLD, NEW = "http://www.loc.gov/zing/srw/", "http://docs.oasis-open.org/ns/search-ws/sruResponse"
SLIM = "{http://www.loc.gov/MARC21/slim}"
ZEEREX = {"z": "http://explain.z3950.org/dtd/2.0/"}
FORM = "application/x-www-form-urlencoded"
Ask = Callable[..., etree._Element]


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """The answer to these parameters, read by a parser that forgives nothing."""

    def asked(**parameters: str) -> etree._Element:
        response = client.get("/sru", query_string=parameters)
        assert (response.status_code, response.mimetype) == (200, "text/xml")
        return etree.fromstring(response.data)

    return asked


def old(**parameters: str) -> dict[str, str]:
    return {"version": "1.2", "operation": "searchRetrieve", **parameters}


def texts(root: etree._Element, name: str) -> list[str]:
    """The texts of all elements with this local name."""
    return [element.text or "" for element in root.iter(f"{{*}}{name}")]


def total(root: etree._Element) -> int:
    (number,) = texts(root, "numberOfRecords")
    return int(number)


def diagnostics(root: etree._Element) -> list[int]:
    return [int(uri.removeprefix("info:srw/diagnostic/1/")) for uri in texts(root, "uri")]


def identifiers(ask: Ask, query: str, **parameters: str) -> list[str]:
    return texts(ask(**old(query=query, maximumRecords="100", **parameters)), "recordIdentifier")


@pytest.mark.parametrize(
    ("parameters", "namespace"),
    [
        (old(query="algebra"), OLD),
        (old(query="algebra", version="1.1"), OLD),
        ({"query": "algebra"}, NEW),
        ({"query": "algebra", "version": "2.0", "operation": "searchRetrieve"}, NEW),
    ],
)
def test_each_version_is_answered_in_its_own_words(ask: Ask, parameters: dict[str, str], namespace: str) -> None:
    root = ask(**parameters)
    assert root.tag == f"{{{namespace}}}searchRetrieveResponse"
    assert total(root) == FOUND
    assert texts(root, "version") == ([parameters["version"]] * 2 if namespace == OLD else [])
    assert texts(root, "recordPacking" if namespace == OLD else "recordXMLEscaping") == ["xml"] * 11
    assert texts(root, "recordPosition") == [str(place) for place in range(1, 11)]
    assert texts(root, "nextRecordPosition") == ["11"]
    assert diagnostics(root) == []


def test_a_result_is_turned_over_without_loss_whatever_the_pages(ask: Ask) -> None:
    query = "algebra sortBy dc.title"
    whole = identifiers(ask, query)
    assert len(set(whole)) == FOUND
    for size in (1, 4, 7, 20, 44):
        paged: list[str] = []
        start = "1"
        while start:
            root = ask(**old(query=query, startRecord=start, maximumRecords=str(size)))
            paged += texts(root, "recordIdentifier")
            start = "".join(texts(root, "nextRecordPosition"))
        assert paged == whole


@settings(max_examples=200, deadline=None)
@given(st.integers(1, DEEPEST_HIT), st.integers(1, LARGEST_PAGE))
def test_hits_from_any_place_stand_on_one_page_of_the_index(start: int, count: int) -> None:
    page, size = page_around(start, count)
    assert (page - 1) * size < start
    assert start + count - 1 <= page * size
    assert size <= start + count


def test_it_describes_itself(ask: Ask) -> None:
    for parameters, namespace, version in (
        ({}, NEW, "2.0"),
        ({"operation": "explain"}, OLD, "1.2"),
        ({"operation": "explain", "version": "1.1"}, OLD, "1.1"),
    ):
        root = ask(**parameters)
        assert root.tag == f"{{{namespace}}}explainResponse"
        (explain,) = root.iter(f"{{{ZEEREX['z']}}}explain")
        assert explain.find("z:serverInfo", ZEEREX).get("version") == version
        assert [
            explain.findtext(f"z:serverInfo/z:{name}", namespaces=ZEEREX) for name in ("host", "port", "database")
        ] == [
            "kutubxona.example",
            "443",
            "sru",
        ]
        assert "Universitet" in explain.findtext("z:databaseInfo/z:title", namespaces=ZEEREX)
        schemas = [schema.get("name") for schema in explain.iterfind("z:schemaInfo/z:schema", ZEEREX)]
        assert schemas[0] == "marcxml"
        assert {"dc", "mods", "unimarcxchange", "irbisxchange"} <= set(schemas)


def test_every_index_of_the_description_can_be_searched_by_all_its_relations_and_names(ask: Ask) -> None:
    (explain,) = ask().iter(f"{{{ZEEREX['z']}}}explain")
    asked = 0
    for index in explain.iterfind("z:indexInfo/z:index", ZEEREX):
        for name in index.iterfind("z:map/z:name", ZEEREX):
            for relation in index.iterfind("z:configInfo/z:supports", ZEEREX):
                term = {"within": '"2010 2015"', "cql.allrecords": "1"}.get(relation.text or "", "2019")
                term = "1" if name.text == "allrecords" else term
                root = ask(query=f"{name.get('set')}.{name.text} {relation.text} {term}", maximumRecords="0")
                assert diagnostics(root) == [], f"{name.text} {relation.text}"
                asked += 1
        if index.get("sort") == "true":
            (first, *_) = index.iterfind("z:map/z:name", ZEEREX)
            assert diagnostics(ask(query=f"algebra sortBy {first.get('set')}.{first.text}")) == []
    assert asked > 50


def test_records_come_as_marcxml_whatever_their_dialect(ask: Ask, stacks: Stacks) -> None:
    root = ask(**old(query="cql.allRecords=1", maximumRecords="100"))
    published = ALGEBRAS + 7
    assert total(root) == published
    assert len(list(root.iter(f"{SLIM}leader"))) == published
    numbers = texts(root, "recordIdentifier")
    assert str(stacks.shelves.withdrawn) not in numbers
    assert str(stacks.shelves.draft) not in numbers
    assert str(stacks.nasty) in numbers


@pytest.mark.parametrize(
    ("schema", "tag"),
    [
        ("marcxml", f"{SLIM}record"),
        ("info:srw/schema/1/marcxml-v1.1", f"{SLIM}record"),
        ("MARCXML", f"{SLIM}record"),
        ("http://www.loc.gov/MARC21/slim", f"{SLIM}record"),
        ("dc", "{info:srw/schema/1/dc-schema}dc"),
        ("info:srw/schema/1/dc-v1.1", "{info:srw/schema/1/dc-schema}dc"),
        ("oai_dc", "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"),
        ("mods", "{http://www.loc.gov/mods/v3}mods"),
        ("info:srw/schema/1/mods-v3.5", "{http://www.loc.gov/mods/v3}mods"),
    ],
)
def test_records_come_in_the_schema_that_is_asked_for(ask: Ask, stacks: Stacks, schema: str, tag: str) -> None:
    for query in ("algebra", f"rec.identifier={stacks.nasty}", f"rec.identifier={stacks.shelves.irbis}"):
        root = ask(query=query, recordSchema=schema, maximumRecords="3")
        data = [element[0] for element in root.iter("{*}recordData")]
        assert {element.tag for element in data} == {tag}
        packed = ask(query=query, recordSchema=schema, maximumRecords="3", recordXMLEscaping="string")
        as_text = [etree.fromstring(text) for text in texts(packed, "recordData")]
        assert [etree.tostring(one, method="c14n2") for one in as_text] == [
            etree.tostring(one, method="c14n2", with_tail=False) for one in data
        ]


def test_a_record_that_is_not_in_the_schema_costs_only_itself(ask: Ask, stacks: Stacks) -> None:
    numbers = (stacks.shelves.textbook, stacks.shelves.irbis, stacks.shelves.unimarc)
    query = f'rec.identifier any "{" ".join(map(str, numbers))}"'
    root = ask(**old(query=query, recordSchema="unimarcxchange"))
    schemas = texts(root.find("{*}records"), "recordSchema")
    assert [schema.rpartition("/")[2].rpartition(":")[2] for schema in schemas] == [
        "diagnostics-v1.1",
        "diagnostics-v1.1",
        "unimarcxchange",
    ]
    assert diagnostics(root) == [67, 67]
    (record,) = root.iter("{info:lc/xmlns/marcxchange-v1}record")
    assert record.get("format") == "UNIMARC"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("matematika", True),
        ("МАТЕМАТИКА", True),
        ('dc.title="oliy matematika"', True),
        ('dc.title all "matematika oliy"', True),
        ('title any "matematika yoʻqbunday"', True),
        ('dc.title adj "matematika oliy"', False),
        ("dc.title = matem*", True),
        ('dc.creator = "Yo. U. Soatov"', True),
        ("dc.creator all soatov and dc.date = 2019", True),
        ("bath.isbn = 978-9943-22-551-0", True),
        ('bath.isbn = "978 9943 22 551 0"', True),
        ("dc.identifier == 9789943225510", True),
        ("lib.udc = 517", True),
        ("lib.udc = 51", True),
        ("dc.title=matematika and dc.language=uz", True),
        ("dc.title=matematika and dc.language=uzb and dc.type=textbook", True),
        ("dc.title=matematika and dc.language=rus", False),
        ("dc.title=matematika and (dc.language=rus or dc.language=uzb)", True),
        ('dc.title=matematika and dc.date within "2015 2020"', True),
        ("dc.title=matematika and dc.date > 2018 and dc.date <= 2019", True),
        ("dc.title=matematika and dc.date > 2019", False),
        ("dc.title=matematika and dc.date < 2019", False),
        ('dc.title=matematika and dc.date any "2018 2019"', True),
        ("dc.title=matematika and dc.date=2018 and dc.date=2019", False),
        ("matematika not soatov", False),
        ("matematika not dc.title=algebra", True),
        ('> d = "info:srw/cql-context-set/1/dc-v1.1" d.title = matematika', True),
        ('> "info:srw/cql-context-set/1/dc-v1.1" title = matematika', True),
        ("dc.title all/stem/cql.ignoreCase matematika", True),
        ("matematyka", False),
    ],
)
def test_queries_find_what_they_say(ask: Ask, stacks: Stacks, query: str, *, found: bool) -> None:
    root = ask(**old(query=query, maximumRecords="100"))
    assert diagnostics(root) == []
    assert (str(stacks.shelves.textbook) in texts(root, "recordIdentifier")) == found


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("alisher navoiy", 10),
        ("(algebra", 13),
        ('"algebra', 14),
        ("nosuch.title=x", 15),
        ("dc.nosuch=x", 16),
        ("nosuch=x", 16),
        ("dc.title=x and rec.identifier=5", 18),
        ("dc.title=x or dc.date=2010", 18),
        ("dc.title=x not dc.language=uzb", 18),
        ("dc.language=uzb and dc.language=rus", 18),
        ("dc.title cql.nosuch x", 19),
        ("dc.title dc.any x", 19),
        ("dc.title <> x", 19),
        ("dc.title =/fuzzy x", 20),
        ("dc.title exact x", 22),
        ("dc.title < x", 22),
        (r"dc.title = a\bc", 26),
        ('dc.title = ""', 27),
        ('dc.title = "!!!"', 27),
        ("dc.title = alg?bra", 28),
        ("ab* and cd* and ef* and gh* and ij*", 30),
        ("^algebra", 31),
        ('dc.title adj "oliy matem*"', 33),
        ("dc.date = 20th", 36),
        ("dc.date within 2010", 36),
        ('dc.language = "uzb rus"', 36),
        ("rec.identifier = x", 36),
        ("cql.allRecords = 2", 36),
        ("dc.title = x prox dc.title = y", 39),
        ("dc.title = x and/rel.combine=sum dc.title = y", 46),
        ("*algebra", 49),
        ("a*", 29),
        ("alg*bra", 49),
        ("cql.resultSetId = 5", 50),
        ("algebra sortBy dc.publisher", 80),
        ("algebra sortBy dc.title dc.date", 84),
        ("algebra sortBy dc.title/sort.descending", 90),
        ("algebra sortBy dc.title/sort.respectCase", 91),
        ("algebra sortBy dc.title/sort.missingFail", 92),
        ("a " * 4000, 10),
        ("algebra" * 2000, 12),
        ('dc.title any "' + "a " * 501 + '"', 12),
    ],
)
def test_what_cannot_be_answered_is_told_by_its_own_diagnostic(ask: Ask, query: str, number: int) -> None:
    for parameters in (old(query=query), {"query": query}):
        root = ask(**parameters)
        assert diagnostics(root) == [number]
        assert total(root) == 0
        assert not list(root.iter("{*}recordData"))


@pytest.mark.parametrize(
    ("parameters", "number", "name"),
    [
        (old(query="x", version="3.0"), 5, "searchRetrieveResponse"),
        ({"query": "x", "version": "1.3"}, 5, "searchRetrieveResponse"),
        ({"operation": "searchRetrieve", "query": "x"}, 7, "searchRetrieveResponse"),
        ({"version": "1.2", "query": "x"}, 7, "searchRetrieveResponse"),
        (old(), 7, "searchRetrieveResponse"),
        (old(query=" "), 7, "searchRetrieveResponse"),
        ({"version": "1.2", "operation": "fly"}, 4, "explainResponse"),
        ({"version": "1.2", "operation": "scan", "scanClause": "x"}, 4, "scanResponse"),
        ({"scanClause": "x"}, 4, "scanResponse"),
        ({"query": "x", "queryType": "searchTerms"}, 6, "searchRetrieveResponse"),
        (old(query="x", startRecord="0"), 6, "searchRetrieveResponse"),
        (old(query="x", startRecord="one"), 6, "searchRetrieveResponse"),
        (old(query="x", maximumRecords="-1"), 6, "searchRetrieveResponse"),
        (old(query="x", maximumRecords="9" * 30), 6, "searchRetrieveResponse"),
        (old(query="x", recordSchema="nosuch"), 66, "searchRetrieveResponse"),
        (old(query="x", recordPacking="zip"), 71, "searchRetrieveResponse"),
        ({"query": "x", "recordPacking": "unpacked"}, 71, "searchRetrieveResponse"),
        ({"query": "x", "recordXMLEscaping": "zip"}, 71, "searchRetrieveResponse"),
        (old(query="x", recordXPath="//title"), 72, "searchRetrieveResponse"),
        (old(query="algebra", startRecord=str(DEEPEST_HIT + 1)), 61, "searchRetrieveResponse"),
    ],
)
def test_parameters_that_cannot_be_obeyed_are_told(
    ask: Ask, parameters: dict[str, str], number: int, name: str
) -> None:
    root = ask(**parameters)
    assert etree.QName(root).localname == name
    assert diagnostics(root) == [number]
    assert not list(root.iter("{*}records"))


def test_what_only_a_loosened_spelling_finds_is_not_found(ask: Ask) -> None:
    for start in ("1", "2", "50", "9999"):
        root = ask(**old(query="matematyka", startRecord=start))
        assert (total(root), diagnostics(root)) == (0, [])


def test_a_question_of_many_parameters_is_answered_at_once_and_a_huge_one_not_read(client: FlaskClient) -> None:
    many = client.post("/sru", data="&".join(f"p{number}=1" for number in range(8000)), content_type=FORM)
    assert len(diagnostics(etree.fromstring(many.data))) == 10
    assert client.post("/sru", data=b"query=" + b"a" * (1 << 20), content_type=FORM).status_code == 413


def test_a_parameter_sent_twice_is_refused(client: FlaskClient) -> None:
    root = etree.fromstring(client.get("/sru?query=algebra&query=other").data)
    assert diagnostics(root) == [6]


@pytest.mark.parametrize(
    ("parameters", "remarks"),
    [
        ({"x-info-3-page": "5"}, []),
        ({"nosuch": "5"}, [8]),
        ({"stylesheet": "/mine.xsl"}, [110]),
        ({"startRecord": str(FOUND + 1)}, [61]),
        ({"sortKeys": "dc.title", "query": "algebra sortBy dc.date"}, [94]),
    ],
)
def test_remarks_stand_beside_the_answer(ask: Ask, parameters: dict[str, str], remarks: list[int]) -> None:
    root = ask(**old(**{"query": "algebra", **parameters}))
    assert diagnostics(root) == remarks
    assert total(root) == FOUND


def test_at_most_so_many_records_come_at_once_and_none_if_none_are_wanted(ask: Ask) -> None:
    root = ask(**old(query="cql.allRecords=1", maximumRecords="100000"))
    assert texts(root, "maximumRecords") == [str(LARGEST_PAGE)]
    assert total(ask(**old(query="algebra", maximumRecords="0"))) == FOUND


@pytest.mark.parametrize(
    ("newest_first", "oldest_first"),
    [
        ({"query": "cql.allRecords=1 sortBy dc.date/sort.descending"}, {"query": "cql.allRecords=1 sortBy dc.date"}),
        (
            {"query": "cql.allRecords=1", "sortKeys": "dc.date,,0"},
            {"query": "cql.allRecords=1", "sortKeys": "date,dc,1"},
        ),
    ],
)
def test_results_are_sorted(ask: Ask, newest_first: dict[str, str], oldest_first: dict[str, str]) -> None:
    def years(parameters: dict[str, str]) -> list[str]:
        root = ask(**old(**parameters, recordSchema="dc", maximumRecords="100"))
        return texts(root, "date")

    assert years(newest_first) == sorted(years(newest_first), reverse=True)
    assert years(oldest_first) == sorted(years(oldest_first))


def test_a_question_can_be_sent_by_post(client: FlaskClient) -> None:
    response = client.post("/sru", data=old(query="algebra or " * 99 + "algebra"))
    assert response.status_code == 200
    assert total(etree.fromstring(response.data)) == FOUND


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["operation", "version", "query", "startRecord", "recordSchema", "recordPacking", "sortKeys", "x-y", "z"]
        ),
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                ["1.1", "1.2", "2.0", "searchRetrieve", "explain", "dc", "string", "algebra", "\x00\x1b\ufffe"]
            ),
        ),
    )
)
def test_whatever_is_asked_the_answer_is_whole_xml(client: FlaskClient, parameters: dict[str, str]) -> None:
    response = client.get("/sru", query_string=parameters)
    assert response.status_code == 200
    root = etree.fromstring(response.data)
    assert etree.QName(root).localname in ("searchRetrieveResponse", "explainResponse", "scanResponse")


def test_the_query_is_told_back_as_it_was_understood(ask: Ask) -> None:
    query = 'dc.title all "алгебра <&>" and algebra'
    (echoed,) = texts(ask(query=query), "query")
    assert parse(echoed) == parse(query)


def test_the_number_of_queries_does_not_grow_with_the_records(ask: Ask, stacks: Stacks) -> None:
    statements: list[str] = []
    engine = stacks.shelves.container.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    ask(query="algebra")
    event.listen(engine, "before_cursor_execute", note)
    try:
        counts = []
        for schema in ("marcxml", "dc", "mods"):
            for size in ("1", "40"):
                statements.clear()
                ask(query="algebra", recordSchema=schema, maximumRecords=size)
                counts.append(len([one for one in statements if one.startswith("SELECT")]))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 2
    assert counts[2] == counts[3] == counts[4] == counts[5] <= 4


@pytest.mark.parametrize("host", ["kutubxona.example:99999", "kutubxona.example:x", "[::1", "<&>"])
def test_a_false_name_of_the_host_is_not_believed_and_breaks_nothing(without_index: FlaskClient, host: str) -> None:
    response = without_index.get("/sru", headers={"Host": host})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        etree.fromstring(response.data)


def test_without_an_index_the_server_says_to_come_later(without_index: FlaskClient) -> None:
    root = etree.fromstring(without_index.get("/sru?query=algebra").data)
    assert diagnostics(root) == [2]


def test_it_is_not_for_crawlers_and_guarded_like_all_pages(portal: Flask) -> None:
    response = portal.test_client().get("/sru")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert BASE not in response.headers.get("Location", "")
