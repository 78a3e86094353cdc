"""What a depositor typed, as the work that a record is made of."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.deposit_fields import (
    AGREEMENT,
    MATERIALS,
    PARTS,
    THESES,
    Author,
    DepositKind,
    Fields,
    day_of,
    doi_of,
    orcid_of,
)
from library.domain.description import Description
from library.marc.deposited import DepositedPerson, DepositedWork
from library.projections.item_language import ItemLanguage, item_language
from library.projections.licences import licence_name, licence_url
from library.projections.name_forms import heading_form, split_name
from library.projections.plain_text import clean, element

UNTITLED = "[…]"

_UZ, _UZ_CYRL, _KY, _RU, _EN = (
    ItemLanguage.UZBEK_LATIN,
    ItemLanguage.UZBEK_CYRILLIC,
    ItemLanguage.KYRGYZ,
    ItemLanguage.RUSSIAN,
    ItemLanguage.ENGLISH,
)
_GENRES: Mapping[DepositKind, Mapping[ItemLanguage, str]] = {
    DepositKind.DISSERTATION: {
        _UZ: "dissertatsiya",
        _UZ_CYRL: "диссертация",
        _KY: "диссертация",
        _RU: "диссертация",
        _EN: "dissertation",
    },
    DepositKind.ABSTRACT: {
        _UZ: "dissertatsiya avtoreferati",
        _UZ_CYRL: "диссертация автореферати",
        _KY: "диссертациянын авторефераты",
        _RU: "автореферат диссертации",
        _EN: "abstract of dissertation",
    },
    DepositKind.TEXTBOOK: {
        _UZ: "darslik",
        _UZ_CYRL: "дарслик",
        _KY: "окуу китеби",
        _RU: "учебник",
        _EN: "textbook",
    },
    DepositKind.COURSE_WORK: {
        _UZ: "kurs ishi",
        _UZ_CYRL: "курс иши",
        _KY: "курстук иш",
        _RU: "курсовая работа",
        _EN: "course work",
    },
}
_PAGES = {_UZ: "b.", _UZ_CYRL: "б.", _KY: "б.", _RU: "с.", _EN: "p."}
_LICENCE = {_UZ: "Litsenziya", _UZ_CYRL: "Лицензия", _KY: "Лицензия", _RU: "Лицензия", _EN: "Licence"}
_PROJECT = {_UZ: "Loyiha", _UZ_CYRL: "Лойиҳа", _KY: "Долбоор", _RU: "Проект", _EN: "Project"}
_OWN_AGREEMENT = {
    _UZ: "Kutubxonaning muallif bilan shartnomasi",
    _UZ_CYRL: "Кутубхонанинг муаллиф билан шартномаси",
    _KY: "Китепкананын автор менен келишими",
    _RU: "Договор библиотеки с автором",
    _EN: "Agreement of the library with the author",
}


def begun_work(kind: DepositKind, typed: Fields) -> DepositedWork:
    """A work of which nothing but the title is sure yet."""
    return DepositedWork(material=MATERIALS[kind], is_part=kind in PARTS, title=element(typed.title) or UNTITLED)


def deposited_work(kind: DepositKind, typed: Fields, faculty: str) -> DepositedWork:
    """The work; `faculty` is the name of the one that was chosen, empty for none."""
    title = element(typed.title) or UNTITLED
    spoken = Description(title=title, material=MATERIALS[kind], languages=(typed.language,))
    language = item_language(spoken)
    licence = _OWN_AGREEMENT[language] if typed.licence == AGREEMENT else licence_name(typed.licence)
    project, defended = clean(typed.project), day_of(typed.defence_date) if kind in THESES else None
    return DepositedWork(
        material=MATERIALS[kind],
        is_part=kind in PARTS,
        title=title,
        genre=_GENRES.get(kind, {}).get(language, ""),
        other_title=element(typed.other_title),
        language=typed.language,
        is_cyrillic=language in (_UZ_CYRL, _KY, _RU),
        authors=tuple(_person(one, language) for one in typed.authors if clean(one.name)),
        supervisor=_person(Author(name=typed.supervisor), language) if clean(typed.supervisor) else None,
        abstracts=tuple(text for text in map(clean, (typed.abstract, typed.other_abstract)) if text),
        keywords=tuple(text for text in map(element, typed.keyword_list) if text),
        year=typed.year,
        doi=doi_of(typed.doi),
        isbn=clean(typed.isbn),
        issn=clean(typed.issn),
        host=element(typed.host),
        volume=clean(typed.volume),
        issue=clean(typed.issue),
        pages=clean(typed.pages),
        unit=_PAGES[language],
        conference=element(typed.conference),
        publisher=element(typed.publisher),
        place=element(typed.place),
        degree=clean(typed.degree),
        speciality=clean(typed.speciality),
        defended_on=f"{defended:%d.%m.%Y}" if defended else "",
        project=project,
        project_note=f"{_PROJECT[language]}: {project}" if project else "",
        faculty=clean(faculty),
        licence=licence,
        licence_url=licence_url(typed.licence),
        licence_note=f"{_LICENCE[language]}: {licence}" if licence else "",
    )


def _person(one: Author, language: ItemLanguage) -> DepositedPerson:
    """The first word is the family name where no comma parts the names."""
    name = clean(one.name)
    family, given = split_name(name)
    if not given and "," not in name:
        family, _, given = name.partition(" ")
    initials = heading_form(f"{family}, {given}", language).partition(", ")[2] if given else ""
    return DepositedPerson(
        family=family,
        given=given,
        initials=initials or given,
        orcid=orcid_of(one.orcid),
        affiliation=clean(one.affiliation),
    )
