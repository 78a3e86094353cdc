"""Work waits in its order, is shown beside what readers see, and is approved by others, one by one or many at once."""

from __future__ import annotations

import pytest

from library.db.unit_of_work import Database
from library.domain.access import GUEST
from library.domain.errors import NotEntitled, NotFound
from library.domain.marc import Dialect
from library.domain.record import Status
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing, Stamp
from library.services.review import Review
from tests.builders import a_marc21_record
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA, published


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


@pytest.fixture
def review(database: Database, cataloguing: Cataloguing) -> Review:
    return Review(database, cataloguing)


def _submitted(cataloguing: Cataloguing, title: str, actor: object = NODIRA) -> tuple[int, Stamp]:
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(title=title), actor=actor)  # type: ignore[arg-type]
    return number, cataloguing.submit(number, expected=Stamp(1, 1), actor=actor)  # type: ignore[arg-type]


def test_what_waits_longest_comes_first(cataloguing: Cataloguing, review: Review) -> None:
    first, second = (_submitted(cataloguing, title)[0] for title in ("Algebra", "Fizika"))
    cataloguing.create(Dialect.MARC21, a_marc21_record(title="Hali qoralama"), actor=NODIRA)
    queue = review.queue(0, actor=AZIZA)
    assert [(work.record_id, work.title) for work in queue.works] == [(first, "Algebra"), (second, "Fizika")]
    assert queue.total == 2
    assert [work.record_id for work in review.queue(1, actor=AZIZA).works] == [second]


def test_work_on_a_published_record_shows_what_it_changes_and_a_new_one_shows_all(
    cataloguing: Cataloguing, review: Review
) -> None:
    number = published(cataloguing, Dialect.MARC21, a_marc21_record(title="Algebra"))
    stamp = cataloguing.save(number, a_marc21_record(title="Algebra 2"), expected=Stamp(2), actor=NODIRA)
    shown = review.one(number, actor=AZIZA)
    assert len(shown.differences) == 1
    assert not shown.approvable
    cataloguing.submit(number, expected=stamp, actor=NODIRA)
    assert review.one(number, actor=AZIZA).approvable
    assert not review.one(number, actor=NODIRA).approvable
    new, _ = _submitted(cataloguing, "Yangi")
    (whole,) = review.one(new, actor=AZIZA).differences
    assert len(whole.added) == len(a_marc21_record().fields)
    assert whole.removed == ()


def test_of_many_each_stands_for_itself(cataloguing: Cataloguing, review: Review, database: Database) -> None:
    good, other = _submitted(cataloguing, "Algebra"), _submitted(cataloguing, "Fizika")
    own = _submitted(cataloguing, "Kimyo", BOTIR)
    stale = (other[0], Stamp(other[1].record, other[1].work + 5))
    outcomes = review.approve_many([good, own, stale, (999, Stamp(1, 1))], actor=BOTIR)
    assert [(one.record_id, one.problem is None) for one in outcomes] == [
        (good[0], True),
        (own[0], False),
        (other[0], False),
        (999, False),
    ]
    catalogue = Catalogue(database)
    assert catalogue.record(good[0]).record.status is Status.PUBLISHED
    assert catalogue.record(own[0]).record.status is Status.DRAFT
    assert [work.record_id for work in review.queue(0, actor=BOTIR).works] == [other[0], own[0]]


def test_those_who_may_not_do_not(cataloguing: Cataloguing, review: Review) -> None:
    number, stamp = _submitted(cataloguing, "Algebra")
    with pytest.raises(NotEntitled):
        review.approve_many([(number, stamp)], actor=NODIRA)
    with pytest.raises(NotEntitled):
        review.queue(0, actor=GUEST)
    with pytest.raises(NotFound):
        review.one(published(cataloguing, Dialect.MARC21, a_marc21_record()), actor=AZIZA)
