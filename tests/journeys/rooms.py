"""A library in which something happened in every room of the staff, and the address of each of their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from harvest.lookup.model import Protocol, Target
from harvest.model import OaiRecord
from library.app import create_app
from library.container import Container, now
from library.domain.access import GUEST, PERMISSIONS, Action, Actor
from library.domain.appeals import AppealKind, Outcome
from library.domain.authority import AuthorityKind
from library.domain.configuration import Division, LibraryFacts, Section
from library.domain.deposit_fields import DepositKind
from library.domain.document import Document, Scan
from library.domain.errors import Message
from library.domain.holdings import Act, ActKind, ActLine, Source
from library.domain.marc import Dialect
from library.domain.partners import PartnerEntry, PartnerForm, RunKind, RunState
from library.domain.people import LibraryCard, Person, ReaderCategory, Role
from library.domain.statistics_keys import KeyEntry, Scope
from library.domain.transfer import Paper, PaperKind, Transfer
from library.domain.uploaded_import import Reading
from library.domain.usage import Denial, event_id
from library.domain.usage import Kind as UseKind
from library.marc import iso2709
from library.marc.changes import Change, Kind
from library.marc.harvested import of_dublin_core
from library.marc.source import ReadRecord
from library.marc.worksheets import WORKSHEETS
from library.services.appeals import Typed
from library.services.appeals_files import SentFile as AppealFile
from library.services.authorities import Wanted
from library.services.copy_cataloguing import CopyCataloguing
from library.services.import_prepared import prepared_record
from library.services.partners_reading import Coming, SortedPage, Unfit, source_for
from library.services.partners_sink import put
from library.services.uploaded_imports_intake import SentFile
from tests.builders import a_marc21_record, a_unimarc_record, an_irbis_record
from tests.harvest.loopback import catalogues_on
from tests.signed_in import a_person, browser_of, session_of
from tests.staff import published
from tests.usage_history import TASHKENT, an_event

WORDS = {"uz-Latn": "Elektron kutubxona", "ru": "Электронная библиотека"}
PARTNER = "title=12+programs"
# What is asked of pages that answer nothing of interest to the bare address; {places} are those of `Staff.places`.
QUESTIONS = {
    "authorities.authorities": ("?kind=person&q=so",),
    "authorities_review.merging": ("?goes={goes}&stays={authority_id}",),
    "batches.new": ("?q=algebra",),
    "cataloguing.forms.new": ("?copy={record_id}",),
    "cataloguing.versions.versions": ("", "?before=1&after=1"),
    "copy_cataloguing.record": (f"?{PARTNER}&target={{target_id}}&from={{target_id}}&position=1",),
    "copy_cataloguing.search": (f"?{PARTNER}&target={{target_id}}",),
    # Everybody sees their own works alone; the journey of a work walks these.
    **dict.fromkeys(("deposit.edit", "deposit_deeds.one", "deposit_deeds.check", "deposit_files.files"), ()),
    "deposit_uploads.far": (),
    "appeals_desk.queue": ("", "?part=answered&kind=complaint"),
    # Its file has not been checked.
    "appeals_desk.file": (),
    # A file of months that are over: here everything happened yesterday.
    "counter_files.report": (),
    "deposit_review.work": ("?part=to-confirm", "?part=published"),
    "documents.queue": ("", "?part=refused", "?part=all"),
    "documents_new.new": ("?record={record_id}&transfer={transfer_id}",),
    "holdings.holdings": ("?first=2026-01-01&last=2026-12-31",),
    "labels.labels": ("?kind=barcode&numbers=7001-7003",),
    "labels.file": ("?kind=barcode&numbers=7001-7003",),
    "quality.quality": ("?flaw=no-class",),
}


@dataclass(frozen=True, kw_only=True)
class Staff:
    """One person for each role that works in the library, and what all of them have made."""

    app: Flask
    container: Container
    people: dict[Role, Person]
    places: dict[str, object]

    def session(self, role: Role) -> str:
        """The number of a new session of the person with this role."""
        return session_of(self.container, self.people[role])

    def pages(self, role: Role) -> Iterator[str]:
        """The address of every page that takes a right which this role has, and that no other role here has alike."""
        browser, head = (browser_of(self.app, self.container, self.people[one]) for one in (role, Role.HEAD))
        for path in self._addresses(role):
            if role is Role.HEAD or _content(browser, path) != _content(head, path):
                yield path

    def _addresses(self, role: Role) -> Iterator[str]:
        bound = self.app.url_map.bind("localhost")
        for rule in sorted(self.app.url_map.iter_rules(), key=str):
            action: Action | None = getattr(self.app.view_functions[rule.endpoint], "required_action", None)
            if action is None or "GET" not in (rule.methods or ()) or role not in PERMISSIONS[action]:
                continue
            path = bound.build(rule.endpoint, {name: self._place(rule, name) for name in rule.arguments})
            yield from (path + asked.format_map(self.places) for asked in QUESTIONS.get(rule.endpoint, ("",)))

    def _place(self, rule: Rule, name: str) -> object:
        return self.places.get(f"{rule.endpoint}:{name}", self.places.get(name))


def _content(browser: FlaskClient, path: str) -> bytes:
    """What a page shows, without the menu of its reader and the token of its forms."""
    shown = browser.get(path, buffered=True).data.partition(b"<main")[2]
    return re.sub(rb'name="csrf" value="[^"]+"', b"", shown)


def furnish(container: Container, partner: int) -> Staff:
    """Put something into every room; a partner's catalogue answers on this port of 127.0.0.1."""
    container.copy_cataloguing = CopyCataloguing(
        container.database, lambda: catalogues_on(partner), container.cataloguing, container.duplicates, now
    )
    people = {role: a_person(container, role.value, role) for role in Role}
    actors = {role: Actor.person(person.id, person.name, person.roles) for role, person in people.items()}
    cataloguer, head, administrator = actors[Role.CATALOGUER], actors[Role.HEAD], actors[Role.ADMINISTRATOR]
    record, draft = _records(container, cataloguer)
    goes, stays = _names(container, cataloguer)
    imported, rejected = _import(container, cataloguer, head)
    places: dict[str, object] = {
        "record_id": record,
        "cataloguing.forms.edit:record_id": draft,
        "person_id": people[Role.CATALOGUER].id,
        "readers.reader:person_id": _reader(container, cataloguer).id,
        "authority_id": stays,
        "goes": goes,
        "batch_id": _batch(container, record, cataloguer),
        "act_id": _acts(container, record, head),
        "import_id": imported,
        "uploaded_imports.rejected:name": rejected,
        "target_id": _partner(container, partner, head),
        "seq": 1,
        "number": 1,
        "name": "collections",
        "code": "asosiy",
        "kind": "receipt",
        "worksheet": next(iter(WORKSHEETS)),
        "cataloguing.lists.codes:name": "countries",
        **_files(container, record, cataloguer, head),
        "deposit_id": _deposit(container, actors[Role.DEPOSITOR]),
        "appeal_id": _appeals(container, record, head),
        "key_id": _use(container, record, head),
        "statistics.whole:whole": "statistics",
        "statistics.whole:form": "pdf",
        "statistics.table:name": "requests",
        "statistics.table:form": "csv",
        "file_id": 1,
        **_harvest(container, head),
    }
    _house(container, head, administrator)
    container.indexing.rebuild()
    return Staff(app=create_app(container), container=container, people=people, places=places)


