"""Codes of the leader, of coded data and of indicators in UNIMARC (RUSMARC), as far as forms ask for them."""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList

_BLANK = " "

STATUSES = CodeList(
    "unimarc-statuses",
    (
        Code("n", N_("New")),
        Code("c", N_("Corrected")),
        Code("p", N_("Completed after publication")),
        Code("o", N_("Part of a set described before")),
        Code("d", N_("Deleted")),
    ),
)
TYPES = CodeList(
    "unimarc-types",
    (
        Code("a", N_("Text")),
        Code("b", N_("Manuscript")),
        Code("c", N_("Sheet music")),
        Code("d", N_("Manuscript music")),
        Code("e", N_("Map")),
        Code("f", N_("Manuscript map")),
        Code("g", N_("Video recording")),
        Code("i", N_("Audio recording (speech)")),
        Code("j", N_("Audio recording (music)")),
        Code("k", N_("Image")),
        Code("l", N_("Electronic resource")),
        Code("m", N_("Mixed materials")),
        Code("r", N_("Object")),
    ),
)
LEVELS = CodeList(
    "unimarc-levels",
    (
        Code("m", N_("Whole document")),
        Code("a", N_("Part of a document")),
        Code("s", N_("Periodical")),
        Code("i", N_("Continuing online resource")),
        Code("c", N_("Collection")),
    ),
)
HIERARCHY = CodeList(
    "unimarc-hierarchy",
    (
        Code("0", N_("Stands alone")),
        Code("1", N_("Set of volumes")),
        Code("2", N_("Part of a set")),
        Code(_BLANK, N_("Not said")),
    ),
)
COMPLETENESS = CodeList(
    "unimarc-completeness",
    (
        Code(_BLANK, N_("Full, with the document in hand")),
        Code("1", N_("Full, without the document in hand")),
        Code("2", N_("Before publication")),
        Code("3", N_("Abbreviated")),
    ),
)
DESCRIPTION_FORMS = CodeList(
    "unimarc-description-forms",
    (
        Code("i", N_("Partly by ISBD")),
        Code(_BLANK, N_("By ISBD")),
        Code("n", N_("Not by ISBD")),
    ),
)
DATES = CodeList(
    "unimarc-dates",
    (
        Code("d", N_("One year")),
        Code("g", N_("Several years")),
        Code("a", N_("Periodical still published")),
        Code("b", N_("Periodical no longer published")),
        Code("c", N_("Periodical, end not known")),
        Code("e", N_("Year of the reprint and of the original")),
        Code("f", N_("Uncertain year between two")),
        Code("h", N_("Year of publication and of copyright")),
        Code("i", N_("Year of release and of production")),
        Code("j", N_("Exact date")),
        Code("u", N_("Year not known")),
        Code("k", N_("Year of publication and of printing")),
        Code("l", N_("Collection of several years")),
    ),
)
AUDIENCES = CodeList(
    "unimarc-audiences",
    (
        Code(_BLANK, N_("Not said")),
        Code("b", N_("Preschool children")),
        Code("a", N_("Children and teenagers")),
        Code("c", N_("Primary school")),
        Code("d", N_("Younger teenagers")),
        Code("e", N_("Older teenagers")),
        Code("k", N_("Specialists and students")),
        Code("m", N_("General readers")),
        Code("u", N_("Not known")),
    ),
    is_open=True,
)
SCRIPTS = CodeList(
    "unimarc-scripts",
    (
        Code("ba", N_("Latin letters")),
        Code("ca", N_("Cyrillic letters")),
        Code("fa", N_("Arabic letters")),
        Code("zz", N_("Other")),
    ),
    is_open=True,
)
ILLUSTRATIONS = CodeList(
    "unimarc-illustrations",
    (
        Code("y", N_("No illustrations")),
        Code("a", N_("Illustrations")),
        Code("b", N_("Maps")),
        Code("c", N_("Portraits")),
        Code("d", N_("Charts")),
        Code("e", N_("Plans")),
        Code("f", N_("Plates")),
        Code("g", N_("Music")),
        Code(_BLANK, N_("Not said")),
    ),
    is_open=True,
)
CONTENTS = CodeList(
    "unimarc-contents",
    (
        Code("z", N_("Other")),
        Code("j", N_("Textbook")),
        Code("a", N_("Bibliography")),
        Code("b", N_("Catalogue")),
        Code("c", N_("Index")),
        Code("d", N_("Abstracts")),
        Code("e", N_("Dictionary")),
        Code("f", N_("Encyclopaedia")),
        Code("g", N_("Directory")),
        Code("i", N_("Statistics")),
        Code("k", N_("Patent")),
        Code("l", N_("Standard")),
        Code("m", N_("Dissertation")),
        Code("n", N_("Legislation")),
        Code("p", N_("Technical report")),
        Code("t", N_("Comics")),
        Code(_BLANK, N_("Not said")),
    ),
    is_open=True,
)
YES_NO = CodeList("unimarc-yes-no", (Code("0", N_("No")), Code("1", N_("Yes")), Code(_BLANK, N_("Not said"))))
LITERARY_FORMS = CodeList(
    "unimarc-literary-forms",
    (
        Code("y", N_("Not fiction")),
        Code("a", N_("Fiction")),
        Code("b", N_("Drama")),
        Code("c", N_("Essays")),
        Code("d", N_("Humour")),
        Code("e", N_("Letters")),
        Code("f", N_("Short stories")),
        Code("g", N_("Poetry")),
        Code("h", N_("Speeches")),
        Code("z", N_("Mixed forms")),
        Code(_BLANK, N_("Not said")),
    ),
    is_open=True,
)
SERIALS = CodeList(
    "unimarc-serials",
    (
        Code("a", N_("Journal")),
        Code("b", N_("Series of books")),
        Code("c", N_("Newspaper")),
        Code("e", N_("Loose-leaf edition")),
        Code("f", N_("Updated database")),
        Code("g", N_("Website")),
        Code("z", N_("Other")),
    ),
)
FREQUENCIES = CodeList(
    "unimarc-frequencies",
    (
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
        Code("l", N_("Every two years")),
        Code("y", N_("Not regular")),
        Code("u", N_("Not known")),
    ),
    is_open=True,
)
REGULARITY = CodeList(
    "unimarc-regularity",
    (
        Code("a", N_("Regular")),
        Code("b", N_("Regular with exceptions")),
        Code("y", N_("Not regular")),
        Code("u", N_("Not known")),
    ),
)
TRANSLATION = CodeList(
    "unimarc-translation",
    (
        Code("0", N_("No translation")),
        Code("1", N_("Translation")),
        Code("2", N_("With a translation in it")),
        Code(_BLANK, N_("Not said")),
    ),
)
SIGNIFICANT = CodeList("unimarc-significant", (Code("1", N_("Found by the title")), Code("0", N_("Not found by it"))))
INVERTED = CodeList("unimarc-inverted", (Code("1", N_("Surname first")), Code("0", N_("Forename first"))))
BODIES = CodeList("unimarc-bodies", (Code("0", N_("Organisation")), Code("1", N_("Conference or other event"))))
BODY_NAMES = CodeList(
    "unimarc-body-names",
    (Code("2", N_("In its natural order")), Code("1", N_("Under its place")), Code("0", N_("Inverted name"))),
)
ELECTRONIC = CodeList(
    "unimarc-electronic",
    (
        Code("d", N_("Document")),
        Code("e", N_("Bibliographic data")),
        Code("a", N_("Numeric data")),
        Code("b", N_("Computer program")),
        Code("c", N_("Images")),
        Code("g", N_("Game")),
        Code("h", N_("Sound")),
        Code("i", N_("Interactive multimedia")),
        Code("j", N_("Online service")),
        Code("v", N_("Combination")),
        Code("u", N_("Not known")),
        Code("z", N_("Other")),
    ),
)
CARRIERS = CodeList(
    "unimarc-carriers",
    (
        Code("r", N_("Online")),
        Code("o", N_("Optical disc")),
        Code("j", N_("Magnetic disk")),
        Code("u", N_("Not known")),
        Code("z", N_("Other")),
    ),
    is_open=True,
)
VIDEOS = CodeList(
    "unimarc-videos",
    (Code("c", N_("Video recording")), Code("a", N_("Film")), Code("b", N_("Slides and other projected images"))),
)
CONTENT_FORMS = CodeList(
    "unimarc-content-forms",
    (
        Code("Текст"),
        Code("Музыка"),
        Code("Устная речь"),
        Code("Звуки"),
        Code("Изображение"),
        Code("Электронные данные"),
        Code("Электронная программа"),
        Code("Предмет"),
    ),
    is_open=True,
)
MEDIA = CodeList(
    "unimarc-media",
    (
        Code("непосредственный"),
        Code("электронный"),
        Code("аудио"),
        Code("видео"),
        Code("микроформа"),
        Code("проекционный"),
    ),
    is_open=True,
)
CLASSIFICATIONS = CodeList(
    "unimarc-classifications",
    (
        Code("rubbk", N_("BBK")),
        Code("rugasnti", N_("GRNTI")),
        Code("oksvnk", N_("Specialities of dissertations")),
    ),
    is_open=True,
)
RULES = CodeList(
    "unimarc-rules",
    (Code("RCR", N_("Russian cataloguing rules")), Code("psbo", N_("Rules of 1986 to 1993")), Code("AACR2", "AACR2")),
    is_open=True,
)
ADDRESSES = CodeList(
    "unimarc-addresses",
    (Code("4", N_("Web address")), Code("7", N_("Named in the subfield y")), Code(_BLANK, N_("Not said"))),
    is_open=True,
)
