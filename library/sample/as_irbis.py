"""A work as a record of IRBIS64, typed into the worksheets of the base IBIS."""

from __future__ import annotations

from collections.abc import Iterator

from library.domain.marc import DataField, MarcRecord, Subfield
from library.sample.work import Holding, Kind, Person, Role, Work

LEADER = "00000nam2 2200000 i 450 "

_WORKSHEETS = {Kind.ARTICLE: "ASP", Kind.SERIAL: "J", Kind.ISSUE: "NJ", Kind.STANDARD: "AUNTD"}
_TYPES = {Kind.WEB: "l", Kind.MAP: "e", Kind.AUDIO: "i", Kind.VIDEO: "g", Kind.SCORE: "c"}
_NATURES = {Kind.TEXTBOOK: "j", Kind.GUIDE: "j", Kind.METHOD: "m1", Kind.BOOK: "22", Kind.THESIS: "m2"}
_ROLES = {
    Role.AUTHOR: "070 авт.", Role.EDITOR: "340 ред.", Role.COMPILER: "220 сост.", Role.TRANSLATOR: "730 пер.",
    Role.SUPERVISOR: "727 науч. рук.", Role.REVIEWER: "675 рец.", Role.ILLUSTRATOR: "440 худож.",
}  # fmt: skip
_COUNTRIES = {"uz": "UZ", "kg": "KG", "ru": "RU"}
_PAGES_BY_DEFAULT = "с."
_STAGES = ("ПК", "КТ", "КР")


def record(work: Work, mfn: int) -> MarcRecord:
    """The record as it stands in the base under this MFN."""
    return MarcRecord(LEADER, (*_heading(work), *_description(work), *_access(work), *_service(work, mfn)))


def _field(tag: int, *parts: tuple[str, str]) -> Iterator[DataField]:
    """The field with the subfields that say something; none where nothing does."""
    found = tuple(Subfield(code, value) for code, value in parts if value)
    if found:
        yield DataField(str(tag), "  ", found)


def _text(tag: int, text: str) -> Iterator[DataField]:
    return _field(tag, ("", text))


def _heading(work: Work) -> Iterator[DataField]:
    yield from _text(920, "SPEC" if _is_volume(work) else _WORKSHEETS.get(work.kind, "PAZK"))
    yield from _field(
        900, ("T", _TYPES.get(work.kind, "a")), ("B", _kind_code(work)), ("C", _NATURES.get(work.kind, ""))
    )
    yield from _text(102, _COUNTRIES.get(work.country, ""))
    yield from _text(101, work.language)
    yield from _field(919, ("A", "uzb"), ("N", "02"), ("K", "PSBO"), ("G", "ca" if work.cyrillic else "ba"))
    yield from _field(10, ("A", work.isbn), ("D", work.holdings[0].price if work.isbn and work.holdings else ""))
    if work.kind is Kind.SERIAL:
        yield from _field(11, ("A", work.issn))


def _kind_code(work: Work) -> str:
    if work.kind in {Kind.SERIAL, Kind.ISSUE}:
        return "01" if work.kind is Kind.SERIAL else "02"
    if work.kind is Kind.ARTICLE:
        return "12"
    return "03" if _is_volume(work) else "05"


def _is_volume(work: Work) -> bool:
    return work.host is not None and work.kind not in {Kind.ARTICLE, Kind.ISSUE}


