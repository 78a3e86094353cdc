"""`library custody add`: files from the disk of the server, with the transfer by which they came."""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypedDict, Unpack

import click

from library.cli.accounts import CONSOLE
from library.cli.choices import OneOf
from library.cli.custody_rows import told
from library.cli.opened import opened_container
from library.container import Container
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState
from library.domain.errors import LibraryError
from library.domain.holdings import Source
from library.domain.transfer import Paper, PaperKind, Transfer

NOT_ALL = 1
NONE = 2
DAY = click.DateTime(["%Y-%m-%d"])


class _Paper(click.ParamType[Paper]):
    """`act:12-k:2026-09-01`: kind, number and date of a paper."""

    name = "KIND:NUMBER:DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Paper:
        if isinstance(value, Paper):
            return value
        kind, _, rest = str(value).partition(":")
        number, _, day = rest.rpartition(":")
        try:
            return Paper(kind=PaperKind(kind), number=number, date=date.fromisoformat(day))
        except ValueError:
            kinds = ", ".join(PaperKind)
            self.fail(f"write a paper as act:12-k:2026-09-01; the kinds are {kinds}", param, ctx)


class _Price(click.ParamType[Decimal]):
    """A sum of money."""

    name = "SUM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value} is no sum such as 125000.00", param, ctx)


class Given(TypedDict):
    """What was said of the rights of the files, and of the transfer by which they came."""

    level: AccessLevel | None
    embargo_until: datetime | None
    licence: str
    transfer: int | None
    source: Source | None
    partner: str
    taken_on: datetime | None
    papers: tuple[Paper, ...]
    price: Decimal
    term_ends: datetime | None
    note: str


@click.command()
@click.argument("record", type=int)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--label", default="", help="What readers see as the name of the file; else its own name.")
@click.option("--level", type=OneOf(AccessLevel), help="Who may read; else what the library rules for such files.")
@click.option("--embargo-until", type=DAY, help="The first day on which that holds; closed before it. Needs --level.")
@click.option("--licence", default="", help="CC-BY-4.0 and the like, or words for readers. Needs --level.")
@click.option("--transfer", type=int, help="Number of the transfer by which the files came.")
@click.option("--source", type=OneOf(Source), help="A new transfer: how they came. The options below belong to it.")
@click.option("--partner", default="", help="The supplier or giver.")
@click.option("--taken-on", type=DAY, help="The day on which they were taken over; else today.")
@click.option("--paper", "papers", type=_Paper(), multiple=True, help="A paper; may be repeated.")
@click.option("--price", type=_Price(), default=Decimal(0), help="What all of it cost.")
@click.option("--term-ends", type=DAY, help="The last day of a subscription.")
@click.option("--note", default="", help="A remark on the transfer.")
@click.option("--inspect", "inspected", is_flag=True, help="Check them here and now, not by the worker.")
def add(record: int, files: tuple[Path, ...], label: str, *, inspected: bool, **given: Unpack[Given]) -> None:
    """Take files in for RECORD: they wait in quarantine, are checked by the worker, and are read once approved.

    Exit codes: 0 all were taken in (with --inspect: and kept); 1 some were not, and standard error says why; 2 none
    could be.
    """
    rights = _rights(given)
    with opened_container() as container:
        transfer_id = _transfer(container, given)
        documents = [_taken(container, record, path, label, rights, transfer_id) for path in files]
        if inspected:
            documents = [one and (container.inspection.inspect(one) or one) for one in documents]
    for document in documents:
        if document is not None:
            click.echo(told(document))
    if not any(documents):
        sys.exit(NONE)
    wanted = {DocumentState.KEPT} if inspected else {DocumentState.QUARANTINED, DocumentState.KEPT}
    sys.exit(0 if all(one is not None and one.state in wanted for one in documents) else NOT_ALL)


def _taken(
    container: Container, record: int, path: Path, label: str, rights: Rights | None, transfer_id: int | None
) -> Document | None:
    """The document that a file became; None where it was not taken, which is told."""
    try:
        with path.open("rb") as stream:
            return container.documents.receive(
                record, stream, path.name, label=label, rights=rights, transfer_id=transfer_id, actor=CONSOLE
            )
    except OSError as error:
        click.echo(f"{path}: {error.strerror}", err=True)
    except LibraryError as error:
        click.echo(f"{path}: {error}", err=True)
    return None


def _transfer(container: Container, given: Given) -> int | None:
    """The number of the transfer that was given, entered now if it is a new one."""
    if given["source"] is None:
        if any(given[name] for name in ("partner", "taken_on", "papers", "price", "term_ends", "note")):
            message = "--partner, --taken-on, --paper, --price, --term-ends and --note belong to a new --source"
            raise click.UsageError(message)
        return given["transfer"]
    if given["transfer"] is not None:
        message = "give the number of a --transfer or the --source of a new one, not both"
        raise click.UsageError(message)
    new = Transfer(
        source=given["source"],
        partner=given["partner"],
        taken_on=_day(given["taken_on"]) or container.transfers.today(),
        papers=given["papers"],
        price=given["price"],
        term_ends=_day(given["term_ends"]),
        note=given["note"],
    )
    entered = container.transfers.enter(new, actor=CONSOLE)
    click.echo(f"Transfer {entered.id} is entered.")
    return entered.id


def _rights(given: Given) -> Rights | None:
    if given["level"] is not None:
        return Rights(level=given["level"], embargo_until=_day(given["embargo_until"]), licence=given["licence"])
    if given["embargo_until"] is not None or given["licence"]:
        message = "--embargo-until and --licence need --level"
        raise click.UsageError(message)
    return None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
