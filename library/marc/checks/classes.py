"""How class numbers are written: UDC, BBK in figures and in letters, GRNTI. Whether a class exists is not asked."""

from __future__ import annotations

import re

from library.domain.errors import N_, Message

_UDC = re.compile(r"""[0-9(=\["'*][0-9A-Za-zА-Яа-яЁёЎўҚқҒғҲҳ.:+/()\[\]"'=*&‑–\s-]*""")
_BBK = re.compile(r"""(?:[2-9]|[А-ЩЭ-Я](?=[\d(\s.:/+я]|$))[0-9А-яЁёЎўҚқҒғҲҳҮүӨөҢң.:+/()\[\]{}='"*,&‑–\s-]*""")
_GRNTI = re.compile(r"\d\d(?:\.\d\d){0,2}(?:\.[\d.]+)?")
_LATIN = re.compile("[A-Za-z]")
_BRACKETS = {")": "(", "]": "["}


def udc_problem(text: str) -> Message | None:
    """What is wrong with a UDC number, if anything."""
    if not _UDC.fullmatch(text) or not any(letter.isdigit() for letter in text):
        return Message.of(N_("“{number}” is no UDC number: it begins with a figure, ( or =."), number=text)
    return _unbalanced(text)


def bbk_problem(text: str) -> Message | None:
    """What is wrong with a BBK number, if anything."""
    if _LATIN.search(text):
        return Message.of(N_("“{number}”: the letters of BBK are Cyrillic, here is a Latin one."), number=text)
    if not _BBK.fullmatch(text):
        return Message.of(
            N_("“{number}” is no BBK number: it begins with a figure from 2 to 9 or a capital letter."), number=text
        )
    return _unbalanced(text)


def grnti_problem(text: str) -> Message | None:
    """What is wrong with a GRNTI number, if anything."""
    if _GRNTI.fullmatch(text):
        return None
    return Message.of(N_("“{number}” is no GRNTI number: it has pairs of figures, 14.35.07."), number=text)


def _unbalanced(text: str) -> Message | None:
    opened: list[str] = []
    for sign in text:
        if sign in "([":
            opened.append(sign)
        elif sign in _BRACKETS and (not opened or opened.pop() != _BRACKETS[sign]):
            opened = ["("]
            break
    if opened or text.count('"') % 2:
        return Message.of(N_("“{number}”: a bracket or quotation mark has no other half."), number=text)
    return None
