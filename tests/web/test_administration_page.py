"""What an administrator sees of the installation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.db.backups import DrillOutcome, NotedBackup
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import a_marc21_record
from tests.staff import NODIRA
from tests.web.colleagues import Colleague, colleague

TAKEN = datetime(2026, 9, 1, 20, tzinfo=UTC)


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def jasur(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.ADMINISTRATOR, name="Jasur")


def test_without_backups_it_says_so(jasur: Colleague) -> None:
    assert "No backup was taken yet" in jasur.page("/administration")


def test_backups_stand_with_their_drills(container: Container, jasur: Colleague) -> None:
    with container.database.writing() as tx:
        for seal, outcome in (("a", DrillOutcome.NOT_HELD), ("b", DrillOutcome.FAILED), ("c", DrillOutcome.PASSED)):
            tx.backups.note(
                NotedBackup(
                    seal=seal,
                    taken_at=TAKEN,
                    directory=f'/backup/{seal}"><x-m id=1>',
                    size=12_000_001,
                    encrypted=seal == "c",
                    drilled_at=TAKEN if outcome else None,
                    outcome=outcome,
                )
            )
        tx.commit()
    page = jasur.page("/administration")
    for words in ("No drill yet", "Failed", "Passed", "/backup/a&#34;&gt;", '<td class="figure">13</td>'):
        assert words in page
    assert "<x-m" not in page
    assert "2 Sep 2026, 01:00" in page


def test_people_at_work_and_what_waits_are_counted(container: Container, portal: Flask, jasur: Colleague) -> None:
    colleague(container, portal, Role.CATALOGUER)
    dialect, marc = Dialect.MARC21, a_marc21_record()
    number = container.cataloguing.create(dialect, marc, actor=NODIRA)
    stamp = container.cataloguing.workplace(number, actor=NODIRA).stamp
    container.cataloguing.submit(number, expected=stamp, actor=NODIRA)
    page = jasur.page("/administration")
    assert "People at work in the last half hour</dt><dd>2</dd>" in page
    assert "Records waiting for approval</dt><dd>1</dd>" in page


def test_it_leads_to_what_an_administrator_keeps(jasur: Colleague) -> None:
    page = jasur.page("/administration")
    for path in ("/accounts", "/administration/settings", "/administration/maintenance", "/journal"):
        assert f'href="{path}"' in page
        assert jasur.get(path).status_code == 200
