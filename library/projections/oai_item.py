"""What all metadata formats are made of: a description, its address, and what may be had of its full texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from harvest.provider.characters import attribute, content
from library.domain.access import GUEST, Use, Visit, ruling
from library.domain.access_level import AccessLevel
from library.domain.description import Creator, CreatorRole, Description, Terms
from library.domain.document import Document
from library.projections.oai_vocabularies import Access
from library.projections.open_files import OpenFile, open_file
from library.projections.plain_text import clean
from library.projections.reference_parts import writers

XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A record as it is told to harvesters.

    `address` is the permanent one of its page. `files` are those that anybody may have, with their full addresses;
    `opens_on` is the day on which the first embargo ends, for `Access.EMBARGOED` alone.
    """

    description: Description
    address: str
    access: Access = Access.METADATA_ONLY
    opens_on: date | None = None
    files: tuple[OpenFile, ...] = ()

    @property
    def terms(self) -> tuple[Terms, ...]:
        """On which terms it may be used: the licences of what may be had, then what the record says, each once."""
        of_files = (Terms(url=file.licence_url) for file in self.files if file.licence_url)
        found = {one.url or clean(one.text): one for one in (*of_files, *self.description.terms)}
        return tuple(one for said, one in found.items() if said)

    @property
    def licence(self) -> str:
        """The address of the first licence that has one, empty where there is none."""
        return next((one.url for one in self.terms if one.url), "")


def work_of(description: Description, address: str, documents: Sequence[Document], portal: str, today: date) -> Work:
    """The record at `address` with these files, on this day; `portal` is the public address without a slash."""
    visible = [document for document in documents if document.is_published]
    if not visible:
        return Work(description=description, address=address)
    nobody = Visit(actor=GUEST, on_campus=False, today=today)
    open_now = [document for document in visible if ruling(document, Use.DOWNLOAD, nobody).allowed]
    if open_now:
        files = tuple(open_file(document, portal) for document in open_now)
        return Work(description=description, address=address, access=Access.OPEN, files=files)
    opens_on = min(_opening_days(visible, today), default=None)
    access = Access.RESTRICTED if opens_on is None else Access.EMBARGOED
    return Work(description=description, address=address, access=access, opens_on=opens_on)


def creators(description: Description) -> tuple[Creator, ...]:
    """Those who made the work: authors, or the bodies that stand for them, or whoever is named."""
    return writers(description) or description.creators


def contributors(description: Description) -> tuple[Creator, ...]:
    """The others who are named."""
    first = creators(description)
    return tuple(one for one in description.creators if one not in first)


def is_body(creator: Creator) -> bool:
    """Whether this is an institution."""
    return creator.role is CreatorRole.BODY


def texts(values: Iterable[str]) -> Iterable[str]:
    """The texts that say anything, on one line, each once and in their order."""
    return dict.fromkeys(text for text in map(clean, values) if text)


def leaf(name: str, text: str, attributes: str = "") -> str:
    """An element with text; `attributes` begin with a space and are escaped already. Nothing for an empty text."""
    return f"<{name}{attributes}>{content(text)}</{name}>" if text else ""


def leaves(name: str, values: Iterable[str], attributes: str = "") -> str:
    """An element for each text that says anything."""
    return "".join([leaf(name, text, attributes) for text in texts(values)])


def said(name: str, value: str) -> str:
    """An attribute with a space before it."""
    return f" {name}={attribute(value)}"


def opening(name: str, namespaces: str, namespace: str, schema: str) -> str:
    """The opening tag of the root: `namespaces` are declarations, and its schema is told with its own namespace."""
    return f'<{name} {namespaces} xmlns:xsi="{XSI}" xsi:schemaLocation="{namespace} {schema}">'


def _opening_days(documents: Iterable[Document], today: date) -> Iterable[date]:
    for document in documents:
        day, ends = document.rights.embargo_until, document.term_ends
        if (
            document.rights.level is AccessLevel.OPEN
            and day is not None
            and today < day
            and (ends is None or ends >= day)
        ):
            yield day
