"""A work as a MARC 21 record of a library that works with Koha: ISBD signs in the fields, items in 952."""

from __future__ import annotations

from collections.abc import Iterator

from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield
from library.sample.work import Holding, Kind, Person, Role, Work

_TYPES = {Kind.MAP: "e", Kind.AUDIO: "i", Kind.VIDEO: "g", Kind.SCORE: "c"}
_LEVELS = {Kind.ARTICLE: "b", Kind.SERIAL: "s"}
_NATURES = {Kind.THESIS: "m", Kind.ABSTRACT: "m", Kind.DICTIONARY: "d", Kind.REFERENCE: "f", Kind.STANDARD: "u"}
_COUNTRIES = {"uz": "uz ", "kg": "kg ", "ru": "ru ", "": "xx "}
_FREQUENCIES = {2: "f", 4: "q", 6: "b", 24: "s", 52: "w"}
_RELATORS = {
    Role.AUTHOR: "aut", Role.EDITOR: "edt", Role.COMPILER: "com", Role.TRANSLATOR: "trl", Role.SUPERVISOR: "ths",
    Role.REVIEWER: "rev", Role.ILLUSTRATOR: "ill",
}  # fmt: skip
# For use in the library only, and so in 852 without items.
_NOT_LENT = {Kind.THESIS, Kind.ABSTRACT, Kind.MAP, Kind.STANDARD}
_ARTICLES = ("The ", "A ", "An ")
_TRANSLATED_FROM = "rus"


def record(work: Work, number: int) -> MarcRecord:
    """The record as it leaves Koha under this control number."""
    part = "a" if work.last_year else "c" if work.host and work.kind is not Kind.ARTICLE else " "
    leader = f"00000n{_TYPES.get(work.kind, 'a')}{_LEVELS.get(work.kind, 'm')} a2200000 i{part}4500"
    return MarcRecord(
        leader, (*_control(work, number), *_numbers(work), *_description(work), *_access(work), *_items(work))
    )


def _field(tag: str, indicators: str, *parts: tuple[str, str]) -> Iterator[DataField]:
    """The field with the subfields that say something; none where nothing does."""
    found = tuple(Subfield(code, value) for code, value in parts if value)
    if found:
        yield DataField(tag, indicators, found)


def _control(work: Work, number: int) -> Iterator[Field]:
    entered = work.holdings[0].acquired if work.holdings else f"{max(work.year or 0, 2018)}0912"
    yield ControlField("001", f"{number:07}")
    yield ControlField("003", "UZ-ZarDU")
    yield ControlField("005", f"{entered}{9 + number % 9:02}{number % 60:02}00.0")
    yield ControlField("008", _coded(work, entered))


def _coded(work: Work, entered: str) -> str:
    """008: dates, country, what the kind of material asks for, language."""
    year = str(work.year) if work.year else "uuuu"
    if work.kind is Kind.SERIAL:
        dates = f"c{year}9999"
        middle = f"{_FREQUENCIES[work.frequency]}r p       0   {'c' if work.cyrillic else 'a'}0"
    else:
        dates = f"s{year}    " if work.year else "nuuuuuuuu"
        illustrated = "a" if work.illustrations else " "
        form = "o" if work.kind is Kind.WEB else " "
        literary = "1" if work.kind is Kind.FICTION else "0"
        middle = f"{illustrated}    {form}{_NATURES.get(work.kind, ' ')}    000 {literary} "
    return f"{entered[2:]}{dates}{_COUNTRIES[work.country]}{middle}{work.language} d"


def _numbers(work: Work) -> Iterator[DataField]:
    yield from _field("020", "  ", ("a", work.isbn.replace("-", "")))
    if work.kind is Kind.SERIAL:
        yield from _field("022", "  ", ("a", work.issn))
    yield from _field("040", "  ", ("a", "UZ-ZarDU"), ("b", "uzb"), ("c", "UZ-ZarDU"))
    if any(person.role is Role.TRANSLATOR for person in work.people):
        yield from _field("041", "1 ", ("a", work.language), ("h", _TRANSLATED_FROM))
    else:
        yield from _field("041", "0 ", ("a", work.language))
    yield from _field("080", "  ", ("a", work.udc))
    yield from _field("084", "  ", ("a", work.bbk), ("2", "rubbk"))


def _description(work: Work) -> Iterator[DataField]:
    for person in work.authors[:1]:
        yield from _person("100", person, work)
    yield from _title(work)
    yield from _field("250", "  ", ("a", work.edition))
    if work.kind is not Kind.ARTICLE:
        yield from _imprint(work)
    yield from _extent(work)
    if work.series:
        after = " ;" if work.series_number else ""
        yield from _field("490", "1 ", ("a", work.series + after), ("v", work.series_number))
    for note in work.notes:
        yield from _field("500", "  ", ("a", note))
    yield from _field("502", "  ", ("a", work.thesis_note))
    yield from _field("504", "  ", ("a", work.bibliography))
    yield from _field("505", "0 ", ("a", " -- ".join(work.contents)))
    yield from _field("520", "  ", ("a", work.abstract))


