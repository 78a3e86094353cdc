"""A work as a RUSMARC record: coded data in 100-135, hosts embedded in 461 and 463, copies in 899."""

from __future__ import annotations

from collections.abc import Iterator

from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield
from library.sample.work import Host, Kind, Person, Role, Work

_TYPES = {Kind.MAP: "e", Kind.AUDIO: "i", Kind.VIDEO: "g", Kind.SCORE: "c", Kind.WEB: "l"}
_LEVELS = {Kind.ARTICLE: "a", Kind.SERIAL: "s"}
_WHOLE, _PART, _ALONE = "1", "2", "0"
_FORMS = {Kind.TEXTBOOK: "j", Kind.GUIDE: "j", Kind.THESIS: "m", Kind.DICTIONARY: "e", Kind.STANDARD: "l"}
_FREQUENCIES = {2: "j", 4: "h", 6: "g", 24: "e", 52: "c"}
_COUNTRIES = {"uz": "UZ", "kg": "KG", "ru": "RU"}
_ROLES = {
    Role.AUTHOR: "070", Role.EDITOR: "340", Role.COMPILER: "220", Role.TRANSLATOR: "730", Role.SUPERVISOR: "727",
    Role.REVIEWER: "675", Role.ILLUSTRATOR: "440",
}  # fmt: skip
_TRANSLATED_FROM = "rus"


def record(work: Work, number: int) -> MarcRecord:
    """The record under this identifier."""
    level = _LEVELS.get(work.kind, "m")
    hierarchy = _PART if work.host else _WHOLE if work.kind is Kind.SERIAL or work.last_year else _ALONE
    leader = f"00000n{_TYPES.get(work.kind, 'a')}{level}{hierarchy} 2200000 i 450 "
    return MarcRecord(
        leader, (*_identity(work, number), *_coded(work), *_description(work), *_links(work), *_access(work, number))
    )


def _field(tag: str, indicators: str, *parts: tuple[str, str]) -> Iterator[DataField]:
    """The field with the subfields that say something; none where nothing does."""
    found = tuple(Subfield(code, value) for code, value in parts if value)
    if found:
        yield DataField(tag, indicators, found)


def _entered(work: Work) -> str:
    return work.holdings[0].acquired if work.holdings else f"{max(work.year or 0, 2016)}0422"


def _identity(work: Work, number: int) -> Iterator[Field]:
    yield ControlField("001", f"KG\\TTU\\BIBL\\{number:06}")
    yield ControlField("005", f"{_entered(work)}{8 + number % 9:02}{number % 60:02}30.0")
    price = work.holdings[0].price if work.holdings and work.isbn else ""
    yield from _field("010", "  ", ("a", work.isbn), ("d", price))
    if work.kind is Kind.SERIAL:
        yield from _field("011", "  ", ("a", work.issn))


def _coded(work: Work) -> Iterator[DataField]:
    yield from _field("100", "  ", ("a", _general(work)))
    if any(person.role is Role.TRANSLATOR for person in work.people):
        yield from _field("101", "1 ", ("a", work.language), ("c", _TRANSLATED_FROM))
    else:
        yield from _field("101", "0 ", ("a", work.language))
    yield from _field("102", "  ", ("a", _COUNTRIES.get(work.country, "")))
    if work.kind is Kind.SERIAL:
        yield from _field("110", "  ", ("a", f"a{_FREQUENCIES[work.frequency]}az   0xx0"))
    elif work.kind is Kind.WEB:
        yield from _field("135", "  ", ("a", "drcn ---uuuuu"))
    elif work.kind is Kind.VIDEO:
        yield from _field("115", "  ", ("a", "c048cxz  vx      "))
    elif work.kind is Kind.AUDIO:
        yield from _field("126", "  ", ("a", "axx h xxde    "))
    elif work.kind is not Kind.MAP:
        pictures = "a" if work.illustrations else "y"
        meeting = "1" if work.kind is Kind.PROCEEDINGS else "0"
        prose = "a" if work.kind is Kind.FICTION else "y"
        yield from _field("105", "  ", ("a", f"{pictures}   {_FORMS.get(work.kind, 'z')}   {meeting}00{prose}y"))


