"""A record as the OpenAIRE guidelines for literature repositories (version 4) want it, and as DataCite (4.5) does."""

from __future__ import annotations

from collections.abc import Iterator

from library.domain.description import Creator, CreatorRole, Terms
from library.projections import oai_item as xml
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi
from library.projections.oai_item import Work, leaf, leaves, said
from library.projections.oai_vocabularies import Access, languages, type_words
from library.projections.plain_text import clean

OPENAIRE = "http://namespace.openaire.eu/schema/oaire/"
OPENAIRE_SCHEMA = "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd"
DATACITE = "http://datacite.org/schema/kernel-4"
DATACITE_SCHEMA = "http://schema.datacite.org/meta/kernel-4.5/metadata.xsd"

_OPENAIRE_OPENING = xml.opening(
    "oaire:resource",
    f'xmlns:oaire="{OPENAIRE}" xmlns:datacite="{DATACITE}" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    OPENAIRE,
    OPENAIRE_SCHEMA,
)
_DATACITE_OPENING = xml.opening("resource", f'xmlns="{DATACITE}"', DATACITE, DATACITE_SCHEMA)
# Words of DataCite's own list.
_ROLES = {
    CreatorRole.EDITOR: "Editor",
    CreatorRole.COMPILER: "Editor",
    CreatorRole.SUPERVISOR: "Supervisor",
    CreatorRole.BODY: "HostingInstitution",
}


def oai_openaire(work: Work) -> bytes:
    """The record with everything that the guidelines call mandatory: for works with a creator and a year."""
    facts, words = work.description, type_words(work.description)
    body = (
        _titles(work, "datacite:"),
        _creators(work, "datacite:"),
        _contributors(work, "datacite:"),
        _related(work, "datacite:"),
        _alternate(work, "datacite:"),
        f"<datacite:dates>{_openaire_dates(work)}</datacite:dates>",
        leaves("dc:language", languages(facts)),
        leaves("dc:publisher", facts.publishers),
        leaf(
            "oaire:resourceType", words.name, said("resourceTypeGeneral", words.general) + said("uri", words.coar_uri)
        ),
        leaves("dc:description", (facts.abstract, *facts.contents)),
        leaves("dc:format", (file.media_type for file in work.files)),
        leaf("datacite:identifier", *_identifier(work)),
        leaf("datacite:rights", work.access.value, said("rightsURI", work.access.coar_uri)),
        _subjects(work, "datacite:"),
        leaf("oaire:licenseCondition", work.licence, said("uri", work.licence)),
        "".join(_files(work)),
        _citation(work),
    )
    return f"{_OPENAIRE_OPENING}{''.join(body)}</oaire:resource>".encode()


def datacite(work: Work) -> bytes:
    """The record as a resource with a DOI: for works with a DOI, a creator, a publisher and a year."""
    facts, words = work.description, type_words(work.description)
    access = leaf("rights", work.access.value, said("rightsURI", work.access.coar_uri))
    terms = "".join(_rights(one) for one in work.terms)
    available = leaf("date", str(work.opens_on or ""), said("dateType", "Available"))
    year = str(part.year(facts) or "")
    body = (
        leaf("identifier", doi(facts), said("identifierType", "DOI")),
        _creators(work, ""),
        _titles(work, ""),
        leaf("publisher", part.publisher(facts)),
        leaf("publicationYear", year),
        leaf("resourceType", words.name, said("resourceTypeGeneral", words.datacite)),
        _subjects(work, ""),
        _contributors(work, ""),
        f"<dates>{leaf('date', year, said('dateType', 'Issued'))}{available}</dates>",
        leaf("language", next(iter(languages(facts)), "")),
        _alternate(work, ""),
        _related(work, ""),
        _group("formats", leaves("format", (file.media_type for file in work.files))),
        f"<rightsList>{access}{terms}</rightsList>",
        _group("descriptions", leaves("description", (facts.abstract,), said("descriptionType", "Abstract"))),
    )
    return f"{_DATACITE_OPENING}{''.join(body)}</resource>".encode()


def _rights(terms: Terms) -> str:
    return leaf("rights", clean(terms.text) or terms.url, said("rightsURI", terms.url) if terms.url else "")


def _group(name: str, elements: str) -> str:
    return f"<{name}>{elements}</{name}>" if elements else ""


