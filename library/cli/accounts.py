"""`library accounts`: who may sign in. Whoever can give commands on the server may do all of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from library.cli.choices import OneOf
from library.cli.opened import opened_container
from library.container import Container
from library.db.people import PeopleFilter
from library.domain.access import MEANINGS, PERMISSIONS, Action, Actor
from library.domain.errors import N_, InvalidAccount
from library.domain.people import Order, Role
from library.marc.irbis.readers import Reading
from library.services import readers_sources
from library.services.accounts import Link, ListedAccount, Wanted

CONSOLE = Actor(key="console", name="command line", roles=frozenset(Role))
AT_ONCE = 500


@click.group()
def accounts() -> None:
    """Add, list and close accounts; give links for passwords; import readers."""


@accounts.command()
@click.argument("login")
@click.option("--role", "roles", type=OneOf(Role), multiple=True, required=True, help="A role; may be repeated.")
@click.option("--name", help="Surname and name; else the login.")
@click.option("--order-number", default="", help="Number of the order of appointment; staff need one.")
@click.option("--order-date", type=click.DateTime(["%Y-%m-%d"]), help="Its date: 2026-09-01.")
@click.option("--email", default="", help="E-mail address.")
def add(
    login: str, roles: tuple[Role, ...], name: str | None, order_number: str, order_date: datetime | None, email: str
) -> None:
    """Make an account, and print a link by which its person sets the password, once, within a day."""
    if bool(order_number) != (order_date is not None):
        raise InvalidAccount(N_("An order has a number and a date: give both."))
    order = Order(number=order_number, date=order_date.date()) if order_date else None
    wanted = Wanted(login=login, name=name or login, roles=frozenset(roles), order=order, email=email)
    with opened_container() as container:
        _tell(container, container.accounts.add(wanted, actor=CONSOLE))


@accounts.command("list")
@click.option("--readers", is_flag=True, help="The readers, not the staff.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(form: str, *, readers: bool) -> None:
    """List the accounts of the staff, or of the readers, by name."""
    with opened_container() as container:
        found = _all(container, PeopleFilter(staff=not readers))
    if form == "json":
        click.echo(json.dumps([_as_json(account) for account in found], ensure_ascii=False, indent=1))
        return
    for account in found:
        person = account.person
        roles = ", ".join(sorted(person.roles))
        marks = [person.standing.value]
        if not account.has_password:
            marks.append("no password yet")
        if account.has_second_factor:
            marks.append("second factor")
        click.echo(f"{person.login}\t{person.name}\t{roles}\t{', '.join(marks)}")


@accounts.command()
@click.argument("login")
def close(login: str) -> None:
    """Let a person in no more; sessions end at once."""
    with opened_container() as container:
        person = container.accounts.by_login(login, actor=CONSOLE)
        container.accounts.close(person.id, expected=person.version, actor=CONSOLE)
    click.echo(f"The account {person.login} is closed.")


@accounts.command()
@click.argument("login")
def link(login: str) -> None:
    """Print a link by which a person sets a new password, once, within a day."""
    with opened_container() as container:
        person = container.accounts.by_login(login, actor=CONSOLE)
        _tell(container, container.accounts.link(person.id, actor=CONSOLE))


@accounts.command("import-readers")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="The same report, and nothing is written.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="IRBIS: last day of all cards, else a year.")
@click.option("--faculty-subfield", default="", metavar="CODE", help="IRBIS: subfield of field 90 with the faculty.")
@click.option("--group-subfield", default="", metavar="CODE", help="IRBIS: subfield of field 90 with the group.")
@click.pass_context
def import_readers(
    context: click.Context,
    path: Path,
    until: datetime | None,
    faculty_subfield: str,
    group_subfield: str,
    *,
    dry_run: bool,
) -> None:
    """Take in readers from a table (CSV) or an IRBIS base of readers; the same list again changes nothing more.

    Of an IRBIS base nothing is taken but name, ticket, category, registration and what is named of field 90. Exit code
    1 where lines were refused.
    """
    reading = Reading(
        faculty=faculty_subfield[:1],
        group=group_subfield[:1],
        valid_until=until.date() if until else None,
    )
    with opened_container() as container:
        incoming = readers_sources.read(path, reading)
        report = container.readers_import.run(incoming, dry_run=dry_run, actor=CONSOLE)
    for remark in (*report.refusals, *report.doubts):
        click.echo(f"{path.name}:{remark.number}: {remark.text}", err=True)
    click.echo(
        f"{report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged, {report.refused:,} refused"
        + (" (nothing was written)" if dry_run else "")
    )
    context.exit(1 if report.refused else 0)


@accounts.command()
def rights() -> None:
    """Print who may do what, as a table in Markdown."""
    click.echo(rights_table(), nl=False)


def rights_table() -> str:
    """The permissions as a table in Markdown, one line an action, one column a role."""
    lines = [
        f"| Right | {' | '.join(role.value for role in Role)} |",
        f"|---|{'---|' * len(Role)}",
    ]
    for action in Action:
        marks = " | ".join("yes" if role in PERMISSIONS[action] else "" for role in Role)
        lines.append(f"| {MEANINGS[action]} (`{action.value}`) | {marks} |")
    return "\n".join(lines) + "\n"


def _tell(container: Container, link: Link) -> None:
    base = container.settings.base_url.rstrip("/") or "http://127.0.0.1:8000"
    click.echo(f"Link for {link.person.login}, to set the password, once, until {link.expires_at:%Y-%m-%d %H:%M} UTC:")
    click.echo(f"{base}/set-password/{link.code}")


def _all(container: Container, wanted: PeopleFilter) -> list[ListedAccount]:
    found: list[ListedAccount] = []
    while True:
        lines, total = container.accounts.listed(wanted, actor=CONSOLE, limit=AT_ONCE, offset=len(found))
        found += lines
        if not lines or len(found) >= total:
            return found


def _as_json(account: ListedAccount) -> dict[str, object]:
    person = account.person
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "roles": sorted(person.roles),
        "standing": person.standing.value,
        "order_number": person.order.number if person.order else None,
        "order_date": person.order.date.isoformat() if person.order else None,
        "valid_until": person.card.valid_until.isoformat() if person.card and person.card.valid_until else None,
        "has_password": account.has_password,
        "has_second_factor": account.has_second_factor,
    }
