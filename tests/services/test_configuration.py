"""The library's settings: cleaned, kept in versions, journalled, and in force for every page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.db.unit_of_work import Database
from library.domain.configuration import Division, Divisions, LibraryFacts, Section, as_facts, from_facts, said
from library.domain.errors import InvalidConfiguration, NotEntitled, NotFound, StaleVersion
from library.domain.journal import Deed
from library.services.configuration import Configuration, imprint
from library.settings import LANGUAGES, Settings
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA

NAMANGAN = LibraryFacts(
    institution={"uz-Latn": "Namangan davlat universiteti", "ru": "Наманганский государственный университет"},
    opening_hours={"ru": "пн–пт 9–18"},
)


@pytest.fixture
def office(database: Database, tmp_path: Path, clock: Clock) -> Configuration:
    return Configuration(database, tmp_path, clock)


def _texts(**texts: str) -> dict[str, str]:
    return {tag.replace("_", "-"): text for tag, text in texts.items()}


def test_what_nobody_set_is_empty(office: Configuration) -> None:
    assert office.current().library == LibraryFacts()
    assert office.section(Section.FACULTIES, actor=BOTIR).version == 0


def test_what_is_saved_is_in_force_and_every_version_stays(office: Configuration) -> None:
    assert office.save_library(NAMANGAN, expected=0, actor=BOTIR) == 1
    assert office.current().library == NAMANGAN
    other = LibraryFacts(institution={"ru": "НамГУ"})
    assert office.save_library(other, expected=1, actor=BOTIR) == 2
    assert office.restore(Section.LIBRARY, 1, expected=2, actor=BOTIR) == 3
    assert office.current().library == NAMANGAN
    history = office.history(Section.LIBRARY, None, 10, actor=BOTIR)
    assert [(one.version, one.saved_by_name) for one in history] == [(3, "Botir"), (2, "Botir"), (1, "Botir")]
    assert [one.version for one in office.history(Section.LIBRARY, 3, 1, actor=BOTIR)] == [2]
    assert office.version(Section.LIBRARY, 2, actor=BOTIR).content == other
    with pytest.raises(NotFound):
        office.version(Section.LIBRARY, 4, actor=BOTIR)


def test_texts_are_cleaned_and_unknown_languages_left_out(office: Configuration) -> None:
    facts = LibraryFacts(address={"ru": " г.\tНаманган\u202e,\r\n 316 ", "uz-Latn": " \u200b", "xx": "?"})
    office.save_library(facts, expected=0, actor=BOTIR)
    assert office.current().library == LibraryFacts(address={"ru": "г. Наманган, 316"})


def test_saving_what_is_in_force_makes_no_version(office: Configuration, database: Database) -> None:
    office.save_library(NAMANGAN, expected=0, actor=BOTIR)
    assert office.save_library(NAMANGAN, expected=1, actor=BOTIR) == 1
    with database.reading() as view:
        assert view.journal.head()[0] == 1


def test_the_journal_tells_what_changed_and_no_more(office: Configuration, database: Database) -> None:
    office.save_library(NAMANGAN, expected=0, actor=BOTIR)
    office.save_library(LibraryFacts(institution={**NAMANGAN.institution, "ru": "НамГУ"}), expected=1, actor=BOTIR)
    with database.reading() as view:
        entry = next(view.journal.after(1)).entry
    assert (entry.deed, entry.object) == (Deed.SETTINGS_CHANGED, "settings:library")
    assert entry.before == {
        "institution (ru)": "Наманганский государственный университет",
        "opening_hours (ru)": "пн–пт 9–18",
    }
    assert entry.after == {"institution (ru)": "НамГУ", "version": 2}


def test_two_people_do_not_save_over_one_another(office: Configuration) -> None:
    office.save_library(NAMANGAN, expected=0, actor=BOTIR)
    for expected in (0, 2, -1):
        with pytest.raises(StaleVersion):
            office.save_library(LibraryFacts(), expected=expected, actor=BOTIR)


def test_of_many_at_once_one_saves(database: Database, tmp_path: Path, clock: Clock) -> None:
    start, saved = threading.Barrier(4), []

    def save(number: int) -> None:
        office = Configuration(database, tmp_path, clock)
        start.wait()
        with suppress(StaleVersion):
            saved.append(office.save_library(LibraryFacts(address={"en": str(number)}), expected=0, actor=BOTIR))

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved == [1]


def test_collections_and_faculties_are_added_changed_and_removed(office: Configuration) -> None:
    rare = Division(code=" NODIR ", names=_texts(uz_Latn="Nodir kitoblar"), description=_texts(ru="Редкие книги"))
    office.add_division(Section.COLLECTIONS, rare, expected=0, actor=BOTIR)
    office.add_division(Section.COLLECTIONS, Division(code="ak", names={"ky": "Ак"}), expected=1, actor=BOTIR)
    assert [one.code for one in office.current().collections.all] == ["ak", "nodir"]
    with pytest.raises(InvalidConfiguration, match="taken"):
        office.add_division(Section.COLLECTIONS, rare, expected=2, actor=BOTIR)
    changed = Division(code="nodir", names=_texts(ru="Редкие"))
    office.change_division(Section.COLLECTIONS, changed, expected=2, actor=BOTIR)
    assert office.current().collections.get("nodir") == changed
    with pytest.raises(NotFound):
        office.change_division(Section.FACULTIES, changed, expected=0, actor=BOTIR)
    office.remove_division(Section.COLLECTIONS, "nodir", expected=3, actor=BOTIR)
    with pytest.raises(NotFound):
        office.remove_division(Section.COLLECTIONS, "nodir", expected=4, actor=BOTIR)
    assert office.current().faculties == Divisions()


@pytest.mark.parametrize("code", ["", "a b", "-a", "ә", "a" * 41, "../x", "a/b", '"><x>'])
def test_a_code_is_made_of_plain_letters(office: Configuration, code: str) -> None:
    with pytest.raises(InvalidConfiguration, match="A code has"):
        office.add_division(Section.FACULTIES, Division(code=code, names={"en": "X"}), expected=0, actor=BOTIR)


def test_limits_are_told(office: Configuration) -> None:
    with pytest.raises(InvalidConfiguration, match="500 characters"):
        office.save_library(LibraryFacts(address={"en": "x" * 501}), expected=0, actor=BOTIR)
    with pytest.raises(InvalidConfiguration, match="one language at least"):
        office.add_division(Section.FACULTIES, Division(code="a", names={"en": " "}), expected=0, actor=BOTIR)


@pytest.mark.parametrize("actor", [NODIRA, AZIZA])
def test_only_the_head_and_administrators_set_anything(office: Configuration, actor: object) -> None:
    deeds: tuple[Callable[[], object], ...] = (
        lambda: office.section(Section.LIBRARY, actor=actor),  # type: ignore[arg-type]
        lambda: office.history(Section.LIBRARY, None, 1, actor=actor),  # type: ignore[arg-type]
        lambda: office.version(Section.LIBRARY, 1, actor=actor),  # type: ignore[arg-type]
        lambda: office.save_library(NAMANGAN, expected=0, actor=actor),  # type: ignore[arg-type]
        lambda: office.restore(Section.LIBRARY, 1, expected=0, actor=actor),  # type: ignore[arg-type]
        lambda: office.remove_division(Section.FACULTIES, "a", expected=0, actor=actor),  # type: ignore[arg-type]
    )
    for deed in deeds:
        with pytest.raises(NotEntitled):
            deed()


def test_other_processes_see_it_at_once_and_without_a_query_when_nothing_changed(
    office: Configuration,
    database: Database,
    tmp_path: Path,
    clock: Clock,
    statements: Callable[..., object],
) -> None:
    other = Configuration(database, tmp_path, clock)
    assert other.current().library == LibraryFacts()
    office.save_library(NAMANGAN, expected=0, actor=BOTIR)
    assert other.current().library == NAMANGAN
    with statements(database.engine) as sent:  # type: ignore[attr-defined]
        for _ in range(5):
            other.current()
    assert not len(sent)


def test_an_empty_language_is_said_in_another_then_as_the_environment_says() -> None:
    options = Settings(institution="From the environment", address="Uychi, 316", default_language="uz-Latn")
    facts = LibraryFacts(institution={"uz-Latn": "NamDU", "ru": "НамГУ"}, opening_hours={"ky": "9–18"})
    said_in = {language: imprint(facts, language, options).institution for language in LANGUAGES}
    assert said_in == {"uz-Latn": "NamDU", "uz-Cyrl": "NamDU", "ky": "NamDU", "ru": "НамГУ", "en": "NamDU"}
    assert imprint(facts, "ru", options).opening_hours == "9–18"
    assert imprint(facts, "ru", options).address == "Uychi, 316"
    assert imprint(LibraryFacts(), "ky", options).institution == "From the environment"


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(LANGUAGES), st.text(min_size=1, max_size=5)), st.sampled_from(LANGUAGES))
def test_something_is_said_wherever_something_is_known(texts: dict[str, str], language: str) -> None:
    found = said(texts, language, "uz-Latn")
    assert found == texts[language] if language in texts else (found in texts.values()) == bool(texts)


def test_sections_survive_being_written() -> None:
    divisions = Divisions(all=(Division(code="a", names={"ru": "А"}, description={"ky": "Б"}),))
    assert from_facts(Section.FACULTIES, as_facts(divisions)) == divisions
    assert from_facts(Section.LIBRARY, {**as_facts(NAMANGAN), "of_a_later_release": {}}) == NAMANGAN
