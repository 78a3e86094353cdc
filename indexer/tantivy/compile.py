"""Plans as queries of Tantivy's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice, product

import tantivy
from tantivy import Occur
from tantivy import Query as TantivyQuery

from indexer.analysis import Word
from indexer.fields import WEIGHTS, IndexField
from indexer.folding import loosened
from indexer.model import Facet, Query
from indexer.plan import AllOf, AnyOf, PhraseIn, Plan, PrefixIn, Whatever, Without, WordIn
from indexer.tantivy.schema import (
    NO_LETTERS,
    YEAR,
    bounded_year,
    exact_form,
    facet_field,
    facet_term,
    forms_field,
    loose_field,
)

# What a match by each form adds; a word spelled exactly so has them all.
_EXACT, _FOLDED, _STEMMED, _LOOSENED = 0.2, 0.3, 0.5, 0.3
_CONSTANT_SCORE = 0.5
# A phrase of many words with two keys each could be asked for in thousands of ways.
_FORMS = 64
# The signs that may stand in a form and mean something in a regular expression.
_SIGNS = re.compile(r"[.-]")


class Compiler:
    """Compiles for one schema, strict or loosened."""

    def __init__(self, schema: tantivy.Schema, *, loose: bool) -> None:
        self._schema = schema
        self._loose = loose

    def query(self, plan: Plan) -> TantivyQuery:  # noqa: PLR0911 - one a kind of plan
        """The query of a plan."""
        match plan:
            case WordIn(fields, word):
                return any_of(form for field in fields for form in self._word(field, word))
            case PhraseIn(fields, words):
                found = any_of(phrase for field in fields for phrase in self._phrase(field, words))
                return TantivyQuery.const_score_query(found, _CONSTANT_SCORE * len(words))
            case PrefixIn(fields, beginnings):
                found = any_of(part for field in fields for part in self._prefix(field, beginnings))
                return TantivyQuery.const_score_query(found, _CONSTANT_SCORE)
            case AllOf(plans):
                return self._all(plans)
            case AnyOf(plans):
                return any_of(map(self.query, plans))
            case Without():
                return self._all((plan,))
            case Whatever():
                return _everything()

    def _all(self, plans: Sequence[Plan]) -> TantivyQuery:
        """What is excluded is taken off at last, all at once; if nothing is wanted, from all entries."""
        strict = Compiler(self._schema, loose=False)
        wanted = [(Occur.Must, self.query(part)) for part in plans if not isinstance(part, Without)]
        excluded = [(Occur.MustNot, strict.query(part.plan)) for part in plans if isinstance(part, Without)]
        return TantivyQuery.boolean_query((wanted or [(Occur.Must, _everything())]) + excluded)

    def _word(self, field: IndexField, word: Word) -> list[TantivyQuery]:
        forms = forms_field(field)
        weighed = [(field.value, key or NO_LETTERS, _FOLDED) for key in word.keys]
        weighed += [(forms, stem, _STEMMED) for stem in word.stems]
        weighed.append((forms, exact_form(word.surface), _EXACT))
        if self._loose:
            weighed += [(loose_field(field), loose or NO_LETTERS, _LOOSENED) for loose in word.loose]
        return [
            TantivyQuery.boost_query(TantivyQuery.term_query(self._schema, where, form), WEIGHTS[field] * worth)
            for where, form, worth in weighed
        ]

    def _phrase(self, field: IndexField, words: Sequence[Word]) -> list[TantivyQuery]:
        where = loose_field(field) if self._loose else field.value
        choices = [[key or NO_LETTERS for key in (word.loose if self._loose else word.keys)] for word in words]
        return [
            TantivyQuery.phrase_query(self._schema, where, list(keys)) for keys in islice(product(*choices), _FORMS)
        ]

    def _prefix(self, field: IndexField, beginnings: Sequence[str]) -> list[TantivyQuery]:
        if not self._loose:
            return [self._beginning(field.value, beginning) for beginning in beginnings]
        loose = {form for beginning in beginnings for form in loosened(beginning)}
        return [self._beginning(loose_field(field), form) for form in sorted(loose)]

    def _beginning(self, field: str, beginning: str) -> TantivyQuery:
        return TantivyQuery.regex_query(self._schema, field, _SIGNS.sub(r"\\\g<0>", beginning) + ".*")


def any_of(queries: Iterable[TantivyQuery]) -> TantivyQuery:
    """What at least one matches."""
    parts = [(Occur.Should, query) for query in queries]
    return TantivyQuery.boolean_query(parts) if parts else TantivyQuery.empty_query()


def all_of(queries: Iterable[TantivyQuery]) -> TantivyQuery:
    """What all match; all entries if there are none."""
    parts = [(Occur.Must, query) for query in queries]
    return TantivyQuery.boolean_query(parts) if parts else TantivyQuery.all_query()


def _everything() -> TantivyQuery:
    """All entries, all alike."""
    return TantivyQuery.const_score_query(TantivyQuery.all_query(), 0.0)


def filters(schema: tantivy.Schema, query: Query) -> dict[Facet, TantivyQuery]:
    """For each facet that is filtered by, what passes. A range of years is the year facet's."""
    passing: dict[Facet, list[TantivyQuery]] = {}
    for facet, values in query.filters.items():
        if values:
            terms = [facet_term(facet, value) for value in sorted(values)]
            passing[facet] = [TantivyQuery.term_set_query(schema, facet_field(facet), terms)]
    if query.years is not None:
        bounds = [None if year is None else bounded_year(year) for year in (query.years.first, query.years.last)]
        first, last = (
            (bounds[0] if bounds[0] is not None else -32_767),
            (bounds[1] if bounds[1] is not None else 32_767),
        )
        passing.setdefault(Facet.YEAR, []).append(
            TantivyQuery.range_query(schema, YEAR, tantivy.FieldType.Integer, first, last)
            if first <= last
            else TantivyQuery.empty_query()
        )
    return {facet: TantivyQuery.const_score_query(all_of(queries), 0.0) for facet, queries in passing.items()}
