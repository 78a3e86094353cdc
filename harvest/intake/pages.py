"""An answer of a partner, read: typed, or refused with a reason; half a page is never taken for a whole one.

The forms of OAI-PMH 2.0 are read by local names, and datestamps in any form of ISO 8601: a partner whose
namespaces or clocks are untidy has good records all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import unescape

from harvest.errors import N_, PartnerError, UnexpectedAnswer
from harvest.intake.faults import BadRecord, NoOaiPmh, Refused
from harvest.intake.salvage import cut_up
from harvest.model import DeletedRecords, ErrorCode, Granularity, Identity, MetadataFormat, OaiRecord, Verb
from harvest.xml_reader import Element, child, children, local_name, parse, serialised, text_of, without_controls

LARGEST_REJECTED = 1 << 20
_LONGEST_IDENTIFIER = 2000
_LONGEST_TOKEN = 1 << 14
_WEB_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_IDENTIFIER = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?identifier>((?:[^<>&]|&#?\w{1,10};){1,500})</")
_END_OF_HEADER = re.compile(rb"</(?:[A-Za-z_][\w.-]{0,40}:)?header\b|<(?:[A-Za-z_][\w.-]{0,40}:)?metadata\b")
_TOKEN = b"resumptionToken"
_NUMBER = re.compile("[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What to ask the rest of a list by; empty when this was the last page. The rest is what the partner chose to say.

    `announced` is the size of the whole list, `cursor` how many records came before this page.
    """

    value: str
    announced: int | None = None
    cursor: int | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that can't be read: its bytes as they came (at most the first mebibyte), why, and its identifier.

    The identifier is empty where even that could not be made out.
    """

    raw: bytes
    reason: PartnerError
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of ListRecords, or of ListIdentifiers (whose records have only their headers).

    `responded` is the partner's clock, None where it can't be read. `mended` are the identifiers of records from which
    characters had to be taken that XML forbids. `token` is None where the page says nothing of a continuation.
    """

    responded: datetime | None
    records: tuple[OaiRecord, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    mended: tuple[str, ...] = ()
    token: Token | None = None

    @property
    def size(self) -> int:
        """How many records the partner gave, good and bad."""
        return len(self.records) + len(self.rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """Who the partner says it is, and what its clock said then, if that can be read."""

    identity: Identity
    responded: datetime | None


def read_list(body: bytes, verb: Verb) -> ListPage:
    """A page of ListRecords or ListIdentifiers. Raises `Refused` and other errors of `harvest.errors`."""
    try:
        root = parse(body)
    except PartnerError as damage:
        return _salvaged(body, verb, damage)
    return _list_page(root, verb)


def read_identity(body: bytes) -> Introduction:
    """An answer to Identify; what is missing beyond the dates and the policy is left empty."""
    root = parse_answer(body)
    found = _content(root, Verb.IDENTIFY)
    earliest = text_of(found, "earliestDatestamp")
    # Some write a policy or granularity of their own; the careful reading of both is the poorer one.
    policy = text_of(found, "deletedRecord")
    fine = text_of(found, "granularity").upper().startswith("YYYY-MM-DDT")
    identity = Identity(
        name=text_of(found, "repositoryName"),
        base_url=text_of(found, "baseURL"),
        admin_emails=tuple(_texts(found, "adminEmail")),
        earliest=moment_of(earliest) or datetime(1, 1, 1, tzinfo=UTC),
        deleted_records=DeletedRecords(policy) if policy in set(DeletedRecords) else DeletedRecords.NO,
        granularity=Granularity.SECOND if fine else Granularity.DAY,
        compressions=tuple(_texts(found, "compression")),
        descriptions=tuple(
            serialised(inner)
            for description in children(found)
            if local_name(description) == "description"
            for inner in children(description)[:1]
        ),
    )
    return Introduction(identity=identity, responded=moment_of(text_of(root, "responseDate")))


def read_formats(body: bytes) -> tuple[MetadataFormat, ...]:
    """An answer to ListMetadataFormats."""
    found = _content(parse_answer(body), Verb.LIST_METADATA_FORMATS)
    return tuple(
        MetadataFormat(
            prefix=text_of(element, "metadataPrefix"),
            schema=text_of(element, "schema"),
            namespace=text_of(element, "metadataNamespace"),
        )
        for element in children(found)
        if local_name(element) == "metadataFormat"
    )


def parse_answer(body: bytes) -> Element:
    """The root of an answer that holds no records, in which forbidden characters may simply be left out."""
    if _WEB_PAGE.match(body[:2000]):
        raise NoOaiPmh("html")
    return parse(without_controls(body))


def moment_of(text: str) -> datetime | None:
    """A moment of ISO 8601 in UTC and whole seconds, None if it is none; without a zone it is taken for UTC."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=0)


def _salvaged(body: bytes, verb: Verb, damage: PartnerError) -> ListPage:
    cut = cut_up(body, verb)
    if cut is None:
        # It may be an error of the protocol, or a web page; a list that is cut off fails here as well.
        return _list_page(parse_answer(body), verb)
    try:
        page = _list_page(parse(cut.page_of()), verb)
    except PartnerError as error:
        raise damage from error
    token = page.token
    records: list[OaiRecord] = []
    rejected: list[Rejected] = []
    mended: list[str] = []
    for piece in cut.pieces:
        part = _piece(cut.page_of(piece), verb)
        if isinstance(part, PartnerError):
            clean = _piece(cut.page_of(cut.mended(piece)), verb)
            if isinstance(clean, PartnerError):
                if page.token is None and _TOKEN in piece:
                    # Whether the list goes on is damaged too.
                    raise damage
                rejected.append(_rejected(piece, part))
                continue
            part = clean
            mended.extend(record.identifier for record in part.records)
        records.extend(part.records)
        rejected.extend(part.rejected)
        # A token that stands in no usual place or form was cut off together with a record.
        token = part.token or token
    return ListPage(
        responded=page.responded,
        records=tuple(records),
        rejected=tuple(rejected),
        mended=tuple(mended),
        token=token,
    )


def _piece(body: bytes, verb: Verb) -> ListPage | PartnerError:
    try:
        return _list_page(parse(body), verb)
    except PartnerError as error:
        return error


def _list_page(root: Element, verb: Verb) -> ListPage:
    found = _content(root, verb)
    wanted = "record" if verb is Verb.LIST_RECORDS else "header"
    records: list[OaiRecord] = []
    rejected: list[Rejected] = []
    token = None
    for element in children(found):
        name = local_name(element)
        if name == "resumptionToken":
            token = _token(element)
        elif name == wanted:
            try:
                records.append(_record(element) if verb is Verb.LIST_RECORDS else _header(element))
            except BadRecord as error:
                rejected.append(_rejected(serialised(element), error))
    return ListPage(
        responded=moment_of(text_of(root, "responseDate")),
        records=tuple(records),
        rejected=tuple(rejected),
        token=token,
    )


def _content(root: Element, verb: Verb) -> Element:
    if local_name(root) != "OAI-PMH":
        raise NoOaiPmh(local_name(root))
    errors = [element for element in children(root) if local_name(element) == "error"]
    # A lost token is the one error of which something follows for the harvest, whatever else is said.
    errors.sort(key=lambda element: element.get("code") != ErrorCode.BAD_RESUMPTION_TOKEN)
    for element in errors:
        raise Refused(str(element.get("code", "")), "".join(element.itertext()))
    found = child(root, verb)
    if found is None:
        raise UnexpectedAnswer(N_("The partner's answer does not hold what was asked for ({name})."), name=verb.value)
    return found


def _token(element: Element) -> Token:
    value = (element.text or "").strip()
    if len(value) > _LONGEST_TOKEN:
        raise UnexpectedAnswer(N_("The partner's server gave a resumption token of unreasonable length."))
    return Token(
        value=value,
        announced=_number(element.get("completeListSize", "")),
        cursor=_number(element.get("cursor", "")),
        expires=moment_of(element.get("expirationDate", "")),
    )


def _record(element: Element) -> OaiRecord:
    header = _header(child(element, "header"))
    if header.deleted:
        return header
    contents = children(child(element, "metadata"))
    if len(contents) != 1:
        raise BadRecord(N_("The record is not marked as deleted, but has no metadata."))
    return OaiRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        sets=header.sets,
        metadata=serialised(contents[0]),
        abouts=tuple(
            serialised(inner) for about in element if local_name(about) == "about" for inner in children(about)[:1]
        ),
    )


def _header(element: Element | None) -> OaiRecord:
    identifier = text_of(element, "identifier")
    if not identifier or len(identifier) > _LONGEST_IDENTIFIER:
        raise BadRecord(N_("The record has no identifier, or one of unreasonable length."))
    assert element is not None
    datestamp = text_of(element, "datestamp")
    moment = moment_of(datestamp)
    if moment is None:
        raise BadRecord(N_("The datestamp of the record can't be read ({datestamp})."), datestamp=datestamp)
    return OaiRecord(
        identifier=identifier,
        datestamp=moment,
        sets=tuple(_texts(element, "setSpec")),
        deleted=element.get("status") == "deleted",
    )


def _rejected(raw: bytes, reason: PartnerError) -> Rejected:
    # Not that of the metadata, or of where the partner has the record from.
    end = _END_OF_HEADER.search(raw)
    found = _IDENTIFIER.search(raw, 0, end.start() if end else len(raw))
    identifier = unescape(found.group(1).decode("utf-8", "replace")).strip() if found else ""
    return Rejected(raw=raw[:LARGEST_REJECTED], reason=reason, identifier=identifier)


def _texts(element: Element, name: str) -> Iterator[str]:
    for found in children(element):
        if local_name(found) == name and (text := (found.text or "").strip()):
            yield text


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text.strip()) else None
