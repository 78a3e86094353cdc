"""`library harvest`: partners are harvested now, listed, tried, and entered."""

from __future__ import annotations

import sys

import click

from library.cli.accounts import CONSOLE
from library.cli.choices import OneOf
from library.cli.opened import opened_container
from library.container import Container
from library.domain.errors import N_, LibraryError, NotFound
from library.domain.partners import (
    KeptPartner,
    PartnerEntry,
    PartnerForm,
    PartnerRun,
    PartnerState,
    RunKind,
    RunState,
    Schedule,
)

INCOMPLETE = 1
LAST_HOUR = 23
LAST_WEEKDAY = 6


@click.command()
@click.argument("partner", required=False)
@click.option("--list", "listing", is_flag=True, help="List the partners with their last runs, and do nothing.")
@click.option("--test", "tested", metavar="URL", help="Try the address of a partner, and do nothing.")
@click.option("--add", "added", metavar="URL", help="Enter a partner with this address; PARTNER is its name.")
@click.option("--compare", "comparing", is_flag=True, help="Find out what the partner no longer has.")
@click.option("--form", type=OneOf(PartnerForm), default=PartnerForm.OAI_DC, help="Form of its records.")
@click.option("--prefix", default="", help="Name of the format there, where it is another one than that of the form.")
@click.option("--set", "set_spec", default="", help="Set; else everything.")
@click.option("--schedule", type=OneOf(Schedule), default=Schedule.DAILY, help="How often the worker harvests it.")
@click.option("--weekday", type=click.IntRange(0, LAST_WEEKDAY), default=0, help="0 is Monday; for a weekly schedule.")
@click.option("--hour", type=click.IntRange(0, LAST_HOUR), default=2, show_default=True, help="Hour of the day.")
@click.option("--collection", default="", help="Code of one of the library's collections.")
@click.option("--expose", is_flag=True, help="Pass its records on to those who harvest us.")
def harvest(
    partner: str | None,
    *,
    listing: bool,
    tested: str | None,
    added: str | None,
    comparing: bool,
    form: PartnerForm,
    prefix: str,
    set_spec: str,
    schedule: Schedule,
    weekday: int,
    hour: int,
    collection: str,
    expose: bool,
) -> None:
    """Harvest PARTNER, a name or number, now and here; without one, all that are not paused.

    Exit codes: 0 all is in; 1 a run failed, was broken off, has rejected records or waits for a person's decision, or a
    test failed; 2 it could not begin.
    """
    entry = PartnerEntry(
        name=partner or "",
        address=added or tested or "",
        form=form,
        prefix=prefix or form.value,
        set_spec=set_spec,
        schedule=schedule,
        weekday=weekday,
        hour=hour,
        collection=collection,
        expose=expose,
    )
    with opened_container() as container:
        if listing:
            _list(container)
        elif tested:
            sys.exit(_test(container, entry))
        elif added:
            click.echo(f"Partner {container.partners.add(entry, actor=CONSOLE)} is entered.")
        else:
            kind = RunKind.COMPARE if comparing else RunKind.HARVEST
            sys.exit(max((_harvest(container, one, kind) for one in _wanted(container, partner)), default=0))


def _wanted(container: Container, name: str | None) -> list[KeptPartner]:
    partners = [line.partner for line in container.partners.listed(actor=CONSOLE)]
    if name is None:
        return [one for one in partners if one.state is PartnerState.ACTIVE]
    found = [one for one in partners if name in (str(one.id), one.entry.name)]
    if not found:
        raise NotFound(N_("There is no partner “{name}”. The list is: library harvest --list."), name=name)
    return found[:1]


def _harvest(container: Container, partner: KeptPartner, kind: RunKind) -> int:
    click.echo(f"{partner.entry.name} ({partner.entry.address})")
    try:
        run = container.harvesting.run(partner.id, kind, _tell)
    except LibraryError as error:
        click.echo(f"  {error}", err=True)
        return INCOMPLETE
    _tell(run)
    click.echo(f"  {run.state}, {run.counts.requests:,} requests, {run.seconds:,} s")
    if run.problem is not None:
        click.echo(f"  {run.problem}", err=True)
    if run.asks:
        click.echo(
            f"  {run.vanishing:,} of {run.visible:,} records would vanish: a person has to agree in the browser.",
            err=True,
        )
    is_whole = run.state is RunState.COMPLETE and not run.asks and not run.counts.set_aside
    return 0 if is_whole else INCOMPLETE


def _tell(run: PartnerRun) -> None:
    counts = run.counts
    click.echo(
        f"  new {counts.new:,}, changed {counts.changed:,}, unchanged {counts.unchanged:,}, "
        f"deleted {counts.gone:,}, rejected {counts.set_aside:,}, our own {counts.own:,}"
    )


def _list(container: Container) -> None:
    for line in container.partners.listed(actor=CONSOLE):
        entry, last = line.partner.entry, line.last
        ran = f"{last.started_at:%Y-%m-%d %H:%M} UTC {last.state}" if last is not None else "not harvested yet"
        click.echo(
            f"{line.partner.id}\t{entry.name}\t{entry.address}\t{line.partner.state}\t{ran}\t{line.rejected} rejected"
        )


def _test(container: Container, entry: PartnerEntry) -> int:
    trial = container.partners.try_out(entry, actor=CONSOLE)
    for finding in trial.findings:
        click.echo(f"{'good' if finding.good else 'BAD '}  {finding}")
    return 0 if trial.works else INCOMPLETE