def _use(container: Container, record: int, head: Actor) -> int:
    """What readers did yesterday, counted, and the number of a key for it."""
    yesterday = now() - timedelta(days=1)
    events = [
        an_event(1, yesterday, UseKind.SEARCH, results=0, institution=""),
        an_event(2, yesterday, UseKind.DOWNLOAD, item_id=record, sent=10, institution=""),
        an_event(3, yesterday, UseKind.REFUSAL, item_id=record, status=403, denied=Denial.SIGN_IN, institution=""),
    ]
    with container.database.writing() as tx:
        tx.usage_events.append(events, event_id(now(), bytes(10)), TASHKENT)
        tx.commit()
    container.usage_counting.roll_up_all()
    entry = KeyEntry(
        label="12-xat", official="S. Karimova", scope=Scope(), expires_on=now().date() + timedelta(days=30)
    )
    return container.statistics_keys.issue(entry, actor=head).key.id


def _appeals(container: Container, record: int, head: Actor) -> int:
    """A mistake in this record that waits, and a complaint that was answered; the number of that one."""
    mistake = Typed(
        form_key="m" * 22,
        kind=AppealKind.MISTAKE,
        subject="Muallifning ismi",
        text="Ismi boshqacha yoziladi.",
        contact="+998 90",
        language="ru",
        about=f"/record/{record}",
        record_id=record,
    )
    container.appeals.receive(mistake, actor=GUEST)
    complaint = replace(mistake, form_key="c" * 22, kind=AppealKind.COMPLAINT)
    letter = AppealFile(name="xat.txt", stream=BytesIO(b"Salom"))
    number = container.appeals.receive(complaint, [letter], actor=GUEST).id
    container.appeals.answer(number, Outcome.DONE, "Tuzatildi.", expected=1, actor=head)
    return number


