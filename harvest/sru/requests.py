"""The parameters of a request, in each version's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from harvest.sru import cql
from harvest.sru.diagnostics import Diagnosed, Diagnostic, Number
from harvest.sru.meaning import Meaning
from harvest.sru.model import Described, Search

VERSIONS = ("1.1", "1.2", "2.0")
NEWEST = VERSIONS[-1]
_NUMBER = re.compile("[0-9]{1,9}")
_EXTRA = "x-"
_MOST_REMARKS = 10


class Operation(StrEnum):
    """What can be asked; SCAN is understood, and declined."""

    EXPLAIN = "explain"
    SEARCH_RETRIEVE = "searchRetrieve"
    SCAN = "scan"


_USUAL = frozenset({"operation", "version", "stylesheet", "extraRequestData"})
_KNOWN = {
    Operation.EXPLAIN: _USUAL | {"recordPacking", "recordXMLEscaping", "httpAccept"},
    Operation.SEARCH_RETRIEVE: _USUAL
    | {"query", "startRecord", "maximumRecords", "recordPacking", "recordSchema", "resultSetTTL", "sortKeys"},
}
# Version 2.0 renamed what 1.1 and 1.2 call recordPacking, and gave the name to something else.
_NEW_IN_2 = frozenset({"recordXMLEscaping", "queryType", "renderedBy", "httpAccept", "responseType"})


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent, as far as it is understood before a word of the query is read."""

    version: str
    operation: Operation
    values: dict[str, str]
    as_string: bool
    remarks: tuple[Diagnostic, ...]


class Declined(Exception):
    """Not even the form of the answer is as asked for: it is given as that of another version or operation."""

    def __init__(self, version: str, operation: Operation, diagnostic: Diagnostic) -> None:
        self.version = version
        self.operation = operation
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


def read(arguments: Sequence[tuple[str, str]]) -> Request:
    """The request in these parameters. Raises `Declined`."""
    values = dict(arguments)
    asked = values.get("version")
    # There is no parameter `operation` any more in 2.0, and none for the version.
    version = asked if asked in VERSIONS else "1.2" if "operation" in values else NEWEST
    name = values.get("operation", "")
    if name:
        operation = Operation(name) if name in list(Operation) else Operation.EXPLAIN
    elif "query" in values:
        operation = Operation.SEARCH_RETRIEVE
    else:
        operation = Operation.SCAN if "scanClause" in values else Operation.EXPLAIN
    try:
        _check(arguments, asked, name, operation)
        return Request(version, operation, values, _as_string(values, version), _remarks(values, version, operation))
    except Diagnosed as error:
        raise Declined(version, operation, error.diagnostic) from error


def _check(arguments: Sequence[tuple[str, str]], version: str | None, name: str, operation: Operation) -> None:
    sent = Counter(argument for argument, _ in arguments)
    twice = next((one for one, times in sent.items() if times > 1), None)
    if version is not None and version not in VERSIONS:
        raise Diagnosed(Number.VERSION, NEWEST)
    if name and name not in list(Operation):
        raise Diagnosed(Number.OPERATION, name)
    if operation is Operation.SCAN:
        raise Diagnosed(Number.OPERATION, operation)
    if twice is not None:
        raise Diagnosed(Number.PARAMETER_VALUE, twice)
    if operation is Operation.SEARCH_RETRIEVE:
        if name and version is None:
            raise Diagnosed(Number.PARAMETER_MISSING, "version")
        if not name and version in ("1.1", "1.2"):
            raise Diagnosed(Number.PARAMETER_MISSING, "operation")


def _as_string(values: dict[str, str], version: str) -> bool:
    """Whether records are to be text rather than elements."""
    packing = values.get("recordPacking", "")
    if version == NEWEST:
        if packing not in ("", "packed"):
            raise Diagnosed(Number.PACKING, packing)
        packing = values.get("recordXMLEscaping", "")
    if packing not in ("", "xml", "string"):
        raise Diagnosed(Number.PACKING, packing)
    return packing == "string"


def _remarks(values: dict[str, str], version: str, operation: Operation) -> tuple[Diagnostic, ...]:
    """What is not obeyed but does not stand in the way."""
    known = _KNOWN[operation] | (_NEW_IN_2 if version == NEWEST else frozenset())
    unknown = [
        Diagnostic(Number.PARAMETER, name)
        for name in values
        if name not in known and not name.startswith(_EXTRA) and name != "recordXPath"
    ]
    styled = [Diagnostic(Number.STYLESHEETS, values["stylesheet"])] if values.get("stylesheet") else []
    return (*unknown[:_MOST_REMARKS], *styled)


@dataclass(frozen=True, slots=True)
class Understood:
    """A search, and what is to be remarked on it."""

    search: Search
    remarks: tuple[Diagnostic, ...]


def understand(request: Request, described: Described) -> Understood:
    """The search that is asked for. Raises `Diagnosed`."""
    values = request.values
    if not values.get("query", "").strip():
        raise Diagnosed(Number.PARAMETER_MISSING, "query")
    if values.get("queryType", "cql") != "cql":
        raise Diagnosed(Number.PARAMETER_VALUE, "queryType")
    if values.get("recordXPath"):
        raise Diagnosed(Number.XPATH)
    schema = described.schema(values.get("recordSchema") or described.schemas[0].name)
    if schema is None:
        raise Diagnosed(Number.SCHEMA, values["recordSchema"])
    start = _number(values, "startRecord", 1, least=1)
    count = min(_number(values, "maximumRecords", described.usual, least=0), described.most)
    query = cql.parse(values["query"])
    meaning = Meaning(described)
    condition, order, keyed = (
        meaning.condition(query),
        meaning.order(query),
        meaning.order_of_keys(values.get("sortKeys", "")),
    )
    if start > described.deepest:
        raise Diagnosed(Number.POSITION, str(described.deepest))
    return Understood(
        Search(
            condition=condition,
            order=order or keyed,
            start=start,
            count=min(count, described.deepest - start + 1),
            schema=schema,
        ),
        (Diagnostic(Number.SORT_TWICE),) if order is not None and keyed is not None else (),
    )


def _number(values: dict[str, str], name: str, usual: int, *, least: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return usual
    if not _NUMBER.fullmatch(text) or int(text) < least:
        raise Diagnosed(Number.PARAMETER_VALUE, name)
    return int(text)
