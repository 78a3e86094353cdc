"""Names in their accepted form: found by every other form, in every script, and merged with everything seen before."""

from __future__ import annotations

import pytest

from library.container import Container
from library.domain.authority import AuthorityKind
from library.domain.errors import InvalidAuthority, NotEntitled, StaleVersion
from library.domain.marc import Dialect
from library.services.authorities import Wanted
from library.services.search import SearchRequest
from tests.builders import a_marc21_record
from tests.staff import AZIZA, NODIRA, published

PERSON = AuthorityKind.PERSON
SOATOV = Wanted(kind=PERSON, heading="Soatov, Yo. U.", forms=("Саатов, Ё. У.", "Soatov, Yoqub Uralovich"))


def _work(container: Container) -> None:
    while container.worker.step(lambda _: False):
        pass


def _found(container: Container, words: str) -> list[int]:
    return [record.id for record in container.search.run(SearchRequest(words=words)).records]


@pytest.fixture
def library(container: Container) -> Container:
    published(container.cataloguing, Dialect.MARC21, a_marc21_record("a", title="Oliy matematika"))
    published(container.cataloguing, Dialect.MARC21, a_marc21_record("b", title="Algebra", author="Soatov, Y."))
    published(container.cataloguing, Dialect.MARC21, a_marc21_record("c", title="Botanika", author="Aliyev, A."))
    container.indexing.rebuild()
    return container


def test_a_record_is_found_by_a_form_that_it_does_not_bear(library: Container) -> None:
    assert _found(library, "uralovich") == []
    number = library.authorities.add(SOATOV, actor=NODIRA)
    _work(library)
    assert _found(library, "uralovich") == [1]
    assert _found(library, "author:Уралович") == [1]
    library.indexing.rebuild()
    assert _found(library, "Yoqub Soatov") == [1]

    authority = library.authorities.get(number, actor=AZIZA)
    without = Wanted(kind=PERSON, heading=SOATOV.heading, forms=("Саатов, Ё. У.",))
    library.authorities.change(number, without, expected=authority.version, actor=NODIRA)
    _work(library)
    assert _found(library, "uralovich") == []


@pytest.mark.parametrize("typed", ["soat", "Соат", "СААТ", "Soatov, Yo", "саатов ё"])
def test_a_name_is_offered_whichever_form_and_alphabet_is_typed(library: Container, typed: str) -> None:
    number = library.authorities.add(SOATOV, actor=NODIRA)
    (offered,) = library.authorities.suggested(PERSON, typed, actor=NODIRA)
    assert (offered.authority_id, offered.heading) == (number, "Soatov, Yo. U.")
    assert library.authorities.suggested(AuthorityKind.SUBJECT, typed, actor=NODIRA) == []


def test_one_form_does_not_stand_for_two(library: Container) -> None:
    library.authorities.add(SOATOV, actor=NODIRA)
    with pytest.raises(InvalidAuthority, match="already"):
        library.authorities.add(Wanted(kind=PERSON, heading="Соатов, Ё. У."), actor=NODIRA)
    library.authorities.add(Wanted(kind=AuthorityKind.SUBJECT, heading="Soatov, Yo. U."), actor=NODIRA)


def test_what_is_merged_answers_for_both_and_a_batch_waits_for_approval(library: Container) -> None:
    stays = library.authorities.add(SOATOV, actor=NODIRA)
    goes = library.authorities.add(Wanted(kind=PERSON, heading="Soatov, Y.", forms=("Соатов, Й.",)), actor=NODIRA)
    merging = library.authorities.merging(goes, stays, actor=NODIRA)
    assert merging.records == (2,)
    assert merging.forms == (*SOATOV.forms, "Soatov, Y.", "Соатов, Й.")
    batch = library.authorities.merge(goes, stays, expected=(1, 1), actor=NODIRA)
    assert batch is not None
    _work(library)
    assert sorted(_found(library, "uralovich")) == [1, 2]
    assert library.catalogue.record(2).record.marc.first("100", "a") == "Soatov, Y."
    (shown,) = library.batches.preview(batch, 0, 9, actor=AZIZA)
    assert "Soatov, Yo. U." in str(shown.differences[0].added)

    library.batches.submit(batch, actor=NODIRA)
    library.batches.approve(batch, actor=AZIZA)
    while library.batches.step():
        pass
    assert library.catalogue.record(2).record.marc.first("100", "a") == "Soatov, Yo. U."
    assert library.authorities.suggested(PERSON, "Soatov, Y", actor=NODIRA)[0].authority_id == stays
    with pytest.raises(InvalidAuthority):
        library.authorities.merging(goes, stays, actor=NODIRA)
    with pytest.raises(InvalidAuthority):
        library.authorities.merging(stays, stays, actor=NODIRA)


def test_headings_that_no_record_of_names_has_are_listed_with_those_that_look_like_them(library: Container) -> None:
    number = library.authorities.add(SOATOV, actor=NODIRA)
    rest = library.authorities.unlinked(PERSON, 10, actor=AZIZA)
    assert {one.heading: one.count for one in rest} == {"Soatov, Y.": 1, "Aliyev, A.": 1}
    (like,) = next(one for one in rest if one.heading == "Soatov, Y.").candidates
    assert like.authority_id == number
    library.authorities.add_form(number, "Soatov, Y.", actor=NODIRA)
    assert [one.heading for one in library.authorities.unlinked(PERSON, 10, actor=AZIZA)] == ["Aliyev, A."]


def test_two_people_do_not_overwrite_each_other(library: Container) -> None:
    number = library.authorities.add(SOATOV, actor=NODIRA)
    library.authorities.change(number, SOATOV, expected=1, actor=NODIRA)
    with pytest.raises(StaleVersion):
        library.authorities.change(number, SOATOV, expected=1, actor=NODIRA)
    with pytest.raises(NotEntitled):
        library.authorities.add(Wanted(kind=PERSON, heading="X"), actor=AZIZA)


@pytest.mark.parametrize("heading", ["", "   ", "x" * 301, "a\nb\x00", "!!!"])
def test_what_is_no_name_is_told(library: Container, heading: str) -> None:
    with pytest.raises(InvalidAuthority):
        library.authorities.add(Wanted(kind=PERSON, heading=heading), actor=NODIRA)
