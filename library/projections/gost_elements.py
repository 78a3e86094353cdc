"""The areas and elements of a description, each without the sign before it (GOST 7.1-2003 and R 7.0.100-2018, 5)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from library.domain.description import Description, HostItem, Material
from library.projections.gost_abbreviations import dissertation_formula, place_name, shorten
from library.projections.gost_style import Rules
from library.projections.gost_words import form_of, words_of
from library.projections.identifiers import doi, printed_isbn
from library.projections.item_language import ItemLanguage, item_language
from library.projections.plain_text import clean, element, elements, name_element, stopped

# A title of which nothing can be printed.
UNTITLED = "[…]"
_NUMBER = re.compile(r"[\dIVXLCМХ][\dIVXLCМХ/().,–—-]*(?: ?\([^()]*\))?")
_ROMAN = re.compile(r"[IVXLCМХ]+")
_PAGE_WORD = re.compile(r"^(?:стр|бет|pp|с|c|б|b|p|s)\.?\s*(?=\d)", re.IGNORECASE)
_PAGE_SPAN = re.compile(r"(?<=\d)\s*[-‐–—]\s*(?=\d)")
_ISSUE_WORD = re.compile(r"^(?:№|Nr?\.?|No\.?)\s*(?=\d)", re.IGNORECASE)
_UNIT = re.compile(r"^([^\W\d_]{1,5}\.)(?=\d)")
_COUNT = re.compile(r"[\dIVXLC][\dIVXLC,\[\] ]*")
_DESIGNATION = re.compile(
    r"\s*\[\s*(?:текст|электронный ресурс|карты|ноты|звукозапись|видеозапись|изоматериал|рукопись|мультимедиа|matn|"
    r"матн|elektron resurs|электрон ресурс|электрондук ресурс|text|electronic resource)[^\]]*\]",
    re.IGNORECASE,
)
_IN_FULL = (("Т. ", "Том "), ("Ч. ", "Часть "), ("Кн. ", "Книга "), ("Вып. ", "Выпуск "))
_PRINTED_BOOKS = frozenset({Material.BOOK, Material.TEXTBOOK, Material.VOLUME})
_OF_A_SET = frozenset({Material.VOLUME, Material.ISSUE})


def host_of_part(description: Description) -> HostItem | None:
    """What an article, a chapter or a page of a site is part of; nothing for a whole item or a volume of a set."""
    host = description.host
    if host is None or description.material in _OF_A_SET or not element(host.title):
        return None
    is_part = description.material in {Material.ARTICLE, Material.ELECTRONIC} or bool(element(host.pages))
    return host if is_part else None


def title(description: Description, rules: Rules, *, electronic: bool) -> str:
    """The title proper with designation, part, parallel titles and other title information."""
    common, own = title_and_part(description, rules)
    if rules.designation:
        proper, sign, rest = common.partition(" : ")
        common = f"{proper} [{_designation(description, electronic=electronic)}]{sign}{rest}"
    parts = stopped(common) + f" {own}" if own else common
    parallel = "".join(f" = {name}" for name in _parallel_titles(description))
    remainder = other_title_information(description, rules)
    return f"{parts}{parallel} : {remainder}" if remainder else f"{parts}{parallel}"


def title_and_part(description: Description, rules: Rules) -> tuple[str, str]:
    """The title, and for a volume of a set the common title and "Т. 2. Own title" (GOST 7.1-2003, 6)."""
    own = name_element(_DESIGNATION.sub("", description.title)) or clean(description.title) or UNTITLED
    host = description.host
    common = name_element(_DESIGNATION.sub("", host.title)) if host else ""
    if description.material not in _OF_A_SET or not common:
        return own, ""
    volume = _volume_and_issue(description, rules)
    if description.material is Material.ISSUE and own.casefold() == common.casefold():
        return common, ""
    for said in (common, host.volume, volume) if host else ():
        own = _without(own, said)
    if host and _says_number(own, host):
        return common, _in_full(own) if rules.words_in_full else own
    return common, f"{stopped(volume)} {own}" if volume and own else own or volume


def other_title_information(description: Description, rules: Rules) -> str:
    """The other title information, shortened and, for theses, brought to its formula where the rules ask for it."""
    remainder = element(_DESIGNATION.sub("", description.remainder))
    if not rules.shortened:
        return remainder
    shortened = shorten(remainder, item_language(description))
    theses = {Material.DISSERTATION, Material.DISSERTATION_ABSTRACT}
    return dissertation_formula(shortened) if description.material in theses else shortened


def edition(description: Description, rules: Rules) -> str:
    """The edition area."""
    text = element(description.edition)
    return shorten(text, item_language(description)) if rules.shortened else text


def numbering(description: Description, rules: Rules) -> str:
    """The area of a serial's numbering, for one issue under the title of the serial."""
    if description.material is not Material.ISSUE or title_and_part(description, rules)[1]:
        return ""
    return _volume_and_issue(description, rules)


