"""The facet of availability knows full texts by the widest thing that may be done with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from library.domain.access_level import AccessLevel, Rights
from library.domain.document import DocumentState
from library.domain.record import Status
from library.projections.ways_to_read import ways_to_read
from tests.documents import a_document


def test_levels_are_named_once_from_the_widest_on() -> None:
    files = [
        replace(a_document(1, level), record_status=Status.PUBLISHED)
        for level in (AccessLevel.VIEW_ONLY, AccessLevel.OPEN, AccessLevel.VIEW_ONLY, AccessLevel.CLOSED)
    ]
    assert ways_to_read(files) == ("open", "view-only")
    assert ways_to_read([]) == ()


def test_what_readers_are_not_told_of_is_not_counted() -> None:
    published = replace(a_document(1), record_status=Status.PUBLISHED)
    hidden = [
        replace(published, approved=None),
        replace(published, record_status=Status.DRAFT),
        *(replace(published, state=state) for state in DocumentState if state is not DocumentState.KEPT),
    ]
    assert ways_to_read(hidden) == ()


def test_an_embargo_is_a_matter_of_the_day_and_not_of_the_index() -> None:
    later = Rights(level=AccessLevel.OPEN, embargo_until=date(2099, 1, 1))
    assert ways_to_read([replace(a_document(1), record_status=Status.PUBLISHED, rights=later)]) == ("open",)
