"""What can be searched by CQL, and in which fields of the index each of it is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from harvest.sru.meaning import CQL
from harvest.sru.model import ADJACENT, ALL, ANY, CHOSEN, EQUAL, EXACT, WITHIN, ContextSet, Index
from indexer.model import Facet, Sort
from indexer.queries import SearchField

SETS = (
    CQL,
    ContextSet(
        prefix="dc",
        identifier="info:srw/cql-context-set/1/dc-v1.1",
        others=("info:srw/context-sets/1/dc-v1.1", "http://purl.org/dc/elements/1.1/"),
    ),
    ContextSet(
        prefix="bath",
        identifier="http://zing.z3950.org/cql/bath/2.0/",
        others=("info:srw/cql-context-set/1/bath-v2.0", "http://zing.z3950.org/cql/bath/1.1/"),
    ),
    ContextSet(
        prefix="rec",
        identifier="info:srw/cql-context-set/2/rec-1.1",
        others=("info:srw/cql-context-set/2/rec-1.0",),
    ),
    # Our own: classes as libraries of this region know them, and the words of full texts.
    ContextSet(prefix="lib", identifier="urn:x-kutubxona:cql-context-set:1"),
)

_TEXT = frozenset({CHOSEN, EQUAL, ANY, ALL, ADJACENT})
_NUMBERS = frozenset({CHOSEN, EQUAL, EXACT, ANY, ALL})
_VALUES = frozenset({CHOSEN, EQUAL, EXACT, ANY})
_YEARS = frozenset({*_VALUES, WITHIN, "<", "<=", ">", ">="})
_ASCENDING, _EITHER = frozenset({False}), frozenset({False, True})


class Single(Enum):
    """Indexes that are no fields of the search index."""

    RECORD = auto()
    EVERYTHING = auto()


Meant = SearchField | Facet | Single

_ANYWHERE = Index(
    name="cql.anywhere",
    title="All words, those of full texts too",
    relations=_TEXT,
    others=("cql.serverchoice", "cql.anyindexes", "cql.allindexes", "bath.any", "anywhere", "serverchoice"),
)
_TITLE = Index(name="dc.title", title="Title", relations=_TEXT, others=("bath.title", "title"), orders=_ASCENDING)
_CREATOR = Index(
    name="dc.creator",
    title="Person or body",
    relations=_TEXT,
    others=("dc.contributor", "bath.author", "bath.name", "creator", "contributor", "author"),
    orders=_ASCENDING,
)
_SUBJECT = Index(
    name="dc.subject", title="Subject heading or keyword", relations=_TEXT, others=("bath.subject", "subject")
)
_PUBLISHER = Index(name="dc.publisher", title="Publisher", relations=_TEXT, others=("bath.publisher", "publisher"))
_YEAR = Index(name="dc.date", title="Year of publication", relations=_YEARS, others=("date", "year"), orders=_EITHER)
_LANGUAGE = Index(name="dc.language", title="Language, a code of ISO 639", relations=_VALUES, others=("language",))
_TYPE = Index(name="dc.type", title="Type of document, e.g. textbook", relations=_VALUES, others=("type",))
_NUMBER = Index(
    name="dc.identifier",
    title="ISBN, ISSN, inventory number",
    relations=_NUMBERS,
    others=("bath.isbn", "bath.issn", "bath.standardidentifier", "identifier", "isbn", "issn"),
)
_UDC = Index(name="lib.udc", title="Class of UDC and all under it", relations=_VALUES, others=("udc",))
_BBK = Index(name="lib.bbk", title="Class of BBK and all under it", relations=_VALUES, others=("bbk", "lib.lbc"))
_BODY = Index(name="lib.text", title="Words of full texts", relations=_TEXT, others=("text",))
_RECORD = Index(name="rec.identifier", title="Number of the record", relations=_VALUES, others=("rec.id",))
_EVERYTHING = Index(
    name="cql.allrecords", title="All records", relations=frozenset({CHOSEN, EQUAL}), others=("allrecords",)
)

MEANT: Mapping[Index, Meant] = {
    _ANYWHERE: SearchField.ANY,
    _TITLE: SearchField.TITLE,
    _CREATOR: SearchField.AUTHOR,
    _SUBJECT: SearchField.SUBJECT,
    _PUBLISHER: SearchField.PUBLISHER,
    _YEAR: Facet.YEAR,
    _LANGUAGE: Facet.LANGUAGE,
    _TYPE: Facet.MATERIAL,
    _NUMBER: SearchField.NUMBER,
    _UDC: SearchField.UDC,
    _BBK: SearchField.BBK,
    _BODY: SearchField.BODY,
    _RECORD: Single.RECORD,
    _EVERYTHING: Single.EVERYTHING,
}
INDEXES = tuple(MEANT)
SORTS: Mapping[tuple[Index, bool], Sort] = {
    (_TITLE, False): Sort.TITLE,
    (_CREATOR, False): Sort.AUTHOR,
    (_YEAR, False): Sort.OLDEST,
    (_YEAR, True): Sort.NEWEST,
}
