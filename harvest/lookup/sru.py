"""Search by SRU: versions 1.1 and 1.2 (Library of Congress) and 2.0 (OASIS searchRetrieve)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harvest.addresses import WebAddress
from harvest.errors import N_, Busy, Declined, PartnerError, UnexpectedAnswer
from harvest.lookup import cql
from harvest.lookup.diagnostics import OUT_OF_RANGE_SRU, sru_diagnostic
from harvest.lookup.explain import Explained, read_explain
from harvest.lookup.model import Fault, Form, Found, FoundRecord, Lookup, Target
from harvest.transport import Later, Transport
from harvest.xml_reader import Element, child, children, local_name, parse, serialised, text_of, without_controls

_VERSION_2 = "2.0"
_RESPONSE = "searchRetrieveResponse"
_EXPLANATION = "explainResponse"
_MARC = frozenset({"record", "collection"})
_USUAL_SCHEMA = "marcxml"
_NUMBER = re.compile("[0-9]{1,12}")
_DIAGNOSTIC_NUMBER = re.compile("[0-9]{1,6}$")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


class Sru:
    """A client of SRU servers; it has no state."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(self, target: Target, lookup: Lookup, start: int, count: int) -> Found:
        """At most `count` records from place `start` (from 1) of what the search finds. Raises `PartnerError`."""
        arguments = [
            ("query", cql.query(lookup, target.indexes)),
            ("startRecord", str(start)),
            ("maximumRecords", str(count)),
            ("recordSchema", target.record_format or _USUAL_SCHEMA),
            # Version 2.0 has no more argument for operation and version, and renamed this one.
            ("recordXMLEscaping" if target.version == _VERSION_2 else "recordPacking", "xml"),
        ]
        if target.version != _VERSION_2:
            arguments = [("operation", "searchRetrieve"), ("version", target.version), *arguments]
        return _found(self._answer(target, arguments, _RESPONSE), start, count)

    def explain(self, target: Target) -> Explained:
        """What the server says of itself. Raises `PartnerError`."""
        arguments = [("operation", "explain")]
        if target.version != _VERSION_2:
            arguments.append(("version", target.version))
        return read_explain(self._answer(target, arguments, _EXPLANATION))

    def _answer(self, target: Target, arguments: Sequence[tuple[str, str]], expected: str) -> Element:
        page = self._transport.get(WebAddress.parse(target.address).with_arguments(arguments))
        if isinstance(page, Later):
            raise Busy(page.seconds)
        if page.media_type == "text/html":
            raise _no_sru("html")
        root = parse(without_controls(page.body))
        if local_name(root) != expected:
            # Some answer what they do not understand by explaining themselves, or with nothing but the diagnostics.
            declined = _diagnostics(root if local_name(root) == "diagnostics" else child(root, "diagnostics"))
            raise declined[0] if declined else _no_sru(local_name(root))
        return root


def _found(root: Element, start: int, count: int) -> Found:
    declined = _diagnostics(child(root, "diagnostics"))
    elements = [element for element in children(child(root, "records")) if local_name(element) == "record"]
    total = text_of(root, "numberOfRecords")
    if not _NUMBER.fullmatch(total):
        raise (
            declined[0]
            if declined
            else UnexpectedAnswer(N_("The partner's answer does not say how many records it found."))
        )
    if not elements:
        serious = [error for error in declined if error.number != OUT_OF_RANGE_SRU]
        if serious:
            raise serious[0]
        return Found(total=int(total))
    items = [_item(element, start + place) for place, element in enumerate(elements[:count])]
    return Found(
        total=int(total),
        records=tuple(item for item in items if isinstance(item, FoundRecord)),
        faults=(
            *(Fault(position=0, error=error) for error in declined),
            *(item for item in items if isinstance(item, Fault)),
        ),
    )


def _item(element: Element, position: int) -> FoundRecord | Fault:
    data = child(element, "recordData")
    packing = text_of(element, "recordPacking") or text_of(element, "recordXMLEscaping")
    try:
        if packing == "string" or (not children(data) and text_of(element, "recordData")):
            content = parse(_DECLARATION.sub("", text_of(element, "recordData"), count=1).encode())
        elif children(data):
            content = children(data)[0]
        else:
            raise UnexpectedAnswer(N_("The partner's server sent an empty record."))
        if local_name(content) == "diagnostic":
            raise _diagnostic(content)
        if local_name(content) not in _MARC:
            raise UnexpectedAnswer(
                N_("The partner's server sent “{name}” and not MARCXML. Change the format in the partner's entry."),
                name=local_name(content),
            )
    except PartnerError as error:
        return Fault(position=position, error=error)
    return FoundRecord(position=position, form=Form.XML, raw=serialised(content))


def _diagnostics(element: Element | None) -> list[Declined]:
    return [_diagnostic(found) for found in children(element) if local_name(found) == "diagnostic"]


def _diagnostic(element: Element) -> Declined:
    number = _DIAGNOSTIC_NUMBER.search(text_of(element, "uri") or text_of(element, "code"))
    detail = " ".join(filter(None, (text_of(element, "message"), text_of(element, "details"))))
    return sru_diagnostic(int(number.group()) if number else 0, detail)


def _no_sru(name: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        N_("What answers at this address is no SRU server (it sent “{name}”). Check the address."), name=name
    )
