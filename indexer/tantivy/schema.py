"""What Tantivy keeps of an entry. All words come with their forms made; Tantivy only splits at spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import tantivy

from indexer.analysis import Analyser, Word
from indexer.facets import values_of
from indexer.fields import EntryWords, IndexField, Tokens, words_of
from indexer.model import Entry, Facet
from indexer.sorting import alphabet_of, sort_key

# Raise it whenever what is written changes its meaning: the worker then rebuilds.
SCHEMA_VERSION = 3

KEY, TITLE, SPELLING = "key", "shown_title", "spelling"
NEWEST, OLDEST, YEAR, NEWNESS = "newest", "oldest", "year_number", "newness"
TITLE_ORDER, AUTHOR_ORDER = "title_order", "author_order"
NO_YEAR = 40_000
FIRST_YEAR, LAST_YEAR = -32_767, 32_767
_TOKENIZER = "spaces"
_SORT_KEY_LENGTH = 48
# How much at most a newer edition is raised, as in the other engine.
_NEWNESS, _NEWNESS_FROM, _NEWNESS_YEARS = 0.06, 1950, 80
# A word no key can be: between two values, and for a key without a letter.
BREAK, NO_LETTERS = "|", "·"
# Facets with so many values that Tantivy would take longer to name those of a page than to count them.
CODED = frozenset({Facet.AUTHOR, Facet.SUBJECT})
_BIBLIOGRAPHIC = (IndexField.TITLE, IndexField.AUTHOR, IndexField.SUBJECT, IndexField.PUBLISHER, IndexField.REST)
_MEMORY = 200_000


def schema() -> tantivy.Schema:
    """For each field its keys and loose keys with their places, and the other forms; for each facet a column."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(KEY, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TITLE, stored=True, tokenizer_name="raw", index_option="basic")
    for field in IndexField:
        builder.add_text_field(field.value, tokenizer_name=_TOKENIZER, index_option="position")
        builder.add_text_field(loose_field(field), tokenizer_name=_TOKENIZER, index_option="position")
        builder.add_text_field(forms_field(field), tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_text_field(SPELLING, tokenizer_name=_TOKENIZER, index_option="basic")
    for facet in Facet:
        coded = facet in CODED
        builder.add_text_field(facet_field(facet), tokenizer_name="raw", index_option="basic", fast=not coded)
        if coded:
            builder.add_integer_field(code_field(facet), fast=True)
    for order in (TITLE_ORDER, AUTHOR_ORDER):
        builder.add_text_field(order, tokenizer_name="raw", index_option="basic", fast=True)
    for number in (NEWEST, OLDEST):
        builder.add_integer_field(number, fast=True)
    builder.add_integer_field(YEAR, indexed=True, fast=True)
    builder.add_float_field(NEWNESS, fast=True)
    return builder.build()


def forms_field(field: IndexField) -> str:
    """Where the stems and spellings of a field are."""
    return f"{field.value}_forms"


def loose_field(field: IndexField) -> str:
    """Where the loose keys of a field are."""
    return f"{field.value}_loose"


def facet_field(facet: Facet) -> str:
    """Where the terms of the values of a facet are."""
    return f"facet_{facet.value}"


def code_field(facet: Facet) -> str:
    """Where the codes of the values of a facet are that has them."""
    return f"code_{facet.value}"


def code_of(value: str) -> int:
    """A number that only this value has, to count by; 63 bits are enough for ever."""
    return int.from_bytes(blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1


def facet_term(facet: Facet, value: str) -> str:
    """The term of a value; where values have codes, it tells which value has which."""
    return code_mark(code_of(value)) + value if facet in CODED else value


def value_of(facet: Facet, term: str) -> str:
    """The value of a term."""
    return term.partition("=")[2] if facet in CODED else term


def code_mark(code: int) -> str:
    """What the term of the value with this code begins with."""
    return f"{code}="


def prepare(index: tantivy.Index) -> tantivy.Index:
    """Tell an opened index how to split."""
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, analyzer)
    return index


def exact_form(surface: str) -> str:
    """The form that only the same spelling has."""
    return "=" + surface


def spelling_form(key: str, surface: str) -> str:
    """What tells the spellings of a key."""
    return f"{key}={surface}"


@dataclass(frozen=True, slots=True)
class _Forms:
    """A word as Tantivy is given it."""

    keys: tuple[str, ...]
    loose: tuple[str, ...]
    others: str
    spelling: str


class Documents:
    """Makes documents of entries. What is known of a word is kept, as words come again. Not for several threads."""

    def __init__(self) -> None:
        self._analyser = Analyser()
        self._known: dict[str, _Forms] = {}

    def document(self, entry: Entry) -> tuple[tantivy.Document, EntryWords]:
        """The document of an entry, and its words."""
        words = words_of(entry)
        document = tantivy.Document()
        document.add_text(KEY, entry.key)
        document.add_text(TITLE, entry.title)
        for field, values in words.fields.items():
            self._add_field(document, field, values)
        spellings = {
            self._forms(word).spelling
            for field in _BIBLIOGRAPHIC
            for values in words.fields.get(field, ())
            for word in values
        }
        document.add_text(SPELLING, " ".join(spellings))
        for facet in Facet:
            for value in values_of(entry, facet):
                document.add_text(facet_field(facet), facet_term(facet, value))
                if facet in CODED:
                    document.add_integer(code_field(facet), code_of(value))
        self._add_order(document, entry)
        return document, words

    def _add_field(self, document: tantivy.Document, field: IndexField, values: Tokens) -> None:
        rows = [[self._forms(word) for word in value] for value in values]
        _add_placed(document, field.value, [[word.keys for word in row] for row in rows])
        _add_placed(document, loose_field(field), [[word.loose for word in row] for row in rows])
        others = dict.fromkeys(word.others for row in rows for word in row)
        document.add_text(forms_field(field), " ".join(others))

    def _forms(self, surface: str) -> _Forms:
        forms = self._known.get(surface)
        if forms is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            forms = self._known[surface] = _forms(self._analyser.word(surface))
        return forms

    def _add_order(self, document: tantivy.Document, entry: Entry) -> None:
        author = entry.creators[0] if entry.creators else ""
        for order, text in ((TITLE_ORDER, entry.title), (AUTHOR_ORDER, author)):
            if key := sort_key(text, alphabet_of(text, entry.languages))[:_SORT_KEY_LENGTH]:
                document.add_text(order, key)
        newness = 0.0
        if entry.year is not None:
            year = bounded_year(entry.year)
            document.add_integer(YEAR, year)
            newness = max(0.0, min(1.0, (year - _NEWNESS_FROM) / _NEWNESS_YEARS))
        document.add_integer(NEWEST, -NO_YEAR if entry.year is None else bounded_year(entry.year))
        document.add_integer(OLDEST, NO_YEAR if entry.year is None else bounded_year(entry.year))
        document.add_float(NEWNESS, 1 + _NEWNESS * newness)


def bounded_year(year: int) -> int:
    """A year as it is kept: those that can be none are all one."""
    return max(FIRST_YEAR, min(LAST_YEAR, year))


def _forms(word: Word) -> _Forms:
    keys = tuple(key or NO_LETTERS for key in (*word.keys, *word.parts))
    loose = tuple(key or NO_LETTERS for key in word.loose)
    return _Forms(keys, loose, " ".join((*word.stems, exact_form(word.surface))), spelling_form(keys[0], word.surface))


def _add_placed(document: tantivy.Document, field: str, rows: Sequence[Sequence[tuple[str, ...]]]) -> None:
    """Add words with their places; splitting a text is ten times quicker, but gives each place one form only."""
    if all(len(forms) == 1 for row in rows for forms in row):
        document.add_text(field, f" {BREAK} ".join(" ".join(forms[0] for forms in row) for row in rows))
        return
    tokens = []
    place = 0
    for row in rows:
        for forms in row:
            tokens += [tantivy.Token(form, place, 0, 0) for form in forms]
            place += 1
        place += 1
    document.add_pre_tokenized_text(field, tantivy.PreTokenizedString("", tokens))
