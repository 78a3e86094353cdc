"""A record in Dublin Core: plain (oai_dc, as OpenAIRE 3 reads it), and qualified by the terms of DCMI."""

from __future__ import annotations

from collections.abc import Iterator

from library.projections import oai_item as xml
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi
from library.projections.oai_item import Work, leaf, leaves
from library.projections.oai_vocabularies import languages, type_words

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
QDC = "http://worldcat.org/xmlschemas/qdc-1.0/"
QDC_SCHEMA = "http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"

_OAI_DC_OPENING = xml.opening("oai_dc:dc", f'xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"', OAI_DC, OAI_DC_SCHEMA)
_QDC_OPENING = xml.opening(
    "qdc:qualifieddc", f'xmlns:qdc="{QDC}" xmlns:dc="{DC}" xmlns:dcterms="{DCTERMS}"', QDC, QDC_SCHEMA
)


def oai_dc(work: Work) -> bytes:
    """The record in the fifteen elements."""
    facts = work.description
    body = (
        leaf("dc:title", part.work_title(facts) or facts.title),
        leaves("dc:title", facts.parallel_titles),
        leaves("dc:creator", (one.name for one in xml.creators(facts))),
        leaves("dc:subject", (*facts.subjects, *facts.keywords, *(f"UDC {notation}" for notation in facts.udc))),
        leaves("dc:description", (facts.abstract, *facts.contents)),
        leaves("dc:publisher", facts.publishers),
        leaves("dc:contributor", (one.name for one in xml.contributors(facts))),
        leaf("dc:date", _year(work)),
        leaf("dc:date", f"info:eu-repo/date/embargoEnd/{work.opens_on}" if work.opens_on else ""),
        leaves("dc:type", (type_words(facts).driver_uri, type_words(facts).name, type_words(facts).dcmi)),
        leaves("dc:format", (file.media_type for file in work.files)),
        leaves("dc:identifier", _identifiers(work)),
        leaves("dc:source", _source(work)),
        leaves("dc:language", languages(facts)),
        leaves("dc:relation", facts.series),
        leaves("dc:rights", (work.access.driver_uri, *(one.url or one.text for one in work.terms))),
    )
    return f"{_OAI_DC_OPENING}{''.join(body)}</oai_dc:dc>".encode()


def qdc(work: Work) -> bytes:
    """The record in the elements of DCMI with their refinements.

    Encoding schemes are not named: a validator that does not know DCMI's schema takes an `xsi:type` for an error.
    """
    facts = work.description
    body = (
        leaf("dc:title", part.work_title(facts) or facts.title),
        leaves("dcterms:alternative", facts.parallel_titles),
        leaves("dc:creator", (one.name for one in xml.creators(facts))),
        leaves("dc:subject", (*facts.subjects, *facts.keywords, *(f"UDC {notation}" for notation in facts.udc))),
        leaves("dcterms:abstract", (facts.abstract,)),
        leaves("dcterms:tableOfContents", facts.contents),
        leaves("dc:publisher", facts.publishers),
        leaves("dc:contributor", (one.name for one in xml.contributors(facts))),
        leaf("dcterms:issued", _year(work)),
        leaf("dcterms:available", str(work.opens_on or "")),
        leaf("dc:type", type_words(facts).dcmi),
        leaf("dc:type", type_words(facts).name),
        leaves("dc:format", (file.media_type for file in work.files)),
        leaves("dcterms:extent", (facts.extent,)),
        leaf("dc:identifier", work.address),
        leaves("dc:identifier", (file.url for file in work.files)),
        leaves("dc:identifier", _numbers(work)),
        leaves("dcterms:isPartOf", (*_source(work), *facts.series)),
        leaves("dc:language", languages(facts)),
        leaf("dcterms:accessRights", work.access.value),
        leaves("dcterms:license", (one.url for one in work.terms)),
        leaves("dc:rights", (one.text for one in work.terms if not one.url)),
    )
    return f"{_QDC_OPENING}{''.join(body)}</qdc:qualifieddc>".encode()


def _year(work: Work) -> str:
    return str(part.year(work.description) or "")


def _identifiers(work: Work) -> Iterator[str]:
    yield work.address
    yield from (file.url for file in work.files)
    yield from _numbers(work)


def _numbers(work: Work) -> Iterator[str]:
    facts = work.description
    if found := doi(facts):
        yield f"https://doi.org/{found}"
    yield from (f"urn:isbn:{isbn}" for isbn in facts.isbns)
    yield from (f"urn:issn:{issn}" for issn in facts.issns)


def _source(work: Work) -> tuple[str, ...]:
    """What an article or a volume is part of, with volume, issue and pages."""
    host = host_of_part(work.description)
    if host is None:
        return ()
    return (", ".join(text for text in (part.host_title(host), host.volume, host.issue, host.pages) if text),)
