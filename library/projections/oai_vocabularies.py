"""Words that harvesters compare: types and access rights of COAR and of the European repositories, languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from library.domain.description import Description, Material
from library.projections.gost_elements import host_of_part
from library.projections.reference_parts import is_in_serial

_COAR_TYPE = "http://purl.org/coar/resource_type"
_COAR_ACCESS = "http://purl.org/coar/access_right"
_EUREPO = "info:eu-repo/semantics"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """A type of document: in the COAR vocabulary by code and name, in DRIVER's, DCMI's, MODS' and DataCite's words."""

    coar: str
    name: str
    driver: str
    dcmi: str = "Text"
    mods: str = "text"
    datacite: str = "Text"
    general: str = "literature"

    @property
    def coar_uri(self) -> str:
        """The address of the concept."""
        return f"{_COAR_TYPE}/{self.coar}"

    @property
    def driver_uri(self) -> str:
        """As OpenAIRE wants it in plain Dublin Core."""
        return f"{_EUREPO}/{self.driver}"


_BOOK = TypeWords(coar="c_2f33", name="book", driver="book", datacite="Book")
_CHAPTER = TypeWords(coar="c_3248", name="book part", driver="bookPart", datacite="BookChapter")
_OTHER = TypeWords(coar="c_1843", name="other", driver="other", general="other research product")
_PERIODICAL = TypeWords(coar="c_2659", name="periodical", driver="other", datacite="Journal")
_TYPES = MappingProxyType(
    {
        Material.BOOK: _BOOK,
        Material.TEXTBOOK: _BOOK,
        Material.VOLUME: _BOOK,
        Material.ARTICLE: TypeWords(
            coar="c_6501", name="journal article", driver="article", datacite="JournalArticle"
        ),
        Material.DISSERTATION: TypeWords(
            coar="c_db06", name="doctoral thesis", driver="doctoralThesis", datacite="Dissertation"
        ),
        Material.DISSERTATION_ABSTRACT: TypeWords(coar="c_18cf", name="text", driver="other"),
        Material.SERIAL: _PERIODICAL,
        Material.ISSUE: _PERIODICAL,
        Material.STANDARD: TypeWords(
            coar="c_71bd", name="technical documentation", driver="other", datacite="Standard"
        ),
        Material.MAP: TypeWords(
            coar="c_12cd", name="map", driver="other", dcmi="Image", mods="cartographic", datacite="Image",
            general="other research product",
        ),
        Material.SCORE: TypeWords(
            coar="c_18cw", name="musical notation", driver="other", mods="notated music",
            general="other research product",
        ),
        Material.AUDIO: TypeWords(
            coar="c_18cc", name="sound", driver="other", dcmi="Sound", mods="sound recording", datacite="Sound",
            general="other research product",
        ),
        Material.VIDEO: TypeWords(
            coar="c_12ce", name="video", driver="other", dcmi="MovingImage", mods="moving image",
            datacite="Audiovisual", general="other research product",
        ),
        Material.IMAGE: TypeWords(
            coar="c_ecc8", name="still image", driver="other", dcmi="StillImage", mods="still image",
            datacite="Image", general="other research product",
        ),
        Material.MANUSCRIPT: TypeWords(coar="c_0040", name="manuscript", driver="other"),
    }
)  # fmt: skip


class Access(Enum):
    """What anybody anywhere may have of the full texts, from the most to the least."""

    OPEN = "open access"
    EMBARGOED = "embargoed access"
    RESTRICTED = "restricted access"
    METADATA_ONLY = "metadata only access"

    @property
    def coar_uri(self) -> str:
        """The concept of the COAR vocabulary of access rights."""
        return f"{_COAR_ACCESS}/{_ACCESS[self][0]}"

    @property
    def driver_uri(self) -> str:
        """As OpenAIRE wants it in plain Dublin Core; empty where there is no full text to speak of."""
        word = _ACCESS[self][1]
        return f"{_EUREPO}/{word}" if word else ""


_ACCESS = MappingProxyType(
    {
        Access.OPEN: ("c_abf2", "openAccess"),
        Access.EMBARGOED: ("c_f1cf", "embargoedAccess"),
        Access.RESTRICTED: ("c_16ec", "restrictedAccess"),
        Access.METADATA_ONLY: ("c_14cb", ""),
    }
)

# ISO 639-2 has two codes for some languages; ISO 639-3 has the second of them.
_TERMINOLOGICAL = MappingProxyType(
    {
        "alb": "sqi",
        "arm": "hye",
        "baq": "eus",
        "bur": "mya",
        "chi": "zho",
        "cze": "ces",
        "dut": "nld",
        "fre": "fra",
        "geo": "kat",
        "ger": "deu",
        "gre": "ell",
        "ice": "isl",
        "mac": "mkd",
        "mao": "mri",
        "may": "msa",
        "per": "fas",
        "rum": "ron",
        "slo": "slk",
        "tib": "bod",
        "wel": "cym",
    }
)
_CODE_LENGTH = 3


def type_words(description: Description) -> TypeWords:
    """The type of a described document; an article in a book is a part of it."""
    if description.material is Material.ARTICLE:
        host = host_of_part(description)
        if host is not None and not is_in_serial(host):
            return _CHAPTER
    return _TYPES.get(description.material, _OTHER)


def languages(description: Description) -> tuple[str, ...]:
    """The languages of the document by ISO 639-3; what is no code of three letters is left out."""
    codes = (_TERMINOLOGICAL.get(code, code) for code in description.languages)
    return tuple(
        dict.fromkeys(code for code in codes if len(code) == _CODE_LENGTH and code.isascii() and code.islower())
    )
