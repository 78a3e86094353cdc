"""Whatever happens to a record, in whatever order, every state it ever had can be read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis import given, settings

from library.db.engine import open_engine
from library.db.imports import Counts
from library.db.unit_of_work import Database
from library.domain.marc import Dialect
from library.domain.record import CatalogueRecord, Status
from library.marc import iso2709
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing
from library.services.importing import Importing
from tests.builders import a_marc21_record
from tests.conftest import Clock
from tests.staff import NODIRA, revised, withdrawn

KEYS = ("a", "b", "c")
EVENTS = st.one_of(
    st.tuples(st.just("create"), st.integers(0, 99)),
    st.tuples(st.sampled_from(["revise", "withdraw"]), st.integers(0, 9)),
    st.tuples(st.just("import"), st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2), min_size=1)),
)


@dataclass
class Model:
    """What should be in the catalogue: the states of each record, what is in the source, what was imported of it."""

    states: dict[int, list[tuple[str, Status]]] = field(default_factory=dict)
    imported: dict[str, tuple[int, str, int]] = field(default_factory=dict)

    def change(self, number: int, title: str, status: Status) -> None:
        self.states.setdefault(number, []).append((title, status))


def _shape(record: CatalogueRecord) -> tuple[str, Status]:
    return record.marc.first("245", "a") or "", record.status


class World:
    """A catalogue and the model beside it."""

    def __init__(self, directory: Path) -> None:
        clock = Clock()
        self.path = directory / "source.mrc"
        self.database = Database(open_engine(f"sqlite:///{directory / 'library.sqlite'}"), b"k" * 32)
        self.catalogue = Catalogue(self.database)
        self.cataloguing = Cataloguing(self.database, clock)
        self.importing = Importing(self.database, directory / "rejected", directory / "lock", clock)
        self.model = Model()

    def create(self, value: int) -> None:
        number = self.cataloguing.create(Dialect.MARC21, a_marc21_record(title=f"Ours {value}"), actor=NODIRA)
        self.model.change(number, f"Ours {value}", Status.DRAFT)

    def edit(self, kind: str, value: int) -> None:
        if not self.model.states:
            return
        numbers = sorted(self.model.states)
        number = numbers[value % len(numbers)]
        states = self.model.states[number]
        title, status = states[-1]
        if kind == "revise":
            title = f"{title}+"
            record = self.catalogue.record(number).record.marc
            marc = a_marc21_record(record.control("001") or "", title=title)
            if status is Status.DRAFT:
                # The row of a draft follows the work on it, before anybody approves.
                self.model.change(number, title, status)
            status = Status.PUBLISHED
            revised(self.cataloguing, number, marc)
        else:
            status = Status.WITHDRAWN
            withdrawn(self.cataloguing, number, "why not")
        self.model.change(number, title, status)

    def take(self, content: dict[str, int]) -> None:
        records = [a_marc21_record(key, title=f"Theirs {value}") for key, value in content.items()]
        self.path.write_bytes(b"".join(iso2709.encode(record) for record in records))
        expected = Counts()
        for key, value in content.items():
            expected += self._foresee(key, f"Theirs {value}")
        outcome = self.importing.run([self.path])
        assert outcome.counts == expected
        assert outcome.counts.read == len(content)
        for key in content:
            if self.model.imported[key][0] == 0:
                self._note_new(key)

    def _foresee(self, key: str, title: str) -> Counts:
        if key not in self.model.imported:
            self.model.imported[key] = (0, title, 1)
            return Counts(new=1)
        number, before, version = self.model.imported[key]
        if before == title:
            return Counts(unchanged=1)
        if len(self.model.states[number]) != version:
            return Counts(rejected=1)
        self.model.change(number, title, Status.PUBLISHED)
        self.model.imported[key] = (number, title, version + 1)
        return Counts(changed=1)

    def _note_new(self, key: str) -> None:
        with self.database.reading() as view:
            number = view.origins.of_source("source", [key])[key].record_id
        _, title, version = self.model.imported[key]
        self.model.imported[key] = (number, title, version)
        self.model.change(number, title, Status.PUBLISHED)

    def check(self) -> None:
        for number, states in self.model.states.items():
            versions = self.catalogue.versions(number)
            assert [_shape(version) for version in versions] == states
            assert [version.version for version in versions] == list(range(1, len(states) + 1))
        with self.database.reading() as view:
            assert sum(view.records.counts().values()) == len(self.model.states)


@given(history=st.lists(EVENTS, max_size=14))
@settings(max_examples=40, deadline=None)
def test_every_state_of_every_record_can_be_read(history: list[tuple[str, object]], migrated_sqlite: Path) -> None:
    with TemporaryDirectory() as name:
        shutil.copy(migrated_sqlite, Path(name) / "library.sqlite")
        world = World(Path(name))
        for kind, value in history:
            if kind == "create":
                world.create(value)  # type: ignore[arg-type]
            elif kind == "import":
                world.take(value)  # type: ignore[arg-type]
            else:
                world.edit(kind, value)  # type: ignore[arg-type]
        world.check()
        world.database.close()
