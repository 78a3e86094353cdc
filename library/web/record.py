"""The page of a record, its MARC view, its tombstone and its downloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect, request, url_for

from indexer.model import Facet
from library.container import Container
from library.domain.access import Action, Visit, may
from library.domain.configuration import Divisions
from library.domain.description import CopyStatus, Creator, CreatorRole, Description, HostItem
from library.domain.errors import N_, RecordNotFound
from library.domain.marc import Dialect
from library.domain.record import Status
from library.projections import highwire, schema_org
from library.projections.open_files import OpenFile, open_file
from library.projections.signposting import Metadata, link_header
from library.services.catalogue import RecordView
from library.services.import_batch import DELETED_IN_SOURCE
from library.services.partners_provenance import FromPartner
from library.services.partners_sweeping import REASONS as HIDDEN_WITH_PARTNER
from library.services.reading import ReadFile
from library.services.record_formats import MEDIA_TYPES, ExportFormat
from library.services.uploaded_imports_withdrawal import REASON as WITHDRAWN_WITH_IMPORT
from library.web import noting, words
from library.web.availability import Availability, availability_of
from library.web.citations import Citation, citations, described
from library.web.collection import collection_url
from library.web.downloads import ENDINGS, File, downloads
from library.web.languages import gettext
from library.web.list_form import ListForm, list_form, personal
from library.web.marc_view import marc_page
from library.web.pages import Page, permanent, render
from library.web.reading_files import Files, files
from library.web.search import Result, imprint, result
from library.web.session import actor
from library.web.statistics_figures import UseFigures, figures_of_record

# What a number in an address may be: larger ones no database has.
LARGEST_NUMBER = 2**31 - 1
MOST_CREATORS = 12
# Those that the program gives; people give theirs in their own words.
OUR_REASONS = (DELETED_IN_SOURCE, WITHDRAWN_WITH_IMPORT, *HIDDEN_WITH_PARTNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a field, perhaps with a search that it leads to, and its language where it differs.

    `works_url` is the page of all works of a person.
    """

    text: str
    url: str = ""
    lang: str = ""
    works_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledField:
    """A label and its values; those in `more` are folded away."""

    label: str
    values: tuple[Value, ...]
    more: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """A row of the table of copies."""

    place: str
    collection: str
    collection_url: str
    shelfmark: str
    inventory_number: str
    count: int
    state: str
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A link with its words."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(Page):
    """A published record."""

    template: ClassVar[str] = "record/record.html"

    record_id: int
    title: str
    remainder: str
    responsibility: str
    lang: str
    icon: str
    material: str
    imprint: str
    availability: Availability | None
    files: Files
    description: str
    fields: tuple[LabelledField, ...]
    citations: tuple[Citation, ...]
    similar: tuple[Result, ...]
    form: ListForm
    copies: tuple[CopyLine, ...]
    links: tuple[Address, ...]
    downloads: tuple[File, ...]
    permanent: str
    version: int
    changed_at: datetime
    dialect: str
    origins: tuple[str, ...]
    partner: FromPartner | None
    tags: tuple[tuple[str, str], ...]
    json_ld: Mapping[str, object]
    deeds: tuple[Address, ...]
    use: UseFigures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnPage(Page):
    """What stays in the place of a record that was withdrawn, or is closed until a day."""

    template: ClassVar[str] = "record/withdrawn.html"
    robots: ClassVar[str] = "noindex"

    record_id: int
    title: str
    lang: str
    creators: tuple[str, ...]
    imprint: str
    reason: str
    withdrawn_at: datetime
    opens_on: date | None
    embargo_url: str
    same_as: int | None


def blueprint(container: Container) -> Blueprint:
    """The routes of a record and of its former numbers."""
    routes = Blueprint("record", __name__)
    number = f"<int(max={LARGEST_NUMBER}):record_id>"

    @routes.get(f"/record/{number}")
    def record(record_id: int) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            return withdrawn(view, _partner(container, view))
        visit = container.reading.visit(actor(), request.remote_addr or "")
        found = container.reading.of_record(shown(view).record.id, visit)
        open_files = _open_files(container, found)
        response = personal(render(_record_page(container, view, found, visit, open_files)))
        response.headers["Link"] = _signposts(view, open_files)
        noting.record_viewed(record_id)
        return response

    @routes.get(f"/record/{number}/marc")
    def marc(record_id: int) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            return withdrawn(view)
        noting.record_viewed(shown(view).record.id)
        return render(marc_page(view))

    @routes.get(f"/record/{number}.<any({', '.join(ENDINGS)}):ending>")
    def download(record_id: int, ending: str) -> Response:
        view = container.catalogue.record(record_id)
        if view.record.status is Status.WITHDRAWN:
            return withdrawn(view)
        asked = request.args.get("dialect", "")
        dialect = Dialect(asked) if asked in list(Dialect) else None
        file = container.exporting.one(record_id, ENDINGS[ending], dialect)
        noting.record_viewed(record_id)
        response = Response(file.content, content_type=file.media_type)
        response.headers.set("Content-Disposition", "attachment", filename=file.filename)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @routes.get(f"/irbis/<base>/<int(max={LARGEST_NUMBER}):mfn>")
    def former_number(base: str, mfn: int) -> Response:
        target = url_for("record.record", record_id=container.catalogue.resolve_mfn(base, mfn))
        return redirect(target, 301)  # type: ignore[return-value]

    return routes


