"""Appeals as rows: written and read whole, listed by the clock that runs out next, one for each form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from library.db.appeals import AppealFilter
from library.db.unit_of_work import Database
from library.domain.appeal_files import AppealFile, FileRole
from library.domain.appeals import WAITING, Appeal, AppealKind, By, Outcome
from library.domain.errors import AppealNotReady, Message, StaleVersion
from library.domain.workdays import Deadlines

BEGIN = datetime(2026, 9, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def an_appeal(form: str, *, days: int = 0) -> Appeal:
    at = BEGIN + days * DAY
    return Appeal(
        kind=AppealKind.COMPLAINT,
        subject="Mavzu",
        text="Matn",
        language="ky",
        form_key=form,
        received_at=at,
        deadlines=Deadlines(first_look=at + 3 * DAY, measures=at + 6 * DAY),
    )


def test_lists_begin_with_what_runs_out_next_and_end_with_what_was_answered(database: Database) -> None:
    by = By(key="person:1", name="Nodira", at=BEGIN)
    with database.writing() as tx:
        later, looked, soon, old, new = (tx.appeals.add(an_appeal(form, days=n)) for n, form in enumerate("abcde"))
        # Its second clock runs until the seventh day, the first one of the others until the third and the fifth.
        looked = tx.appeals.save(looked.look(by))
        answers = [replace(by, at=BEGIN + days * DAY) for days in (5, 6)]
        for appeal, signed in zip((old, new), answers, strict=True):
            tx.appeals.save(appeal.reply(Outcome.DONE, "Javob", signed, 1))
        tx.commit()
    with database.reading() as view:
        assert [one.id for one in view.appeals.found(AppealFilter(), 10)] == [
            *(later.id, soon.id, looked.id),
            *(new.id, old.id),
        ]
        assert view.appeals.get(looked.id) == looked
        late = AppealFilter(late_at=BEGIN + 4 * DAY)
        assert [one.id for one in view.appeals.found(late, 10)] == [later.id]
        assert view.appeals.count(AppealFilter(states=WAITING)) == 3
        assert [one.id for one in view.appeals.to_escalate(BEGIN + 4 * DAY, 10)] == [later.id]
        assert [one.id for one in view.appeals.to_erase(BEGIN + 6 * DAY, 10)] == [old.id]


def test_a_form_makes_one_appeal_and_a_version_is_written_once(database: Database) -> None:
    with database.writing() as tx:
        first = tx.appeals.add(an_appeal("a"))
        tx.commit()
    with pytest.raises(AppealNotReady), database.writing() as tx:
        tx.appeals.add(an_appeal("a"))
    with database.writing() as tx:
        tx.appeals.save(first)
        with pytest.raises(StaleVersion):
            tx.appeals.save(first)


def test_files_wait_for_their_turn_and_are_decided_once(database: Database) -> None:
    with database.writing() as tx:
        number = tx.appeals.add(an_appeal("a")).id
        file = AppealFile(
            appeal_id=number,
            role=FileRole.SENT,
            name="xat.txt",
            size=5,
            digest="0" * 64,
            intake_id="1" * 32,
            received_at=BEGIN,
        )
        file = tx.appeal_files.add(file)
        waiting = file.waits(Message.of("{n} x", n=1), BEGIN + DAY)
        assert tx.appeal_files.save(waiting)
        assert tx.appeal_files.to_inspect(BEGIN) is None
        assert tx.appeal_files.to_inspect(BEGIN + DAY) == waiting
        assert tx.appeal_files.save(waiting.found_clean("text/plain"))
        assert not tx.appeal_files.save(waiting)
        assert tx.appeal_files.appeal_ids() == {number}
        assert tx.appeal_files.intake_ids() == frozenset()
        tx.appeal_files.remove_all(number)
        assert tx.appeal_files.of_appeal(number) == []
