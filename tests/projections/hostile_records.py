"""Descriptions of any content, hostile text included, for the property tests of this folder."""

from hypothesis import strategies as st

from library.domain.description import Copy, Creator, CreatorRole, Description, HostItem, Link, Material

_HOSTILE = (
    "{",
    "}",
    "}}{",
    "\\",
    "\\}",
    "%&$#_~^",
    '"',
    "@book{x,",
    "=cmd|' /C calc'!A0",
    "a\nb\r\nER  - ",
    "TY  - BOOK",
    "\u202eabc\u2066",
    "\u0645\u0631\u062d\u0628\u0627",
    "😀",
    "\ud800",
    "\x00",
    "\u2028",
    "\u00a0",
    "Smith and Jones",
    "и др.",
    "А. Б. Каримов, ",
    "Каримов, Анвар",
    " : ",
    "...",
    ". — ",
    "«",
    "Т. 2",
    "15-20",
    "<script>",
)
_parts = st.lists(st.sampled_from(_HOSTILE) | st.text(max_size=8), max_size=4)
texts = _parts.map("".join) | _parts.map(" ".join)
several = st.lists(texts, max_size=3).map(tuple)
descriptions = st.builds(
    Description,
    title=texts.filter(bool),
    material=st.sampled_from(Material),
    remainder=texts,
    parallel_titles=several,
    responsibility=texts,
    creators=st.lists(st.builds(Creator, name=texts, role=st.sampled_from(CreatorRole)), max_size=6).map(tuple),
    edition=texts,
    places=several,
    publishers=several,
    year=st.none() | st.integers(1, 2100),
    languages=st.lists(st.sampled_from(["uzb", "rus", "kir", "eng", "deu", ""]), max_size=2).map(tuple),
    extent=texts,
    series=several,
    isbns=several,
    issns=several,
    subjects=several,
    keywords=several,
    udc=several,
    abstract=texts,
    notes=several,
    host=st.none()
    | st.builds(HostItem, title=texts, issn=texts, volume=texts, issue=texts, pages=texts, year=st.none() | st.just(1)),
    links=st.lists(st.builds(Link, url=texts | st.just("https://doi.org/10.1234/{a}")), max_size=2).map(tuple),
    copies=st.lists(st.builds(Copy, inventory_number=texts, shelfmark=texts), max_size=2).map(tuple),
)
