"""Harvests into the catalogue: what comes, what goes and comes back, what waits for a person."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvest.intake.asking import Patience
from library.db.unit_of_work import Database
from library.domain.errors import InvalidPartner, LibraryError
from library.domain.marc import Dialect
from library.domain.partners import PartnerForm, PartnerState, RunKind, RunState, Schedule, next_due
from library.domain.record import Status
from library.marc import codec
from library.services.cataloguing import Cataloguing
from library.services.partners_provenance import provenances
from library.services.partners_sweeping import Sweeping
from tests.builders import a_marc21_record
from tests.conftest import Clock
from tests.harvest.hostile_server import Behaviour
from tests.harvest.oai_partner import Arguments, Repository, Work, busy, cut, works
from tests.services.partner_room import Room, entry_for, later, room
from tests.staff import BOTIR, NODIRA, published, revised

ROOT = Path(__file__).parents[2]
ORIGIN = (
    b'<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription '
    b'harvestDate="2026-02-02T02:02:02Z" altered="false"><baseURL>http://first.example/oai</baseURL>'
    b"<identifier>%s</identifier><datestamp>2026-01-01</datestamp><metadataNamespace>urn:x</metadataNamespace>"
    b"</originDescription></provenance></about>"
)


def test_all_comes_once_and_only_what_changed_comes_again(database: Database, tmp_path: Path) -> None:
    with room(database, tmp_path, Repository(works(90), batch=20)) as here:
        run = here.harvest()
        assert (run.state, run.counts.new, run.counts.requests) == (RunState.COMPLETE, 90, 6)
        assert len(here.shown()) == 90
        with database.reading() as view:
            record = view.records.get(here.number("oai:partner.example:7"))
            assert record.dialect is Dialect.MARC21
            assert record.marc.first("245", "a") == "Oʻquv qoʻllanma 7 ўқув"
            assert view.outbox.waiting()[0] == 90
        now = later(here.repository, 5)
        here.repository.works[3].inside = b" III"
        here.repository.works[3].changed = now
        again = here.harvest()
        assert (again.counts.new, again.counts.changed) == (0, 1)
        with database.reading() as view:
            changed = view.records.get(here.number("oai:partner.example:4"))
        assert (changed.version, changed.marc.first("100", "a")) == (2, "A. & B. III")


def test_marc_comes_without_the_copies_of_the_partner(database: Database, tmp_path: Path) -> None:
    holdings = (
        b'</subfield></datafield><datafield tag="952" ind1=" " ind2=" "><subfield code="p">777</subfield></datafield>'
        b'<datafield tag="500" ind1=" " ind2=" "><subfield code="a">izoh'
    )
    with room(
        database,
        tmp_path,
        Repository([Work(1, datetime(2026, 3, 1, tzinfo=UTC), inside=holdings)], marcxml=True),
        form=PartnerForm.MARC21,
    ) as here:
        assert here.harvest().counts.new == 1
        with database.reading() as view:
            described = view.records.described(here.number("oai:partner.example:1"))
        assert described.description.copies == ()
        assert described.record.marc.all("952") == ()
        assert described.record.marc.first("500", "a") == "izoh"


def test_deleted_records_are_hidden_and_come_back(database: Database, tmp_path: Path) -> None:
    with room(database, tmp_path, Repository(works(40))) as here:
        here.harvest()
        now = later(here.repository, 5)
        gone = here.repository.works[:3]
        for work in gone:
            work.deleted, work.changed = True, now
        run = here.harvest()
        assert (run.counts.gone, run.asks) == (3, False)
        hidden = {work.identifier for work in gone}
        assert not here.shown() & hidden
        assert len(here.shown()) == 37
        with database.reading() as view:
            tombstone = view.records.get(here.number(gone[0].identifier))
        assert (tombstone.status, tombstone.version) == (Status.WITHDRAWN, 2)
        now = later(here.repository, 5)
        gone[0].deleted, gone[0].changed = False, now
        assert here.harvest().counts.changed == 1
        assert gone[0].identifier in here.shown()
        assert here.number(gone[0].identifier) == tombstone.id, "its number stays its own"


@pytest.mark.parametrize("hide", [True, False])
def test_more_than_a_tenth_waits_for_a_person(database: Database, tmp_path: Path, hide: bool) -> None:
    with room(database, tmp_path, Repository(works(40))) as here:
        here.harvest()
        now = later(here.repository, 5)
        for work in here.repository.works[:5]:
            work.deleted, work.changed = True, now
        run = here.harvest()
        assert (run.asks, run.vanishing, run.visible) == (True, 5, 40)
        assert len(here.shown()) == 40
        later(here.repository, 5)
        assert here.harvest().asks, "the next harvest asks again"
        assert here.partners.view(here.partner_id, actor=BOTIR).asks is not None
        here.partners.decide_vanishing(here.partner_id, hide=hide, actor=BOTIR)
        assert here.partners.view(here.partner_id, actor=BOTIR).asks is None
        while here.harvesting.step():
            pass
        assert len(here.shown()) == (35 if hide else 40)


def test_comparing_finds_what_a_forgetful_partner_no_longer_has(database: Database, tmp_path: Path) -> None:
    with room(database, tmp_path, Repository(works(40), policy="no", batch=15)) as here:
        here.harvest()
        del here.repository.works[:2]
        later(here.repository, 5)
        here.harvest()
        assert len(here.shown()) == 40
        run = here.compare()
        assert (run.state, run.counts.gone) == (RunState.COMPLETE, 2)
        assert len(here.shown()) == 38
        del here.repository.works[:10]
        assert here.compare().asks
        assert len(here.shown()) == 38
        here.partners.decide_vanishing(here.partner_id, hide=True, actor=BOTIR)
        Sweeping(database=database, clock=lambda: datetime.now(UTC)).all(here.partner_id)
        assert len(here.shown()) == 28


def test_a_record_that_was_edited_here_is_never_overwritten_nor_hidden(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    cataloguing = Cataloguing(database, clock)
    with room(database, tmp_path, Repository(works(30))) as here:
        here.harvest()
        edited, vanished = (here.number(f"oai:partner.example:{number}") for number in (1, 2))
        for number in (edited, vanished):
            revised(cataloguing, number, a_marc21_record("x", title="Bizning tahrir"))
        now = later(here.repository, 5)
        first, second = here.repository.works[:2]
        first.inside, first.changed = b" II", now
        second.deleted, second.changed = True, now
        run = here.harvest()
        assert (run.counts.changed, run.counts.set_aside) == (0, 1)
        with database.reading() as view:
            assert {view.records.get(number).marc.first("245", "a") for number in (edited, vanished)} == {
                codec.from_json(codec.to_json(a_marc21_record("x", title="Bizning tahrir"))).first("245", "a")
            }
            assert view.records.get(vanished).status is Status.PUBLISHED
        reasons = {str(one.reason) for one in here.rejects.page(here.partner_id, 0, 10, actor=NODIRA)}
        assert any(f"Record {edited} was edited here" in reason for reason in reasons)
        assert any(f"record {vanished} was edited here" in reason for reason in reasons)
        conflict = next(
            one for one in here.rejects.page(here.partner_id, 0, 10, actor=NODIRA) if one.identifier.endswith(":1")
        )
        here.rejects.take_in(conflict.id, conflict.raw.decode(), actor=NODIRA)
        with database.reading() as view:
            assert view.records.get(edited).marc.first("100", "a") == "A. & B. II"


def test_bad_records_are_set_aside_and_taken_in_when_mended(database: Database, tmp_path: Path) -> None:
    repository = Repository(works(20))
    repository.works[4].inside = b"\x01 & <oops"
    with room(database, tmp_path, repository) as here:
        run = here.harvest()
        assert (run.state, run.counts.new, run.counts.set_aside) == (RunState.COMPLETE, 19, 1)
        (reject,) = here.rejects.page(here.partner_id, 0, 10, actor=NODIRA)
        assert reject.identifier == "oai:partner.example:5"
        text = reject.raw.decode()
        with pytest.raises(InvalidPartner):
            here.rejects.take_in(reject.id, text, actor=NODIRA)
        mended = text.replace("\x01 & <oops", "").replace("example:5", "example:77")
        with pytest.raises(InvalidPartner, match="has to stay"):
            here.rejects.take_in(reject.id, mended, actor=NODIRA)
        number = here.rejects.take_in(reject.id, text.replace("\x01 & <oops", " Juniors"), actor=NODIRA)
        with database.reading() as view:
            assert view.records.get(number).marc.first("100", "a") == "A. & B. Juniors"
        assert here.rejects.page(here.partner_id, 0, 10, actor=NODIRA) == []
        later(here.repository, 5)
        repository.works[4].changed = repository.clock()
        here.harvest()
        assert here.rejects.page(here.partner_id, 0, 10, actor=NODIRA) != [], "its datestamp moved: it is another one"
        repository.works[4].inside = b""
        here.harvest()
        assert here.rejects.page(here.partner_id, 0, 10, actor=NODIRA) == [], "it came well after all"


def test_records_of_our_own_are_not_taken_back(database: Database, tmp_path: Path) -> None:
    repository = Repository(works(5))
    repository.works[0].identifier = "oai:library.example:12"
    repository.works[1].about = ORIGIN % b"oai:library.example:13"
    repository.works[2].about = ORIGIN % b"oai:first.example:9"
    with room(database, tmp_path, repository) as here:
        run = here.harvest()
        assert (run.counts.new, run.counts.own) == (3, 2)
        number = here.number("oai:partner.example:3")
        with database.reading() as view:
            origin = provenances(view, [number])[number]
            assert view.partner_records.withheld([number, 999]) == {number}
        assert origin.identifier == "oai:partner.example:3"
        assert origin.datestamp == "2026-01-01T03:00:00Z"
        assert origin.earlier is not None
        assert (origin.earlier.identifier, origin.earlier.datestamp) == ("oai:first.example:9", "2026-01-01")
        kept = here.partners.get(here.partner_id, actor=BOTIR)
        here.partners.change(kept.id, replace(kept.entry, expose=True), expected=kept.version, actor=BOTIR)
        with database.writing() as tx:
            waiting = tx.outbox.first(100)
            tx.outbox.remove([task.id for task in waiting])
            tx.commit()
        while here.harvesting.step():
            pass
        with database.reading() as view:
            assert view.partner_records.withheld([number]) == set()
            assert {task.record_id for task in view.outbox.first(100)} == {task.record_id for task in waiting}


def test_records_that_are_here_already_are_told_to_a_person(database: Database, tmp_path: Path, clock: Clock) -> None:
    ours = published(Cataloguing(database, clock), Dialect.MARC21, a_marc21_record("k1", title="Algebra"))
    with database.reading() as view:
        isbn = view.records.described(ours).description.isbns[0]
    repository = Repository(works(3), marcxml=True)
    repository.works[0].inside = (
        b'</subfield></datafield><datafield tag="020" ind1=" " ind2=" "><subfield code="a">' + isbn.encode()
    )
    with room(database, tmp_path, repository, form=PartnerForm.MARC21) as here:
        here.harvest()
        (pair,) = here.twins.page((0, 0), 10, actor=NODIRA)
        assert (pair.other.id, pair.partner) == (ours, "Hamkor kutubxona")
        here.twins.decide(pair.theirs.id, ours, same=True, actor=NODIRA)
        assert here.twins.page((0, 0), 10, actor=NODIRA) == []
        assert "oai:partner.example:1" not in here.shown()
        repository.works[0].changed = later(repository, 5)
        repository.works[0].inside += b" "
        here.harvest()
        assert "oai:partner.example:1" not in here.shown(), "a decision is kept"
        with database.reading() as view:
            assert view.partner_records.same_as(pair.theirs.id) == ours


def test_a_partner_is_removed_with_its_records_but_not_with_our_work(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    with room(database, tmp_path, Repository(works(250))) as here:
        here.harvest()
        edited = here.number("oai:partner.example:1")
        revised(Cataloguing(database, clock), edited, a_marc21_record("x", title="Bizning tahrir"))
        here.partners.remove(here.partner_id, expected=1, actor=BOTIR)
        with pytest.raises(LibraryError):
            here.harvest()
        while here.harvesting.step():
            pass
        assert here.shown() == {"oai:partner.example:1"}
        assert here.partners.listed(actor=BOTIR) == []


def test_a_partner_that_behaves_badly_ends_as_a_run_with_a_reason(database: Database, tmp_path: Path) -> None:
    def fault(number: int, _: Arguments, body: bytes) -> Behaviour | None:
        return busy("Retry-After: 3600") if number == 3 else cut(body) if number % 4 == 0 else None

    repository = Repository(works(60), batch=10, fault=fault)
    with room(database, tmp_path, repository, patience=Patience(pause=0, duration=30, back_off=0.001)) as here:
        broken_off = here.harvest()
        assert broken_off.state is RunState.INTERRUPTED
        assert broken_off.problem is not None
        assert broken_off.counts.new == 10
        whole = here.harvest()
        assert (whole.id, whole.state, whole.counts.new) == (broken_off.id, RunState.COMPLETE, 60)
        assert len(here.shown()) == 60


def test_two_of_one_partner_never_run_at_once(database: Database, tmp_path: Path) -> None:
    entered, leave = threading.Event(), threading.Event()

    def fault(_number: int, _arguments: Arguments, _body: bytes) -> Behaviour | None:
        entered.set()
        leave.wait(10)
        return None

    with room(database, tmp_path, Repository(works(5), fault=fault)) as here:
        first = threading.Thread(target=here.harvest)
        first.start()
        entered.wait(10)
        with pytest.raises(LibraryError, match="being harvested already"):
            here.harvest()
        leave.set()
        first.join()
        assert len(here.shown()) == 5


def test_an_address_of_the_own_network_is_refused_when_it_is_entered_and_when_it_is_run(
    database: Database, tmp_path: Path
) -> None:
    with room(database, tmp_path, Repository(works(2))) as here:
        for address in (
            "http://10.0.0.5/oai", "http://169.254.169.254/latest", "http://[::1]/oai", "http://2130706433/",
            "file:///etc/passwd", "http://127.0.0.1:22/", "http://a:b@partner.example/",
        ):  # fmt: skip
            with pytest.raises(InvalidPartner):
                here.partners.add(replace(entry_for(1), name="yangi", address=address), actor=BOTIR)
        elsewhere = Room(**{**vars(here), "partner_id": _smuggled(database)})
        run = elsewhere.harvest()
        assert run.state is RunState.FAILED
        assert "is not an address of the public internet" in str(run.problem)


def _smuggled(database: Database) -> int:
    """A partner whose name led elsewhere when it was entered."""
    with database.writing() as tx:
        number = tx.partners.add(replace(entry_for(80), address="http://10.1.2.3/oai"), datetime.now(UTC))
        tx.commit()
    return number


def test_the_worker_harvests_when_it_is_time_and_goes_on_with_what_was_broken_off(
    database: Database, tmp_path: Path
) -> None:
    now = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    with room(database, tmp_path, Repository(works(8)), clock=lambda: now) as here:
        kept = here.partners.get(here.partner_id, actor=BOTIR)
        entry = replace(kept.entry, schedule=Schedule.DAILY, hour=3)
        here.partners.change(kept.id, entry, expected=1, actor=BOTIR)
        while here.harvesting.step():
            pass
        assert here.shown() == set()
        now = datetime(2026, 9, 2, 2, 59, tzinfo=UTC)
        assert not here.harvesting.step()
        now = datetime(2026, 9, 2, 3, 0, 5, tzinfo=UTC)
        assert here.harvesting.step()
        assert len(here.shown()) == 8
        now += timedelta(hours=2)
        assert not here.harvesting.step(), "once a day"
        here.partners.pause(here.partner_id, actor=BOTIR)
        now += timedelta(days=3)
        assert not here.harvesting.step()
        assert here.partners.listed(actor=BOTIR)[0].partner.state is PartnerState.PAUSED


def test_weekly_means_that_hour_of_that_day_in_the_library_s_zone() -> None:
    entry = replace(entry_for(80), schedule=Schedule.WEEKLY, weekday=2, hour=1)
    tuesday = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)
    assert next_due(entry, tuesday, UTC) == datetime(2026, 9, 2, 1, 0, tzinfo=UTC)
    assert next_due(entry, datetime(2026, 9, 2, 1, 0, tzinfo=UTC), UTC) == datetime(2026, 9, 9, 1, 0, tzinfo=UTC)


def test_the_end_of_the_program_ends_a_harvest_after_its_page(database: Database, tmp_path: Path) -> None:
    with room(database, tmp_path, Repository(works(60), batch=10)) as here:
        here.partners.ask(here.partner_id, RunKind.HARVEST, actor=NODIRA)
        here.repository.fault = lambda number, *_: here.harvesting.stop() if number == 3 else None
        here.harvesting.step()
        with database.reading() as view:
            (run,) = view.partners.runs(here.partner_id, 5)
        assert run.state is RunState.RUNNING
        assert 0 < run.counts.new < 60
