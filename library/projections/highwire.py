"""A record as Highwire `citation_*` tags, which Google Scholar and reference managers read from a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from library.domain.description import Description, Material
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi
from library.projections.open_files import PDF, OpenFile
from library.projections.plain_text import clean, element
from library.projections.schema_org import language

_THESES = (Material.DISSERTATION, Material.DISSERTATION_ABSTRACT)
_TITLE_OF_HOST = MappingProxyType({True: "citation_journal_title", False: "citation_inbook_title"})


def tags(description: Description, address: str, files: Sequence[OpenFile] = ()) -> tuple[tuple[str, str], ...]:
    """Names and contents in their order, one author each; `address` is the permanent one of the record.

    Of the `files` that everybody may take the first PDF is named: Google Scholar reads one.
    """
    return tuple(dict.fromkeys((name, content) for name, content in _tags(description, address, files) if content))


def _tags(description: Description, address: str, files: Sequence[OpenFile]) -> Iterator[tuple[str, str]]:
    yield "citation_title", part.work_title(description) or clean(description.title)
    for creator in part.writers(description):
        yield "citation_author", clean(creator.name)
    year = part.year(description)
    yield "citation_publication_date", str(year) if year else ""
    if description.material in _THESES:
        yield "citation_dissertation_institution", part.institution(description)
    else:
        yield "citation_publisher", part.publisher(description)
    yield from _host(description)
    for isbn in description.isbns:
        yield "citation_isbn", clean(isbn)
    for issn in description.issns:
        yield "citation_issn", clean(issn)
    yield "citation_doi", doi(description)
    yield "citation_language", language(description)
    for keyword in (*description.subjects, *description.keywords):
        yield "citation_keywords", element(keyword)
    yield "citation_abstract_html_url", clean(address)
    yield "citation_pdf_url", next((file.url for file in files if file.media_type == PDF), "")


def _host(description: Description) -> Iterator[tuple[str, str]]:
    host = host_of_part(description)
    if host is None:
        return
    yield _TITLE_OF_HOST[part.is_in_serial(host)], part.host_title(host)
    yield "citation_volume", part.figure(host.volume)
    yield "citation_issue", part.figure(host.issue)
    first, last = part.pages(host)
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    yield "citation_issn", clean(host.issn)
    yield "citation_isbn", clean(host.isbn)
