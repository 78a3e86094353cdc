"""The XML of answers, in the words of each version; well-formed whatever the catalogue gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harvest.provider.characters import attribute, content
from harvest.provider.fragments import Fragments, Unsound
from harvest.sru.diagnostics import Diagnostic, Number
from harvest.sru.model import Answer, Given, Search
from harvest.sru.requests import NEWEST

DIAGNOSTICS_SCHEMA = "info:srw/schema/1/diagnostics-v1.1"


@dataclass(frozen=True, slots=True)
class Form:
    """How a version writes its answers; `escaping` is the name of the element that says how records are packed."""

    version: str
    namespace: str
    diagnostics: str
    escaping: str

    @property
    def is_newest(self) -> bool:
        """Whether it is version 2.0."""
        return self.version == NEWEST


def form_of(version: str) -> Form:
    """The form of answers of this version."""
    if version == NEWEST:
        space: Final = "http://docs.oasis-open.org/ns/search-ws"
        return Form(version, f"{space}/sruResponse", f"{space}/diagnostic", "recordXMLEscaping")
    return Form(version, "http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/", "recordPacking")


def search_response(
    form: Form,
    answer: Answer | None,
    search: Search | None,
    *,
    as_string: bool,
    echo: str,
    remarks: Iterable[Diagnostic],
) -> bytes:
    """The answer to searchRetrieve; without an answer it has nothing but diagnostics."""
    total = 0 if answer is None else answer.total
    parts = [b"" if form.is_newest else _element("version", form.version), _element("numberOfRecords", str(total))]
    if answer is not None and search is not None:
        fragments = Fragments()
        records = [
            _record(form, search, given, place, fragments, as_string=as_string)
            for place, given in enumerate(answer.given, search.start)
        ]
        if records:
            parts += [b"<records>", *records, b"</records>"]
        following = search.start + search.count
        if search.count and following <= total:
            parts.append(_element("nextRecordPosition", str(following)))
        parts.append(_echoed(form, search, as_string=as_string, query=echo))
    parts.append(_diagnostics(form, remarks))
    return _document(form, "searchRetrieveResponse", parts)


def explain_response(
    form: Form, explanation: bytes, *, schema: str, as_string: bool, remarks: Iterable[Diagnostic]
) -> bytes:
    """The answer to explain."""
    record = _packed(form, schema, explanation, as_string=as_string)
    version = b"" if form.is_newest else _element("version", form.version)
    return _document(form, "explainResponse", [version, b"<record>", record, b"</record>", _diagnostics(form, remarks)])


def scan_response(form: Form, remarks: Iterable[Diagnostic]) -> bytes:
    """The answer to scan, which has diagnostics only."""
    version = b"" if form.is_newest else _element("version", form.version)
    return _document(form, "scanResponse", [version, _diagnostics(form, remarks)])


def _record(form: Form, search: Search, given: Given, place: int, fragments: Fragments, *, as_string: bool) -> bytes:
    found = given.content
    if isinstance(found, bytes):
        try:
            packed = _packed(form, search.schema.identifier, fragments.sound(found), as_string=as_string)
        except Unsound:
            found = Diagnostic(Number.RECORD_UNAVAILABLE, given.identifier)
    if isinstance(found, Diagnostic):
        packed = _packed(form, DIAGNOSTICS_SCHEMA, _diagnostic(form, found), as_string=as_string)
    # Of the versions only 1.2 has a place for it.
    identifier = _element("recordIdentifier", given.identifier) if form.version == "1.2" else b""
    return b"".join((b"<record>", packed, identifier, _element("recordPosition", str(place)), b"</record>"))


def _packed(form: Form, schema: str, element: bytes, *, as_string: bool) -> bytes:
    data = content(element.decode()).encode() if as_string else element
    return b"".join(
        (
            _element("recordSchema", schema),
            _element(form.escaping, "string" if as_string else "xml"),
            b"<recordData>",
            data,
            b"</recordData>",
        )
    )


def _echoed(form: Form, search: Search, *, as_string: bool, query: str) -> bytes:
    facts = (
        ("version", "" if form.is_newest else form.version),
        ("query", query),
        ("startRecord", str(search.start)),
        ("maximumRecords", str(search.count)),
        (form.escaping, "string" if as_string else "xml"),
        ("recordSchema", search.schema.identifier),
    )
    inside = b"".join(_element(name, value) for name, value in facts if value)
    return b"<echoedSearchRetrieveRequest>" + inside + b"</echoedSearchRetrieveRequest>"


def _diagnostics(form: Form, found: Iterable[Diagnostic]) -> bytes:
    inside = b"".join(_diagnostic(form, one) for one in found)
    return b"<diagnostics>" + inside + b"</diagnostics>" if inside else b""


def _diagnostic(form: Form, one: Diagnostic) -> bytes:
    details = f"<details>{content(one.details)}</details>" if one.details else ""
    return (
        f"<diagnostic xmlns={attribute(form.diagnostics)}><uri>{one.uri}</uri>{details}"
        f"<message>{content(one.message)}</message></diagnostic>"
    ).encode()


def _element(name: str, text: str) -> bytes:
    return f"<{name}>{content(text)}</{name}>".encode()


def _document(form: Form, name: str, parts: Iterable[bytes]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns={attribute(form.namespace)}>'
    return b"".join((head.encode(), *parts, f"</{name}>\n".encode()))
