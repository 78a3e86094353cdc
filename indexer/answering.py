"""How a query is answered, whichever engine looks: strictly first, loosened if that finds nothing, then a suggestion.

An engine gives a `View` of itself; everything that decides what a reader gets to see is here, so that all engines
answer alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Protocol

from indexer.analysis import Analyser, Word, split
from indexer.fields import SEARCHED, IndexField
from indexer.folding import loosened
from indexer.model import Completion, Query, Results
from indexer.plan import AllOf, AnyOf, Plan, PrefixIn, WordIn, beginnings, make_plan
from indexer.queries import SearchField
from indexer.spelling import Near, forgiven
from indexer.typed import respelled, typed

# Up to so many hits a reader is asked whether something else was meant.
_FEW = 2
_WORDS_TRIED = 4
_WORDS_RESPELLED = 12
_VALUES_LOOKED_AT = 40


class View(Protocol):
    """An index at one moment."""

    def answer(self, plan: Plan, query: Query, *, loose: bool) -> Results:
        """The page asked for, without a suggestion."""

    def count(self, plan: Plan, query: Query, *, loose: bool) -> int:
        """How many entries match and pass the filters."""

    def near(self, key: str) -> list[Near]:
        """Keys that are nearly this one, the best first."""

    def spelled(self, key: str, like: str) -> str:
        """The commonest spelling of a key, in the script of `like` if there is one."""

    def values(self, plan: Plan, field: IndexField, limit: int, *, loose: bool) -> list[tuple[str, int]]:
        """Titles, authors or subjects of matching entries, the commonest or newest first, and how many have them."""


def answer(view: View, query: Query) -> Results:
    """What a search gives."""
    plan = make_plan(query.match, Analyser())
    results = view.answer(plan, query, loose=False)
    if results.total == 0:
        close = view.answer(plan, query, loose=True)
        results = close if close.total else results
    if results.total > _FEW or query.page > 1:
        return results
    return replace(results, suggestion=_suggestion(view, query, plan, results.total))


def count(view: View, query: Query) -> int:
    """How many entries a search gives."""
    plan = make_plan(query.match, Analyser())
    return view.count(plan, query, loose=False) or view.count(plan, query, loose=True)


def _suggestion(view: View, query: Query, plan: Plan, found: int) -> str | None:
    """The query with one or more words respelled, if that finds more."""
    words = [word for word in dict.fromkeys(_words(plan)) if forgiven(word.keys[0])]
    if len(words) > _WORDS_RESPELLED:
        return None
    everywhere = Query()
    known = {word: _known(view, word, everywhere) for word in words}
    spellings: dict[str, str] = {}
    for word in words:
        if not known[word]:
            near = view.near(word.keys[0])
            if not near:
                return None
            spellings[word.surface] = view.spelled(near[0].key, word.surface)
    # A word that stands nowhere is surely wrong; if all stand somewhere, any of them may be.
    wrong = [word for word in words if not known[word]][:1] or sorted(words, key=known.__getitem__)[:_WORDS_TRIED]
    for word in wrong:
        for near_key in view.near(word.keys[0]):
            if near_key.documents <= known[word]:
                continue
            tried = respelled(query.match, spellings | {word.surface: view.spelled(near_key.key, word.surface)})
            if count(view, replace(query, match=tried)) > found:
                return typed(tried)
    return None


def _known(view: View, word: Word, query: Query) -> int:
    plan = WordIn(SEARCHED[SearchField.ANY], word)
    return view.count(plan, query, loose=False) or view.count(plan, query, loose=True)


def _words(plan: Plan) -> Iterator[Word]:
    match plan:
        case WordIn(_, word):
            yield word
        case AllOf(plans) | AnyOf(plans):
            for part in plans:
                yield from _words(part)
        case _:
            return


_COMPLETED = {
    SearchField.TITLE: (IndexField.TITLE,),
    SearchField.AUTHOR: (IndexField.AUTHOR,),
    SearchField.SUBJECT: (IndexField.SUBJECT,),
}


def complete(view: View, text: str, field: SearchField, limit: int) -> tuple[Completion, ...]:
    """Titles, authors and subjects with all the words typed so far, the last one only begun."""
    surfaces = split(text)[: _WORDS_TRIED * 2]
    if not surfaces or limit <= 0:
        return ()
    analyser = Analyser()
    typed_words = _Typed([analyser.word(surface) for surface in surfaces[:-1]], beginnings(surfaces[-1]))
    fields = _COMPLETED.get(field, (IndexField.TITLE, IndexField.AUTHOR, IndexField.SUBJECT))
    for loose in (False, True):
        found = [_completions(view, typed_words, field, limit, analyser, loose=loose) for field in fields]
        if any(found):
            # One of each kind in turn, so that none crowds the others out.
            mixed = chain.from_iterable(zip_longest(*found))
            return tuple(completion for completion in mixed if completion is not None)[:limit]
    return ()


class _Typed:
    """What has been typed of a title or name."""

    def __init__(self, whole: Sequence[Word], begun: tuple[str, ...]) -> None:
        self._whole = whole
        self._begun = begun
        self._begun_loose = tuple(form for beginning in begun for form in loosened(beginning))

    def plan(self, field: IndexField) -> Plan:
        """What the entries match that may have it."""
        parts: list[Plan] = [WordIn((field,), word) for word in self._whole]
        return AllOf((*parts, PrefixIn((field,), self._begun)))

    def place_in(self, value: str, analyser: Analyser, *, loose: bool) -> int | None:
        """The number of the first word of a value that was typed; None if the value lacks one."""
        surfaces = split(value)
        begun = [place for place, surface in enumerate(surfaces) if self._is_begun(surface, analyser, loose=loose)]
        if not begun:
            return None
        words = [analyser.word(surface) for surface in surfaces] if self._whole else []
        places = [
            [place for place, word in enumerate(words) if _same(word, wanted, loose=loose)] for wanted in self._whole
        ]
        return min(map(min, [*places, begun])) if all(places) else None

    def _is_begun(self, surface: str, analyser: Analyser, *, loose: bool) -> bool:
        keys = analyser.keys(surface)
        if loose and any(form.startswith(self._begun_loose) for key in keys for form in loosened(key)):
            return True
        return any(key.startswith(self._begun) for key in keys)


def _same(word: Word, wanted: Word, *, loose: bool) -> bool:
    same = not {*word.keys, *word.stems, *word.parts}.isdisjoint((*wanted.keys, *wanted.stems))
    return same or (loose and not set(word.loose).isdisjoint(wanted.loose))


def _completions(
    view: View, typed_words: _Typed, field: IndexField, limit: int, analyser: Analyser, *, loose: bool
) -> list[Completion]:
    found = []
    for value, entries in view.values(typed_words.plan(field), field, _VALUES_LOOKED_AT, loose=loose):
        place = typed_words.place_in(value, analyser, loose=loose)
        if place is not None:
            found.append((place > 0, -entries, value))
    found.sort(key=lambda row: row[:2])
    return [
        Completion(text=value, field=SearchField(field.value), entries=-entries) for _, entries, value in found[:limit]
    ]
