"""`library statistics`: uses are counted, months closed."""

from __future__ import annotations

from datetime import date

import click

from library.cli.opened import opened_container
from library.domain.errors import LibraryError
from library.domain.periods import ReportPeriod, Step, day_from, period_from


class _Day(click.ParamType[date]):
    """A day such as 2026-09-05."""

    name = "DAY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else day_from(str(value))
        except LibraryError as error:
            self.fail(str(error), param, ctx)


class _Month(click.ParamType[ReportPeriod]):
    """A month such as 2026-09."""

    name = "MONTH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ReportPeriod:
        try:
            period = value if isinstance(value, ReportPeriod) else period_from(str(value))
        except LibraryError as error:
            self.fail(str(error), param, ctx)
        if period.step is not Step.MONTH:
            self.fail("write a month such as 2026-09", param, ctx)
        return period


@click.group()
def statistics() -> None:
    """Count uses of the library, and close months."""


@statistics.command("roll-up")
@click.option("--day", type=_Day(), help="This day, whether it waits or not.")
def roll_up(day: date | None) -> None:
    """Count all days with uses that are not counted yet. The worker does the same by itself.

    A day is counted whole: doing it again changes nothing.
    """
    with opened_container() as container:
        while container.usage.step():
            pass
        if day is not None:
            click.echo(f"{day}: {container.usage_counting.roll_up(day):,} uses")
        else:
            click.echo(f"{container.usage_counting.roll_up_all():,} days counted")


@statistics.command()
@click.argument("month", type=_Month())
def close(month: ReportPeriod) -> None:
    """Close MONTH now, before the worker does it on the third day after its end. It stays as it is for ever."""
    with opened_container() as container:
        while container.usage.step():
            pass
        closed = container.usage_counting.close(month)
    click.echo(f"{month.name}: revision {closed.revision}, {closed.events:,} uses, checksum {closed.checksum}")


@statistics.command()
def state() -> None:
    """Tell up to when all is counted, which days wait, and how each month stands."""
    with opened_container() as container:
        found, files = container.usage_counting.state(), container.usage.waiting_files()
    as_of = "nothing is counted yet" if found.data_as_of is None else f"{found.data_as_of:%Y-%m-%d %H:%M} UTC"
    click.echo(f"Counted up to: {as_of}")
    click.echo(f"Rules {found.rules_version}, robots {found.robots_version}; {found.events:,} uses are kept singly.")
    if files:
        click.echo(f"{files} files hold uses on their way into the database.")
    for waiting in found.dirty:
        click.echo(f"{waiting.day}: waits to be counted")
    for month in found.months:
        click.echo(
            f"{month.month:%Y-%m}: {month.state}, revision {month.revision}, {month.events:,} uses "
            f"{month.checksum[:16]}".rstrip()
        )
