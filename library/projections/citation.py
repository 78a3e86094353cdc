"""A reference to a record in one line of text, ready to be copied: GOST R 7.0.5-2008 and APA (7th edition)."""

from __future__ import annotations

from datetime import date

from library.domain.description import Creator, CreatorRole, Description, HostItem, Material
from library.projections import gost_elements as element_of
from library.projections import reference_parts as part
from library.projections.gost import joined
from library.projections.gost_responsibility import MOST_AUTHORS_IN_HEADING, author_count, statement
from library.projections.gost_style import GOST_R_7_0_5_2008
from library.projections.identifiers import doi, web_address
from library.projections.item_language import item_language
from library.projections.name_forms import authors, by_role, heading_form, reference_form
from library.projections.plain_text import element, stopped

_APA_NAMED, _APA_NAMED_OF_MORE = 20, 19
_APA_FORMS = {
    Material.MAP: "Map",
    Material.SCORE: "Musical score",
    Material.AUDIO: "Audio recording",
    Material.VIDEO: "Video",
    Material.IMAGE: "Image",
    Material.MANUSCRIPT: "Manuscript",
}
_APA_THESES = {Material.DISSERTATION: "Dissertation", Material.DISSERTATION_ABSTRACT: "Dissertation abstract"}


def gost(description: Description, *, address: str | None, accessed: date | None) -> str:
    """A reference after the text (GOST R 7.0.5-2008, 7): areas parted by full stops, up to three authors first."""
    rules = GOST_R_7_0_5_2008
    language = item_language(description)
    named = authors(description) if author_count(description) <= MOST_AUTHORS_IN_HEADING else ()
    names = ", ".join(reference_form(creator.name, language) for creator in named)
    title = element_of.title(description, rules, electronic=False)
    responsible = "" if named and len(named) == author_count(description) else statement(description, rules)
    first = f"{title} / {responsible}" if responsible else title
    url = web_address(description, address)
    number = doi(description)
    further = (f"DOI {number}" if number else "", element_of.access(url, accessed, rules, language) if url else "")
    host = element_of.host_of_part(description)
    if host:
        body = f"{first} // {joined((*element_of.host_areas(description, host, rules), *further), sign='')}"
    else:
        whole = (
            element_of.edition(description, rules),
            element_of.numbering(description, rules),
            element_of.imprint(description, rules),
            element_of.extent(description),
        )
        body = joined((first, *whole, *further), sign="")
    return stopped(" ".join(text for text in (stopped(names), body) if text))


def apa(description: Description, *, address: str | None) -> str:
    """A reference by APA 7; without an author the title comes first. Its own words are English, as the style is."""
    names = _apa_names(description)
    year = f"({part.year(description) or 'n.d.'})."
    title = stopped(_apa_title(description))
    head = f"{stopped(names)} {year} {title}" if names else f"{title} {year}"
    number = doi(description)
    link = f"https://doi.org/{number}" if number else web_address(description, address)
    return " ".join(text for text in (head, stopped(_apa_source(description)), link) if text)


def _apa_names(description: Description) -> str:
    written_by = part.writers(description)
    if written_by:
        return _apa_list(description, written_by)
    edited_by = by_role(description, CreatorRole.EDITOR) or by_role(description, CreatorRole.COMPILER)
    role = "Ed." if len(edited_by) == 1 else "Eds."
    return f"{_apa_list(description, edited_by)} ({role})" if edited_by else ""


def _apa_list(description: Description, people: tuple[Creator, ...]) -> str:
    language = item_language(description)
    names = [element(heading_form(person.name, language)) for person in people]
    if len(names) > _APA_NAMED:
        return f"{', '.join(names[:_APA_NAMED_OF_MORE])}, … {names[-1]}"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])}, & {names[-1]}"


def _apa_title(description: Description) -> str:
    title = part.work_title(description)
    edition = element(description.edition)
    if edition:
        title = f"{title} ({edition})"
    if description.material in _APA_THESES:
        kind = ", ".join(text for text in (_APA_THESES[description.material], part.institution(description)) if text)
        return f"{title} [{kind}]"
    form = _APA_FORMS.get(description.material)
    return f"{title} [{form}]" if form else title


def _apa_source(description: Description) -> str:
    host = element_of.host_of_part(description)
    if host is None:
        return "" if description.material in _APA_THESES else part.publisher(description)
    if part.is_in_serial(host):
        return _apa_journal(host)
    if description.material is Material.ELECTRONIC:
        return part.host_title(host)
    first, last = part.pages(host)
    span = f" (pp. {first}–{last})" if last else f" (p. {first})" if first else ""
    return " ".join(
        text for text in (stopped(f"In {part.host_title(host)}{span}"), part.publisher(description)) if text
    )


def _apa_journal(host: HostItem) -> str:
    """Journal, volume(issue), pages."""
    issue = f"({part.figure(host.issue)})" if element(host.issue) else ""
    first, last = part.pages(host)
    span = f"{first}–{last}" if last else first
    volume = part.figure(host.volume) + issue
    return ", ".join(text for text in (part.host_title(host), volume, span) if text)
