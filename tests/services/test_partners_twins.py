"""Records of partners that may be here already: found by what tells them apart, and never merged silently."""

from __future__ import annotations

from pathlib import Path

from library.db.unit_of_work import Database
from library.domain.marc import Dialect
from library.services.cataloguing import Cataloguing
from library.services.duplicates import Duplicates, Sameness, Sought
from tests.builders import a_field, a_marc21_record
from tests.conftest import Clock
from tests.harvest.oai_partner import Repository, works
from tests.services.partner_room import room
from tests.staff import NODIRA, published

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
