"""What servers say when they decline, in plain words: the diagnostics of SRU and of Z39.50 (Bib-1)."""

from __future__ import annotations

from collections.abc import Mapping

from harvest.errors import N_, Declined

_LATER = N_("The partner's server can't answer just now ({detail}). Try again later.")
_NO_RIGHT = N_("The partner's server demands a right that we do not have (diagnostic {number}: {detail}).")
_NO_BASE = N_("The partner's server has no such database (diagnostic {number}: {detail}). Check the partner's entry.")
_NO_VERSION = N_(
    "The partner's server does not speak this version of SRU ({detail}). Change it in the partner's entry."
)
_NO_INDEX = N_(
    "The partner's catalogue can't be searched by one of these fields (diagnostic {number}: {detail}). Search by "
    "another one, or change the index in the partner's entry."
)
_NOT_UNDERSTOOD = N_("The partner's server did not understand the search (diagnostic {number}: {detail}).")
_COMMON_WORDS = N_("These words are so common that the partner's catalogue does not search for them. Add another one.")
_TOO_MANY = N_("Too many records match for the partner's server. Add a word.")
_TOO_LONG = N_("There are too many words for the partner's server (diagnostic {number}). Leave some out.")
_NO_MORE = N_("There are no records so far down in the result (diagnostic {number}).")
_NO_FORMAT = N_(
    "The partner's catalogue does not give records in this format (diagnostic {number}: {detail}). Change the format "
    "in the partner's entry."
)
_NO_RECORD = N_("The partner's server found this record but can't deliver it (diagnostic {number}: {detail}).")
_OTHER = N_("The partner's server declined (diagnostic {number}: {detail}).")

OUT_OF_RANGE_SRU = 61
OUT_OF_RANGE_BIB1 = 13


def _by_number(meanings: Mapping[str, tuple[int, ...]]) -> dict[int, str]:
    return {number: template for template, numbers in meanings.items() for number in numbers}


_SRU = _by_number(
    {
        _LATER: (1, 2),
        _NO_RIGHT: (3, 68, 69),
        _NO_BASE: (235,),
        _NO_VERSION: (4, 5),
        _NO_INDEX: (15, 16, 17, 18, 19, 20, 21, 22),
        _NOT_UNDERSTOOD: (
            6,
            7,
            8,
            10,
            11,
            12,
            13,
            14,
            24,
            25,
            26,
            27,
            28,
            29,
            30,
            31,
            32,
            33,
            34,
            36,
            37,
            39,
            46,
            47,
            48,
        ),
        _COMMON_WORDS: (35,),
        _TOO_MANY: (60,),
        _TOO_LONG: (23, 38),
        _NO_MORE: (OUT_OF_RANGE_SRU,),
        _NO_FORMAT: (66, 67, 71, 72),
        _NO_RECORD: (63, 64, 65, 70),
    }
)
_BIB1 = _by_number(
    {
        _LATER: (1, 2, 14, 31, 1005, 1013),
        _NO_RIGHT: (15, 101, 236, 1010, 1011, 1014, 1015),
        _NO_BASE: (23, 109, 235),
        _NO_INDEX: (3, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123),
        _NOT_UNDERSTOOD: (100, 107, 108, 110, 124, 125, 126),
        _COMMON_WORDS: (4,),
        _TOO_MANY: (12,),
        _TOO_LONG: (5, 6),
        _NO_MORE: (OUT_OF_RANGE_BIB1,),
        _NO_FORMAT: (25, 26, 227, 238, 239),
        _NO_RECORD: (16, 17, 1026, 1070),
    }
)


def sru_diagnostic(number: int, detail: str) -> Declined:
    """A diagnostic of the list `info:srw/diagnostic/1` (SRU 2.0, Annex C); `detail` is what the server adds."""
    return Declined(_SRU.get(number, _OTHER), number=number, detail=detail or "-")


def bib1_diagnostic(number: int, detail: str) -> Declined:
    """A diagnostic of the set Bib-1 (Z39.50, Appendix ERR); `detail` is what the server adds."""
    return Declined(_BIB1.get(number, _OTHER), number=number, detail=detail or "-")
