import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from storage.content_store import Fault, place_of
from storage.errors import Altered, NotClean, NotKept, StorageFailed
from storage.model import Admitted, Digest, Finding, MediaType, Verdict
from tests.storage import specimens

LATER = datetime.now(UTC) + timedelta(days=1)
BOOK = specimens.txt()


def path_of(house, stored):
    return place_of(house.root / "originals", stored.digest)


def overwrite(path, data):
    path.chmod(0o600)
    path.write_bytes(data)


def test_an_original_is_kept_by_its_digest(house):
    stored = house.keep(BOOK, "kitob.txt", record="12")
    assert stored.digest == Digest.of(BOOK)
    assert stored.media_type is MediaType.TXT
    assert (stored.name, stored.size, stored.facts) == ("kitob.txt", len(BOOK), {"record": "12"})
    assert stored.verdict.finding is Finding.CLEAN
    assert stored.verdict.engine.startswith("ClamAV")
    with house.store.open(stored.digest) as file:
        assert file.read() == BOOK
    digest = stored.digest.hex
    place = f"originals/{digest[:2]}/{digest[2:4]}/{digest}"
    assert house.files() == [place, f"{place}.json"]
    for path in (path_of(house, stored), path_of(house, stored).with_name(f"{digest}.json")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o440


def test_a_file_stays_in_quarantine_until_it_is_discarded_so_keeping_can_be_repeated(house):
    admitted = house.inspect(BOOK, "a.txt")
    first = house.store.keep(admitted, facts={"record": 1})
    second = house.store.keep(admitted, facts={"record": 1})
    assert first == second
    assert house.quarantine.whole() == (admitted.intake,)


def test_the_same_bytes_again_are_kept_once_with_the_newer_verdict_and_facts(house):
    first = house.keep(BOOK, "a.txt", record="1")
    inode = path_of(house, first).stat().st_ino
    second = house.keep(BOOK, "b.txt", record="1 and 2")
    assert (second.name, second.kept_at) == ("a.txt", first.kept_at)
    assert second.facts == {"record": "1 and 2"}
    assert second.verdict.scanned_at > first.verdict.scanned_at
    assert path_of(house, first).stat().st_ino == inode
    assert list(house.store.files()) == [second]


def test_bytes_that_changed_after_the_gate_are_not_kept(house):
    admitted = house.inspect(BOOK, "a.txt")
    (house.root / f"quarantine/{admitted.intake.id}.bytes").write_bytes(BOOK + b"x")
    with pytest.raises(Altered):
        house.store.keep(admitted, facts={})
    assert not [name for name in house.files() if name.startswith("originals")]


def test_what_was_not_kept_can_not_be_opened(house):
    for ask in (house.store.open, house.store.describe, house.store.open_unchecked):
        with pytest.raises(NotKept):
            ask(Digest.of(b"other"))


def test_the_catalogue_of_files_is_made_again_from_the_store_alone(house, build):
    kept = [house.keep(data, name, record=name) for name, data in specimens.sound().items()]
    again = build()
    assert list(again.store.files()) == sorted(kept, key=lambda stored: stored.digest)
    assert list(again.store.faults()) == []


def test_facts_follow_the_application(house):
    stored = house.keep(BOOK, "a.txt", record="1")
    facts = {"record": 1, "rights": {"level": "view-only", "until": None}, "history": ["received", "Ўқув қўлланма"]}
    changed = house.store.note_facts(stored.digest, facts)
    assert changed == replace(stored, facts=facts)
    assert house.store.describe(stored.digest) == changed


def test_a_file_found_infected_later_is_closed_until_it_is_found_clean(house):
    stored = house.keep(BOOK, "a.txt")
    found = replace(stored.verdict, finding=Finding.INFECTED, detail="Eicar")
    house.store.note_verdict(stored.digest, found)
    with pytest.raises(NotClean):
        house.store.open(stored.digest)
    with house.store.open_unchecked(stored.digest) as file:
        assert file.read() == BOOK
    assert house.store.describe(stored.digest).verdict == found
    house.store.note_verdict(stored.digest, stored.verdict)
    house.store.open(stored.digest).close()


def test_a_scan_that_did_not_take_place_changes_nothing(house):
    stored = house.keep(BOOK, "a.txt")
    assert house.store.note_verdict(stored.digest, replace(stored.verdict, finding=Finding.RETRY)) == stored
    with pytest.raises(ValueError, match="other bytes"):
        house.store.note_verdict(stored.digest, replace(stored.verdict, digest=Digest.of(b"other")))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace('"clean"', '"infected"'),
        lambda text: text.replace('"open"', '"shut"'),
        lambda text: text[:-20],
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda _: "[]",
        lambda _: '{"check": 1}',
        lambda _: "",
        lambda _: "null",
    ],
)
def test_a_damaged_sidecar_closes_its_file_and_can_be_restored(house, damage):
    stored = house.keep(BOOK, "a.txt", rights="open")
    path = path_of(house, stored)
    sidecar = path.with_name(f"{path.name}.json")
    overwrite(sidecar, damage(sidecar.read_text()).encode())
    with pytest.raises(NotKept):
        house.store.open(stored.digest)
    assert list(house.store.files()) == []
    assert [(fault.fault, fault.path[-5:]) for fault in house.store.faults()] == [(Fault.BAD_SIDECAR, ".json")]
    house.store.restore_sidecar(stored)
    assert list(house.store.files()) == [stored]