def _titles(work: Work, prefix: str) -> str:
    facts = work.description
    own = leaf(f"{prefix}title", part.work_title(facts) or facts.title)
    others = leaves(f"{prefix}title", facts.parallel_titles, said("titleType", "TranslatedTitle"))
    return _group(f"{prefix}titles", own + others)


def _creators(work: Work, prefix: str) -> str:
    each = "".join(
        _group(f"{prefix}creator", leaf(f"{prefix}creatorName", name, _name_type(one)) + _orcid(one, prefix))
        for one in xml.creators(work.description)
        for name in xml.texts((one.name,))
    )
    return _group(f"{prefix}creators", each)


def _contributors(work: Work, prefix: str) -> str:
    each = "".join(
        f"<{prefix}contributor{said('contributorType', _ROLES.get(one.role, 'Other'))}>"
        f"{leaf(f'{prefix}contributorName', name, _name_type(one))}{_orcid(one, prefix)}</{prefix}contributor>"
        for one in xml.contributors(work.description)
        for name in xml.texts((one.name,))
    )
    return _group(f"{prefix}contributors", each)


def _orcid(creator: Creator, prefix: str) -> str:
    scheme = said("nameIdentifierScheme", "ORCID") + said("schemeURI", "https://orcid.org")
    return leaf(f"{prefix}nameIdentifier", creator.orcid, scheme)


def _name_type(creator: Creator) -> str:
    return said("nameType", "Organizational" if xml.is_body(creator) else "Personal")


def _openaire_dates(work: Work) -> str:
    issued = leaf("datacite:date", str(part.year(work.description) or ""), said("dateType", "Issued"))
    if work.access is not Access.EMBARGOED:
        return issued
    # The guidelines want the beginning of an embargo too; the publication is when it began.
    began = leaf("datacite:date", str(part.year(work.description) or ""), said("dateType", "Accepted"))
    return issued + began + leaf("datacite:date", str(work.opens_on), said("dateType", "Available"))


def _identifier(work: Work) -> tuple[str, str]:
    if found := doi(work.description):
        return found, said("identifierType", "DOI")
    return work.address, said("identifierType", "URL")


def _alternate(work: Work, prefix: str) -> str:
    """The address of the page beside a DOI, and the ISBN of the work itself."""
    facts, name = work.description, f"{prefix}alternateIdentifier"
    own = leaf(name, work.address, said("alternateIdentifierType", "URL")) if doi(facts) else ""
    books = leaves(name, facts.isbns, said("alternateIdentifierType", "ISBN"))
    return _group(f"{prefix}alternateIdentifiers", own + books)


def _related(work: Work, prefix: str) -> str:
    """What the work is part of, by ISSN or ISBN."""
    host, facts = host_of_part(work.description), work.description
    issns = (*facts.issns, *((host.issn,) if host is not None else ()))
    isbns = (host.isbn,) if host is not None else ()
    name, part_of = f"{prefix}relatedIdentifier", said("relationType", "IsPartOf")
    each = leaves(name, issns, said("relatedIdentifierType", "ISSN") + part_of)
    each += leaves(name, isbns, said("relatedIdentifierType", "ISBN") + part_of)
    return _group(f"{prefix}relatedIdentifiers", each)


def _subjects(work: Work, prefix: str) -> str:
    facts, name = work.description, f"{prefix}subject"
    each = leaves(name, (*facts.subjects, *facts.keywords)) + leaves(name, facts.udc, said("subjectScheme", "UDC"))
    return _group(f"{prefix}subjects", each)


def _files(work: Work) -> Iterator[str]:
    for file in work.files:
        kind = said("mimeType", file.media_type) + said("objectType", "fulltext")
        yield leaf("oaire:file", file.url, said("accessRightsURI", work.access.coar_uri) + kind)


def _citation(work: Work) -> str:
    host = host_of_part(work.description)
    if host is None:
        return ""
    first, last = part.pages(host)
    return "".join(
        (
            leaf("oaire:citationTitle", part.host_title(host)),
            leaf("oaire:citationVolume", part.figure(host.volume)),
            leaf("oaire:citationIssue", part.figure(host.issue)),
            leaf("oaire:citationStartPage", first),
            leaf("oaire:citationEndPage", last),
        )
    )
