"""What identifies an item, as it is printed: ISBN with its hyphens, DOI without its resolver, address on the web."""

from __future__ import annotations

from library.domain.description import Description, Material
from library.domain.doi import dois
from library.projections.plain_text import clean

# The ranges of publishers' numbers by group (Range Message of the International ISBN Agency). Only groups met daily in
# Uzbek and Kyrgyz holdings; a number outside the table is printed as its digits, since a wrong hyphen names another
# publisher.
_PUBLISHERS = {
    "0": (
        "00-19 200-227 2280-2289 229-368 3690-3699 370-638 640-644 646-647 649-654 6550-6559 656-699 7000-8499 "
        "85000-89999 900000-949999 9500000-9999999"
    ),
    "5": (
        "00000-00499 0050-0099 01-19 200-361 3620-3623 36240-36299 363-420 4210-4299 430-430 4310-4399 440-440 "
        "4410-4499 450-603 6040000-6049999 605-699 7000-8499 85000-89999 900000-909999 91000-91999 9200-9299 "
        "93000-94999 9500000-9500999 9501-9799 98000-98999 9900000-9909999 9910-9999"
    ),
    "601": "00-19 200-699 7000-7999 80000-84999 85-99",
    "9910": "550-799 8000-9999",
    "9943": "00-29 300-399 4000-9749 975-999",
    "9965": "00-39 400-899 9000-9999",
    "9967": "00-39 400-899 9000-9999",
}
_ISBN_13, _ISBN_10 = 13, 10


def printed_isbn(isbn: str) -> str:
    """The number with hyphens where its group is known, else as given."""
    isbn = clean(isbn)
    if len(isbn) == _ISBN_13 and isbn.startswith("978") and isbn.isdecimal():
        parts = _parts(isbn[3:])
        return "-".join(("978", *parts)) if parts else isbn
    if len(isbn) == _ISBN_10 and isbn[:-1].isdecimal():
        return "-".join(_parts(isbn)) or isbn
    return isbn


def doi(description: Description) -> str:
    """The first DOI of a record, without the resolver's address; empty if it has none."""
    return next((found for found in map(clean, dois(description)) if found), "")


def web_address(description: Description, address: str | None) -> str:
    """The address given, else the first link of an electronic item; fit for one token of text, empty if none."""
    if not address and description.material is Material.ELECTRONIC and description.links:
        address = description.links[0].url
    return clean(address or "").replace(" ", "%20")


def _parts(digits: str) -> tuple[str, ...]:
    """Group, publisher, title and check digit of ten digits; empty if the table does not know them."""
    for group, ranges in _PUBLISHERS.items():
        if not digits.startswith(group):
            continue
        rest = digits[len(group) : -1]
        for low, high in (span.split("-") for span in ranges.split()):
            if low <= rest[: len(low)] <= high:
                return group, rest[: len(low)], rest[len(low) :], digits[-1]
    return ()