def shown(view: RecordView) -> RecordView:
    """The record, if readers may see it."""
    if view.record.status is not Status.PUBLISHED:
        raise RecordNotFound(N_("There is no record {id}."), id=view.record.id)
    return view


def withdrawn(view: RecordView, partner: FromPartner | None = None) -> Response:
    """The tombstone of a record; it leads on where a person said that a partner's record is one of ours."""
    facts, reason = view.description, view.record.withdrawal_reason
    page = WithdrawnPage(
        record_id=view.record.id,
        title=facts.title,
        lang=words.text_language(facts.languages, facts.title),
        creators=tuple(creator.name for creator in facts.creators[:MOST_CREATORS]),
        imprint=imprint(facts.places, facts.publishers, facts.year),
        reason="" if view.opens_on else gettext(reason) if reason in OUR_REASONS else reason,
        opens_on=view.opens_on,
        embargo_url=f"/cataloguing/{view.record.id}/embargo" if view.opens_on and may(actor(), Action.WITHDRAW) else "",
        withdrawn_at=view.record.changed_at,
        same_as=partner.same_as if partner is not None else None,
    )
    return render(page, 410)


def _open_files(container: Container, found: Iterable[ReadFile]) -> tuple[OpenFile, ...]:
    portal = permanent("home.home").rstrip("/")
    return tuple(open_file(one, portal) for one in container.reading.open_to_all(file.document for file in found))


def _signposts(view: RecordView, open_files: Iterable[OpenFile]) -> str:
    """Where programs find the description of the record, as JSON and as MARCXML, and the files that everybody has."""
    address = permanent("record.record", record_id=view.record.id)
    as_json = permanent("api_search.record", record_id=view.record.id)
    told_at = (
        Metadata(url=as_json, media_type="application/json"),
        Metadata(url=f"{address}.xml", media_type=MEDIA_TYPES[ExportFormat.MARCXML]),
    )
    return link_header(view.description, address, told_at, open_files)


def _record_page(
    container: Container,
    view: RecordView,
    found: Sequence[ReadFile],
    visit: Visit,
    open_files: Sequence[OpenFile],
) -> RecordPage:
    record, facts = view.record, view.description
    address = permanent("record.record", record_id=record.id)
    alike = container.similar.to(record.id, facts)
    theirs = container.reading.of_records([one.id for one in alike], visit)
    return RecordPage(
        record_id=record.id,
        title=facts.title,
        remainder=facts.remainder,
        responsibility=facts.responsibility,
        lang=words.text_language(facts.languages, facts.title),
        icon=words.ICONS.get(facts.material, "book"),
        material=gettext(words.MATERIALS[facts.material]),
        imprint=imprint(facts.places, facts.publishers, facts.year),
        availability=availability_of(facts, found),
        files=files(found),
        description=described(facts, container.settings),
        fields=tuple(_fields(facts)),
        citations=citations(record.id, facts, container.settings),
        similar=tuple(result(one, files=theirs.get(one.id, ())) for one in alike),
        form=list_form(),
        copies=tuple(_copies(facts, container.configuration.current().collections)),
        links=tuple(Address(label=link.label, url=link.url) for link in facts.links if _is_on_the_web(link.url)),
        downloads=downloads(record.id, record.dialect),
        permanent=address,
        version=record.version,
        changed_at=record.changed_at,
        dialect=words.DIALECTS[record.dialect],
        origins=tuple(f"{origin.base}, MFN {origin.mfn}" for origin in view.origins if origin.mfn),
        partner=_partner(container, view),
        tags=highwire.tags(facts, address, open_files),
        json_ld=schema_org.json_ld(facts, address, open_files),
        deeds=tuple(_deeds(record.id)),
        use=figures_of_record(container, record.id),
    )


