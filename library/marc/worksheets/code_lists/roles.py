"""What persons and bodies did for a document, under the codes of each dialect.

MARC 21 has the relator codes of the Library of Congress, UNIMARC the function codes of its appendix C; IRBIS writes the
same function codes with a Russian abbreviation ("340 ред.").
"""

from __future__ import annotations

from dataclasses import dataclass

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList


@dataclass(frozen=True, slots=True)
class _Role:
    label: str
    marc21: str
    unimarc: str
    abbreviation: str


_ROLES = (
    _Role(N_("Author"), "aut", "070", "авт."),
    _Role(N_("Editor"), "edt", "340", "ред."),
    _Role(N_("Compiler"), "com", "220", "сост."),
    _Role(N_("Translator"), "trl", "730", "пер."),
    _Role(N_("Supervisor"), "ths", "727", "науч. рук."),
    _Role(N_("Reviewer"), "rev", "675", "рец."),
    _Role(N_("Opponent"), "opn", "", ""),
    _Role(N_("Illustrator"), "ill", "440", "худож."),
    _Role(N_("Author of the introduction"), "aui", "080", "авт. предисл."),
    _Role(N_("Editor-in-chief"), "pbd", "651", "гл. ред."),
    _Role(N_("Cartographer"), "ctg", "180", "карт."),
    _Role(N_("Composer"), "cmp", "230", "комп."),
    _Role(N_("Conductor"), "cnd", "250", "дир."),
    _Role(N_("Performer"), "prf", "590", "исп."),
    _Role(N_("Director"), "drt", "300", "реж."),
    _Role(N_("Photographer"), "pht", "600", "фотогр."),
    _Role(N_("Degree-granting institution"), "dgg", "295", "орг. защиты"),
    _Role(N_("Other"), "oth", "570", ""),
)  # fmt: skip

_WITH_FUNCTIONS = tuple(role for role in _ROLES if role.unimarc)

MARC21 = CodeList(
    "relators",
    tuple(Code(role.marc21, role.label) for role in _ROLES),
    is_open=True,
    pattern=r"[a-z]{3}|https?://\S+",
)
UNIMARC = CodeList(
    "functions", tuple(Code(role.unimarc, role.label) for role in _WITH_FUNCTIONS), is_open=True, pattern=r"\d{3}"
)
IRBIS = CodeList(
    "irbis-roles",
    tuple(Code(f"{role.unimarc} {role.abbreviation}".strip(), role.label) for role in _WITH_FUNCTIONS),
    is_open=True,
    pattern=r"\d{3}(?: .+)?",
)
