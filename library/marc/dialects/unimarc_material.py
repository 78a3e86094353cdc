"""What kind of document a UNIMARC record describes: by its leader, its coded data and its words."""

from __future__ import annotations

from library.domain.description import Material
from library.marc.dialects import codes
from library.marc.dialects.unimarc_embedded import linked
from library.marc.dialects.unimarc_parts import Fields, values

_BY_TYPE = {
    "b": Material.MANUSCRIPT,
    "c": Material.SCORE,
    "d": Material.SCORE,
    "e": Material.MAP,
    "f": Material.MAP,
    "g": Material.VIDEO,
    "i": Material.AUDIO,
    "j": Material.AUDIO,
    "k": Material.IMAGE,
    "m": Material.OTHER,
    "r": Material.OTHER,
}
_BY_LEVEL = {"a": Material.ARTICLE, "s": Material.SERIAL}
# 105 $a/4-7, the form of contents.
_BY_FORM = {"j": Material.TEXTBOOK, "l": Material.STANDARD, "m": Material.DISSERTATION, "v": Material.DISSERTATION}


def material_of(leader: str, fields: Fields) -> Material:
    """The type of document: what is no text, then a part or a serial by the leader, then genres, then the rest."""
    kind, level = leader[6], leader[7]
    return _BY_TYPE.get(kind) or _BY_LEVEL.get(level) or _genre(fields) or _of_its_own(leader, fields)


def _of_its_own(leader: str, fields: Fields) -> Material:
    if leader[6] == "l" or leader[7] == "i":
        return Material.ELECTRONIC
    if leader[8] == "2" and ("461" in fields or "462" in fields):
        hosts = [linked(field) for field in fields.get("461", [])]
        return Material.ISSUE if any(host.marc.first("011", "a") for host in hosts) else Material.VOLUME
    return Material.BOOK


def _genre(fields: Fields) -> Material | None:
    words = " ".join([*values(fields, "200", "aei"), *values(fields, "608", "a"), *values(fields, "328", "a")])
    found = codes.genre(words + " ")
    if found is Material.DISSERTATION_ABSTRACT:
        return found
    if "328" in fields:
        return Material.DISSERTATION
    for coded in values(fields, "105", "a"):
        for code in coded[4:8]:
            if code in _BY_FORM:
                return _BY_FORM[code]
    return found
