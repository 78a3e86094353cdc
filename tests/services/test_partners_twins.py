"""Records of partners that may be here already: found by what tells them apart, and never merged silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from library.db.unit_of_work import Database
from library.domain.access import GUEST
from library.domain.errors import InvalidPartner, NotEntitled, NotFound
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.services.cataloguing import Cataloguing
from library.services.duplicates import Duplicates, Sameness, Sought
from tests.builders import a_field, a_marc21_record
from tests.conftest import Clock
from tests.harvest.oai_partner import Repository, works
from tests.services.partner_room import Room, later, room
from tests.staff import BOTIR, NODIRA, published

SAME_DOI = b"</dc:creator><dc:identifier>https://doi.org/10.1234/SUV.7</dc:identifier><dc:creator>X"


def test_a_doi_in_another_case_is_the_same_and_says_more_than_an_isbn(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    plain = a_marc21_record("k1", title="Algebra")
    marc = plain.with_fields([*plain.fields, a_field("024", "7 ", a="10.1234/suv.7", **{"2": "doi"})])
    ours = published(Cataloguing(database, clock), Dialect.MARC21, marc)
    repository = Repository(works(3))
    repository.works[0].inside = SAME_DOI
    with room(database, tmp_path, repository) as here:
        here.harvest()
        (pair,) = here.twins.page((0, 0), 10, actor=NODIRA)
        assert (pair.other.id, pair.sameness) == (ours, Sameness.DOI)
        assert len(here.shown()) == 3, "nothing is hidden before a person says so"
    with database.reading() as view:
        theirs, mine = (view.records.described(number).description for number in (pair.theirs.id, ours))
    found = Duplicates(database).find(Sought.described(theirs, besides=pair.theirs.id), actor=NODIRA)
    assert [(one.record.id, one.sameness) for one in found] == [(ours, Sameness.DOI)]
    both = Sought(isbns=mine.isbns, dois=("10.1234/SUV.7",), besides=pair.theirs.id)
    assert [one.sameness for one in Duplicates(database).find(both, actor=NODIRA)] == [Sameness.DOI]


def _pair(here: Room) -> tuple[int, int]:
    here.harvest()
    (pair,) = here.twins.page((0, 0), 10, actor=NODIRA)
    here.twins.decide(pair.theirs.id, pair.other.id, same=True, actor=NODIRA)
    assert "oai:partner.example:1" not in here.shown()
    return pair.theirs.id, pair.other.id


def _with_ours(cataloguing: Cataloguing) -> Repository:
    plain = a_marc21_record("k1", title="Algebra")
    published(
        cataloguing,
        Dialect.MARC21,
        plain.with_fields([*plain.fields, a_field("024", "7 ", a="10.1234/suv.7", **{"2": "doi"})]),
    )
    repository = Repository(works(20))
    repository.works[0].inside = SAME_DOI
    return repository


def test_same_is_taken_back_and_the_record_goes_on_following_its_partner(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    cataloguing = Cataloguing(database, clock)
    with room(database, tmp_path, _with_ours(cataloguing)) as here:
        theirs, ours = _pair(here)
        (decided,) = here.twins.decided((0, 0), 10, actor=NODIRA)
        assert (decided.theirs.id, decided.other.id, decided.partner) == (theirs, ours, "Hamkor kutubxona")
        here.twins.undo(theirs, ours, actor=NODIRA)
        assert "oai:partner.example:1" in here.shown()
        assert here.twins.decided((0, 0), 10, actor=NODIRA) == []
        assert [pair.theirs.id for pair in here.twins.page((0, 0), 10, actor=NODIRA)] == [theirs]
        with database.reading() as view:
            assert view.partner_records.same_as(theirs) is None
            (first, second) = view.deposits.events([f"record:{theirs}"], [Deed.TWIN_DECIDED])
        assert (first.actor, second.actor) == (NODIRA.key, NODIRA.key)
        with pytest.raises(NotFound):
            here.twins.undo(theirs, ours, actor=NODIRA)
        here.repository.works[0].changed = later(here.repository, 5)
        here.repository.works[0].inside += b" II"
        assert here.harvest().counts.changed == 1


def test_what_the_partner_deleted_meanwhile_is_hidden_again(database: Database, tmp_path: Path, clock: Clock) -> None:
    with room(database, tmp_path, _with_ours(Cataloguing(database, clock))) as here:
        theirs, ours = _pair(here)
        work = here.repository.works[0]
        work.deleted, work.changed = True, later(here.repository, 5)
        assert here.harvest().counts.gone == 0
        here.twins.undo(theirs, ours, actor=NODIRA)
        while here.harvesting.step():
            pass
        assert "oai:partner.example:1" not in here.shown()


def test_what_was_edited_since_or_has_no_partner_any_more_stays_hidden(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    cataloguing = Cataloguing(database, clock)
    with room(database, tmp_path, _with_ours(cataloguing)) as here:
        theirs, ours = _pair(here)
        place = cataloguing.workplace(theirs, actor=NODIRA)
        stamp = cataloguing.save(theirs, a_marc21_record("x", title="Tahrir"), expected=place.stamp, actor=NODIRA)
        with pytest.raises(InvalidPartner, match="edited here"):
            here.twins.undo(theirs, ours, actor=NODIRA)
        cataloguing.discard(theirs, expected=stamp, actor=NODIRA)
        kept = here.partners.get(here.partner_id, actor=BOTIR)
        here.partners.remove(here.partner_id, expected=kept.version, actor=BOTIR)
        with pytest.raises(InvalidPartner, match="no longer harvested"):
            here.twins.undo(theirs, ours, actor=NODIRA)
        with pytest.raises(NotEntitled):
            here.twins.undo(theirs, ours, actor=GUEST)
