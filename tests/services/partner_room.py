"""A library that harvests a partner on loopback, for tests of several services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harvest.intake.asking import Patience
from library.db.unit_of_work import Database
from library.domain.partners import PartnerEntry, PartnerForm, PartnerRun, RunKind, Schedule
from library.domain.record import Status
from library.services.partners import Partners
from library.services.partners_harvesting import Harvesting
from library.services.partners_rejects import Rejects
from library.services.partners_twins import Twins
from tests.harvest.hostile_server import HostileServer
from tests.harvest.loopback import reach_of
from tests.harvest.oai_partner import Repository, transport_to
from tests.staff import BOTIR

OWN = "oai:library.example:"


@dataclass(kw_only=True)
class Room:
    """The services, and the partner that was entered."""

    database: Database
    partners: Partners
    harvesting: Harvesting
    rejects: Rejects
    twins: Twins
    partner_id: int
    repository: Repository

    def harvest(self) -> PartnerRun:
        return self.harvesting.run(self.partner_id, RunKind.HARVEST)

    def compare(self) -> PartnerRun:
        return self.harvesting.run(self.partner_id, RunKind.COMPARE)

    def number(self, identifier: str) -> int:
        with self.database.reading() as view:
            return view.origins.of_source(f"oai:{self.partner_id}", [identifier])[identifier].record_id

    def shown(self) -> set[str]:
        """The names of the records that readers see."""
        return {name for name, status, _ in self.all() if status is Status.PUBLISHED}

    def all(self) -> list[tuple[str, Status, str]]:
        """Name, status and title of each record that came."""
        with self.database.reading() as view:
            found = view.records.listed_page(0, 10_000)
            origins = view.origins.of_records([one.id for one in found])
        return [
            (origins[one.id].key, one.status, one.description.title)
            for one in found
            if one.id in origins and origins[one.id].source == f"oai:{self.partner_id}"
        ]


def entry_for(port: int, form: PartnerForm = PartnerForm.OAI_DC) -> PartnerEntry:
    return PartnerEntry(
        name="Hamkor kutubxona",
        address=f"http://127.0.0.1:{port}/oai",
        form=form,
        prefix=form.value,
        schedule=Schedule.NEVER,
    )


@contextmanager
def room(
    database: Database,
    directory: Path,
    repository: Repository,
    *,
    form: PartnerForm = PartnerForm.OAI_DC,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    patience: Patience = Patience(pause=0, back_off=0.001, longest_back_off=0.01),  # noqa: B008
) -> Iterator[Room]:
    """The room, for as long as the partner answers."""
    with HostileServer(repository) as server:

        def transport() -> object:
            return transport_to(server.port)

        reach = reach_of(server.port)
        partners = Partners(database, transport, reach, UTC, clock)  # type: ignore[arg-type]
        harvesting = Harvesting(database, transport, directory, OWN, UTC, clock, patience)  # type: ignore[arg-type]
        number = partners.add(entry_for(server.port, form), actor=BOTIR)
        yield Room(
            database=database,
            partners=partners,
            harvesting=harvesting,
            rejects=Rejects(database, OWN, clock),
            twins=Twins(database, clock),
            partner_id=number,
            repository=repository,
        )


def later(repository: Repository, hours: int) -> datetime:
    """Let some hours pass at the partner; what it does now has this datestamp."""
    now = repository.clock() + timedelta(hours=hours)
    repository.clock = lambda: now
    return now
