"""What COUNTER's reports call a record: title, first authors, and identifiers in the forms that they take."""

from __future__ import annotations

from library.domain.counter_reports import SHORTEST_NAME, UNKNOWN_YEAR, Author, Used
from library.domain.description import Description
from library.marc.checks import isbn as isbn_ranges
from library.marc.dialects import codes
from library.projections.identifiers import doi
from library.projections.plain_text import clean

NAMESPACE = "kutubxona"
"""Before our own numbers, as `kutubxona:42`."""
_MOST_AUTHORS = 3
_DOI_LIKE = "10."
_ISSN_LENGTH = 8
_SHORT_ISBN = 10
_PRINTED_ISBN = 17


def used_from(number: int, description: Description | None) -> Used:
    """The record with this number; one that is gone, None, keeps its number and its use."""
    if description is None:
        return Used(number=number, title="")
    return Used(
        number=number,
        title=clean(description.title),
        publisher=clean(next(iter(description.publishers), "")),
        authors=_authors(description),
        year=f"{description.year:04}" if description.year is not None else UNKNOWN_YEAR,
        doi=_doi(description),
        isbn=_isbn(description.isbns),
        issn=_issn(description.issns),
    )


def article_parent(description: Description | None) -> Used | None:
    """The journal that an article's own record names; None where it has no number by which to know it."""
    host = description.host if description else None
    if host is None:
        return None
    issn, isbn = _issn((host.issn,)), _isbn((host.isbn,))
    if not issn and not isbn:
        return None
    return Used(number=0, title=clean(host.title), issn=issn, isbn=isbn)


def identifiers(used: Used) -> dict[str, str]:
    """Its identifiers by the names that reports have for them, without those that are not known or not fit."""
    number = f"{NAMESPACE}:{used.number}" if used.number else ""
    found = {"DOI": used.doi, "Proprietary": number, "ISBN": used.isbn, "Print_ISSN": used.issn}
    return {name: value for name, value in found.items() if value}


def is_named(used: Used, item: str, author: str) -> bool:
    """Whether it has this identifier (`DOI:10.1234/x`, `kutubxona:42`) and this author; empty means any."""
    return _has_identifier(used, item) and _has_author(used, author)


def _has_identifier(used: Used, item: str) -> bool:
    if not item:
        return True
    namespace, _, value = item.partition(":")
    if namespace.lower() == NAMESPACE:
        return value == str(used.number)
    if namespace.lower() == "proprietary":
        return value in (str(used.number), f"{NAMESPACE}:{used.number}")
    known = {"doi": used.doi.lower(), "isbn": used.isbn, "print_issn": used.issn, "issn": used.issn}
    wanted = known.get(namespace.lower(), "")
    return bool(wanted) and _bare(wanted) == _bare(value)


def _has_author(used: Used, author: str) -> bool:
    if not author:
        return True
    wanted = author.strip().casefold()
    return any(
        wanted == one.name.casefold() or (one.orcid and wanted in (f"orcid:{one.orcid}".casefold(), one.orcid.lower()))
        for one in used.authors
    )


def _bare(value: str) -> str:
    return value.replace("-", "").strip().lower()


def _authors(description: Description) -> tuple[Author, ...]:
    found = dict.fromkeys(
        Author(name=name, orcid=creator.orcid)
        for creator in description.creators
        if len(name := clean(creator.name)) >= SHORTEST_NAME
    )
    return tuple(found)[:_MOST_AUTHORS]


def _doi(description: Description) -> str:
    found = doi(description)
    return found if found.startswith(_DOI_LIKE) and "/" in found else ""


def _isbn(isbns: tuple[str, ...]) -> str:
    """The first that is one, with 13 digits and hyphens."""
    for isbn in isbns:
        number = codes.isbn(isbn)
        if len(number) == _SHORT_ISBN and codes.isbn_agrees(number):
            number = f"978{number[:-1]}0"
            number = number[:-1] + isbn_ranges.right_check_digit(number)
        owner = isbn_ranges.owner(number)
        if owner is not None and len(owner.hyphenated) == _PRINTED_ISBN:
            return owner.hyphenated
    return ""


def _issn(issns: tuple[str, ...]) -> str:
    """The first that has the form of one; which of them is that of the printed edition, records don't tell."""
    for issn in issns:
        digits = clean(issn).replace("-", "").upper()
        if len(digits) == _ISSN_LENGTH and digits[:-1].isdecimal() and (digits[-1].isdecimal() or digits[-1] == "X"):
            return f"{digits[:4]}-{digits[4:]}"
    return ""