def test_the_sidecar_of_another_file_describes_nothing(house):
    first, second = house.keep(BOOK, "a.txt"), house.keep(specimens.pdf(), "b.pdf")
    sidecar = path_of(house, first).with_name(f"{first.digest}.json")
    overwrite(sidecar, path_of(house, second).with_name(f"{second.digest}.json").read_bytes())
    with pytest.raises(NotKept):
        house.store.describe(first.digest)


def test_a_sidecar_is_not_restored_for_other_bytes(house):
    stored = house.keep(BOOK, "a.txt")
    overwrite(path_of(house, stored), b"other bytes")
    with pytest.raises(Altered):
        house.store.restore_sidecar(stored)
    with pytest.raises(NotKept):
        house.store.restore_sidecar(replace(stored, digest=Digest.of(b"nothing")))


def test_a_damaged_original_is_not_kept_over_but_mended_from_a_copy(house):
    stored = house.keep(BOOK, "a.txt")
    overwrite(path_of(house, stored), b"other bytes")
    admitted = house.inspect(BOOK, "a.txt")
    with pytest.raises(Altered):
        house.store.keep(admitted, facts={})
    with pytest.raises(Altered):
        house.store.mend(stored.digest, BytesIO(b"a third file"))
    assert path_of(house, stored).read_bytes() == b"other bytes"
    assert house.store.mend(stored.digest, BytesIO(BOOK)) == stored
    with house.store.open(stored.digest) as file:
        assert file.read() == BOOK


def test_a_missing_original_is_mended_and_a_file_never_kept_is_not(house):
    stored = house.keep(BOOK, "a.txt")
    path_of(house, stored).unlink()
    with pytest.raises(NotKept):
        house.store.open(stored.digest)
    assert [fault.fault for fault in house.store.faults()] == [Fault.NO_BYTES]
    house.store.mend(stored.digest, BytesIO(BOOK))
    house.store.open(stored.digest).close()
    with pytest.raises(NotKept):
        house.store.mend(Digest.of(b"never"), BytesIO(b"never"))


def test_what_is_not_as_it_should_be_is_named(house):
    stored = house.keep(BOOK, "a.txt")
    orphan = place_of(house.root / "originals", Digest.of(b"orphan"))
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"orphan")
    (path_of(house, stored).parent / "a.txt").write_bytes(b"strange")
    (path_of(house, stored).parent / orphan.name).write_bytes(b"in a wrong place")
    (orphan.parent / f"{orphan.name}.json.1-2.part").write_bytes(b"{")
    faults = {fault.fault for fault in house.store.faults()}
    assert faults == {Fault.NO_SIDECAR, Fault.STRANGE, Fault.UNFINISHED}
    assert sum(1 for _ in house.store.faults()) == 4


def test_leftovers_are_swept_and_nothing_else(house):
    stored = house.keep(BOOK, "a.txt")
    for words, suffix in ((b"orphan", ""), (b"known", ""), (b"begun", ".1-2.part")):
        path = place_of(house.root / "originals", Digest.of(words))
        path.parent.mkdir(parents=True)
        path.with_name(path.name + suffix).write_bytes(words)
    known = {stored.digest, Digest.of(b"known")}
    assert house.store.sweep(known=known, before=LATER - timedelta(days=400)) == ()
    assert len(house.store.sweep(known=known, before=LATER)) == 2
    assert [fault.fault for fault in house.store.faults()] == [Fault.NO_SIDECAR]
    assert list(house.store.files()) == [stored]


def test_a_sidecar_can_be_read_by_people_and_in_decades(house):
    stored = house.keep(BOOK, "қўлёзма.txt", record="12")
    text = path_of(house, stored).with_name(f"{stored.digest}.json").read_text()
    assert "қўлёзма.txt" in text
    assert json.loads(text)["facts"] == {"record": "12"}


def test_only_the_gate_admits(house):
    intake = house.send(BOOK, "a.txt")
    verdict = Verdict(
        finding=Finding.CLEAN, digest=intake.digest, engine="e", signatures="s", scanned_at=intake.received_at
    )
    with pytest.raises(TypeError, match="only the gate"):
        Admitted(intake=intake, media_type=MediaType.TXT, verdict=verdict, seal=object())
    admitted = house.gate.inspect(intake)
    with pytest.raises((TypeError, ValueError)):
        replace(admitted, media_type=MediaType.PDF)


def test_a_store_that_can_not_be_read_is_not_an_empty_one(house, monkeypatch):
    house.keep(BOOK, "a.txt")

    def failing(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "scandir", failing)
    for ask in (house.store.files, house.store.faults):
        with pytest.raises(StorageFailed):
            list(ask())


def test_a_store_in_which_nothing_was_kept_yet_is_empty(house):
    assert list(house.store.files()) == []
    assert list(house.store.faults()) == []
    assert house.store.sweep(known=(), before=LATER) == ()
