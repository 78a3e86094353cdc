"""A record in RIS, as reference managers read it: two-character tags, CRLF, UTF-8, from TY to ER."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from library.domain.description import Creator, CreatorRole, Description, Material
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi, printed_isbn, web_address
from library.projections.name_forms import by_role, split_name
from library.projections.plain_text import clean, element

_TYPES = MappingProxyType(
    {
        Material.BOOK: "BOOK",
        Material.TEXTBOOK: "BOOK",
        Material.VOLUME: "BOOK",
        Material.DISSERTATION: "THES",
        Material.DISSERTATION_ABSTRACT: "THES",
        Material.SERIAL: "SER",
        Material.ISSUE: "SER",
        Material.STANDARD: "STAND",
        Material.ELECTRONIC: "ELEC",
        Material.MAP: "MAP",
        Material.SCORE: "MUSIC",
        Material.AUDIO: "SOUND",
        Material.VIDEO: "VIDEO",
        Material.IMAGE: "ART",
        Material.MANUSCRIPT: "MANSCPT",
    }
)
_ROLES = (
    ("A2", CreatorRole.EDITOR),
    ("A2", CreatorRole.COMPILER),
    ("A4", CreatorRole.TRANSLATOR),
)


def encode(description: Description, *, identity: str, address: str | None = None, accessed: date | None = None) -> str:
    """One reference; several are joined by writing one after another. `identity` becomes its ID."""
    url = web_address(description, address)
    lines = (
        ("ID", clean(identity)),
        *(("AU", _name(creator)) for creator in part.writers(description)),
        *((tag, _name(creator)) for tag, role in _ROLES for creator in by_role(description, role)),
        ("TI", part.work_title(description)),
        *_host_lines(description),
        ("ET", element(description.edition)),
        ("CY", part.place(description)),
        ("PB", _published_by(description)),
        ("PY", str(part.year(description) or "")),
        *(("T3", element(name)) for name in description.series),
        *(("SN", printed_isbn(number)) for number in description.isbns),
        *(("SN", clean(number)) for number in description.issns),
        ("DO", doi(description)),
        ("UR", url),
        ("Y2", f"{accessed:%Y/%m/%d}" if accessed and url else ""),
        ("LA", part.language_tag(description)),
        *(("KW", element(word)) for word in (*description.subjects, *description.keywords)),
        ("AB", clean(description.abstract)),
        *(("N1", clean(note)) for note in description.notes),
        *(("CN", clean(copy.shelfmark)) for copy in description.copies[:1]),
    )
    body = "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value)
    return f"TY  - {_type(description)}\r\n{body}ER  - \r\n"


def _type(description: Description) -> str:
    host = host_of_part(description)
    if host and description.material is not Material.ELECTRONIC:
        return "JOUR" if part.is_in_serial(host) else "CHAP"
    return _TYPES.get(description.material, "GEN")


def _host_lines(description: Description) -> tuple[tuple[str, str], ...]:
    host = host_of_part(description)
    if host is None:
        return ()
    first, last = part.pages(host)
    return (
        ("T2", part.host_title(host)),
        ("VL", part.figure(host.volume)),
        ("IS", part.figure(host.issue)),
        ("SP", first),
        ("EP", last),
    )


def _published_by(description: Description) -> str:
    return part.institution(description) if _type(description) == "THES" else part.publisher(description)


def _name(person: Creator) -> str:
    family, given = split_name(person.name)
    return f"{family}, {given}" if given and person.role is not CreatorRole.BODY else clean(person.name)