def _partner(container: Container, view: RecordView) -> FromPartner | None:
    """The partner that gave the record; most have none, and cost no query."""
    if not any(origin.source.startswith("oai:") for origin in view.origins):
        return None
    return container.partner_origins.of_record(view.record.id)


def _deeds(record_id: int) -> Iterable[Address]:
    """What whoever signed in may do with the record."""
    here = f"/cataloguing/{record_id}"
    if may(actor(), Action.CATALOGUE):
        yield Address(label=gettext("Edit"), url=here)
    if may(actor(), Action.SEE_WORK):
        yield Address(label=gettext("Versions"), url=f"{here}/versions")
        yield Address(label=gettext("Files"), url=f"/documents/new?record={record_id}")
    if may(actor(), Action.WITHDRAW):
        yield Address(label=gettext("Withdraw"), url=f"{here}/withdraw")


def _is_on_the_web(url: str) -> bool:
    """A second look at what stands in every record: an address that runs a script must never become a link."""
    return url.lower().startswith(("http://", "https://"))


def _copies(facts: Description, collections: Divisions) -> Iterable[CopyLine]:
    for copy in facts.copies:
        yield CopyLine(
            place=copy.place,
            collection=copy.collection,
            collection_url=collection_url(collections.named(copy.collection)),
            shelfmark=copy.shelfmark,
            inventory_number=copy.inventory_number or copy.barcode,
            count=copy.count,
            state=gettext(words.COPY_STATES[copy.status]),
            available=copy.status is CopyStatus.AVAILABLE,
        )


def _fields(facts: Description) -> Iterable[LabelledField]:
    """The fields that have a value, in the order of a description."""
    yield from _creators(facts.creators)
    rows: tuple[tuple[str, Iterable[Value]], ...] = (
        (N_("Other titles"), _plain(facts.parallel_titles)),
        (N_("Edition statement"), _plain((facts.edition,))),
        (N_("Imprint"), _plain((imprint(facts.places, facts.publishers, facts.year),))),
        (N_("Extent"), _plain((facts.extent,))),
        (N_("Series"), _plain(facts.series)),
        (N_("Published in"), _plain((host_line(facts.host),) if facts.host is not None else ())),
        (N_("Language of the text"), (_language(code) for code in facts.languages)),
        (N_("ISBN"), _plain(facts.isbns)),
        (N_("ISSN"), _plain(facts.issns)),
        (N_("Subject headings"), _searches(Facet.SUBJECT, facts.subjects)),
        (N_("Keywords"), _searches(Facet.SUBJECT, facts.keywords)),
        (N_("UDC"), _plain(facts.udc)),
        (N_("BBK"), _plain(facts.bbk)),
        (N_("Abstract"), _plain((facts.abstract,))),
        (N_("Contents"), _plain(facts.contents)),
        (N_("Notes"), _plain(facts.notes)),
    )
    for label, found in rows:
        values = tuple(found)
        if values:
            yield LabelledField(label=gettext(label), values=values)


def _creators(creators: tuple[Creator, ...]) -> Iterable[LabelledField]:
    for role in CreatorRole:
        names = tuple(
            Value(
                text=f"{creator.name} ({creator.dates})" if creator.dates else creator.name,
                url=search_url(Facet.AUTHOR, creator.name),
                works_url=author_url(creator.name),
            )
            for creator in creators
            if creator.role is role
        )
        if names:
            label = gettext(words.ROLES[role])
            yield LabelledField(label=label, values=names[:MOST_CREATORS], more=names[MOST_CREATORS:])


def search_url(facet: Facet, value: str) -> str:
    """The search for everything that has this value."""
    return "/search?" + urlencode({facet.value: value})


def author_url(name: str) -> str:
    """The page of all works of whoever is called so, in any spelling."""
    return f"/author/{quote(name, safe='')}"


def host_line(host: HostItem) -> str:
    """What an article is part of, and where in it."""
    issue = "".join((host.volume, f" ({host.issue})" if host.volume and host.issue else host.issue))
    parts = (host.title, str(host.year) if host.year is not None else "", issue, host.pages)
    return ". — ".join(part for part in parts if part)


def _plain(texts: Iterable[str]) -> Iterable[Value]:
    return (Value(text=text) for text in texts if text)


def _searches(facet: Facet, texts: Iterable[str]) -> Iterable[Value]:
    return (Value(text=text, url=search_url(facet, text)) for text in texts)


def _language(code: str) -> Value:
    known = words.LANGUAGE_NAMES.get(code)
    return Value(text=gettext(known) if known is not None else code, url=search_url(Facet.LANGUAGE, code))
