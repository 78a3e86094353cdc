"""How a record is described and cited: the words on its page and in the files of the reference managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from library.container import now
from library.domain.description import Description
from library.projections import bibtex, citation, csl, ris
from library.projections.gost import GostStyle, describe
from library.settings import Settings

STYLES = {
    "gost-7.1-2003": GostStyle.GOST_7_1_2003,
    "gost-r-7.0.100-2018": GostStyle.GOST_R_7_0_100_2018,
}
MEDIA_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A record in one form: the name of the form, the text, and the file it can be had in."""

    key: str
    name: str
    text: str
    url: str
    is_code: bool


def today(settings: Settings) -> date:
    """The day in the time zone of the library, for "date of access"."""
    return now().astimezone(ZoneInfo(settings.time_zone)).date()


def described(facts: Description, settings: Settings) -> str:
    """The bibliographic description by the standard that the library has chosen."""
    return describe(facts, style=STYLES[settings.description_style], address=None, accessed=today(settings))


def citations(record_id: int, facts: Description, settings: Settings) -> tuple[Citation, ...]:
    """The record in every form it can be cited in."""
    day, identity = today(settings), str(record_id)
    texts = (
        ("gost", "GOST", citation.gost(facts, address=None, accessed=day), "txt"),
        ("apa", "APA", citation.apa(facts, address=None), "txt"),
        ("bibtex", "BibTeX", bibtex.encode(facts, identity=identity, accessed=day), "bib"),
        ("ris", "RIS", ris.encode(facts, identity=identity, accessed=day), "ris"),
        ("csl", "CSL-JSON", csl.encode([csl.item(facts, identity=identity, accessed=day)]), "json"),
    )
    return tuple(
        Citation(key=key, name=name, text=text, url=f"/record/{record_id}/cite.{ending}", is_code=ending != "txt")
        for key, name, text, ending in texts
    )


def file(record_id: int, facts: Description, settings: Settings, ending: str) -> str:
    """What stands in the file with this ending; the plain text has all references that are meant for people."""
    wanted = f"/record/{record_id}/cite.{ending}"
    texts = [one.text for one in citations(record_id, facts, settings) if one.url == wanted]
    return texts[0] if len(texts) == 1 else "\n\n".join(texts) + "\n"
