"""The words of the COUNTER Code of Practice 5.1, spelt as it spells them, and what our materials are called in them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from library.domain.access_level import AccessLevel
from library.domain.description import Material


class Metric(StrEnum):
    """What is counted (3.3)."""

    SEARCHES_PLATFORM = "Searches_Platform"
    TOTAL_ITEM_INVESTIGATIONS = "Total_Item_Investigations"
    UNIQUE_ITEM_INVESTIGATIONS = "Unique_Item_Investigations"
    UNIQUE_TITLE_INVESTIGATIONS = "Unique_Title_Investigations"
    TOTAL_ITEM_REQUESTS = "Total_Item_Requests"
    UNIQUE_ITEM_REQUESTS = "Unique_Item_Requests"
    UNIQUE_TITLE_REQUESTS = "Unique_Title_Requests"
    NO_LICENSE = "No_License"
    LIMIT_EXCEEDED = "Limit_Exceeded"


class DataType(StrEnum):
    """What an item is (3.3.2); PLATFORM is for searches, which use no item."""

    PLATFORM = "Platform"
    ARTICLE = "Article"
    AUDIOVISUAL = "Audiovisual"
    BOOK = "Book"
    BOOK_SEGMENT = "Book_Segment"
    CONFERENCE = "Conference"
    CONFERENCE_ITEM = "Conference_Item"
    DATASET = "Dataset"
    IMAGE = "Image"
    INTERACTIVE_RESOURCE = "Interactive_Resource"
    JOURNAL = "Journal"
    MULTIMEDIA = "Multimedia"
    NEWS_ITEM = "News_Item"
    NEWSPAPER_OR_NEWSLETTER = "Newspaper_or_Newsletter"
    OTHER = "Other"
    PATENT = "Patent"
    REFERENCE_ITEM = "Reference_Item"
    REFERENCE_WORK = "Reference_Work"
    REPORT = "Report"
    SOFTWARE = "Software"
    SOUND = "Sound"
    STANDARD = "Standard"
    THESIS_OR_DISSERTATION = "Thesis_or_Dissertation"


class AccessType(StrEnum):
    """How an item stood open on this platform at that moment, to whomever; NONE where no item was used."""

    NONE = ""
    CONTROLLED = "Controlled"
    OPEN = "Open"
    FREE_TO_READ = "Free_To_Read"


class AccessMethod(StrEnum):
    """People, or text and data mining under an agreement."""

    REGULAR = "Regular"
    TDM = "TDM"


BOOKS = frozenset({DataType.BOOK, DataType.REFERENCE_WORK})
"""The types whose titles are counted beside their items."""

ITEM_TYPES: Mapping[DataType, DataType] = {
    DataType.BOOK: DataType.BOOK_SEGMENT,
    DataType.JOURNAL: DataType.ARTICLE,
    DataType.CONFERENCE: DataType.CONFERENCE_ITEM,
    DataType.NEWSPAPER_OR_NEWSLETTER: DataType.NEWS_ITEM,
    DataType.REFERENCE_WORK: DataType.REFERENCE_ITEM,
}
"""What a title is called in item reports, which know parts only."""

PARENT_TYPES: Mapping[DataType, DataType] = {part: whole for whole, part in ITEM_TYPES.items()}
"""The type of the parent that an item report names; items of other types have none."""

_BY_MATERIAL: Mapping[Material, DataType] = {
    Material.BOOK: DataType.BOOK,
    Material.TEXTBOOK: DataType.BOOK,
    Material.VOLUME: DataType.BOOK,
    Material.ARTICLE: DataType.ARTICLE,
    Material.DISSERTATION: DataType.THESIS_OR_DISSERTATION,
    Material.DISSERTATION_ABSTRACT: DataType.THESIS_OR_DISSERTATION,
    Material.SERIAL: DataType.JOURNAL,
    Material.ISSUE: DataType.JOURNAL,
    Material.STANDARD: DataType.STANDARD,
    Material.ELECTRONIC: DataType.INTERACTIVE_RESOURCE,
    Material.MAP: DataType.IMAGE,
    Material.SCORE: DataType.OTHER,
    Material.AUDIO: DataType.SOUND,
    Material.VIDEO: DataType.AUDIOVISUAL,
    Material.IMAGE: DataType.IMAGE,
    Material.MANUSCRIPT: DataType.OTHER,
    Material.OTHER: DataType.OTHER,
}


def data_type_of(material: Material) -> DataType:
    """What a record of this material is called in COUNTER's reports."""
    return _BY_MATERIAL[material]


def access_type_of(level: AccessLevel) -> AccessType:
    """How a file with such rights stands open; what needs an account, even a free one, is controlled."""
    return AccessType.OPEN if level is AccessLevel.OPEN else AccessType.CONTROLLED
