"""The open archive of a real catalogue, and what is done to it record by record at chosen moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from harvest.model import Identity, MetadataFormat, OaiPage, OaiRecord, OaiSet, Position, Selection
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.configuration import Division, Divisions, SavedSection, Section
from library.domain.description import Copy, Creator, CreatorRole, Description, Material
from library.domain.record import Status
from library.services.open_archive_repository import ArchiveRepository, House
from tests.builders import LONG_AGO, a_record

HOUSE = House(
    name="Sinov kutubxonasi",
    portal="http://127.0.0.1",
    base_url="http://127.0.0.1/oai",
    domain="kutubxona.example",
    email="arxiv@kutubxona.example",
    language="uz-Latn",
    collections=Divisions(
        all=(
            Division(code="ochiq", names={"uz-Latn": "Ochiq fond"}),
            Division(code="nodir", names={"uz-Latn": "Nodir kitoblar"}, description={"uz-Latn": "1917-yilgacha"}),
        )
    ),
    faculties=Divisions(),
)
T = TypeVar("T")
TODAY = date(2026, 3, 1)


def a_work(title: str, **facts: Any) -> Description:
    """A book with an author, a publisher and a year."""
    standard: dict[str, Any] = {
        "material": Material.BOOK,
        "creators": (Creator(name="Karimova, N.", role=CreatorRole.AUTHOR),),
        "publishers": ("Fan",),
        "year": 2024,
        "languages": ("uzb",),
    }
    return Description(title=title, **{**standard, **facts})


class OwnViews:
    """A repository that looks at the database anew for each question."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.base_url = HOUSE.base_url

    def identity(self) -> Identity:
        return self._ask(lambda repository: repository.identity())

    def formats(self, identifier: str | None) -> Sequence[MetadataFormat]:
        return self._ask(lambda repository: repository.formats(identifier))

    def sets(self) -> Sequence[OaiSet]:
        return self._ask(lambda repository: repository.sets())

    def record(self, identifier: str, prefix: str) -> OaiRecord:
        return self._ask(lambda repository: repository.record(identifier, prefix))

    def page(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        return self._ask(lambda repository: repository.page(selection, after, limit))

    def headers(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        return self._ask(lambda repository: repository.headers(selection, after, limit))

    def size(self, selection: Selection) -> int:
        return self._ask(lambda repository: repository.size(selection))

    def _ask(self, question: Callable[[ArchiveRepository], T]) -> T:
        with self._database.reading() as view:
            return question(ArchiveRepository(view, HOUSE, TODAY))


class SqlArchive:
    """The archive of the contract; the library has two collections."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.repository = OwnViews(database)
        collections = SavedSection(section=Section.COLLECTIONS, version=1, content=HOUSE.collections, saved_at=LONG_AGO)
        with database.writing() as tx:
            tx.configurations.add(collections)
            tx.commit()

    def publish(self, at: datetime, in_set: str = "") -> str:
        """A copy stands in the collection, or in another one where only the whole was named."""
        name = {"": "Oʻquv fondi", "collection:ochiq": "ochiq FOND"}.get(in_set, "nodir")
        return self.add(at, a_work("Kitob & boshqalar", copies=(Copy(collection=name),)))

    def add(self, at: datetime, *described: Description, status: Status = Status.PUBLISHED) -> str:
        """Records with these descriptions; the identifier of the last one."""
        with self._database.writing() as tx:
            numbers = list(tx.records.reserve(len(described)))
            tx.records.add(
                [
                    DescribedRecord(record=a_record(number, status=status), description=description)
                    for number, description in zip(numbers, described, strict=True)
                ]
            )
            tx.outbox.add(Topic.INDEX_RECORD, numbers, at)
            tx.commit()
        return f"oai:{HOUSE.domain}:{numbers[-1]}"

    def change(self, identifier: str, at: datetime) -> None:
        with self._database.writing() as tx:
            now = tx.records.described(number_of(identifier))
            after = replace(now.record, version=now.record.version + 1, status=Status.PUBLISHED, changed_at=at)
            title = now.description.title + ", yangi"
            self._save(tx, now, DescribedRecord(record=after, description=replace(now.description, title=title)), at)

    def withdraw(self, identifier: str, at: datetime) -> None:
        with self._database.writing() as tx:
            now = tx.records.described(number_of(identifier))
            after = now.record.withdraw("yoʻqolgan", by="person:2", at=at)
            self._save(tx, now, DescribedRecord(record=after, description=now.description), at)

    def _save(self, tx: UnitOfWork, before: DescribedRecord, after: DescribedRecord, at: datetime) -> None:
        tx.records.replace([(before.record, after)])
        tx.outbox.add(Topic.INDEX_RECORD, [after.record.id], at)
        tx.commit()


def number_of(identifier: str) -> int:
    return int(identifier.rpartition(":")[2])