def _records(container: Container, cataloguer: Actor) -> tuple[int, int]:
    """Records in every state; the number of one that is published and has work that waits, and that of a draft."""
    desk = container.cataloguing
    waiting = published(desk, Dialect.IRBIS, an_irbis_record(inventory="K-1"))
    desk.save(
        waiting,
        an_irbis_record(title="Algebra va analiz", inventory="K-1"),
        expected=desk.workplace(waiting, actor=cataloguer).stamp,
        actor=cataloguer,
    )
    desk.submit(waiting, expected=desk.workplace(waiting, actor=cataloguer).stamp, actor=cataloguer)
    published(desk, Dialect.UNIMARC, a_unimarc_record())
    return waiting, desk.create(Dialect.MARC21, a_marc21_record("d1", title="Algebra va analiz"), actor=cataloguer)


def _reader(container: Container, cataloguer: Actor) -> Person:
    card = LibraryCard(number="AB-1042", category=ReaderCategory.STUDENT, faculty="Fizika", group="101-22")
    return container.readers.add("Soatova Dilnoza", card, actor=cataloguer)


def _names(container: Container, cataloguer: Actor) -> tuple[int, int]:
    def add(heading: str, *forms: str) -> int:
        return container.authorities.add(
            Wanted(kind=AuthorityKind.PERSON, heading=heading, forms=forms), actor=cataloguer
        )

    return add("Soatov, Y.", "Саатов, Ё."), add("Soatov, Yo. U.", "Саатов, Ё. У.")


def _batch(container: Container, record: int, cataloguer: Actor) -> int:
    change = Change(kind=Kind.REPLACE, tag="210", code="a", find="Бишкек", value="Bishkek")
    number = container.batches.prepare(change, [record], "algebra", actor=cataloguer)
    container.batches.submit(number, actor=cataloguer)
    return number


def _acts(container: Container, record: int, head: Actor) -> int:
    today = now().date()
    line = ActLine(record_id=record, price=Decimal("25000.50"), place="F")
    lines = tuple(
        ActLine(record_id=record, inventory_number=str(number), price=line.price, place="F")
        for number in range(7001, 7004)
    )
    gift = Act(kind=ActKind.RECEIPT, number="15", date=today, source=Source.GIFT, partner="Fond", lines=lines)
    received = container.holdings.enter(gift, actor=head)
    gone = container.holdings.lines_of(["7001"], actor=head)
    container.holdings.enter(
        Act(kind=ActKind.WRITE_OFF, number="2", date=today, reason="yirtilgan", lines=gone), actor=head
    )
    return received


def _import(container: Container, cataloguer: Actor, head: Actor) -> tuple[int, str]:
    """A file with a record that came in, and one that could not; the name of the file with the latter."""
    content = iso2709.encode(a_marc21_record("i1")) + b"00060nam  2200000   450 no directory, no fields, no sense\x1d"
    sent, uploads = SentFile(name="kitoblar.mrc", stream=BytesIO(content)), container.uploaded_imports
    number = uploads.receive([sent], Reading(source_name=""), actor=cataloguer)
    _let_work(container)
    uploads.submit(number, actor=cataloguer)
    uploads.approve(number, actor=head)
    _let_work(container)
    (rejected,) = uploads.view(number, actor=head).rejected_files
    return number, rejected


