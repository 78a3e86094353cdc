r"""A record as a BibTeX entry, in Unicode (biber, BibTeX with UTF-8, Zotero, JabRef).

BibTeX counts braces even after a backslash, so a brace in the data is written as a command, never as `\{`. Words with
capitals in a title are in braces, since styles turn titles to small letters.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from types import MappingProxyType

from library.domain.description import Creator, CreatorRole, Description, Material
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi, printed_isbn, web_address
from library.projections.name_forms import by_role, split_name
from library.projections.plain_text import clean, element

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
# What would end or unbalance a value that is taken literally.
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", "^": "%5E", "`": "%60"})
_TYPES = MappingProxyType(
    {
        Material.BOOK: "book",
        Material.TEXTBOOK: "book",
        Material.VOLUME: "book",
        Material.DISSERTATION: "phdthesis",
        Material.DISSERTATION_ABSTRACT: "phdthesis",
        Material.MANUSCRIPT: "unpublished",
    }
)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_LATIN_OF_CYRILLIC = str.maketrans(
    "абвгдезийклмнопрстуфыэўқғҳөү", "abvgdeziyklmnoprstufyeoqghou", "ъь"
) | str.maketrans(
    {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ң": "ng"}
)


def citation_key(description: Description, identity: str) -> str:
    """A key such as "karimov2021-42": unique because of `identity`, and the same however the record is exported.

    It changes only if the first author or the year is corrected. ASCII letters, figures, "-" and "_".
    """
    named = part.writers(description) or by_role(description, CreatorRole.EDITOR)
    surname = _ascii(split_name(named[0].name)[0]) if named else ""
    unique = re.sub(r"[^A-Za-z0-9]", lambda sign: f"_{ord(sign.group()):x}_", identity)
    return f"{surname or 'record'}{part.year(description) or ''}-{unique}"


def encode(description: Description, *, identity: str, address: str | None = None, accessed: date | None = None) -> str:
    """One entry, ending with a line feed; `identity` is the record's own, `address` where it is read."""
    fields = _fields(description, web_address(description, address), accessed)
    lines = (f"  {name} = {{{value}}}," for name, value in fields if value)
    return "\n".join((f"@{_entry_type(description)}{{{citation_key(description, identity)},", *lines, "}\n"))


def _entry_type(description: Description) -> str:
    host = host_of_part(description)
    if host and description.material is not Material.ELECTRONIC:
        return "article" if part.is_in_serial(host) else "incollection"
    return _TYPES.get(description.material, "misc")


def _fields(description: Description, url: str, accessed: date | None) -> tuple[tuple[str, str], ...]:
    entry_type = _entry_type(description)
    publisher = "school" if entry_type == "phdthesis" else "publisher"
    published_by = part.institution(description) if entry_type == "phdthesis" else part.publisher(description)
    return (
        ("author", _names(part.writers(description))),
        ("editor", _names(_people(description, CreatorRole.EDITOR, CreatorRole.COMPILER))),
        ("translator", _names(_people(description, CreatorRole.TRANSLATOR))),
        ("title", _protected(part.work_title(description))),
        *_host_fields(description, entry_type),
        ("edition", _escaped(element(description.edition))),
        ("address", _escaped(part.place(description))),
        (publisher, _escaped(published_by)),
        ("year", str(part.year(description) or "")),
        ("series", _escaped("; ".join(map(element, description.series)))),
        ("isbn", _escaped(", ".join(map(printed_isbn, description.isbns)))),
        ("issn", _escaped(", ".join(map(clean, description.issns)))),
        ("doi", doi(description).translate(_IN_ADDRESS)),
        ("url", url.translate(_IN_ADDRESS)),
        ("urldate", accessed.isoformat() if accessed and url else ""),
        ("language", _escaped(part.language_tag(description))),
        ("keywords", _escaped(", ".join(map(element, (*description.subjects, *description.keywords))))),
    )


def _host_fields(description: Description, entry_type: str) -> tuple[tuple[str, str], ...]:
    host = host_of_part(description)
    if host is None:
        return ()
    name = {"article": "journal", "incollection": "booktitle"}.get(entry_type, "howpublished")
    pages = "--".join(number for number in part.pages(host) if number)
    return (
        (name, _escaped(part.host_title(host))),
        ("volume", _escaped(part.figure(host.volume))),
        ("number", _escaped(part.figure(host.issue))),
        ("pages", _escaped(pages)),
    )


def _people(description: Description, *roles: CreatorRole) -> tuple[Creator, ...]:
    return tuple(creator for role in roles for creator in by_role(description, role))


def _names(people: tuple[Creator, ...]) -> str:
    return " and ".join(map(_name, people))


def _name(person: Creator) -> str:
    """A person as "Family, Given"; a body, and a name that would be taken apart, in braces."""
    family, given = split_name(person.name)
    whole = f"{family}, {given}" if given else family
    taken_apart = _AND.search(whole) or "," in given or not family
    if person.role is CreatorRole.BODY or taken_apart or (not given and " " in family):
        return f"{{{_escaped(clean(person.name))}}}"
    return _escaped(whole)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _protected(title: str) -> str:
    """The title with every word that has a capital in braces; the first letter of all is a capital in any style."""
    first, space, rest = title.partition(" ")
    first = _protect(first) if any(letter.isupper() for letter in first[1:]) else _escaped(first)
    return first + space + " ".join(map(_protect, rest.split(" ")))


def _protect(word: str) -> str:
    return f"{{{_escaped(word)}}}" if any(letter.isupper() for letter in word) else _escaped(word)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LATIN_OF_CYRILLIC))
    return re.sub(r"[^a-z0-9]", "", plain)
