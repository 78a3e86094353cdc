"""The answers of SRU have the elements of their version, in its order, and explain those of ZeeRex 2.0."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import etree

# After the schemas of SRU 1.1, 1.2 (Library of Congress) and 2.0 (OASIS); only what this server may give.
RELAX_NG = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{space}" xmlns:d="{diagnostics}"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><choice>
    <element name="searchRetrieveResponse"><ref name="version"/>
      <element name="numberOfRecords"><data type="nonNegativeInteger"/></element>
      <optional><element name="records"><oneOrMore><ref name="record"/></oneOrMore></element></optional>
      <optional><element name="nextRecordPosition"><data type="positiveInteger"/></element></optional>
      <optional><element name="echoedSearchRetrieveRequest"><ref name="version"/>
        <element name="query"><text/></element>
        <element name="startRecord"><data type="positiveInteger"/></element>
        <element name="maximumRecords"><data type="nonNegativeInteger"/></element>
        <ref name="packing"/><element name="recordSchema"><text/></element></element></optional>
      <ref name="diagnostics"/></element>
    <element name="explainResponse"><ref name="version"/><ref name="record"/><ref name="diagnostics"/></element>
    <element name="scanResponse"><ref name="version"/><ref name="diagnostics"/></element>
  </choice></start>
  <define name="version">{version}</define>
  <define name="packing"><element name="{packing}"><choice><value>xml</value><value>string</value></choice></element>
  </define>
  <define name="record"><element name="record"><element name="recordSchema"><data type="anyURI"/></element>
    <ref name="packing"/><element name="recordData"><choice><text/><ref name="any"/></choice></element>
    {identifier}
    <optional><element name="recordPosition"><data type="positiveInteger"/></element></optional></element></define>
  <define name="diagnostics"><optional><element name="diagnostics"><oneOrMore>
    <element name="d:diagnostic"><element name="d:uri"><data type="anyURI"/></element>
      <optional><element name="d:details"><text/></element></optional><element name="d:message"><text/></element>
    </element></oneOrMore></element></optional></define>
  <define name="any"><element><anyName/><zeroOrMore><choice><attribute><anyName/></attribute><text/><ref name="any"/>
    </choice></zeroOrMore></element></define>
</grammar>"""
ZEEREX = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://explain.z3950.org/dtd/2.0/"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="explain">
    <element name="serverInfo"><attribute name="protocol"><value>SRU</value></attribute><attribute name="version"/>
      <attribute name="transport"><choice><value>http</value><value>https</value></choice></attribute>
      <attribute name="method"/><element name="host"><text/></element>
      <element name="port"><data type="positiveInteger"/></element><element name="database"><text/></element></element>
    <element name="databaseInfo"><ref name="title"/>
      <element name="description"><attribute name="lang"/><attribute name="primary"/><text/></element>
      <optional><element name="contact"><text/></element></optional></element>
    <optional><element name="metaInfo"><element name="dateModified"><data type="dateTime"/></element></element>
    </optional>
    <element name="indexInfo">
      <oneOrMore><element name="set"><attribute name="name"/><attribute name="identifier"/></element></oneOrMore>
      <oneOrMore><element name="index"><attribute name="search"/><attribute name="scan"/><attribute name="sort"/>
        <ref name="title"/><oneOrMore><element name="map"><element name="name"><attribute name="set"/><text/></element>
        </element></oneOrMore><ref name="configuration"/></element></oneOrMore></element>
    <element name="schemaInfo"><oneOrMore><element name="schema"><attribute name="identifier"/>
      <attribute name="name"/><attribute name="retrieve"/><attribute name="sort"/><ref name="title"/></element>
      </oneOrMore></element>
    <ref name="configuration"/></element></start>
  <define name="title"><element name="title"><optional><attribute name="lang"/></optional>
    <optional><attribute name="primary"/></optional><text/></element></define>
  <define name="configuration"><element name="configInfo"><oneOrMore><choice>
    <element name="default"><attribute name="type"/><text/></element>
    <element name="setting"><attribute name="type"/><text/></element>
    <element name="supports"><attribute name="type"/><text/></element></choice></oneOrMore></element></define>
</grammar>"""
OLD = {"space": "http://www.loc.gov/zing/srw/", "diagnostics": "http://www.loc.gov/zing/srw/diagnostic/"}
NEW = {
    "space": "http://docs.oasis-open.org/ns/search-ws/sruResponse",
    "diagnostics": "http://docs.oasis-open.org/ns/search-ws/diagnostic",
}
QUESTIONS = (
    {"query": "algebra", "maximumRecords": "3"},
    {"query": "cql.allRecords=1", "maximumRecords": "100", "recordSchema": "unimarcxchange"},
    {"query": "cql.allRecords=1", "maximumRecords": "100", "recordSchema": "dc"},
    {"query": "algebra", "startRecord": "999", "nosuch": "1"},
    {"query": "nosuchword"},
    {"query": "("},
    {"query": "algebra", "maximumRecords": "0"},
    {"operation": "explain"},
    {"operation": "fly"},
    {"operation": "scan"},
)


def grammar_of(version: str) -> etree.RelaxNG:
    newest = version == "2.0"
    text = RELAX_NG.format(
        **(NEW if newest else OLD),
        version="<empty/>" if newest else f'<element name="version"><value>{version}</value></element>',
        packing="recordXMLEscaping" if newest else "recordPacking",
        identifier='<optional><element name="recordIdentifier"><text/></element></optional>'
        if version == "1.2"
        else "<empty/>",
    )
    return etree.RelaxNG(etree.fromstring(text))


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("packing", ["xml", "string"])
def test_answers_are_valid_in_their_version(client: FlaskClient, version: str, packing: str) -> None:
    grammar = grammar_of(version)
    for question in QUESTIONS:
        operation = question.get("operation", "searchRetrieve")
        escaping = "recordXMLEscaping" if version == "2.0" else "recordPacking"
        asked = {**question, "version": version, "operation": operation, escaping: packing}
        root = etree.fromstring(client.get("/sru", query_string=asked).data)
        assert grammar.validate(root), f"{asked}: {grammar.error_log.last_error}"


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_the_description_is_valid(client: FlaskClient, version: str) -> None:
    root = etree.fromstring(client.get(f"/sru?operation=explain&version={version}").data)
    (explain,) = root.iter("{http://explain.z3950.org/dtd/2.0/}explain")
    grammar = etree.RelaxNG(etree.fromstring(ZEEREX))
    assert grammar.validate(etree.fromstring(etree.tostring(explain))), grammar.error_log.last_error
