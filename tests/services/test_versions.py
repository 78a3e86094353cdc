"""Every version stays to be read, compared and restored; what is restored needs a second person again."""

from __future__ import annotations

import pytest

from library.db.unit_of_work import Database
from library.domain.access import GUEST
from library.domain.errors import FourEyes, InvalidRecord, NotEntitled, NotFound, RecordNotFound
from library.domain.marc import DataField, Dialect, Subfield
from library.services.cataloguing import Cataloguing, Stamp
from library.services.versions import Versions
from tests.builders import a_field, a_marc21_record, an_irbis_record
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA, published, revised

ALGEBRA = a_marc21_record(title="Algebra")
ALGEBRA_2 = a_marc21_record(title="Algebra 2")


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


@pytest.fixture
def versions(database: Database) -> Versions:
    return Versions(database)


def test_the_history_says_who_made_and_who_approved_each_version(cataloguing: Cataloguing, versions: Versions) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    revised(cataloguing, number, ALGEBRA_2)
    history = versions.history(number, actor=AZIZA)
    assert history.title == "Algebra 2"
    assert [(state.version, state.changed_by, state.approved_by) for state in history.states] == [
        (3, NODIRA.key, AZIZA.key),
        (2, NODIRA.key, AZIZA.key),
        (1, NODIRA.key, ""),
    ]
    assert history.work is None


def test_any_two_versions_are_compared(cataloguing: Cataloguing, versions: Versions) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    revised(cataloguing, number, ALGEBRA_2)
    (place,) = versions.compare(number, 1, 3, actor=AZIZA).differences
    assert place.removed == (a_field("245", "10", a="Algebra", c="Soatov, Yo. U."),)
    assert place.added == (a_field("245", "10", a="Algebra 2", c="Soatov, Yo. U."),)
    assert versions.compare(number, 3, 1, actor=AZIZA).differences[0].added == place.removed
    assert versions.compare(number, 2, 2, actor=AZIZA).differences == ()
    with pytest.raises(NotFound, match="no version 9"):
        versions.compare(number, 1, 9, actor=AZIZA)
    with pytest.raises(RecordNotFound):
        versions.compare(number + 1, 1, 1, actor=AZIZA)
    with pytest.raises(NotEntitled):
        versions.history(number, actor=GUEST)


def test_an_earlier_version_comes_back_through_a_second_person(cataloguing: Cataloguing, versions: Versions) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    revised(cataloguing, number, ALGEBRA_2)
    stamp = cataloguing.restore(number, 2, expected=Stamp(3), actor=BOTIR)
    assert versions.history(number, actor=BOTIR).states[0].marc == ALGEBRA_2
    stamp = cataloguing.submit(number, expected=stamp, actor=BOTIR)
    with pytest.raises(FourEyes):
        cataloguing.approve(number, expected=stamp, actor=BOTIR)
    assert cataloguing.approve(number, expected=stamp, actor=AZIZA) == 4
    assert versions.history(number, actor=BOTIR).states[0].marc == ALGEBRA
    with pytest.raises(NotFound, match="no version 17"):
        cataloguing.restore(number, 17, expected=Stamp(4), actor=NODIRA)


def test_what_no_form_would_let_pass_is_kept_as_a_draft_but_not_submitted(cataloguing: Cataloguing) -> None:
    book = an_irbis_record()
    # An article names the journal that it stands in.
    article = book.with_fields([DataField("920", "  ", (Subfield("", "ASP"),)), *book.fields[1:]])
    number = cataloguing.create(Dialect.IRBIS, article, actor=NODIRA)
    stamp = cataloguing.save(number, article, expected=Stamp(1, 1), actor=NODIRA)
    with pytest.raises(InvalidRecord):
        cataloguing.submit(number, expected=stamp, actor=NODIRA)
    assert cataloguing.workplace(number, actor=NODIRA).stamp == stamp
