"""A record in MODS 3.8 (Library of Congress), and a dissertation in ETD-MS 1.0 (NDLTD)."""

from __future__ import annotations

from library.domain.description import Creator, CreatorRole
from library.projections import oai_item as xml
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi
from library.projections.oai_item import Work, leaf, leaves, said
from library.projections.oai_vocabularies import languages, type_words
from library.projections.plain_text import clean, element

MODS = "http://www.loc.gov/mods/v3"
MODS_SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
ETDMS = "http://www.ndltd.org/standards/metadata/etdms/1.0/"
ETDMS_SCHEMA = "http://www.ndltd.org/standards/metadata/etdms/1.0/etdms.xsd"

_MODS_OPENING = xml.opening("mods", f'version="3.8" xmlns="{MODS}"', MODS, MODS_SCHEMA)
_ETDMS_OPENING = xml.opening("thesis", f'xmlns="{ETDMS}"', ETDMS, ETDMS_SCHEMA)
# Codes of the relators of MARC.
_RELATORS = {
    CreatorRole.AUTHOR: "aut",
    CreatorRole.EDITOR: "edt",
    CreatorRole.COMPILER: "com",
    CreatorRole.TRANSLATOR: "trl",
    CreatorRole.ILLUSTRATOR: "ill",
    CreatorRole.SUPERVISOR: "ths",
    CreatorRole.REVIEWER: "rev",
    CreatorRole.BODY: "isb",
    CreatorRole.OTHER: "ctb",
}


def mods(work: Work) -> bytes:
    """The record in MODS."""
    facts = work.description
    title, remainder = leaf("title", element(facts.title) or facts.title), leaves("subTitle", (facts.remainder,))
    body = (
        f"<titleInfo>{title}{remainder}</titleInfo>",
        "".join(
            f'<titleInfo type="translated">{leaf("title", text)}</titleInfo>'
            for text in xml.texts(facts.parallel_titles)
        ),
        "".join(_name(one) for one in facts.creators),
        leaf("typeOfResource", type_words(facts).mods),
        leaf("genre", type_words(facts).name, said("authorityURI", "http://purl.org/coar/resource_type")),
        _origin(work),
        _languages(work),
        _physical(work),
        leaves("abstract", (facts.abstract,)),
        leaves("tableOfContents", facts.contents),
        leaves("note", (facts.responsibility,), said("type", "statement of responsibility")),
        leaves("note", facts.notes),
        "".join(f"<subject>{leaf('topic', text)}</subject>" for text in xml.texts((*facts.subjects, *facts.keywords))),
        leaves("classification", facts.udc, said("authority", "udc")),
        leaves("classification", facts.bbk, said("authority", "rubbk")),
        _host(work),
        _series(work),
        leaves("identifier", facts.isbns, said("type", "isbn")),
        leaves("identifier", facts.issns, said("type", "issn")),
        leaf("identifier", doi(facts), said("type", "doi")),
        _location(work),
        leaf("accessCondition", work.access.value, said("type", "restriction on access")),
        leaves("accessCondition", (one.url or one.text for one in work.terms), said("type", "use and reproduction")),
    )
    return f"{_MODS_OPENING}{''.join(body)}</mods>".encode()


def etdms(work: Work) -> bytes:
    """A dissertation in ETD-MS; the level of the degree is not told, as records do not say it in one way."""
    facts = work.description
    grantor = leaf("grantor", part.institution(facts))
    body = (
        leaf("title", part.work_title(facts) or facts.title),
        leaves("alternativeTitle", facts.parallel_titles),
        leaves("creator", (one.name for one in xml.creators(facts))),
        leaves("subject", (*facts.subjects, *facts.keywords)),
        leaves("description", (facts.abstract,)),
        leaves("publisher", facts.publishers),
        "".join(
            leaf("contributor", name, said("role", one.role.value))
            for one in xml.contributors(facts)
            for name in xml.texts((one.name,))
        ),
        leaf("date", str(part.year(facts) or "")),
        leaf("type", "Electronic Thesis or Dissertation"),
        leaves("format", (file.media_type for file in work.files)),
        leaf("identifier", work.address),
        leaves("identifier", (file.url for file in work.files)),
        leaf("identifier", f"https://doi.org/{doi(facts)}" if doi(facts) else ""),
        leaves("language", languages(facts)),
        leaves("rights", (work.access.value, *(one.url or one.text for one in work.terms))),
        f"<degree>{grantor}</degree>" if grantor else "",
    )
    return f"{_ETDMS_OPENING}{''.join(body)}</thesis>".encode()


def _name(creator: Creator) -> str:
    name = clean(creator.name)
    if not name:
        return ""
    dates = leaf("namePart", clean(creator.dates), said("type", "date"))
    role = leaf("roleTerm", _RELATORS[creator.role], said("type", "code") + said("authority", "marcrelator"))
    kind = "corporate" if xml.is_body(creator) else "personal"
    number = leaf("nameIdentifier", creator.orcid, said("type", "orcid"))
    return f'<name type="{kind}">{leaf("namePart", name)}{dates}<role>{role}</role>{number}</name>'


def _origin(work: Work) -> str:
    facts = work.description
    places = "".join(
        f"<place>{leaf('placeTerm', text, said('type', 'text'))}</place>" for text in xml.texts(facts.places)
    )
    body = (
        places,
        leaves("publisher", facts.publishers),
        leaf("dateIssued", str(facts.year or ""), said("encoding", "w3cdtf") + said("keyDate", "yes")),
        leaves("edition", (facts.edition,)),
    )
    return f"<originInfo>{''.join(body)}</originInfo>" if any(body) else ""


def _languages(work: Work) -> str:
    terms = said("type", "code") + said("authority", "iso639-3")
    return "".join(f"<language>{leaf('languageTerm', code, terms)}</language>" for code in languages(work.description))


def _physical(work: Work) -> str:
    media = leaves("internetMediaType", (file.media_type for file in work.files))
    body = media + leaves("extent", (work.description.extent,))
    return f"<physicalDescription>{body}</physicalDescription>" if body else ""


def _host(work: Work) -> str:
    host = host_of_part(work.description)
    if host is None:
        return ""
    first, last = part.pages(host)
    details = "".join(
        f'<detail type="{kind}">{leaf("number", part.figure(value))}</detail>'
        for kind, value in (("volume", host.volume), ("issue", host.issue))
        if part.figure(value)
    )
    extent = f'<extent unit="pages">{leaf("start", first)}{leaf("end", last)}</extent>' if first else ""
    year = leaf("date", str(host.year or ""))
    told = f"<part>{details}{extent}{year}</part>" if details or extent or year else ""
    numbers = leaves("identifier", (host.issn,), said("type", "issn")) + leaves(
        "identifier", (host.isbn,), said("type", "isbn")
    )
    title = f"<titleInfo>{leaf('title', part.host_title(host) or host.title)}</titleInfo>"
    return f'<relatedItem type="host">{title}{numbers}{told}</relatedItem>'


def _series(work: Work) -> str:
    return "".join(
        f'<relatedItem type="series"><titleInfo>{leaf("title", text)}</titleInfo></relatedItem>'
        for text in xml.texts(work.description.series)
    )


def _location(work: Work) -> str:
    page = leaf("url", work.address, said("usage", "primary display") + said("access", "object in context"))
    files = leaves("url", (file.url for file in work.files), said("access", "raw object"))
    return f"<location>{page}{files}</location>"
