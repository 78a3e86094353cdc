"""How fast a partner's records come into the catalogue.

    python -m benchmarks.harvesting [RECORDS] [--database ADDRESS]

A well-behaved partner on loopback, in a process of its own, gives so many records (10,000) in pages of 200, once in
oai_dc and once in marc21. Prints a line for each: records a second end to end, processor time in microseconds a record.
Without an address a new SQLite file is used for each.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from datetime import UTC, datetime
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from harvest.addresses import Reach
from harvest.intake.asking import Patience
from harvest.transport import Transport
from library.db import migrating
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.partners import PartnerEntry, PartnerForm, RunKind
from library.services.partners_harvesting import Harvesting
from tests.harvest.hostile_server import HostileServer
from tests.harvest.oai_partner import Repository, works


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="?", type=int, default=10_000)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    for form in (PartnerForm.OAI_DC, PartnerForm.MARC21):
        ours, theirs = multiprocessing.Pipe()
        partner = multiprocessing.Process(target=_serve, args=(options.records, form, theirs), daemon=True)
        partner.start()
        _measure(ours.recv(), options.records, form, options.database)
        partner.terminate()


def _serve(records: int, form: PartnerForm, told: Connection) -> None:
    repository = Repository(works(records), batch=200, marcxml=form is PartnerForm.MARC21)
    pages: dict[str, bytes] = {}

    def answer(arguments: dict[str, str]) -> bytes:
        return pages.setdefault(str(arguments), Repository.answer(repository, arguments))

    # Its own work is not what is measured: the pages are made before anybody asks.
    answer({"verb": "Identify"})
    answer({"verb": "ListRecords", "metadataPrefix": form.value})
    for offset in range(200, records, 200):
        token = f"|||{offset}"
        answer({"verb": "ListRecords", "resumptionToken": token})
    repository.answer = lambda arguments: pages.get(str(arguments)) or answer(arguments)  # type: ignore[method-assign]
    with HostileServer(repository) as server:
        told.send(server.port)
        time.sleep(3600)


def _measure(port: int, records: int, form: PartnerForm, address: str) -> None:
    reach = Reach(networks=(ip_network("127.0.0.1/32"),), ports=frozenset({port}))
    with TemporaryDirectory() as name:
        engine = open_engine(address or f"sqlite:///{Path(name) / 'library.sqlite'}")
        database = Database(engine, b"k" * 32)
        migrating.upgrade(database.engine)
        harvesting = Harvesting(
            database,
            lambda: Transport(agent="benchmark", reach=reach),
            Path(name),
            "oai:library.example:",
            UTC,
            lambda: datetime.now(UTC),
            Patience(pause=0),
        )
        entry = PartnerEntry(name=form.value, address=f"http://127.0.0.1:{port}/oai", form=form, prefix=form.value)
        with database.writing() as tx:
            number = tx.partners.add(entry, datetime.now(UTC))
            tx.commit()
        began, busy = time.perf_counter(), _processor()
        run = harvesting.run(number, RunKind.HARVEST)
        seconds, worked = time.perf_counter() - began, _processor() - busy
        database.close()
    assert run.counts.new == records, run
    print(
        f"{form}: {records:,} records in {seconds:.1f} s, {records / seconds:,.0f} a second; "
        f"{worked / records * 1e6:.0f} µs of the processor each"
    )


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
