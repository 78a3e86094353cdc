"""What an IRBIS record says, for pages, search and exports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from library.domain.description import Copy, CopyStatus, Creator, CreatorRole, Description, HostItem, Link, Material
from library.domain.marc import DataField, MarcRecord
from library.marc.dialects.codes import LONGEST_TITLE_MADE_UP, UNTITLED, unique, year_in
from library.marc.dialects.irbis_fields import (
    Fields,
    Values,
    body,
    displayed,
    extent_of,
    isbn,
    issn,
    language,
    main,
    person,
    role_of,
    shelfmark,
    volume_title,
)
from library.marc.dialects.irbis_material import material_of
from library.marc.dialects.open_science import terms_in_notes, with_orcids

_LONGEST_COUNT = 6
# What no title can be taken from: codes, cataloguers, copies, settings.
_NO_TITLES = frozenset(
    ("10", "11", "101", "102", "900", "903", "905", "907", "910", "919", "920", "999", "1119", "2147483647")
)

_PERSONS = {"700": CreatorRole.AUTHOR, "701": CreatorRole.AUTHOR, "961": CreatorRole.AUTHOR, "702": CreatorRole.EDITOR}
_BODIES = ("710", "711", "971", "972", "962")
_STATUS = {
    "0": CopyStatus.AVAILABLE,
    "1": CopyStatus.ON_LOAN,
    "2": CopyStatus.EXPECTED,
    "3": CopyStatus.BINDERY,
    "4": CopyStatus.LOST,
    "5": CopyStatus.UNAVAILABLE,
    "6": CopyStatus.WRITTEN_OFF,
    "8": CopyStatus.ON_THE_WAY,
    "9": CopyStatus.RESERVED,
    "c": CopyStatus.AVAILABLE,
    "p": CopyStatus.UNAVAILABLE,
    "u": CopyStatus.AVAILABLE,
}
_WITHOUT_NUMBERS = frozenset({"u", "c"})
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_SUBDIVISIONS = "abcdgeoh9"
_TAGS = frozenset({
    "10", "11", "46", "101", "200", "205", "210", "215", "225", "300", "314", "320", "327", "328", "330",
    "331", "333", "461", "463", "510", "517", "541", "600", "601", "606", "607", "610", "621", "675", "700",
    "701", "702", "710", "711", "900", "903", "906", "908", "910", "920", "922", "923", "933", "934", "935",
    "936", "951", "961", "962", "963", "971", "972", "982",
})  # fmt: skip


def describe(marc: MarcRecord) -> Description:
    """What the record says; every field of the description that the record knows of, and a title in any case."""
    fields = Fields.of(marc, _TAGS)
    material = material_of(fields)
    return Description(
        title=_title(fields, marc),
        material=material,
        remainder=displayed(fields.first("200", "e")) or displayed(fields.first("461", "e")),
        parallel_titles=unique(
            displayed(values.get("d") or main(values)) for values in fields.all("510", "541", "517")
        ),
        responsibility=_responsibility(fields),
        creators=with_orcids(_creators(fields), fields.texts("300")),
        edition=fields.first("205", "a"),
        places=unique(_imprint(fields, "axy", "461", "d")),
        publishers=unique(_imprint(fields, "c", "461", "g")),
        year=_year(fields),
        languages=unique(language(main(values)) for values in fields.all("101")),
        extent=_extent(fields),
        series=unique(_series(values) for values in fields.all("225", "46")),
        isbns=unique(isbn(values.get("a", "")) for values in fields.all("10")),
        issns=unique(issn(values.get("a", "")) for values in fields.all("11")),
        subjects=unique(_subjects(fields)),
        keywords=unique(_keywords(fields)),
        udc=fields.texts("675"),
        bbk=fields.texts("621"),
        abstract="\n".join(fields.texts("331")),
        contents=unique(_contents(fields)),
        notes=unique(_notes(fields)),
        terms=terms_in_notes(fields.texts("300")),
        host=_host(fields, material),
        links=_links(fields),
        copies=_copies(fields),
    )


def _title(fields: Fields, marc: MarcRecord) -> str:
    """The title, or what comes nearest to one: the number of an issue, the first thing that the record says at all."""
    title = volume_title(fields) or displayed(fields.first("200", "a"))
    if title:
        # A series or section of a journal has its own title in 923.
        sections = [values[code] for values in fields.all("923") for code in "hi" if code in values]
        return ". ".join([title, *sections])
    issue = [fields.text(tag) for tag in ("933", "934", "935", "936")]
    if issue[0]:
        return ", ".join(filter(None, issue))
    for tag, codes in (("200", "ve"), ("922", "c"), ("510", "d"), ("517", "a"), ("463", "c"), ("982", "a9")):
        found = fields.first(tag, codes)
        if found:
            return displayed(found)
    return next(_texts(marc), UNTITLED)


def _texts(marc: MarcRecord) -> Iterator[str]:
    """What the fields of a record that is no bibliographic one say, shortened to the length of a title."""
    for field in marc.fields:
        if isinstance(field, DataField) and field.tag not in _NO_TITLES:
            for subfield in field.subfields:
                text = subfield.value.strip()
                if text:
                    yield text if len(text) <= LONGEST_TITLE_MADE_UP else text[:LONGEST_TITLE_MADE_UP].rstrip() + "…"


def _responsibility(fields: Fields) -> str:
    own = [fields.first("200", code) for code in "fg"]
    return " ; ".join(filter(None, own)) or fields.first("461", "f")


def _creators(fields: Fields) -> tuple[Creator, ...]:
    creators: dict[Creator, None] = {}
    for tag, default in _PERSONS.items():
        for values in fields.all(tag):
            name = person(values)
            if name:
                creators[Creator(name=name, role=role_of(values, default), dates=values.get("f", ""))] = None
    if "461" in fields.by_tag and not {"700", "961"} & fields.by_tag.keys():
        name = fields.first("461", "x")
        if name:
            creators[Creator(name=name, role=CreatorRole.AUTHOR)] = None
    for values in fields.all(*_BODIES):
        name = body(values)
        if name:
            creators[Creator(name=name, role=CreatorRole.BODY)] = None
    return tuple(creators)


def _imprint(fields: Fields, codes: str, tag_of_set: str, code_of_set: str) -> Iterator[str]:
    own = [values[code] for values in fields.all("210") for code in codes if code in values]
    for text in own or [fields.first(tag_of_set, code_of_set)]:
        yield from (part.strip() for part in text.split(";"))


def _year(fields: Fields) -> int | None:
    for tag, codes in (("210", "d"), ("463", "j"), ("461", "h")):
        year = year_in(fields.first(tag, codes))
        if year is not None:
            return year
    return year_in(fields.text("934"))


def _extent(fields: Fields) -> str:
    for values in fields.all("215"):
        extent, illustrations, size = extent_of(values)
        if extent:
            with_illustrations = f"{extent} : {illustrations}" if illustrations else extent
            return f"{with_illustrations} ; {size}" if size else with_illustrations
    return ""


def _series(values: Values) -> str:
    title = displayed(values.get("a", ""))
    return f"{title} ; {values['v']}" if title and "v" in values else title


def _subjects(fields: Fields) -> Iterator[str]:
    for values in fields.all("606", "607"):
        yield " — ".join([displayed(values[code]) for code in _SUBDIVISIONS if code in values]) or main(values)
    for values in fields.all("600"):
        yield person(values) or main(values)
    for values in fields.all("601"):
        yield body(values) or main(values)


def _keywords(fields: Fields) -> Iterator[str]:
    for values in fields.all("610"):
        for keyword in main(values).split(";"):
            yield displayed(keyword).strip()


def _contents(fields: Fields) -> Iterator[str]:
    for values in fields.all("330", "922"):
        title = displayed(values.get("c") or main(values))
        author = values.get("f", "")
        yield f"{title} / {author}" if title and author else title
    yield from fields.texts("327")


def _notes(fields: Fields) -> Iterator[str]:
    yield from fields.texts("300", "314", "320", "333")
    for values in fields.all("328", "982"):
        yield " ".join([values[code] for code in ("", *"0asn9b") if code in values])


def _host(fields: Fields, material: Material) -> HostItem | None:
    """The journal or collection of an article (463, 963), or the set of a volume (461)."""
    article = next((values for values in fields.all("463") if "c" in values), None)
    if article is not None:
        number = fields.first("963", "i")
        return HostItem(
            title=displayed(article["c"]),
            issn=issn(number),
            isbn=isbn(number),
            year=year_in(article.get("j", "")),
            volume=". ".join([article[code] for code in "va" if code in article]),
            issue=", ".join([article[code] for code in "hik" if code in article]),
            pages=article.get("s", ""),
        )
    title = displayed(fields.first("461", "c"))
    if not title or material is Material.ARTICLE:
        return None
    return HostItem(title=title, year=year_in(fields.first("461", "h")), volume=fields.first("200", "v"))


def _links(fields: Fields) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for values in fields.all("951"):
        for code in "ia":
            address = values.get(code, "")
            if _WEB.fullmatch(address):
                links.setdefault(address, Link(url=address, label=values.get("t", "")))
    return tuple(links.values())


def _copies(fields: Fields) -> tuple[Copy, ...]:
    if "910" not in fields.by_tag:
        return ()
    mark = shelfmark(fields)
    return tuple([_copy(values, mark) for values in fields.all("910")])


def _copy(values: Values, mark: str) -> Copy:
    code = values.get("a", "").lower()
    status = _STATUS.get(code, CopyStatus.UNKNOWN)
    count = 1
    if code in _WITHOUT_NUMBERS:
        count = max(_number(values.get("1", "")), 1)
        if _number(values.get("2", "")) >= count:
            status = CopyStatus.ON_LOAN
    return Copy(
        inventory_number=values.get("b", ""),
        barcode=values.get("h", ""),
        place=values.get("d", ""),
        shelfmark=mark,
        status=status,
        count=count,
        collection=values.get("q", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT else 0