def _files(container: Container, record: int, cataloguer: Actor, head: Actor) -> dict[str, object]:
    """A kept file that everybody looks at, and one that waits, one that was refused, one that still comes."""
    today = now().date()
    paper = Paper(kind=PaperKind.CONTRACT, number="7/26", date=today)
    transfer = container.transfers.enter(
        Transfer(
            source=Source.SUBSCRIPTION,
            partner="Elektron nashr",
            taken_on=today,
            papers=(paper,),
            price=Decimal(125000),
            term_ends=today + timedelta(days=30),
        ),
        actor=cataloguer,
    )
    container.transfers.enter(Transfer(source=Source.GIFT, partner="Fond", taken_on=today), actor=cataloguer)

    def came(name: str) -> Document:
        content = BytesIO(name.encode())
        return container.documents.receive(record, content, name, transfer_id=transfer.id, actor=cataloguer)

    kept, refused = came("algebra va analiz, 1-qism.pdf"), came("virus.docx")
    came("waits.epub")
    container.documents.begin(record, "comes.mp4", 1_000, actor=cataloguer)
    kept = container.documents.approve(kept.id, expected=kept.version, actor=head)
    scan = Scan(finding="clean", engine="ClamAV 1.4.3", signatures="27812", at=now())
    with container.database.writing() as tx:
        tx.documents.save(kept.kept(media_type="application/pdf", scan=scan, at=now()))
        tx.documents.save(refused.refused(Message.of("A virus was found: {name}.", name="Eicar")))
        tx.commit()
    container.documents_queue.give_text(kept.id, "AB-1042", "koʻzi ojiz", actor=head)
    return {"document_id": kept.id, "transfer_id": transfer.id}


def _deposit(container: Container, depositor: Actor) -> int:
    """A work that was sent to its department."""
    begun = container.deposits.begin(DepositKind.COURSE_WORK, actor=depositor)
    typed = replace(
        begun.fields, title="Algebra", language="uzb", year="2026", supervisor="Soatov, Yo.", licence="CC-BY-4.0"
    )
    saved = container.deposits.save(begun.id, typed, expected=begun.version, actor=depositor)
    container.deposit_record.receive(saved.id, BytesIO(b"kurs ishi"), "kurs ishi.pdf", actor=depositor)
    container.deposits.send(saved.id, language="ru", has_accepted=True, expected=saved.version, actor=depositor)
    return saved.id


def _let_work(container: Container) -> None:
    while container.uploaded_imports_work.step():
        pass


def _partner(container: Container, port: int, head: Actor) -> int:
    target = Target(name="Milliy kutubxona", protocol=Protocol.SRU, address=f"http://127.0.0.1:{port}/Default")
    return container.targets.add(target, actor=head)


def _harvest(container: Container, head: Actor) -> dict[str, object]:
    """A partner that was harvested, that waits for a decision, and one of whose records was set aside."""
    entry = PartnerEntry(
        name="Hamkor kutubxona", address="http://8.8.8.8/oai", form=PartnerForm.OAI_DC, prefix="oai_dc"
    )
    number, at = container.partners.add(entry, actor=head), now()
    with container.database.writing() as tx:
        partner = tx.partners.get(number)
        title, source = ("title", "Algebra va analiz"), source_for(partner)
        given = OaiRecord(identifier="oai:hamkor.example:1", datestamp=at, metadata=b"<dc><title>x</title></dc>")
        marc = ReadRecord(number=0, offset=0, key=given.identifier, marc=of_dublin_core([title, ("date", "2019")]))
        coming = Coming(prepared=prepared_record(source, marc), record=given, earlier="")
        reason = Message.of("The record has no title.")
        unfit = Unfit(identifier="oai:hamkor.example:2", raw=b"<record>", reason=reason)
        put(tx, partner, SortedPage(coming=(coming,), deleted=(), unfit=(unfit,)), at)
        put(tx, partner, SortedPage(coming=(), deleted=(given.identifier,), unfit=()), at)
        run = tx.partners.run(tx.partners.begin_run(number, RunKind.HARVEST, at))
        tx.partners.save_run(replace(run, state=RunState.COMPLETE, asks=True, visible=1, vanishing=1))
        (reject,) = tx.partner_rejects.rejects(number, 0, 1)
        tx.commit()
    return {"partner_id": number, "reject_id": reject.id}


def _house(container: Container, head: Actor, administrator: Actor) -> None:
    container.configuration.save_library(LibraryFacts(institution=WORDS), expected=0, actor=head)
    division = Division(code="asosiy", names=WORDS, description=WORDS)
    for section in (Section.COLLECTIONS, Section.FACULTIES):
        container.configuration.add_division(section, division, expected=0, actor=head)
    begins = now() + timedelta(days=1)
    container.maintenance.register(begins, begins + timedelta(hours=2), 48, WORDS, actor=administrator)