def imprint(description: Description, rules: Rules) -> str:
    """Places with their publishers, and the year."""
    language = item_language(description)
    places = tuple(place_name(place, rules.places, language) for place in _place_elements(description))
    publishers = elements(description.publishers)
    year = str(description.year) if description.year else ""
    if rules.unknown_marked and description.material in _PRINTED_BOOKS and (places or publishers or year):
        return _with_unknown_marked(places, publishers, year, language)
    return _comma(_places_and_publishers(places, publishers), year)


def extent(description: Description) -> str:
    """The physical description; bare figures get the word for pages."""
    text = element(description.extent)
    return words_of(item_language(description)).page_count.format(text) if _COUNT.fullmatch(text) else text


def series(description: Description) -> str:
    """Each series in its own parentheses."""
    names = (element(name) for name in description.series)
    bare = (name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name for name in names)
    return " ".join(f"({name})" for name in dict.fromkeys(bare) if name)


def notes(description: Description) -> tuple[str, ...]:
    """The notes, each an area of its own."""
    return tuple(note for note in map(element, description.notes) if note)


def standard_numbers(description: Description) -> tuple[str, ...]:
    """ISBN, ISSN and DOI, without a colon after the name."""
    named = (
        *(("ISBN", printed_isbn(isbn)) for isbn in description.isbns),
        *(("ISSN", clean(issn)) for issn in description.issns),
        ("DOI", doi(description)),
    )
    return tuple(dict.fromkeys(f"{name} {number}" for name, number in named if number))


def access(address: str, accessed: date | None, rules: Rules, language: ItemLanguage) -> str:
    """Where the electronic resource is, and when it was there."""
    words = words_of(language)
    label = words.access_mode if rules.access_mode_named else "URL"
    visited = f" ({words.accessed}: {accessed:%d.%m.%Y})" if accessed else ""
    return f"{label}: {address}{visited}"


def content_and_medium(description: Description, *, electronic: bool) -> str:
    """Content type and medium (R 7.0.100-2018, area 9)."""
    words = words_of(item_language(description))
    return (words.electronic if electronic else words.direct)[form_of(description)]


def host_areas(description: Description, host: HostItem, rules: Rules) -> tuple[str, ...]:
    """The areas after " // ": title (one of a single word is not shortened), imprint or year, numbers, pages."""
    language = item_language(description)
    name = name_element(_DESIGNATION.sub("", host.title))
    year = host.year or description.year
    return (
        shorten(name, language) if rules.shortened and " " in name else name,
        _host_imprint(description, host, str(year) if year else "", rules),
        _volume_and_issue(description, rules),
        _pages(host.pages, rules, language) or extent(description),
    )


def _without(title: str, beginning: str) -> str:
    """The title without what it begins with, however that is spaced: "Т.1, Левиафан" without "Т. 1"."""
    letters = r"\s*".join(map(re.escape, element(beginning).replace(" ", "")))
    return re.sub(rf"^{letters}(?!\w)[ .:;,/—–-]*", "", title, flags=re.IGNORECASE) if letters else title


def _says_number(title: str, host: HostItem) -> bool:
    """Whether the title begins with the number in words of its own: "Вып. 17" in volume 17."""
    numbers = (re.escape(number) for number in (element(host.volume), element(host.issue)) if _NUMBER.fullmatch(number))
    return any(re.match(rf"[^\W\d_]+\.? ?{number}(?!\w)", title) for number in numbers)


