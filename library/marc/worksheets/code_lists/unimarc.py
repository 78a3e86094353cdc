"""Codes of the leader, coded data and indicators in UNIMARC: those that libraries need, and a pattern of others."""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList

_NOT_SAID = Code(" ", N_("Not said"))


def _menu(name: str, *codes: Code, others: str = "") -> CodeList:
    """A menu; `others` is the pattern of further codes that are right."""
    return CodeList(f"unimarc-{name}", codes, pattern=others)


STATUSES = _menu("statuses", Code("n", N_("New")), Code("c", N_("Corrected")), Code("d", N_("Deleted")), others="[op]")
TYPES = _menu(
    "types",
    Code("a", N_("Text")),
    Code("b", N_("Manuscript")),
    Code("c", N_("Sheet music")),
    Code("e", N_("Map")),
    Code("g", N_("Video recording")),
    Code("i", N_("Audio recording (speech)")),
    Code("j", N_("Audio recording (music)")),
    Code("k", N_("Image")),
    Code("l", N_("Electronic resource")),
    others="[dfmr]",
)
LEVELS = _menu(
    "levels",
    Code("m", N_("Whole document")),
    Code("a", N_("Part of a document")),
    Code("s", N_("Periodical")),
    Code("i", N_("Continuing online resource")),
    Code("c", N_("Collection")),
)
HIERARCHY = _menu(
    "hierarchy",
    Code("0", N_("Stands alone")),
    Code("1", N_("Set of volumes")),
    Code("2", N_("Part of a set")),
    _NOT_SAID,
)
COMPLETENESS = _menu(
    "completeness",
    Code(" ", N_("Full, with the document in hand")),
    Code("1", N_("Full, without the document in hand")),
    Code("2", N_("Before publication")),
    Code("3", N_("Abbreviated")),
)
DESCRIPTION_FORMS = _menu(
    "description-forms",
    Code("i", N_("Partly by ISBD")),
    Code(" ", N_("By ISBD")),
    Code("n", N_("Not by ISBD")),
)
DATES = _menu(
    "dates",
    Code("d", N_("One year")),
    Code("g", N_("Several years")),
    Code("a", N_("Periodical still published")),
    Code("b", N_("Periodical no longer published")),
    Code("c", N_("Periodical, end not known")),
    Code("f", N_("Uncertain year between two")),
    Code("e", N_("Year of the reprint and of the original")),
    Code("h", N_("Year of publication and of copyright")),
    Code("u", N_("Year not known")),
    others="[ijkl]",
)
AUDIENCES = _menu(
    "audiences",
    _NOT_SAID,
    Code("a", N_("Children")),
    Code("k", N_("Specialists and students")),
    Code("m", N_("General readers")),
    others="[b-eu]",
)
SCRIPTS = _menu(
    "scripts",
    Code("ba", N_("Latin letters")),
    Code("ca", N_("Cyrillic letters")),
    Code("fa", N_("Arabic letters")),
    others="[a-z]{2}",
)
ILLUSTRATIONS = _menu(
    "illustrations",
    Code("y", N_("No illustrations")),
    Code("a", N_("Illustrations")),
    Code("b", N_("Maps")),
    Code("c", N_("Portraits")),
    _NOT_SAID,
    others="[d-n]",
)
CONTENTS = _menu(
    "contents",
    Code("z", N_("Other")),
    Code("j", N_("Textbook")),
    Code("a", N_("Bibliography")),
    Code("b", N_("Catalogue")),
    Code("e", N_("Dictionary")),
    Code("f", N_("Encyclopaedia")),
    Code("i", N_("Statistics")),
    Code("k", N_("Patent")),
    Code("l", N_("Standard")),
    Code("m", N_("Dissertation")),
    Code("n", N_("Legislation")),
    _NOT_SAID,
    others="[cdgho-w]",
)
YES_NO = _menu("yes-no", Code("0", N_("No")), Code("1", N_("Yes")))
LITERARY_FORMS = _menu(
    "literary-forms",
    Code("y", N_("Not fiction")),
    Code("a", N_("Fiction")),
    Code("b", N_("Drama")),
    Code("f", N_("Short stories")),
    Code("g", N_("Poetry")),
    _NOT_SAID,
    others="[cdehz]",
)
SERIALS = _menu(
    "serials",
    Code("a", N_("Journal")),
    Code("b", N_("Series of books")),
    Code("c", N_("Newspaper")),
    Code("g", N_("Website")),
    Code("z", N_("Other")),
    others="[ef]",
)
FREQUENCIES = _menu(
    "frequencies",
    Code("a", N_("Daily")),
    Code("c", N_("Weekly")),
    Code("d", N_("Every two weeks")),
    Code("e", N_("Twice a month")),
    Code("f", N_("Monthly")),
    Code("g", N_("Every two months")),
    Code("h", N_("Quarterly")),
    Code("i", N_("Three times a year")),
    Code("j", N_("Twice a year")),
    Code("k", N_("Yearly")),
    Code("y", N_("Not regular")),
    Code("u", N_("Not known")),
    others="[blmnoz]",
)
REGULARITY = _menu(
    "regularity",
    Code("a", N_("Regular")),
    Code("b", N_("Regular with exceptions")),
    Code("y", N_("Not regular")),
    others="u",
)
TRANSLATION = _menu(
    "translation",
    Code("0", N_("No translation")),
    Code("1", N_("Translation")),
    Code("2", N_("With a translation in it")),
    _NOT_SAID,
)
SIGNIFICANT = _menu("significant", Code("1", N_("Found by the title")), Code("0", N_("Not found by it")))
INVERTED = _menu("inverted", Code("1", N_("Surname first")), Code("0", N_("Forename first")))
BODIES = _menu("bodies", Code("0", N_("Organisation")), Code("1", N_("Conference or other event")))
BODY_NAMES = _menu(
    "body-names",
    Code("2", N_("In its natural order")),
    Code("1", N_("Under its place")),
    Code("0", N_("Inverted name")),
)
ELECTRONIC = _menu(
    "electronic",
    Code("d", N_("Document")),
    Code("b", N_("Computer program")),
    Code("c", N_("Images")),
    Code("h", N_("Sound")),
    Code("i", N_("Interactive multimedia")),
    Code("j", N_("Online service")),
    Code("v", N_("Several kinds")),
    Code("z", N_("Other")),
    others="[aefgu]",
)
CARRIERS = _menu(
    "carriers",
    Code("r", N_("Online")),
    Code("o", N_("Optical disc")),
    Code("z", N_("Other")),
    others="[abcfhjmu]",
)
VIDEOS = _menu("videos", Code("c", N_("Video recording")), Code("a", N_("Film")), others="b")
# The words of the national standard, which are part of the description in its language.
CONTENT_FORMS = CodeList(
    "content-forms",
    tuple(
        Code(word, word)
        for word in ("Текст", "Музыка", "Устная речь", "Звуки", "Изображение", "Электронные данные", "Предмет")
    ),
    is_open=True,
)
MEDIA = CodeList(
    "media",
    tuple(Code(word, word) for word in ("непосредственный", "электронный", "аудио", "видео", "микроформа")),
    is_open=True,
)
CLASSIFICATIONS = CodeList(
    "classifications",
    (
        Code("rubbk", N_("BBK")),
        Code("rugasnti", N_("GRNTI")),
        Code("oksvnk", N_("Specialities of dissertations")),
    ),
    is_open=True,
)
RULES = CodeList(
    "rules", (Code("RCR", N_("Russian cataloguing rules")), Code("psbo", N_("Rules of 1986 to 1993"))), is_open=True
)