def _general(work: Work) -> str:
    """100 $a: entered, date of publication, audience, language of the catalogue, characters (Unicode), script."""
    year = str(work.year) if work.year else "    "
    if work.kind is Kind.SERIAL:
        dates = f"a{year}9999"
    elif work.last_year:
        dates = f"g{year}{work.last_year}"
    else:
        dates = f"{'d' if work.year else 'u'}{year}    "
    script = "ca" if work.cyrillic else "ba"
    return f"{_entered(work)}{dates}k  y0kiry50      {script}"


def _description(work: Work) -> Iterator[DataField]:
    first, rest = (work.responsibility[0], work.responsibility[1:]) if work.responsibility else ("", ())
    title = f"{work.number}. {work.title}" if work.number else work.title
    issue = work.host.part if work.host and work.kind is Kind.ISSUE else ""
    yield from _field(
        "200",
        "1 ",
        ("a", title),
        ("d", work.parallel_title),
        *[("e", text) for text in work.remainders],
        ("f", first),
        *[("g", text) for text in rest],
        ("h", issue and f"{work.year}, {issue}"),
    )
    yield from _field("205", "  ", ("a", work.edition))
    if work.kind is not Kind.ARTICLE:
        years = f"{work.year}-" if work.kind is Kind.SERIAL else str(work.year or "")
        if work.last_year:
            years = f"{work.year}-{work.last_year}"
        yield from _field("210", "  ", ("a", work.place), ("c", work.publisher), ("d", years))
    extent = work.extent or (f"{work.pages} {work.pages_unit}" if work.pages else "")
    yield from _field("215", "  ", ("a", extent), ("c", work.illustrations), ("d", work.height))
    yield from _field("225", "1 ", ("a", work.series), ("v", work.series_number))
    for note in work.notes:
        yield from _field("300", "  ", ("a", note))
    yield from _field("320", "  ", ("a", work.bibliography))
    yield from _field("327", "1 ", *[("a", part) for part in work.contents])
    yield from _field("328", "  ", ("a", work.thesis_note))
    yield from _field("330", "  ", ("a", work.abstract))


def _links(work: Work) -> Iterator[DataField]:
    """Hosts by embedded fields: each $1 opens one, with its tag, indicators and subfields."""
    host = work.host
    if host is None:
        return
    whole = [("1", "2001 "), ("a", host.title), ("f", host.responsibility)]
    issn = [("1", "011  "), ("a", host.issn)] if host.issn else []
    if work.kind is Kind.ARTICLE:
        yield from _field("461", " 0", *issn, *whole)
        yield from _field(
            "463", " 0", ("1", "2001 "), ("a", host.part), ("v", f"{work.page_mark} {host.pages}"),
            ("1", "210  "), ("d", str(host.year)),
        )  # fmt: skip
    elif work.kind is Kind.ISSUE:
        yield from _field("461", " 0", *issn, *whole)
    else:
        yield from _field("461", " 0", *whole, ("v", host.part), *_imprint_of_set(host, work))


def _imprint_of_set(host: Host, work: Work) -> list[tuple[str, str]]:
    return [("1", "210  "), ("a", work.place), ("c", work.publisher), ("d", str(host.year))]


def _access(work: Work, number: int) -> Iterator[DataField]:
    heading, *keywords = work.subjects
    yield from _field("606", "1 ", ("a", heading))
    for keyword in keywords:
        yield from _field("610", "0 ", ("a", keyword))
    yield from _field("675", "  ", ("a", work.udc))
    yield from _field("686", "  ", ("a", work.bbk), ("2", "rubbk"))
    for place, person in enumerate(work.authors):
        yield from _person("700" if not place else "701", person)
    for person in work.others:
        yield from _person("702", person)
    yield from _field("801", " 0", ("a", "KG"), ("b", "TTU"), ("c", _entered(work)), ("g", "RCR"))
    yield from _field("856", "4 ", ("u", work.link), ("z", work.link_label))
    for holding in work.holdings:
        yield from _field(
            "899", "  ", ("a", "TTU"), ("b", holding.place), ("j", work.shelfmark), ("p", holding.number),
            ("i", work.author_mark if number % 2 else ""),
        )  # fmt: skip


def _person(tag: str, person: Person) -> Iterator[DataField]:
    full = person.forenames if person.forenames != person.initials else ""
    yield from _field(tag, " 1", ("a", person.surname), ("b", person.initials), ("g", full), ("4", _ROLES[person.role]))