def _parallel_titles(description: Description) -> tuple[str, ...]:
    """The titles in another script, or all of an item in several languages; the others are variants, not parallel."""
    own = _script(description.title)
    several = len(description.languages) > 1
    return tuple(name for name in elements(description.parallel_titles) if several or _script(name) != own)


def _script(text: str) -> str:
    """The script of the first letter, as Unicode names it: "LATIN", "CYRILLIC"."""
    letter = next(filter(str.isalpha, text), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def _designation(description: Description, *, electronic: bool) -> str:
    words = words_of(item_language(description))
    return words.electronic_resource if electronic else words.designations[form_of(description)]


def _place_elements(description: Description) -> tuple[str, ...]:
    """The places as recorded; "М." keeps its stop, which tells it from a word."""
    return tuple(dict.fromkeys(place for place in map(name_element, description.places) if place))


def _places_and_publishers(places: tuple[str, ...], publishers: tuple[str, ...]) -> str:
    if len(places) == len(publishers):
        return " ; ".join(f"{place} : {publisher}" for place, publisher in zip(places, publishers, strict=True))
    return " : ".join(part for part in (" ; ".join(places), *publishers) if part)


def _with_unknown_marked(
    places: tuple[str, ...], publishers: tuple[str, ...], year: str, language: ItemLanguage
) -> str:
    """The imprint with marks for what the item does not tell; neighbours share their brackets (7.1-2003, 4)."""
    words = words_of(language)
    if not places and not publishers:
        unknown = f"{words.no_place} : {words.no_publisher}"
        return f"[{unknown}], {year}"
    if not publishers and not year:
        return f"{' ; '.join(places)} : [{words.no_publisher}, {words.no_year}]"
    named = _places_and_publishers(places or (f"[{words.no_place}]",), publishers or (f"[{words.no_publisher}]",))
    return f"{named}, {year or f'[{words.no_year}]'}"


def _host_imprint(description: Description, host: HostItem, year: str, rules: Rules) -> str:
    """Place and year of a collection; of a serial the year alone."""
    if element(host.issn) or element(host.issue):
        return year
    language = item_language(description)
    places = tuple(place_name(place, rules.places, language) for place in _place_elements(description))
    publishers = elements(description.publishers) if rules.publisher_of_host else ()
    return _comma(_places_and_publishers(places, publishers), year)


def _volume_and_issue(description: Description, rules: Rules) -> str:
    host = description.host
    if host is None:
        return ""
    words = words_of(item_language(description))
    volume = _spaced(host.volume)
    if _NUMBER.fullmatch(volume):
        roman = _ROMAN.fullmatch(volume) is not None
        volume = (words.volume.replace("{}-", "{} ") if roman else words.volume).format(volume)
    if rules.words_in_full and description.material is Material.VOLUME:
        volume = _in_full(volume)
    issue = _ISSUE_WORD.sub("", _spaced(host.issue))
    if _NUMBER.fullmatch(issue):
        issue = (words.issue if volume else words.issue_first).format(issue)
    return _comma(volume, issue)


def _in_full(volume: str) -> str:
    for short, full in _IN_FULL:
        if volume.startswith(short):
            return full + volume[len(short) :]
    return volume


def _pages(recorded: str, rules: Rules, language: ItemLanguage) -> str:
    """Pages "15-20" and "с.15-20" as "С. 15–20"; a form in words ("15–20-betlar") stays."""
    text = _PAGE_SPAN.sub(rules.page_dash, _PAGE_WORD.sub("", element(recorded)))
    if not text[:1].isdigit() or re.search(r"[^\W\d_]{2,}", text):
        return text
    return words_of(language).pages.format(re.sub(r"\s*[^\W\d_]\.?$", "", text).rstrip(" ."))


def _spaced(text: str) -> str:
    """The text "Т.5" as "Т. 5"."""
    return _UNIT.sub(r"\1 ", element(text))


def _comma(first: str, second: str) -> str:
    return ", ".join(part for part in (first, second) if part)
