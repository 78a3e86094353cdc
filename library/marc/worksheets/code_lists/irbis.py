"""Codes of IRBIS: worksheets (920), types and kinds of documents (900), and others with a fixed meaning.

The menus of IRBIS are not public; where a list is not whole it is open.
"""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList

WORKSHEETS = CodeList(
    "irbis-worksheets",
    (
        Code("PAZK", N_("Book in one volume")),
        Code("SPEC", N_("Volume of a set")),
        Code("PVK", N_("Book under an organisation")),
        Code("ASP", N_("Article")),
        Code("AUNTD", N_("Standard, patent")),
        Code("J", N_("Periodical")),
        Code("NJ", N_("Issue")),
        Code("NJK", N_("Bound issues")),
        Code("SOB", N_("Event")),
        Code("PERS", N_("Person")),
    ),
    pattern="NJP",
)
TYPES = CodeList(
    "irbis-types",
    (
        Code("a", N_("Text")),
        Code("b", N_("Manuscript")),
        Code("c", N_("Sheet music")),
        Code("e", N_("Map")),
        Code("g", N_("Video recording")),
        Code("i", N_("Audio recording (speech)")),
        Code("j", N_("Audio recording (music)")),
        Code("k", N_("Image")),
        Code("l", N_("Electronic resource")),
    ),
    is_open=True,
)
KINDS = CodeList(
    "irbis-kinds",
    (
        Code("05", N_("Book in one volume")),
        Code("03", N_("Volume of a set")),
        Code("08", N_("Part of a document")),
        Code("01", N_("Periodical")),
        Code("02", N_("Issue")),
    ),
    is_open=True,
)
NATURES = CodeList(
    "irbis-natures",
    (
        Code("j", N_("Textbook")),
        Code("m1", N_("Study and methods guide")),
        Code("m2", N_("Dissertation")),
        Code("22", N_("Monograph")),
    ),
    is_open=True,
)
AGES = CodeList("irbis-ages", tuple(Code(mark, mark) for mark in ("0+", "6+", "12+", "16+", "18+")))
CHARACTER_SETS = CodeList(
    "irbis-character-sets", (Code("02", N_("Cyrillic letters")), Code("01", N_("Latin letters"))), is_open=True
)
SCRIPTS = CodeList(
    "irbis-scripts",
    (
        Code("ba", N_("Latin letters")),
        Code("ca", N_("Cyrillic letters")),
        Code("fa", N_("Arabic letters")),
    ),
    is_open=True,
)
PERIODICALS = CodeList("irbis-periodicals", (Code("j", N_("Journal")), Code("g", N_("Newspaper"))), is_open=True)
MAPS = CodeList("irbis-maps", (Code("dj карта", N_("Map")), Code("az атлас", N_("Atlas"))), is_open=True)
SCORES = CodeList("irbis-scores", (Code("aa полная партитура", N_("Full score")),), is_open=True)
