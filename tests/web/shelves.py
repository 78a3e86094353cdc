"""The catalogue that the tests of pages look at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from library.container import Container
from library.db.origins import Origin
from library.db.records import DescribedRecord
from library.domain.description import Copy, CopyStatus, Creator, CreatorRole, Description, HostItem, Link, Material
from library.domain.marc import Dialect, MarcRecord, Subfield
from library.domain.record import CatalogueRecord, Status
from tests.builders import (
    LONG_AGO,
    a_description,
    a_field,
    a_marc21_record,
    a_unimarc_record,
    an_irbis_record,
)

MARKER = '"><x-m id=1>'
ALGEBRAS = 45


@dataclass(frozen=True)
class Shelves:
    """The services, and the numbers of the records with something to tell."""

    container: Container
    textbook: int
    irbis: int
    unimarc: int
    withdrawn: int
    draft: int
    marked: int
    crowded: int
    arabic: int


def fill(container: Container) -> Shelves:
    """Put the records in and build the index."""
    entries = [
        _entry(Dialect.MARC21, a_marc21_record(), a_description()),
        _entry(Dialect.IRBIS, an_irbis_record(), _kyrgyz()),
        _entry(Dialect.UNIMARC, a_unimarc_record(), _russian()),
        _entry(Dialect.MARC21, a_marc21_record("w1"), a_description("Yoʻqolgan kitob"), Status.WITHDRAWN),
        _entry(Dialect.MARC21, a_marc21_record("d1"), a_description("Hali tayyor emas"), Status.DRAFT),
        _entry(Dialect.MARC21, _marked_record(), _marked_description()),
        _entry(Dialect.MARC21, a_marc21_record("c1"), _crowded()),
        _entry(Dialect.MARC21, a_marc21_record("a1"), _arabic()),
        *(_entry(Dialect.MARC21, a_marc21_record(f"al{number}"), _algebra(number)) for number in range(ALGEBRAS)),
    ]
    with container.database.writing() as tx:
        numbers = list(tx.records.reserve(len(entries)))
        placed = [
            DescribedRecord(record=replace(entry.record, id=number), description=entry.description)
            for number, entry in zip(numbers, entries, strict=True)
        ]
        tx.records.add(placed)
        tx.origins.add([_origin("IBIS", 17, numbers[1]), _origin("IBIS", 18, numbers[3])])
        tx.commit()
    container.indexing.rebuild()
    return Shelves(container, *numbers[:8])


def _entry(
    dialect: Dialect, marc: MarcRecord, description: Description, status: Status = Status.PUBLISHED
) -> DescribedRecord:
    record = CatalogueRecord(
        id=0,
        dialect=dialect,
        marc=marc,
        status=status,
        version=1,
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
        changed_by="nodira",
        withdrawal_reason="Takroriy yozuv" if status is Status.WITHDRAWN else "",
    )
    return DescribedRecord(record=record, description=description)


def _origin(base: str, mfn: int, number: int) -> Origin:
    return Origin(source=base, key=str(mfn), record_id=number, digest="0" * 64, imported_version=1, base=base, mfn=mfn)


def _kyrgyz() -> Description:
    return Description(
        title="Алгебра жана анализ",
        material=Material.BOOK,
        creators=(Creator(name="Асанов, А.", role=CreatorRole.AUTHOR),),
        places=("Бишкек",),
        publishers=("Илим",),
        year=2011,
        languages=("kir",),
        copies=(Copy(inventory_number="К-1042", place="ЧЗ", status=CopyStatus.ON_LOAN),),
    )


def _russian() -> Description:
    return Description(
        title="Общая химия",
        material=Material.ARTICLE,
        creators=(Creator(name="Каримова, Д. С.", role=CreatorRole.AUTHOR),),
        year=2003,
        languages=("rus",),
        host=HostItem(title="Вестник химии", year=2003, volume="4", issue="2", pages="С. 12-18"),
    )


def _algebra(number: int) -> Description:
    return replace(a_description(f"Algebra masalalari {number:02}"), year=1960 + number, isbns=())


def _crowded() -> Description:
    people = tuple(Creator(name=f"Muallif {number:02}", role=CreatorRole.AUTHOR) for number in range(40))
    return replace(
        a_description("Juda uzun sarlavha " * 20), creators=people, links=(Link(url="https://example.uz/" + "x" * 300),)
    )


def _arabic() -> Description:
    return Description(title="كتاب الشفاء", material=Material.MANUSCRIPT, languages=("ara",), year=1893)


def _marked_record() -> MarcRecord:
    plain = a_marc21_record("m1")
    everywhere = a_field("245", "10", a=MARKER, b=MARKER, c=MARKER)
    odd = replace(everywhere, subfields=(*everywhere.subfields, Subfield('"', MARKER)))
    return plain.with_fields([*plain.fields, odd, a_field("500", a=MARKER)])


def _marked_description() -> Description:
    return Description(
        title=f"Nishon {MARKER}",
        material=Material.BOOK,
        remainder=MARKER,
        parallel_titles=(MARKER,),
        responsibility=MARKER,
        creators=(Creator(name=MARKER, role=CreatorRole.AUTHOR, dates=MARKER),),
        edition=MARKER,
        places=(MARKER,),
        publishers=(MARKER,),
        languages=(MARKER,),
        extent=MARKER,
        series=(MARKER,),
        isbns=(MARKER,),
        issns=(MARKER,),
        subjects=(MARKER,),
        keywords=(MARKER,),
        udc=(MARKER,),
        bbk=(MARKER,),
        abstract=MARKER,
        contents=(MARKER,),
        notes=(MARKER,),
        host=HostItem(title=MARKER, volume=MARKER, issue=MARKER, pages=MARKER),
        links=(Link(url=f"https://example.uz/{MARKER}", label=MARKER),),
        copies=(Copy(inventory_number=MARKER, place=MARKER, shelfmark=MARKER),),
    )
