"""Records to test with: plain functions, real values."""

from __future__ import annotations

from datetime import UTC, datetime

from library.db.records import DescribedRecord
from library.db.unit_of_work import Database
from library.domain.description import Copy, CopyStatus, Creator, CreatorRole, Description, HostItem, Link, Material
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.domain.record import CatalogueRecord, Status
from library.marc.irbis.values import LEADER as IRBIS_LEADER

MARC21_LEADER = "00000nam a2200000 i 4500"
UNIMARC_LEADER = "00000nam  2200000 i 450 "
LONG_AGO = datetime(2020, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)


def a_field(tag: str, indicators: str = "  ", /, **subfields: str) -> DataField:
    """A data field; `a_field("245", "10", a="Algebra")`."""
    return DataField(tag, indicators, tuple(Subfield(code, value) for code, value in subfields.items()))


def a_marc21_record(
    number: str = "kx0001", *, title: str = "Oliy matematika", author: str = "Soatov, Yo. U."
) -> MarcRecord:
    """A textbook in MARC 21."""
    fields: tuple[Field, ...] = (
        ControlField("001", number),
        ControlField("008", "210305s2019    uz ||||g |||| 00| 0 uzb d"),
        a_field("020", a="9789943225510"),
        a_field("041", "0 ", a="uzb"),
        a_field("100", "1 ", a=author),
        a_field("245", "10", a=title, c=author),
        a_field("264", " 1", a="Toshkent", b="O‘qituvchi", c="2019"),
        a_field("300", a="312 b."),
        a_field("650", " 4", a="Matematika"),
    )
    return MarcRecord(MARC21_LEADER, fields)


def a_unimarc_record(number: str = "RU-17", *, title: str = "Общая химия", author: str = "Каримова") -> MarcRecord:
    """A book in RUSMARC."""
    fields: tuple[Field, ...] = (
        ControlField("001", number),
        a_field("100", a="20040512d2003    |||y0rusy50      ca"),
        a_field("101", "0 ", a="rus"),
        a_field("200", "1 ", a=title, f=f"{author} Д. С."),
        a_field("210", a="Ташкент", c="Фан", d="2003"),
        a_field("215", a="208 с."),
        a_field("700", " 1", a=author, b="Д. С."),
    )
    return MarcRecord(UNIMARC_LEADER, fields)


def an_irbis_record(
    code: str = "22.1/A-45", *, title: str = "Алгебра жана анализ", author: str = "Асанов", inventory: str = "К-1042"
) -> MarcRecord:
    """A book of an IRBIS64 base, with one copy and the name of the person who catalogued it."""
    fields = (
        DataField("920", "  ", (Subfield("", "PAZK"),)),
        DataField("101", "  ", (Subfield("", "kir"),)),
        a_field("200", a=title, f=f"А. {author}"),
        a_field("210", a="Бишкек", c="Илим", d="2011"),
        a_field("700", a=author, b="А."),
        DataField("610", "  ", (Subfield("", "алгебра"),)),
        DataField("903", "  ", (Subfield("", code),)),
        a_field("907", a="20110912", b="Токтогулова", c="КТ"),
        a_field("910", a="0", b=inventory, d="ЧЗ", h=f"30{inventory[-4:]}"),
    )
    return MarcRecord(IRBIS_LEADER, fields)


def a_description(title: str = "Oliy matematika") -> Description:
    """A description with something in every field."""
    return Description(
        title=title,
        material=Material.TEXTBOOK,
        remainder="darslik",
        parallel_titles=("Высшая математика",),
        responsibility="Yo. U. Soatov",
        creators=(Creator(name="Soatov, Yo. U.", role=CreatorRole.AUTHOR, dates="1938-"),),
        edition="2-nashr",
        places=("Toshkent",),
        publishers=("O‘qituvchi",),
        year=2019,
        languages=("uzb",),
        extent="312 b.",
        series=("Oliy ta’lim",),
        isbns=("9789943225510",),
        issns=("1234-5679",),
        subjects=("Matematika",),
        keywords=("integral",),
        udc=("517",),
        bbk=("22.1",),
        abstract="Bakalavrlar uchun.",
        contents=("1-bob",),
        notes=("Bibliogr.: 300-b.",),
        host=HostItem(title="To‘plam", issn="1234-5679", isbn="", year=2018, volume="2", issue="3", pages="4-9"),
        links=(Link(url="https://example.uz/1.pdf", label="Matn"),),
        copies=(
            Copy(
                inventory_number="1042",
                barcode="301042",
                place="AB",
                shelfmark="22.1",
                status=CopyStatus.AVAILABLE,
                collection="Oʻquv fondi",
            ),
            Copy(place="OZ", status=CopyStatus.UNKNOWN, count=12),
        ),
    )


def a_record(
    number: int, *, title: str = "Oliy matematika", status: Status = Status.PUBLISHED, version: int = 1
) -> CatalogueRecord:
    """A record of the catalogue in MARC 21."""
    return CatalogueRecord(
        id=number,
        dialect=Dialect.MARC21,
        marc=a_marc21_record(f"kx{number:04}", title=title),
        status=status,
        version=version,
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
        changed_by="nodira",
        withdrawal_reason="lost in the flood" if status is Status.WITHDRAWN else "",
    )


def add_records(database: Database, *titles: str, status: Status = Status.PUBLISHED) -> list[int]:
    """Put records with these titles into the catalogue; their numbers."""
    with database.writing() as tx:
        numbers = list(tx.records.reserve(len(titles)))
        tx.records.add(
            [
                DescribedRecord(record=a_record(number, title=title, status=status), description=a_description(title))
                for number, title in zip(numbers, titles, strict=True)
            ]
        )
        tx.commit()
    return numbers
