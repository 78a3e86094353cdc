"""A first look at a partner, for the person who enters it: who it is, what it gives, and whether a page can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from harvest.errors import N_, PartnerError, quoted
from harvest.intake.asking import Asker, Patience
from harvest.intake.checkpoint import Partner
from harvest.intake.faults import Refused
from harvest.intake.pages import ListPage, read_formats, read_identity, read_list
from harvest.intake.run import forgets_deletions
from harvest.model import ErrorCode, Granularity, Identity, MetadataFormat, Verb
from harvest.transport import Transport

# A person waits for the answer.
_PATIENCE = Patience(duration=60, pages=3, attempts=1, waits=1, pause=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence of the report: a template in English marked for translation, its values, and whether all is well."""

    good: bool
    template: str
    values: dict[str, str | int]

    def __str__(self) -> str:
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was found out, as far as it went; `works` says whether a harvest would bring anything."""

    findings: tuple[Finding, ...]
    identity: Identity | None = None
    formats: tuple[MetadataFormat, ...] = ()
    first_page: ListPage | None = None

    @property
    def works(self) -> bool:
        """Whether the first page could be read; an empty one is one, too."""
        return self.first_page is not None


def try_partner(
    partner: Partner,
    transport: Transport,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Trial:
    """Three requests: who are you, which formats have you, the first page. A failure is a finding, not an error."""
    asker = Asker(partner.address, transport, patience=_PATIENCE, clock=clock, sleep=sleep)
    findings: list[Finding] = []
    try:
        identity = asker.ask([("verb", Verb.IDENTIFY.value)], read_identity).identity
    except PartnerError as error:
        return Trial(findings=(_failure(error),))
    findings.extend(_introduced(identity))
    formats: tuple[MetadataFormat, ...] = ()
    try:
        formats = asker.ask([("verb", Verb.LIST_METADATA_FORMATS.value)], read_formats)
        findings.append(_formats(formats, partner.prefix))
    except PartnerError as error:
        # A harvest does not need them.
        findings.append(_failure(error))
    arguments = [("verb", Verb.LIST_RECORDS.value), ("metadataPrefix", partner.prefix)]
    if partner.set_spec:
        arguments.append(("set", partner.set_spec))
    try:
        page = asker.ask(arguments, lambda body: read_list(body, Verb.LIST_RECORDS))
    except PartnerError as error:
        if isinstance(error, Refused) and error.oai_code == ErrorCode.NO_RECORDS_MATCH:
            page = ListPage(responded=None)
        else:
            return Trial(findings=(*findings, _failure(error)), identity=identity, formats=formats)
    findings.extend(_first_page(page))
    return Trial(findings=tuple(findings), identity=identity, formats=formats, first_page=page)


def _introduced(identity: Identity) -> list[Finding]:
    found = [
        _finding(
            N_("The partner calls itself “{name}” and has records since {date}."),
            name=identity.name or identity.base_url,
            date=identity.earliest.date().isoformat(),
        )
    ]
    if identity.granularity is Granularity.DAY:
        found.append(_finding(N_("It dates its records by the day, so each harvest brings the last day once more.")))
    if forgets_deletions(identity):
        found.append(
            _finding(N_("It does not tell of all deletions. Compare the whole list with it from time to time."))
        )
    return found


def _formats(formats: tuple[MetadataFormat, ...], wanted: str) -> Finding:
    names = [found.prefix for found in formats]
    if wanted in names:
        return _finding(N_("It gives records in these formats: {formats}."), formats=", ".join(names))
    return _finding(
        N_("It does not list the format {format}, but only these: {formats}."),
        good=False,
        format=wanted,
        formats=", ".join(names),
    )


def _first_page(page: ListPage) -> list[Finding]:
    if page.size == 0:
        return [_finding(N_("It has no records for this format and set."), good=False)]
    announced = page.token.announced if page.token is not None else None
    found = [
        _finding(N_("Records on the first page: {count} of {total}."), count=page.size, total=announced)
        if announced is not None
        else _finding(N_("Records on the first page: {count}."), count=page.size)
    ]
    if page.mended:
        found.append(
            _finding(N_("Records from which characters were taken that XML forbids: {count}."), count=len(page.mended))
        )
    if page.rejected:
        found.append(_finding(N_("Records that can't be read: {count}."), good=False, count=len(page.rejected)))
        found.append(_failure(page.rejected[0].reason))
    return found


def _finding(template: str, *, good: bool = True, **values: str | int) -> Finding:
    shown = {name: quoted(value) if isinstance(value, str) else value for name, value in values.items()}
    return Finding(good=good, template=template, values=shown)


def _failure(error: PartnerError) -> Finding:
    return Finding(good=False, template=error.template, values=error.values)
