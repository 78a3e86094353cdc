"""Partners' catalogues in the browser: entered, tried with a button, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from harvest.errors import PartnerError
from harvest.lookup.model import Dialect, Protocol, SearchField, Target
from library.container import Container
from library.db.targets import KeptTarget
from library.domain.access import Action
from library.domain.errors import N_, PartnerFailed
from library.services.asked import cleaned, whole
from library.services.partner_access import told_plainly
from library.services.targets import Trial
from library.web.languages import gettext, ngettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to

LARGEST_NUMBER = 2**31 - 1
LONGEST_VALUE = 600
MOST_NAMED = 12
LONGEST_SHOWN = 300
ADDRESS = "/copy-cataloguing/catalogues"
TEXTS = ("name", "address", "database", "version", "record_format", "query_charset", "record_charset", "words")

PROTOCOLS: Mapping[Protocol, str] = {
    Protocol.SRU: N_("SRU (an address beginning with http)"),
    Protocol.Z3950: N_("Z39.50 (a host and a port)"),
}
DIALECTS: Mapping[Dialect, str] = {Dialect.MARC21: "MARC 21", Dialect.UNIMARC: "UNIMARC, RUSMARC"}
VERSIONS = ("1.1", "1.2", "2.0")
CHARSETS = ("", "utf-8", "cp1251", "cp866", "koi8-r", "marc-8")
INDEXES: Mapping[SearchField, str] = {
    SearchField.TITLE: N_("Index of titles"),
    SearchField.AUTHOR: N_("Index of authors"),
    SearchField.ISBN: N_("Index of ISBN"),
    SearchField.YEAR: N_("Index of years"),
    SearchField.WORDS: N_("Index of all words"),
}
EMPTY = {"protocol": Protocol.SRU.value, "dialect": Dialect.MARC21.value, "version": "1.2", "query_charset": "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """A catalogue in the list."""

    id: int
    name: str
    protocol: str
    address: str
    dialect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsPage(Page):
    """All partners' catalogues."""

    template: ClassVar[str] = "copy_cataloguing/targets.html"
    robots: ClassVar[str] = "noindex"

    lines: tuple[TargetLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What the try showed: sentences that are good news, and those that are not."""

    good: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPage(Page):
    """The form of a catalogue with whatever was typed; `id` is 0 for a new one."""

    template: ClassVar[str] = "copy_cataloguing/target.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    version: int
    heading: str
    values: Mapping[str, str]
    protocols: tuple[tuple[str, str], ...]
    dialects: tuple[tuple[str, str], ...]
    versions: tuple[str, ...]
    charsets: tuple[str, ...]
    indexes: tuple[tuple[str, str, str], ...]
    trial: TrialResult | None
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes under `/copy-cataloguing/catalogues`."""
    routes = Blueprint("copy_cataloguing_targets", __name__)
    number = f"<int(max={LARGEST_NUMBER}):target_id>"
    targets = container.targets

    @routes.get(ADDRESS)
    @requires(Action.SETTINGS)
    def listed() -> Response:
        return render(TargetsPage(lines=tuple(map(_line, targets.all(actor=actor())))))

    @routes.get(f"{ADDRESS}/new")
    @requires(Action.SETTINGS)
    def new() -> Response:
        return render(_page(0, 0, EMPTY))

    @routes.post(ADDRESS)
    @requires(Action.SETTINGS)
    def add() -> Response:
        return _save(container, 0)

    @routes.get(f"{ADDRESS}/{number}")
    @requires(Action.SETTINGS)
    def target(target_id: int) -> Response:
        kept = targets.get(target_id, actor=actor())
        return render(_page(kept.id, kept.version, _values_of(kept)))

    @routes.post(f"{ADDRESS}/{number}")
    @requires(Action.SETTINGS)
    def change(target_id: int) -> Response:
        targets.get(target_id, actor=actor())
        return _save(container, target_id)

    @routes.post(f"{ADDRESS}/{number}/remove")
    @requires(Action.SETTINGS)
    def remove(target_id: int) -> Response:
        targets.remove(target_id, expected=_version(), actor=actor())
        return to(ADDRESS)

    return routes


def _save(container: Container, target_id: int) -> Response:
    """Keep what the form says, or only try it; a mistake brings the form back with all that was typed."""
    values = _typed()
    try:
        with told_plainly():
            target = _target(values)
        if "try" in request.form:
            trial = container.targets.try_out(target, values["words"], actor=actor())
            return render(_page(target_id, _version(), values, trial=_result(trial)))
        if target_id:
            container.targets.change(target_id, target, expected=_version(), actor=actor())
        else:
            container.targets.add(target, actor=actor())
    except PartnerFailed as error:
        return render(_page(target_id, _version(), values, problem=told(error.message)), 422)
    return to(ADDRESS)


def _version() -> int:
    return whole(request.form.get("row", ""), limit=LARGEST_NUMBER) or 0


def _typed() -> dict[str, str]:
    names = ("protocol", "dialect", *TEXTS, *(f"index-{name}" for name in INDEXES))
    return {name: cleaned(request.form.get(name, ""))[:LONGEST_VALUE].strip() for name in names}


def _values_of(kept: KeptTarget) -> dict[str, str]:
    target = kept.target
    return {
        "name": target.name,
        "protocol": target.protocol.value,
        "address": target.address,
        "database": target.database,
        "version": target.version,
        "record_format": target.record_format,
        "dialect": target.dialect.value,
        "query_charset": target.query_charset,
        "record_charset": target.record_charset,
        **{f"index-{name}": index for name, index in target.indexes.items()},
    }


def _target(values: Mapping[str, str]) -> Target:
    """The catalogue that the form describes; `PartnerError` where it can't be right."""
    try:
        protocol, dialect = Protocol(values["protocol"]), Dialect(values["dialect"])
    except ValueError as error:
        raise PartnerError(N_("Choose the protocol and the dialect of the catalogue.")) from error
    if values["record_charset"] not in CHARSETS:
        raise PartnerError(N_("“{text}” is no known character set."), text=values["record_charset"])
    return Target(
        name=values["name"],
        protocol=protocol,
        address=values["address"],
        database=values["database"],
        version=values["version"] or EMPTY["version"],
        record_format=values["record_format"],
        dialect=dialect,
        query_charset=values["query_charset"] or EMPTY["query_charset"],
        record_charset=values["record_charset"],
        indexes={name: index for name in INDEXES if (index := values[f"index-{name}"])},
    )


def _line(kept: KeptTarget) -> TargetLine:
    target = kept.target
    place = f"{target.address} / {target.database}" if target.protocol is Protocol.Z3950 else target.address
    return TargetLine(
        id=kept.id,
        name=target.name,
        protocol="SRU" if target.protocol is Protocol.SRU else "Z39.50",
        address=place,
        dialect=DIALECTS[target.dialect],
    )


def _page(
    target_id: int, version: int, values: Mapping[str, str], *, trial: TrialResult | None = None, problem: str = ""
) -> TargetPage:
    return TargetPage(
        csrf=csrf(),
        id=target_id,
        version=version,
        heading=gettext("New partner catalogue") if not target_id else gettext("Partner catalogue"),
        values={name: values.get(name, "") for name in ("protocol", "dialect", *TEXTS)},
        protocols=tuple((protocol.value, gettext(label)) for protocol, label in PROTOCOLS.items()),
        dialects=tuple((dialect.value, label) for dialect, label in DIALECTS.items()),
        versions=VERSIONS,
        charsets=CHARSETS,
        indexes=tuple(
            (f"index-{name}", gettext(label), values.get(f"index-{name}", "")) for name, label in INDEXES.items()
        ),
        trial=trial,
        problem=problem,
    )


def _result(trial: Trial) -> TrialResult:
    good, bad = [], []
    if trial.explained is not None:
        good.append(
            gettext(
                "The server describes itself as “{title}”. It knows these indexes: {indexes}; and gives these formats: "
                "{formats}.",
                title=trial.explained.title[:LONGEST_SHOWN] or "–",
                indexes=_some(tuple(index.name for index in trial.explained.indexes)),
                formats=_some(tuple(schema.name for schema in trial.explained.schemas)),
            )
        )
    if trial.explain_problem is not None:
        bad.append(told(trial.explain_problem))
    if trial.problem is not None:
        bad.append(told(trial.problem))
    elif not trial.total:
        bad.append(gettext("The search was answered, but nothing was found. Try other words."))
    else:
        good.append(ngettext("The search found {n} record.", "The search found {n} records.", trial.total))
    if trial.first_title:
        good.append(gettext("The first one is: {title}", title=trial.first_title[:LONGEST_SHOWN]))
    return TrialResult(good=tuple(good), bad=tuple(bad))


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(name[:LONGEST_SHOWN] for name in names[:MOST_NAMED] if name) or "–"
    return f"{shown} …" if len(names) > MOST_NAMED else shown
