"""The names of codes in the reader's language: labels of our own, else those of CLDR."""

from __future__ import annotations

from babel import Locale

from library.marc.worksheets import Code, CodeList, Naming
from library.web.languages import gettext, locale

# Longer lists are offered while a code is typed, and fetched when they are needed.
LONGEST_MENU = 40
OFFERED = 10


def name_of(code: Code, codes: CodeList) -> str:
    """What a code means; empty where nobody has a name for it."""
    if code.label:
        return gettext(code.label)
    if codes.naming is Naming.LABELS or not code.known_as:
        return ""
    for known in (locale(), *_OTHERS):
        names = known.languages if codes.naming is Naming.LANGUAGES else known.territories
        if code.known_as in names:
            return str(names[code.known_as])
    return ""


def meaning(codes: CodeList, value: str) -> str:
    """What this value means in the list; empty where it is not in it."""
    return next((name_of(code, codes) for code in codes.codes if code.value == value), "")


def is_menu(codes: CodeList) -> bool:
    """Whether the list is short enough for a menu, and nothing else may be typed."""
    return not codes.is_open and len(codes.codes) <= LONGEST_MENU


# CLDR names few languages in Uzbek Cyrillic; a name in the other alphabet says more than a bare code.
_OTHERS = (Locale("uz", script="Latn"), Locale("en"))
