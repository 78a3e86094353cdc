"""Codes of the leader, of 008 and of indicators in MARC 21, as far as forms ask for them."""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList

_NOT_CODED = Code("|", N_("Not coded"))
_BLANK = " "

STATUSES = CodeList(
    "marc-statuses",
    (
        Code("n", N_("New")),
        Code("c", N_("Corrected")),
        Code("p", N_("Completed after publication")),
        Code("a", N_("Made fuller")),
        Code("d", N_("Deleted")),
    ),
)
TYPES = CodeList(
    "marc-types",
    (
        Code("a", N_("Text")),
        Code("c", N_("Sheet music")),
        Code("e", N_("Map")),
        Code("g", N_("Video recording")),
        Code("i", N_("Audio recording (speech)")),
        Code("j", N_("Audio recording (music)")),
        Code("k", N_("Image")),
        Code("m", N_("Electronic resource")),
        Code("p", N_("Mixed materials")),
        Code("r", N_("Object")),
        Code("t", N_("Manuscript")),
        Code("d", N_("Manuscript music")),
        Code("f", N_("Manuscript map")),
        Code("o", N_("Kit")),
    ),
)
LEVELS = CodeList(
    "marc-levels",
    (
        Code("m", N_("Whole document")),
        Code("a", N_("Part of a book")),
        Code("b", N_("Part of a periodical")),
        Code("s", N_("Periodical")),
        Code("i", N_("Continuing online resource")),
        Code("c", N_("Collection")),
        Code("d", N_("Part of a collection")),
    ),
)
ENCODING_LEVELS = CodeList(
    "marc-encoding-levels",
    (
        Code(_BLANK, N_("Full, with the document in hand")),
        Code("1", N_("Full, without the document in hand")),
        Code("3", N_("Abbreviated")),
        Code("5", N_("Preliminary")),
        Code("7", N_("Minimal")),
        Code("8", N_("Before publication")),
    ),
    is_open=True,
)
SIGNS = CodeList(
    "marc-signs",
    (
        Code("c", N_("Signs between the parts are added by the program")),
        Code("i", N_("Signs between the parts are typed (ISBD)")),
        Code("a", N_("By AACR2, signs are typed")),
        Code(_BLANK, N_("Not by ISBD")),
        Code("n", N_("Not by ISBD, signs are added by the program")),
        Code("u", N_("Not known")),
    ),
)
PARTS = CodeList(
    "marc-parts",
    (
        Code(_BLANK, N_("Complete in one volume")),
        Code("a", N_("Set of volumes")),
        Code("b", N_("Volume with a title of its own")),
        Code("c", N_("Volume without a title of its own")),
    ),
)
DATES = CodeList(
    "marc-dates",
    (
        Code("s", N_("One year")),
        Code("m", N_("Several years")),
        Code("c", N_("Periodical still published")),
        Code("d", N_("Periodical no longer published")),
        Code("u", N_("Periodical, end not known")),
        Code("q", N_("Uncertain year between two")),
        Code("r", N_("Year of the reprint and of the original")),
        Code("t", N_("Year of publication and of copyright")),
        Code("e", N_("Exact date")),
        Code("p", N_("Year of release and of production")),
        Code("n", N_("Year not known")),
        Code("b", N_("No year, or before our era")),
        Code("i", N_("Collection of several years")),
        Code("k", N_("Most of a collection")),
        _NOT_CODED,
    ),
)
ILLUSTRATIONS = CodeList(
    "marc-illustrations",
    (
        Code(_BLANK, N_("No illustrations")),
        Code("a", N_("Illustrations")),
        Code("b", N_("Maps")),
        Code("c", N_("Portraits")),
        Code("d", N_("Charts")),
        Code("e", N_("Plans")),
        Code("f", N_("Plates")),
        Code("g", N_("Music")),
        Code("o", N_("Photographs")),
        _NOT_CODED,
    ),
    is_open=True,
)
AUDIENCES = CodeList(
    "marc-audiences",
    (
        Code(_BLANK, N_("Not said")),
        Code("a", N_("Preschool children")),
        Code("j", N_("Children")),
        Code("b", N_("Primary school")),
        Code("c", N_("Younger teenagers")),
        Code("d", N_("Older teenagers")),
        Code("e", N_("Adults")),
        Code("f", N_("Specialists and students")),
        Code("g", N_("General readers")),
        _NOT_CODED,
    ),
)
FORMS = CodeList(
    "marc-forms",
    (
        Code(_BLANK, N_("Printed")),
        Code("o", N_("Online")),
        Code("q", N_("Electronic, on a carrier")),
        Code("s", N_("Electronic")),
        Code("r", N_("Printed copy")),
        Code("f", N_("Braille")),
        Code("d", N_("Large print")),
        Code("a", N_("Microfilm")),
        Code("b", N_("Microfiche")),
        Code("c", N_("Opaque microform")),
        _NOT_CODED,
    ),
)
CONTENTS = CodeList(
    "marc-contents",
    (
        Code(_BLANK, N_("Not said")),
        Code("b", N_("Bibliography")),
        Code("c", N_("Catalogue")),
        Code("d", N_("Dictionary")),
        Code("e", N_("Encyclopaedia")),
        Code("f", N_("Reference book")),
        Code("j", N_("Patent")),
        Code("l", N_("Legislation")),
        Code("m", N_("Dissertation")),
        Code("r", N_("Directory")),
        Code("s", N_("Statistics")),
        Code("t", N_("Technical report")),
        Code("u", N_("Standard")),
        Code("6", N_("Comics")),
        _NOT_CODED,
    ),
    is_open=True,
)
YES_NO = CodeList("marc-yes-no", (Code("0", N_("No")), Code("1", N_("Yes")), _NOT_CODED))
LITERARY_FORMS = CodeList(
    "marc-literary-forms",
    (
        Code("0", N_("Not fiction")),
        Code("1", N_("Fiction")),
        Code("d", N_("Drama")),
        Code("e", N_("Essays")),
        Code("f", N_("Novel")),
        Code("h", N_("Humour")),
        Code("i", N_("Letters")),
        Code("j", N_("Short stories")),
        Code("m", N_("Mixed forms")),
        Code("p", N_("Poetry")),
        Code("s", N_("Speeches")),
        Code("u", N_("Not known")),
        _NOT_CODED,
    ),
)
FREQUENCIES = CodeList(
    "marc-frequencies",
    (
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
        Code("g", N_("Every two years")),
        Code(_BLANK, N_("Not regular")),
        Code("u", N_("Not known")),
        _NOT_CODED,
    ),
    is_open=True,
)
REGULARITY = CodeList(
    "marc-regularity",
    (
        Code("r", N_("Regular")),
        Code("n", N_("Regular with exceptions")),
        Code("x", N_("Not regular")),
        Code("u", N_("Not known")),
        _NOT_CODED,
    ),
)
SERIALS = CodeList(
    "marc-serials",
    (
        Code("p", N_("Journal")),
        Code("n", N_("Newspaper")),
        Code("m", N_("Series of books")),
        Code("d", N_("Updated database")),
        Code("w", N_("Website")),
        Code("l", N_("Loose-leaf edition")),
        Code(_BLANK, N_("Other")),
        _NOT_CODED,
    ),
    is_open=True,
)
MAPS = CodeList(
    "marc-maps",
    (
        Code("a", N_("Map")),
        Code("b", N_("Series of maps")),
        Code("d", N_("Globe")),
        Code("e", N_("Atlas")),
        Code("u", N_("Not known")),
        Code("z", N_("Other")),
        _NOT_CODED,
    ),
    is_open=True,
)
SCORES = CodeList(
    "marc-scores",
    (
        Code("a", N_("Full score")),
        Code("b", N_("Miniature score")),
        Code("d", N_("Vocal score")),
        Code("e", N_("Condensed score")),
        Code("l", N_("Score")),
        Code("n", N_("No printed music")),
        Code("u", N_("Not known")),
        Code("z", N_("Other")),
        _NOT_CODED,
    ),
    is_open=True,
)
VIDEOS = CodeList(
    "marc-videos",
    (
        Code("v", N_("Video recording")),
        Code("m", N_("Film")),
        Code("f", N_("Filmstrip")),
        Code("s", N_("Slides")),
        Code("z", N_("Other")),
        _NOT_CODED,
    ),
    is_open=True,
)
COMPUTER_FILES = CodeList(
    "marc-computer-files",
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
        Code("m", N_("Combination")),
        Code("u", N_("Not known")),
        Code("z", N_("Other")),
        _NOT_CODED,
    ),
)
TRANSLATION = CodeList(
    "marc-translation",
    (
        Code("0", N_("No translation")),
        Code("1", N_("Translation, or with one")),
        Code(_BLANK, N_("Not said")),
    ),
)
NAMES = CodeList(
    "marc-names", (Code("1", N_("Surname first")), Code("0", N_("Forename first")), Code("3", N_("Family name")))
)
BODIES = CodeList(
    "marc-bodies",
    (Code("2", N_("In its natural order")), Code("1", N_("Under its place")), Code("0", N_("Inverted name"))),
)
ADDED = CodeList("marc-added", (Code("0", N_("Under the title")), Code("1", N_("Under the author"))))
SKIPPED = CodeList("marc-skipped", tuple(Code(str(number), str(number)) for number in range(10)))
VARIANTS = CodeList(
    "marc-variants",
    (
        Code(_BLANK, N_("Not said")),
        Code("0", N_("Part of the title")),
        Code("1", N_("Parallel title")),
        Code("2", N_("Distinctive title")),
        Code("3", N_("Other title")),
        Code("4", N_("Cover title")),
        Code("5", N_("Title of the added title page")),
        Code("6", N_("Caption title")),
        Code("7", N_("Running title")),
        Code("8", N_("Spine title")),
    ),
)
IMPRINTS = CodeList(
    "marc-imprints",
    (
        Code("1", N_("Publication")),
        Code("0", N_("Production")),
        Code("2", N_("Distribution")),
        Code("3", N_("Manufacture")),
        Code("4", N_("Copyright date")),
    ),
)
TRACED = CodeList("marc-traced", (Code("1", N_("Found by the series")), Code("0", N_("Not found by the series"))))
THESAURI = CodeList(
    "marc-thesauri",
    (
        Code("4", N_("Not said")),
        Code("7", N_("Named in the subfield 2")),
        Code("0", N_("Library of Congress")),
        Code("1", N_("Library of Congress, for children")),
        Code("2", N_("Medicine (MeSH)")),
        Code("3", N_("National Agricultural Library")),
        Code("5", N_("Canada")),
        Code("6", N_("Canada, in French")),
    ),
)
IDENTIFIERS = CodeList(
    "marc-identifiers",
    (
        Code("7", N_("Named in the subfield 2")),
        Code("2", "ISMN"),
        Code("3", "EAN"),
        Code("0", "ISRC"),
        Code("1", "UPC"),
        Code("4", "SICI"),
        Code("8", N_("Other")),
    ),
)
ADDRESSES = CodeList(
    "marc-addresses",
    (
        Code("0", N_("The document itself")),
        Code("1", N_("Another version of it")),
        Code("2", N_("A document related to it")),
        Code(_BLANK, N_("Not said")),
    ),
    is_open=True,
)
EDITIONS = CodeList("marc-editions", (Code(_BLANK, N_("Not said")),), is_open=True)
CLASSIFICATIONS = CodeList(
    "marc-classifications",
    (
        Code("rubbk", N_("BBK")),
        Code("rugasnti", N_("GRNTI")),
        Code("oksvnk", N_("Specialities of dissertations")),
    ),
    is_open=True,
)
