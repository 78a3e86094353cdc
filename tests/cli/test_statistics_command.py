"""`library statistics`: days are counted and months closed by command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from library.cli import main
from library.container import Container
from library.domain.usage import Kind, event_id
from tests.usage_history import TASHKENT, an_event

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)


@pytest.fixture
def library(container: Container) -> Callable[..., Result]:
    """Runs a command over a library in which a record was viewed on two days of March."""
    events = [an_event(number, NOON + number * timedelta(days=1), Kind.RECORD_VIEW) for number in range(2)]
    with container.database.writing() as tx:
        tx.usage_events.append(events, event_id(NOON, bytes(10)), TASHKENT)
        tx.commit()

    def run(*arguments: str) -> Result:
        environment = {"LIBRARY_DATA_DIR": str(container.settings.data_dir)}
        return CliRunner().invoke(main, ["statistics", *arguments], env=environment)

    return run


def test_what_waits_is_counted_once_and_the_month_is_closed_with_its_checksum(library: Callable[..., Result]) -> None:
    assert "2026-03-10: waits to be counted" in library("state").stdout
    assert library("roll-up").stdout == "2 days counted\n"
    assert library("roll-up").stdout == "0 days counted\n"
    assert library("roll-up", "--day", "2026-03-11").stdout == "2026-03-11: 1 uses\n"
    closed = library("close", "2026-03")
    assert closed.stdout.startswith("2026-03: revision 1, 2 uses, checksum ")
    assert library("close", "2026-03").stdout == closed.stdout
    assert "2026-03: closed, revision 1, 2 uses" in library("state").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("close", "2026-13"), "not in the calendar"),
        (("close", "2026"), "write a month such as 2026-09"),
        (("close", "2026-02"), "Nothing was counted in 2026-02 or before."),
        (("close", "2199-01"), "2199-01-01 lies ahead"),
        (("roll-up", "--day", "2026-02-30"), "not in the calendar"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    library: Callable[..., Result], arguments: tuple[str, ...], told: str
) -> None:
    done = library(*arguments)
    assert (done.exit_code, told in done.stderr) == (2, True), done.stderr
