"""What a server says when it declines: the diagnostics `info:srw/diagnostic/1` (SRU 2.0, Annex C)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Number(IntEnum):
    """The diagnostics that are given here."""

    TEMPORARILY_UNAVAILABLE = 2
    OPERATION = 4
    VERSION = 5
    PARAMETER_VALUE = 6
    PARAMETER_MISSING = 7
    PARAMETER = 8
    QUERY_SYNTAX = 10
    QUERY_TOO_LONG = 12
    PARENTHESES = 13
    QUOTES = 14
    CONTEXT_SET = 15
    INDEX = 16
    INDEX_COMBINATION = 18
    RELATION = 19
    RELATION_MODIFIER = 20
    RELATION_AND_INDEX = 22
    ESCAPED = 26
    EMPTY_TERM = 27
    MASKING = 28
    MASKED_TOO_SHORT = 29
    TOO_MANY_MASKS = 30
    ANCHORING = 31
    ADJACENT_AND_MASKED = 33
    TERM_FORMAT = 36
    TOO_MANY_BOOLEANS = 38
    PROXIMITY = 39
    BOOLEAN_MODIFIER = 46
    MASK_POSITION = 49
    RESULT_SETS = 50
    POSITION = 61
    RECORD_UNAVAILABLE = 64
    RECORD_GONE = 65
    SCHEMA = 66
    NOT_IN_SCHEMA = 67
    PACKING = 71
    XPATH = 72
    SORT = 80
    TOO_MANY_SORT_KEYS = 84
    SORT_DIRECTION = 90
    SORT_CASE = 91
    SORT_MISSING = 92
    SORT_TWICE = 94
    STYLESHEETS = 110


# In the words of the standard, so that clients find them in their tables.
MESSAGES = {
    Number.TEMPORARILY_UNAVAILABLE: "System temporarily unavailable",
    Number.OPERATION: "Unsupported operation",
    Number.VERSION: "Unsupported version",
    Number.PARAMETER_VALUE: "Unsupported parameter value",
    Number.PARAMETER_MISSING: "Mandatory parameter not supplied",
    Number.PARAMETER: "Unsupported parameter",
    Number.QUERY_SYNTAX: "Query syntax error",
    Number.QUERY_TOO_LONG: "Too many characters in query",
    Number.PARENTHESES: "Invalid or unsupported use of parentheses",
    Number.QUOTES: "Invalid or unsupported use of quotes",
    Number.CONTEXT_SET: "Unsupported context set",
    Number.INDEX: "Unsupported index",
    Number.INDEX_COMBINATION: "Unsupported combination of indexes",
    Number.RELATION: "Unsupported relation",
    Number.RELATION_MODIFIER: "Unsupported relation modifier",
    Number.RELATION_AND_INDEX: "Unsupported combination of relation and index",
    Number.ESCAPED: "Non special character escaped in term",
    Number.EMPTY_TERM: "Empty term unsupported",
    Number.MASKING: "Masking character not supported",
    Number.MASKED_TOO_SHORT: "Masked words too short",
    Number.TOO_MANY_MASKS: "Too many masking characters in term",
    Number.ANCHORING: "Anchoring character not supported",
    Number.ADJACENT_AND_MASKED: "Combination of proximity/adjacency and masking characters not supported",
    Number.TERM_FORMAT: "Term in invalid format for index or relation",
    Number.TOO_MANY_BOOLEANS: "Too many boolean operators in query",
    Number.PROXIMITY: "Proximity not supported",
    Number.BOOLEAN_MODIFIER: "Unsupported boolean modifier",
    Number.MASK_POSITION: "Masking character in unsupported position",
    Number.RESULT_SETS: "Result sets not supported",
    Number.POSITION: "First record position out of range",
    Number.RECORD_UNAVAILABLE: "Record temporarily unavailable",
    Number.RECORD_GONE: "Record does not exist",
    Number.SCHEMA: "Unknown schema for retrieval",
    Number.NOT_IN_SCHEMA: "Record not available in this schema",
    Number.PACKING: "Unsupported record packing",
    Number.XPATH: "XPath retrieval unsupported",
    Number.SORT: "Sort not supported",
    Number.TOO_MANY_SORT_KEYS: "Too many sort keys to sort",
    Number.SORT_DIRECTION: "Unsupported direction",
    Number.SORT_CASE: "Unsupported case",
    Number.SORT_MISSING: "Unsupported missing value action",
    Number.SORT_TWICE: "Sort spec included both in query and protocol: query prevails",
    Number.STYLESHEETS: "Stylesheets not supported",
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One of them; `details` says, as the list prescribes for each, which part of the request it is about."""

    number: Number
    details: str = ""

    @property
    def uri(self) -> str:
        """Its identifier."""
        return f"info:srw/diagnostic/1/{self.number:d}"

    @property
    def message(self) -> str:
        """What it says."""
        return MESSAGES[self.number]


class Diagnosed(Exception):
    """The request can't be answered; the diagnostic says why."""

    def __init__(self, number: Number, details: str = "") -> None:
        self.diagnostic = Diagnostic(number, details)
        super().__init__(f"{self.diagnostic.message}: {details}")
