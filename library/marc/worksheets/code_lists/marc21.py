"""Codes of the leader, of 008 and of indicators in MARC 21: those that libraries need, and a pattern of others."""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList

_NOT_SAID = Code(" ", N_("Not said"))
_NOT_CODED = Code("|", N_("Not coded"))


def _menu(name: str, *codes: Code, others: str = "") -> CodeList:
    """A menu; `others` is the pattern of further codes that are right."""
    return CodeList(f"marc-{name}", codes, pattern=others)


STATUSES = _menu("statuses", Code("n", N_("New")), Code("c", N_("Corrected")), Code("d", N_("Deleted")), others="[ap]")
TYPES = _menu(
    "types",
    Code("a", N_("Text")),
    Code("c", N_("Sheet music")),
    Code("e", N_("Map")),
    Code("g", N_("Video recording")),
    Code("i", N_("Audio recording (speech)")),
    Code("j", N_("Audio recording (music)")),
    Code("k", N_("Image")),
    Code("m", N_("Electronic resource")),
    Code("t", N_("Manuscript")),
    others="[dfopr]",
)
LEVELS = _menu(
    "levels",
    Code("m", N_("Whole document")),
    Code("a", N_("Part of a book")),
    Code("b", N_("Part of a periodical")),
    Code("s", N_("Periodical")),
    Code("i", N_("Continuing online resource")),
    Code("c", N_("Collection")),
    others="d",
)
ENCODING_LEVELS = _menu(
    "encoding-levels",
    Code(" ", N_("Full, with the document in hand")),
    Code("1", N_("Full, without the document in hand")),
    Code("3", N_("Abbreviated")),
    Code("8", N_("Before publication")),
    others="[24-7uzA-Z]",
)
SIGNS = _menu(
    "signs",
    Code("c", N_("Signs between the parts are added by the program")),
    Code("i", N_("Signs between the parts are typed (ISBD)")),
    Code(" ", N_("Not by ISBD")),
    others="[anu]",
)
PARTS = _menu(
    "parts",
    Code(" ", N_("Complete in one volume")),
    Code("a", N_("Set of volumes")),
    Code("b", N_("Volume with a title of its own")),
    Code("c", N_("Volume without a title of its own")),
)
DATES = _menu(
    "dates",
    Code("s", N_("One year")),
    Code("m", N_("Several years")),
    Code("c", N_("Periodical still published")),
    Code("d", N_("Periodical no longer published")),
    Code("u", N_("Periodical, end not known")),
    Code("q", N_("Uncertain year between two")),
    Code("r", N_("Year of the reprint and of the original")),
    Code("t", N_("Year of publication and of copyright")),
    Code("n", N_("Year not known")),
    others="[beikp]",
)
ILLUSTRATIONS = _menu(
    "illustrations",
    Code(" ", N_("No illustrations")),
    Code("a", N_("Illustrations")),
    Code("b", N_("Maps")),
    Code("c", N_("Portraits")),
    Code("o", N_("Photographs")),
    _NOT_CODED,
    others="[d-mp]",
)
AUDIENCES = _menu(
    "audiences",
    _NOT_SAID,
    Code("j", N_("Children")),
    Code("e", N_("Adults")),
    Code("f", N_("Specialists and students")),
    Code("g", N_("General readers")),
    others="[a-d]",
)
FORMS = _menu(
    "forms",
    Code(" ", N_("Printed")),
    Code("o", N_("Online")),
    Code("q", N_("Electronic, on a carrier")),
    Code("s", N_("Electronic")),
    Code("f", N_("Braille")),
    others="[abcdr]",
)
CONTENTS = _menu(
    "contents",
    _NOT_SAID,
    Code("b", N_("Bibliography")),
    Code("c", N_("Catalogue")),
    Code("d", N_("Dictionary")),
    Code("e", N_("Encyclopaedia")),
    Code("f", N_("Reference book")),
    Code("j", N_("Patent")),
    Code("l", N_("Legislation")),
    Code("m", N_("Dissertation")),
    Code("s", N_("Statistics")),
    Code("u", N_("Standard")),
    others="[agikn-rtv-z256]",
)
YES_NO = _menu("yes-no", Code("0", N_("No")), Code("1", N_("Yes")))
LITERARY_FORMS = _menu(
    "literary-forms",
    Code("0", N_("Not fiction")),
    Code("1", N_("Fiction")),
    Code("d", N_("Drama")),
    Code("f", N_("Novel")),
    Code("j", N_("Short stories")),
    Code("p", N_("Poetry")),
    others="[ehimsu]",
)
FREQUENCIES = _menu(
    "frequencies",
    Code("d", N_("Daily")),
    Code("w", N_("Weekly")),
    Code("e", N_("Every two weeks")),
    Code("s", N_("Twice a month")),
    Code("m", N_("Monthly")),
    Code("b", N_("Every two months")),
    Code("q", N_("Quarterly")),
    Code("t", N_("Three times a year")),
    Code("f", N_("Twice a year")),
    Code("a", N_("Yearly")),
    Code(" ", N_("Not regular")),
    _NOT_CODED,
    others="[cghijkuz]",
)
REGULARITY = _menu(
    "regularity",
    Code("r", N_("Regular")),
    Code("n", N_("Regular with exceptions")),
    Code("x", N_("Not regular")),
    others="u",
)
SERIALS = _menu(
    "serials",
    Code("p", N_("Journal")),
    Code("n", N_("Newspaper")),
    Code("m", N_("Series of books")),
    Code("w", N_("Website")),
    Code(" ", N_("Other")),
    others="[dghlrst]",
)
MAPS = _menu(
    "maps",
    Code("a", N_("Map")),
    Code("e", N_("Atlas")),
    Code("d", N_("Globe")),
    Code("z", N_("Other")),
    others="[bcfgu]",
)
SCORES = _menu(
    "scores",
    Code("l", N_("Score")),
    Code("a", N_("Full score")),
    Code("d", N_("Vocal score")),
    Code("z", N_("Other")),
    others="[bceghi-knpu]",
)
VIDEOS = _menu(
    "videos",
    Code("v", N_("Video recording")),
    Code("m", N_("Film")),
    Code("z", N_("Other")),
    others="[a-dfgiklnopqrstw]",
)
TRANSLATION = _menu(
    "translation", Code("0", N_("No translation")), Code("1", N_("Translation, or with one")), _NOT_SAID
)
NAMES = _menu("names", Code("1", N_("Surname first")), Code("0", N_("Forename first")), Code("3", N_("Family name")))
BODIES = _menu(
    "bodies",
    Code("2", N_("In its natural order")),
    Code("1", N_("Under its place")),
    Code("0", N_("Inverted name")),
)
ADDED = _menu("added", Code("0", N_("Under the title")), Code("1", N_("Under the author")))
SKIPPED = _menu("skipped", *(Code(str(number), str(number)) for number in range(10)))
VARIANTS = _menu(
    "variants",
    _NOT_SAID,
    Code("0", N_("Part of the title")),
    Code("1", N_("Parallel title")),
    Code("3", N_("Other title")),
    Code("4", N_("Cover title")),
    Code("8", N_("Spine title")),
    others="[2567]",
)
IMPRINTS = _menu(
    "imprints",
    Code("1", N_("Publication")),
    Code("0", N_("Production")),
    Code("2", N_("Distribution")),
    Code("3", N_("Manufacture")),
    Code("4", N_("Copyright date")),
)
TRACED = _menu("traced", Code("1", N_("Found by the series")), Code("0", N_("Not found by the series")))
THESAURI = _menu(
    "thesauri",
    Code("4", N_("Not said")),
    Code("7", N_("Named in the subfield 2")),
    Code("0", N_("Library of Congress")),
    Code("2", N_("Medicine (MeSH)")),
    others="[1356]",
)
IDENTIFIERS = _menu(
    "identifiers",
    Code("7", N_("Named in the subfield 2")),
    Code("2", "ISMN"),
    Code("3", "EAN"),
    Code("8", N_("Other")),
    others="[014]",
)
ADDRESSES = _menu(
    "addresses",
    Code("0", N_("The document itself")),
    Code("1", N_("Another version of it")),
    Code("2", N_("A document related to it")),
    _NOT_SAID,
    others="[348]",
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
