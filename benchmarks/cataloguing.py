"""How quickly a record is saved, and duplicates are found while one is typed, in a large catalogue.

    python -m benchmarks.cataloguing                    100,000 records in SQLite, 300 of each kind
    python -m benchmarks.cataloguing --records 3000 --times 50

Measured are the services alone, and the same through the application without a network: a form that is sent and saved
as a draft, a new record, work that is submitted, what is typed being kept, and the hint of duplicates.
"""

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from flask.testing import FlaskClient
from lxml import html

from benchmarks import catalogue
from library.app import create_app
from library.container import Container
from library.db.credentials import Credential
from library.domain.access import Actor
from library.domain.marc import DataField, Dialect, MarcRecord, Subfield
from library.domain.people import Order, Person, Role
from library.marc import dialects
from library.services.duplicates import Sought
from library.services.signing_in import Client, begin
from library.settings import Settings

T = TypeVar("T")
WARM_UP = 10
NOTES = {Dialect.MARC21: ("500", "a"), Dialect.UNIMARC: ("300", "a"), Dialect.IRBIS: ("300", "")}


def timed(what: str, step: Callable[[T], object], things: Iterable[T]) -> None:
    """Do the step with each thing and print the median and the 95th percentile of the milliseconds."""
    times = []
    for thing in things:
        started = time.perf_counter()
        step(thing)
        times.append((time.perf_counter() - started) * 1000)
    times = times[WARM_UP:]
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{what:<36} median {statistics.median(times):7.2f} ms  p95 {p95:7.2f} ms")


def noted(dialect: Dialect, marc: MarcRecord, text: str) -> MarcRecord:
    """The record with one more note."""
    tag, code = NOTES[dialect]
    return marc.with_fields([*marc.fields, DataField(tag, "  ", (Subfield(code, text),))])


def cataloguer(container: Container) -> tuple[Actor, str]:
    """A person who catalogues, and the number of a session of theirs."""
    at = datetime.now(UTC)
    person = Person(
        id=0,
        login=f"nodira.{secrets.token_hex(4)}",
        name="Nodira",
        roles=frozenset({Role.CATALOGUER}),
        order=Order(number="1-k", date=date(2026, 1, 5)),
        created_at=at,
        changed_at=at,
    )
    with container.database.writing() as tx:
        person = tx.people.add(person)
        credential = Credential(person_id=person.id, totp_confirmed=True, changed_at=at)
        tx.credentials.save(credential)
        begun = begin(tx, person, credential, Client(address="127.0.0.1", browser="test"), at, second_factor=True)
        tx.commit()
    return Actor.person(person.id, person.name, person.roles), begun.number


def services(container: Container, actor: Actor, numbers: list[int]) -> None:
    """The use cases themselves."""
    cataloguing = container.cataloguing
    places = {number: cataloguing.workplace(number, actor=actor) for number in numbers}
    stamps = {number: place.stamp for number, place in places.items()}
    notes = {number: noted(place.record.dialect, place.marc, "Eslatma") for number, place in places.items()}

    def save(number: int) -> None:
        stamps[number] = cataloguing.save(number, notes[number], expected=stamps[number], actor=actor)

    def enter(number: int) -> None:
        cataloguing.create(places[number].record.dialect, notes[number], actor=actor)

    def submit(number: int) -> None:
        cataloguing.submit(number, expected=stamps[number], actor=actor)

    timed("save, first work on a record", save, numbers)
    timed("save again", save, numbers)
    timed("submit, with all checks", submit, numbers)
    timed("enter a new record", enter, numbers)
    asked = [
        Sought.described(dialects.describe(one.record.dialect, one.marc), one.record.id) for one in places.values()
    ]

    def find(sought: Sought) -> None:
        container.duplicates.find(sought, actor=actor)

    timed("duplicates: all that was typed", find, asked)
    timed("duplicates: ISBN alone", find, [replace(one, title="", author="") for one in asked])
    timed("duplicates: title alone", find, [replace(one, isbns=(), author="", year=None) for one in asked])


def pages(client: FlaskClient, numbers: list[int]) -> None:
    """The same from request to answer."""
    forms: dict[int, dict[str, str]] = {}

    def opened(number: int) -> None:
        answer = client.get(f"/cataloguing/{number}")
        (form,) = html.fromstring(answer.data).xpath("//form[@id='sheet']")
        forms[number] = {name: value or "" for name, value in form.form_values() if name != "do"}

    def sent(number: int) -> None:
        answer = client.post(f"/cataloguing/{number}", data={**forms[number], "do": "save"})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.status

    def kept(number: int) -> None:
        assert client.post("/cataloguing/keep", data=forms[number]).status_code == HTTPStatus.NO_CONTENT

    timed("page: the form", opened, numbers)
    timed("page: what is typed is kept", kept, numbers)
    timed("page: the form is saved", sent, numbers)
    typed = [f"/cataloguing/duplicates?title=matematika+asoslari+{number}&author=Karimov" for number in numbers]
    timed("page: duplicates", client.get, typed)


def main() -> None:
    """Build a catalogue, catalogue in it, and print the figures."""
    parser = argparse.ArgumentParser(description="How quickly records are saved and duplicates found.")
    parser.add_argument("--records", type=int, default=catalogue.RECORDS)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=catalogue.SEED)
    parser.add_argument("--data", type=Path, help="a directory to build the catalogue in, or to find it there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        data = asked.data or Path(directory) / "data"
        built = (data / "library.sqlite").exists()
        container = Container(Settings(data_dir=data))
        try:
            if not built:
                sources = Path(directory) / "sources"
                catalogue.write(sources, asked.records, asked.seed)
                container.migrate()
                container.importing.run([sources / name for name in ("marc21.mrc", "rusmarc.iso", "irbis.txt")])
            actor, session = cataloguer(container)
            rng = random.Random(asked.seed)
            numbers = rng.sample(range(1, asked.records + 1), 2 * (asked.times + WARM_UP))
            services(container, actor, numbers[: asked.times + WARM_UP])
            client = create_app(container).test_client()
            client.set_cookie("sid", session)
            pages(client, numbers[asked.times + WARM_UP :])
        finally:
            container.close()


if __name__ == "__main__":
    main()