def _title(work: Work) -> Iterator[DataField]:
    skipped = next((len(word) for word in _ARTICLES if work.language == "eng" and work.title.startswith(word)), 0)
    indicators = f"{1 if work.authors else 0}{skipped}"
    rest = " : ".join(work.remainders)
    proper = f"{work.number}. {work.title}" if work.number else work.title
    parts = [("a", proper), ("b", rest)]
    if work.parallel_title:
        parts = [("a", f"{proper} ="), ("b", " : ".join(filter(None, [work.parallel_title, rest])))]
    elif rest:
        parts[0] = ("a", f"{proper} :")
    if work.host and work.kind is not Kind.ARTICLE:
        parts = [("a", f"{work.host.title}."), ("n", f"{work.host.part},"), ("p", work.title)]
    said = [(code, text) for code, text in parts if text]
    if work.responsibility:
        said[-1] = (said[-1][0], f"{said[-1][1]} /")
    yield from _field("245", indicators, *said, ("c", " ; ".join(work.responsibility)))


def _imprint(work: Work) -> Iterator[DataField]:
    place = work.place + (" :" if work.publisher else "," if work.year else "")
    publisher = work.publisher + ("," if work.publisher and work.year else "")
    years = str(work.year or "")
    if work.kind is Kind.SERIAL:
        years += "-"
    elif work.last_year:
        years += f"-{work.last_year}"
    yield from _field("264", " 1", ("a", place), ("b", publisher), ("c", years))


def _extent(work: Work) -> Iterator[DataField]:
    extent = work.extent or (f"{work.pages} {work.pages_unit}" if work.pages else "")
    if extent and work.illustrations:
        extent += " :"
    elif extent and work.height:
        extent += " ;"
    illustrations = work.illustrations + (" ;" if work.illustrations and work.height else "")
    yield from _field("300", "  ", ("a", extent), ("b", illustrations), ("c", work.height))


def _access(work: Work) -> Iterator[DataField]:
    heading, *keywords = work.subjects
    yield from _field("650", " 4", ("a", heading))
    for keyword in keywords:
        yield from _field("653", "  ", ("a", keyword))
    for person in (*work.authors[1:], *work.others):
        yield from _person("700", person, work)
    if work.host and work.kind is Kind.ARTICLE:
        host = work.host
        place = f"{host.year}, {host.part}, {work.page_mark} {host.pages}"
        yield from _field("773", "0 ", ("t", host.title), ("x", host.issn), ("g", place))
    if work.series:
        after = " ;" if work.series_number else ""
        yield from _field("830", " 0", ("a", work.series + after), ("v", work.series_number))
    yield from _field("856", "40", ("u", work.link), ("y", work.link_label))


def _person(tag: str, person: Person, work: Work) -> Iterator[DataField]:
    name = f"{person.surname}, {person.forenames}" if person.forenames else person.surname
    spoken = work.role_words.get(person.role, "")
    after = "," if spoken else ""
    yield from _field(tag, "1 ", ("a", name + after), ("e", spoken), ("4", _RELATORS[person.role]))


def _items(work: Work) -> Iterator[DataField]:
    for issue, holding in enumerate(work.holdings):
        if work.kind in _NOT_LENT:
            yield from _field(
                "852",
                "  ",
                ("a", "ZarDU ARM"),
                ("c", holding.place),
                ("h", work.shelfmark),
                ("p", f"30001{holding.number}"),
            )
        else:
            numbering = work.numbering[issue] if work.numbering else ""
            yield from _item(holding, work, numbering)


def _item(holding: Holding, work: Work, numbering: str) -> Iterator[DataField]:
    """The item of Koha; where its status is none of those that an item has, the number of a locally defined one."""
    acquired = f"{holding.acquired[:4]}-{holding.acquired[4:6]}-{holding.acquired[6:]}"
    not_for_loan = {"2": "-1", "5": "1", "3": "2"}.get(holding.status, "0")
    yield from _field(
        "952",
        "  ",
        ("0", "1" if holding.status == "6" else "0"),
        ("1", "1" if holding.status == "4" else "0"),
        ("7", not_for_loan),
        ("a", "ARM"),
        ("b", "ARM"),
        ("c", holding.place),
        ("d", acquired),
        ("g", holding.price),
        ("h", numbering),
        ("i", holding.number),
        ("o", work.shelfmark),
        ("p", f"30001{holding.number}"),
        ("q", f"{int(holding.acquired[:4]) + 1}-06-30" if holding.status == "1" else ""),
        ("y", "CR" if work.kind is Kind.SERIAL else "BK"),
    )
