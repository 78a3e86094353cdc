"""What a harvester asks, read from all pairs that it sent: a repeated argument must be seen to be refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from harvest.errors import quoted
from harvest.model import Datestamp, ErrorCode, NotADatestamp, Selection, Verb, end_of, read_datestamp
from harvest.provider.characters import is_legal, legal
from harvest.provider.faults import Fault, Refusal, refusal

Pairs: TypeAlias = Sequence[tuple[str, str]]

_LONGEST = 4096
_REPLACED = "\ufffd"  # in the place of bytes that are not UTF-8
_NAME = r"[A-Za-z0-9\-_.!~*'()]+"
# A URI (RFC 3986) with its scheme, and with a host by name if it has any.
_PART = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*"
_AUTHORITY = r"(?://[A-Za-z0-9.\-]+(?::[0-9]{1,5})?(?![^/?#])|(?!//))"
_GRAMMAR: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "metadataPrefix": re.compile(_NAME),
        "set": re.compile(f"{_NAME}(?::{_NAME})*"),
        "identifier": re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:{_AUTHORITY}{_PART}(?:\?{_PART})?(?:#{_PART})?"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify:
    """Who the repository is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMetadataFormats:
    """In which formats everything can be had, or one item."""

    identifier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSets:
    """Into which sets the repository is divided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GetRecord:
    """One item in one format."""

    identifier: str
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItems:
    """The beginning of a list, of records or of headers as the verb says."""

    verb: Verb
    selection: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The next page of a list."""

    verb: Verb
    token: str


Request: TypeAlias = Identify | ListMetadataFormats | ListSets | GetRecord | ListItems | Resume


@dataclass(frozen=True, slots=True)
class _Rule:
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumable: bool = False


_LIST = _Rule(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), resumable=True)
_RULES: Mapping[Verb, _Rule] = MappingProxyType(
    {
        Verb.IDENTIFY: _Rule(),
        Verb.LIST_METADATA_FORMATS: _Rule(optional=frozenset({"identifier"})),
        Verb.LIST_SETS: _Rule(resumable=True),
        Verb.GET_RECORD: _Rule(frozenset({"identifier", "metadataPrefix"})),
        Verb.LIST_IDENTIFIERS: _LIST,
        Verb.LIST_RECORDS: _LIST,
    }
)


def parse(pairs: Pairs) -> Request:
    """The request that was sent, by GET or by POST; or `Refusal` with all that is wrong with it."""
    verb = _verb(pairs)
    arguments = {name: value for name, value in pairs if name != "verb"}
    faults = tuple(_faults(verb, pairs, arguments))
    if faults:
        raise Refusal(*faults)
    if "resumptionToken" in arguments:
        return Resume(verb=verb, token=arguments["resumptionToken"])
    match verb:
        case Verb.IDENTIFY:
            return Identify()
        case Verb.LIST_METADATA_FORMATS:
            return ListMetadataFormats(identifier=arguments.get("identifier"))
        case Verb.LIST_SETS:
            return ListSets()
        case Verb.GET_RECORD:
            return GetRecord(identifier=arguments["identifier"], prefix=arguments["metadataPrefix"])
        case Verb.LIST_IDENTIFIERS | Verb.LIST_RECORDS:
            return ListItems(verb=verb, selection=_selection(arguments))


def _verb(pairs: Pairs) -> Verb:
    verbs = [value for name, value in pairs if name == "verb"]
    if not verbs:
        raise refusal(ErrorCode.BAD_VERB, f"The verb is missing. It is one of: {', '.join(Verb)}.")
    if len(verbs) > 1:
        raise refusal(ErrorCode.BAD_VERB, "The verb is repeated.")
    try:
        return Verb(verbs[0])
    except ValueError as error:
        message = f"“{_shown(verbs[0])}” is no verb. It is one of: {', '.join(Verb)}."
        raise refusal(ErrorCode.BAD_VERB, message) from error


def _faults(verb: Verb, pairs: Pairs, arguments: Mapping[str, str]) -> Iterator[Fault]:
    rule = _RULES[verb]
    resumed = rule.resumable and "resumptionToken" in arguments
    required = frozenset({"resumptionToken"}) if resumed else rule.required
    allowed = required if resumed else rule.required | rule.optional
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            yield _bad(f"The argument {_shown(name)} is repeated.")
    for name, value in arguments.items():
        if name in allowed:
            yield from _faults_of_value(name, value)
        elif resumed:
            yield _bad(f"The argument {_shown(name)} can't stand beside a resumptionToken, which says everything.")
        else:
            yield _bad(f"{verb} has no argument {_shown(name)}.")
    for name in sorted(required - arguments.keys()):
        yield _bad(f"{verb} needs the argument {name}.")


def _faults_of_value(name: str, value: str) -> Iterator[Fault]:
    if not value:
        yield _bad(f"The argument {name} is empty.")
    elif len(value) > _LONGEST:
        yield _bad(f"The argument {name} is longer than {_LONGEST} characters.")
    elif not is_legal(value) or _REPLACED in value:
        yield _bad(f"The argument {name} has characters that XML can't hold, or is not in UTF-8.")
    elif name in _GRAMMAR and not _GRAMMAR[name].fullmatch(value):
        yield _bad(f"“{_shown(value)}” can't be the value of {name}.")


def _selection(arguments: Mapping[str, str]) -> Selection:
    from_, until = _datestamp(arguments, "from"), _datestamp(arguments, "until")
    if from_ and until and from_[1] is not until[1]:
        raise refusal(ErrorCode.BAD_ARGUMENT, "from and until must both be days or both be seconds.")
    if from_ and until and from_[0] > until[0]:
        raise refusal(ErrorCode.BAD_ARGUMENT, "from is later than until.")
    return Selection(
        prefix=arguments["metadataPrefix"],
        from_=from_[0] if from_ else None,
        until=end_of(*until) if until else None,
        set_spec=arguments.get("set", ""),
    )


def _datestamp(arguments: Mapping[str, str], name: str) -> Datestamp | None:
    if name not in arguments:
        return None
    try:
        return read_datestamp(arguments[name])
    except NotADatestamp as error:
        message = f"“{_shown(arguments[name])}” in {name} is neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ."
        raise refusal(ErrorCode.BAD_ARGUMENT, message) from error


def _shown(text: str) -> str:
    return quoted(legal(text))


def _bad(message: str) -> Fault:
    return Fault(code=ErrorCode.BAD_ARGUMENT, message=message)