def _description(work: Work) -> Iterator[DataField]:
    first, rest = (work.responsibility[0], work.responsibility[1:]) if work.responsibility else ("", ())
    title = f"{work.number}. {work.title}" if work.number else work.title
    volume = work.host.part if work.host and _is_volume(work) else ""
    own = not _is_volume(work)
    yield from _field(
        200,
        ("V", volume),
        ("A", title),
        ("E", " : ".join(work.remainders)),
        ("F", first if own else ""),
        ("G", " ; ".join(rest) if own else ""),
    )
    yield from _field(510, ("D", work.parallel_title))
    yield from _field(205, ("A", work.edition))
    if work.kind is not Kind.ARTICLE:
        year = str(work.year or "")
        yield from _field(210, ("D", year), ("C", work.publisher), ("A", work.place))
    yield from _extent(work)
    yield from _field(225, ("A", work.series), ("V", work.series_number))
    yield from _host(work)
    for note in work.notes:
        yield from _text(300, note)
    yield from _text(320, work.bibliography)
    yield from _text(328, work.thesis_note)
    for title_of_part in work.contents:
        yield from _field(330, ("C", title_of_part))
    yield from _text(331, work.abstract)


def _extent(work: Work) -> Iterator[DataField]:
    unit, _, size = work.height.partition(" ")
    height = f"{unit} {size}".strip()
    if work.extent:
        count, _, thing = work.extent.partition(" ")
        yield from _field(215, ("A", count), ("1", thing))
    elif work.pages:
        own_unit = "" if work.pages_unit == _PAGES_BY_DEFAULT else work.pages_unit
        yield from _field(215, ("A", str(work.pages)), ("1", own_unit), ("C", work.illustrations), ("E", height))


def _host(work: Work) -> Iterator[DataField]:
    host = work.host
    if host is None:
        return
    if work.kind is Kind.ARTICLE:
        yield from _field(463, ("C", host.title), ("J", str(host.year or "")), ("H", host.part), ("S", host.pages))
        yield from _field(963, ("I", host.issn))
    elif work.kind is Kind.ISSUE:
        yield from _text(933, work.shelfmark)
        yield from _text(934, str(work.year))
        yield from _text(936, str(host.number))
        yield from _field(923, ("H", f"{work.year}, {host.part}"))
    else:
        yield from _field(
            461, ("C", host.title), ("F", host.responsibility), ("D", work.place), ("G", work.publisher),
            ("H", str(host.year or "")),
        )  # fmt: skip


def _access(work: Work) -> Iterator[DataField]:
    heading, *keywords = work.subjects
    yield from _text(675, work.udc)
    yield from _text(621, work.bbk)
    yield from _field(606, ("A", heading))
    for keyword in keywords:
        yield from _text(610, keyword)
    for place, person in enumerate(work.authors):
        yield from _person((961 if _is_volume(work) else 700) if not place else 701, person, with_role=False)
    for person in work.others:
        yield from _person(702, person, with_role=True)
    yield from _field(951, ("I", work.link), ("T", work.link_label))


def _person(tag: int, person: Person, *, with_role: bool) -> Iterator[DataField]:
    full = person.forenames if person.forenames != person.initials else ""
    yield from _field(
        tag, ("4", _ROLES[person.role] if with_role else ""), ("A", person.surname), ("B", person.initials), ("G", full)
    )


def _service(work: Work, mfn: int) -> Iterator[DataField]:
    yield from _text(908, work.author_mark)
    yield from _text(903, f"{work.shelfmark or work.bbk}-{mfn:06}".replace(" ", ""))
    entered = work.holdings[0].acquired if work.holdings else f"{max(work.year or 0, 2012)}1015"
    for stage in _STAGES[: 1 + mfn % 2]:
        yield from _field(907, ("C", stage), ("A", entered))
    for holding in work.holdings:
        yield from _copy(holding)
    yield from _field(905, ("D", "3"), ("J", "1"), ("S", "1"), ("2", "1"))
    yield from _text(999, "0000000")


def _copy(holding: Holding) -> Iterator[DataField]:
    if holding.status == "U":
        numbers = (("1", str(holding.count)), ("2", str(holding.lent)))
    else:
        numbers = (("B", holding.number), ("H", f"E00401{int(holding.number):010X}"))
    yield from _field(
        910, ("A", holding.status), *numbers, ("D", holding.place), ("C", holding.acquired), ("E", holding.price)
    )
