"""What kind of document a MARC 21 record describes: by its leader, its coded data and its words."""

from __future__ import annotations

from library.domain.description import Material
from library.marc.dialects import codes
from library.marc.dialects.marc21_parts import Fields, values

_BY_TYPE = {
    "c": Material.SCORE,
    "d": Material.SCORE,
    "e": Material.MAP,
    "f": Material.MAP,
    "g": Material.VIDEO,
    "i": Material.AUDIO,
    "j": Material.AUDIO,
    "k": Material.IMAGE,
    "m": Material.ELECTRONIC,
    "o": Material.OTHER,
    "p": Material.OTHER,
    "r": Material.OTHER,
}
_BY_LEVEL = {
    "a": Material.ARTICLE,
    "b": Material.ARTICLE,
    "i": Material.ELECTRONIC,
    "s": Material.SERIAL,
}
_THESIS, _STANDARD = "m", "u"
_ELECTRONIC = frozenset("oqs")
_PARTS_OF_SETS = frozenset("bc")


def material_of(leader: str, coded: str, fields: Fields) -> Material:
    """The type of document: what is no text, then a part or a serial by the leader, then genres, then the rest."""
    kind, level = leader[6], leader[7]
    return _BY_TYPE.get(kind) or _BY_LEVEL.get(level) or _genre(coded, fields) or _of_its_own(leader, coded)


def _of_its_own(leader: str, coded: str) -> Material:
    if leader[6] == "t":
        return Material.MANUSCRIPT
    if coded[23:24] in _ELECTRONIC:
        return Material.ELECTRONIC
    return Material.VOLUME if leader[19] in _PARTS_OF_SETS else Material.BOOK


def _genre(coded: str, fields: Fields) -> Material | None:
    words = " ".join([*values(fields, "245", "abnp"), *values(fields, "655", "a"), *values(fields, "502", "ab")])
    found = codes.genre(words + " ")
    if found is Material.DISSERTATION_ABSTRACT:
        return found
    nature = coded[24:28]
    if "502" in fields or _THESIS in nature:
        return Material.DISSERTATION
    if found is None and _STANDARD in nature:
        return Material.STANDARD
    if found is None and any("electronic resource" in medium.lower() for medium in values(fields, "245", "h")):
        return Material.ELECTRONIC
    return found
