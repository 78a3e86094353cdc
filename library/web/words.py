"""The words of the interface for the values of the domain, and the language tags of titles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.model import Sort
from library.domain.access_level import AccessLevel
from library.domain.description import CopyStatus, CreatorRole, Material
from library.domain.errors import N_
from library.domain.marc import Dialect
from library.projections.search_entry import ON_THE_SHELF, ONLINE

MATERIALS: Mapping[str, str] = {
    Material.BOOK: N_("Book"),
    Material.TEXTBOOK: N_("Textbook"),
    Material.VOLUME: N_("Volume"),
    Material.ARTICLE: N_("Article"),
    Material.DISSERTATION: N_("Dissertation"),
    Material.DISSERTATION_ABSTRACT: N_("Dissertation abstract"),
    Material.SERIAL: N_("Periodical"),
    Material.ISSUE: N_("Issue"),
    Material.STANDARD: N_("Standard"),
    Material.ELECTRONIC: N_("Electronic edition"),
    Material.MAP: N_("Map"),
    Material.SCORE: N_("Sheet music"),
    Material.AUDIO: N_("Audio recording"),
    Material.VIDEO: N_("Video recording"),
    Material.IMAGE: N_("Image"),
    Material.MANUSCRIPT: N_("Manuscript"),
    Material.OTHER: N_("Other"),
}
ICONS: Mapping[str, str] = {
    Material.ARTICLE: "article",
    Material.DISSERTATION: "thesis",
    Material.DISSERTATION_ABSTRACT: "thesis",
    Material.SERIAL: "journal",
    Material.ISSUE: "journal",
    Material.STANDARD: "article",
    Material.ELECTRONIC: "screen",
    Material.MAP: "map",
    Material.SCORE: "sound",
    Material.AUDIO: "sound",
    Material.VIDEO: "screen",
    Material.IMAGE: "image",
    Material.MANUSCRIPT: "pen",
}
LANGUAGE_NAMES: Mapping[str, str] = {
    "uzb": N_("Uzbek"),
    "kir": N_("Kyrgyz"),
    "rus": N_("Russian"),
    "eng": N_("English"),
    "kaa": N_("Karakalpak"),
    "kaz": N_("Kazakh"),
    "tgk": N_("Tajik"),
    "tuk": N_("Turkmen"),
    "tat": N_("Tatar"),
    "uig": N_("Uighur"),
    "tur": N_("Turkish"),
    "aze": N_("Azerbaijani"),
    "per": N_("Persian"),
    "ara": N_("Arabic"),
    "ger": N_("German"),
    "fre": N_("French"),
    "spa": N_("Spanish"),
    "ita": N_("Italian"),
    "lat": N_("Latin"),
    "ukr": N_("Ukrainian"),
    "bel": N_("Belarusian"),
    "chi": N_("Chinese"),
    "jpn": N_("Japanese"),
    "kor": N_("Korean"),
    "hin": N_("Hindi"),
    "mul": N_("Several languages"),
}
ROLES: Mapping[str, str] = {
    CreatorRole.AUTHOR: N_("Author"),
    CreatorRole.EDITOR: N_("Editor"),
    CreatorRole.COMPILER: N_("Compiler"),
    CreatorRole.TRANSLATOR: N_("Translator"),
    CreatorRole.ILLUSTRATOR: N_("Illustrator"),
    CreatorRole.SUPERVISOR: N_("Supervisor"),
    CreatorRole.REVIEWER: N_("Reviewer"),
    CreatorRole.BODY: N_("Organisation"),
    CreatorRole.OTHER: N_("Other persons"),
}
COPY_STATES: Mapping[str, str] = {
    CopyStatus.AVAILABLE: N_("Available"),
    CopyStatus.ON_LOAN: N_("On loan"),
    CopyStatus.EXPECTED: N_("Expected"),
    CopyStatus.BINDERY: N_("At the bindery"),
    CopyStatus.LOST: N_("Lost"),
    CopyStatus.UNAVAILABLE: N_("Not available"),
    CopyStatus.WRITTEN_OFF: N_("Written off"),
    CopyStatus.ON_THE_WAY: N_("On the way"),
    CopyStatus.RESERVED: N_("Reserved"),
    CopyStatus.UNKNOWN: N_("Ask a librarian"),
}
SORTS: Mapping[Sort, str] = {
    Sort.RELEVANCE: N_("by relevance"),
    Sort.NEWEST: N_("newest first"),
    Sort.OLDEST: N_("oldest first"),
    Sort.TITLE: N_("by title"),
    Sort.AUTHOR: N_("by author"),
}
ACCESS_LEVELS: Mapping[str, str] = {
    AccessLevel.OPEN: N_("Open to all"),
    AccessLevel.MEMBERS: N_("For registered readers"),
    AccessLevel.CAMPUS: N_("On the university network only"),
    AccessLevel.VIEW_ONLY: N_("View only"),
    AccessLevel.CLOSED: N_("Closed"),
}
WAYS_TO_HAVE: Mapping[str, str] = {**ACCESS_LEVELS, ON_THE_SHELF: N_("On the shelf"), ONLINE: N_("Online")}
DIALECTS: Mapping[str, str] = {Dialect.MARC21: "MARC 21", Dialect.UNIMARC: "UNIMARC", Dialect.IRBIS: "IRBIS"}

# ISO 639-2/B to the tags of BCP 47; Uzbek, Karakalpak and their like get their script from the text itself.
_TAGS = {
    "uzb": "uz",
    "kir": "ky",
    "rus": "ru",
    "eng": "en",
    "kaz": "kk",
    "tgk": "tg",
    "tuk": "tk",
    "tat": "tt",
    "uig": "ug",
    "tur": "tr",
    "aze": "az",
    "per": "fa",
    "ara": "ar",
    "ger": "de",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "lat": "la",
    "ukr": "uk",
    "bel": "be",
    "chi": "zh",
    "jpn": "ja",
    "kor": "ko",
    "hin": "hi",
    "kaa": "kaa",
}
_TWO_SCRIPTS = {"uz", "kaa", "tt", "az", "tk"}
_CYRILLIC = {"ru", "ky", "kk", "tg", "uk", "be"}
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")


def text_language(languages: tuple[str, ...], text: str) -> str:
    """The `lang` of a text from the languages of its record; empty where nothing can be said for certain."""
    tag = _TAGS.get(languages[0], "") if len(languages) == 1 else ""
    cyrillic = _CYRILLIC_LETTER.search(text) is not None
    if tag in _TWO_SCRIPTS:
        return f"{tag}-{'Cyrl' if cyrillic else 'Latn'}"
    return "" if tag in _CYRILLIC and not cyrillic else tag
