"""What every search engine must answer; each engine's test module derives its class from this."""

import pytest

from indexer.model import Entry, Facet, Query, Sort, Years
from indexer.parsing import parse
from indexer.queries import And, InField, Not, Or, Phrase, Prefix, SearchField, Words
from tests.contracts.search_index import ALL, SearchIndexCase


class AnswersContract(SearchIndexCase):
    """Words, order, facets, snippets, suggestions, completions."""

    # Words

    @pytest.mark.parametrize(
        ("typed", "keys"),
        [
            ("o'zbekiston", {"r1", "r2"}),
            ("Oʻzbekiston", {"r1", "r2"}),
            ("ÖZBEKISTON", {"r1", "r2"}),
            ("ўзбекистон тарихи", {"r1", "r2"}),
            ("o`zbekistonning tarixida", {"r1", "r2"}),
            ("karimov tarix", {"r1", "r2"}),
            ("каримов", {"r1", "r2", "r3"}),
            ("федорова", {"r3"}),
            ("фёдорова", {"r3"}),
            ("библиотека", {"r3"}),
            ("учебники", {"r3"}),
            ("histories", {"r1"}),
            ("өнөрдүн", {"r4"}),
            ("9789943011234", {"r1"}),
            ("978-9943-01-123-4", {"r1"}),
            ("INV20417", {"r1"}),
            ("INV-2041/7", {"r1"}),
            ("2015", {"r1"}),
            ("tarix 1995", {"r2"}),
            ("tarix navoiy", set()),
            ("!!! ???", set()),
            ("", {"r1", "r2", "r3", "r4", "r5"}),
        ],
    )
    def test_words_are_found_in_every_alphabet_and_form(self, index, typed, keys):
        assert self.found(index, typed) == keys

    @pytest.mark.parametrize(
        "typed", ["ozbekiston", "узбекистон", "онор", "ункур", "ункур жана", '"онор жана"', "онор*"]
    )
    def test_what_only_a_plain_keyboard_can_mean_is_a_close_match(self, index, typed):
        results = index.search(Query(match=parse(typed)))
        assert results.total
        assert all(hit.close for hit in results.hits)

    def test_close_matches_are_never_mixed_with_right_ones(self, index):
        index.apply([Entry(key="n1", title="Онор деген сөз")], [])
        results = index.search(Query(match=Words("онор")))
        assert [(hit.key, hit.close) for hit in results.hits] == [("n1", False)]

    def test_what_is_excluded_is_excluded_as_typed_even_in_a_loosened_search(self, index):
        assert self.found(index, "ozbekiston -ўзбекистон") == set()
        assert self.found(index, "ozbekiston -uzbekiston") == {"r1", "r2"}

    @pytest.mark.parametrize(
        ("match", "keys"),
        [
            (Phrase("ўзбекистон тарихи"), {"r1", "r2"}),
            (Phrase("tarixi o'zbekiston"), set()),
            (Phrase("qadimgi kutubxonalar haqida"), {"r1"}),
            # From the last word of one page to the first of the next, but not from title to other title.
            (Phrase("so'zboshi ikkinchi"), {"r1"}),
            (Phrase("tarixi history"), set()),
            (Phrase("tarix arxivlar"), set()),
            (Phrase("Федорова Анна"), {"r3"}),
            (Phrase("kutubxonalar"), {"r1"}),
            (Prefix("кутубх"), {"r1"}),
            (Prefix("o"), {"r1", "r2", "r4"}),
            (Prefix("s"), {"r1", "r5"}),
            (Prefix("библ"), {"r3"}),
            (Prefix("zzz"), set()),
            (InField(SearchField.TITLE, Words("karimov")), set()),
            (InField(SearchField.AUTHOR, Words("каримов акмал")), {"r1", "r2", "r3"}),
            (InField(SearchField.SUBJECT, Words("tarix")), {"r1", "r2"}),
            (InField(SearchField.PUBLISHER, Words("fan")), {"r1"}),
            (InField(SearchField.NUMBER, Words("978 9943 01 123 4")), {"r1"}),
            (InField(SearchField.BODY, Words("kutubxona")), {"r1"}),
            (InField(SearchField.BODY, Words("o'zbekiston")), set()),
            (InField(SearchField.TITLE, Phrase("ўзбекистон тарихи")), {"r1", "r2"}),
            (InField(SearchField.TITLE, Prefix("тари")), {"r1", "r2"}),
            (InField(SearchField.UDC, Words("94")), {"r1"}),
            (InField(SearchField.UDC, Words("0")), {"r3"}),
            (InField(SearchField.UDC, Words("027.7")), {"r3"}),
            (InField(SearchField.UDC, Words("378")), {"r3"}),
            (InField(SearchField.BBK, Words("63")), {"r1", "r2"}),
            (InField(SearchField.BBK, Words("Т3")), {"r1", "r2"}),
            (InField(SearchField.BBK, Words("Ч73")), {"r3"}),
            (Or((Words("tarix"), Words("өнөр"))), {"r1", "r2", "r4"}),
            (And((Words("tarix"), Not(Words("1995")))), {"r1"}),
            (Not(Words("tarix")), {"r3", "r4", "r5"}),
            (Not(Not(Words("tarix"))), {"r1", "r2"}),
            (Or(()), set()),
            (And(()), set()),
            (And((Words("tarix"), InField(SearchField.TITLE, Words("!!!")))), {"r1", "r2"}),
            (Or((Not(Words("tarix")), Words("1995"))), {"r2", "r3", "r4", "r5"}),
            (InField(SearchField.TITLE, Or((Words("xarita"), Words("тарих")))), {"r1", "r2", "r5"}),
        ],
    )
    def test_queries_mean_what_they_say(self, index, match, keys):
        assert self.found(index, match) == keys
        assert self.total(index, match) == len(keys)
        assert index.count(Query(match=match)) == len(keys)

    # Order

    def test_the_exact_spelling_comes_before_the_folded_and_that_before_the_stem(self, directory):
        index = self.make(directory)
        index.apply(
            [
                Entry(key="stem", title="Kutubxonalar sari", year=2000),
                Entry(key="folded", title="Кутубхона сари", year=2000),
                Entry(key="exact", title="Kutubxona sari", year=2000),
            ],
            [],
        )
        hits = index.search(Query(match=Words("kutubxona"))).hits
        assert [hit.key for hit in hits] == ["exact", "folded", "stem"]
        assert hits[0].score > hits[1].score > hits[2].score

    def test_title_before_author_before_subject_before_full_text(self, directory):
        index = self.make(directory)
        index.apply(
            [
                Entry(key="body", title="Birinchi", body=("Navoiy haqida",)),
                Entry(key="subject", title="Ikkinchi", subjects=("Navoiy",)),
                Entry(key="author", title="Uchinchi", creators=("Navoiy",)),
                Entry(key="title", title="Navoiy"),
            ],
            [],
        )
        hits = index.search(Query(match=Words("navoiy"))).hits
        assert [hit.key for hit in hits] == ["title", "author", "subject", "body"]

    def test_of_two_editions_the_newer_comes_first(self, directory):
        index = self.make(directory)
        index.apply([Entry(key=f"e{year}", title="Algebra", year=year) for year in (1988, 2019, 2003)], [])
        assert [hit.key for hit in index.search(Query(match=Words("algebra"))).hits] == ["e2019", "e2003", "e1988"]

    def test_results_are_sorted_by_year_title_and_author(self, index):
        def order(sort: Sort) -> list[str]:
            return [hit.key for hit in index.search(Query(sort=sort)).hits]

        assert order(Sort.NEWEST) == ["r4", "r1", "r3", "r2", "r5"]
        assert order(Sort.OLDEST) == ["r2", "r3", "r1", "r4", "r5"]
        assert order(Sort.TITLE) == ["r5", "r1", "r3", "r4", "r2"]
        assert order(Sort.AUTHOR) == ["r1", "r4", "r2", "r3", "r5"]

    def test_pages_together_give_each_hit_once(self, directory):
        index = self.make(directory)
        index.apply(
            [Entry(key=f"k{number:02}", title="Bir xil nom", year=1990 + number % 3) for number in range(47)], []
        )
        for sort in Sort:
            keys = []
            for page in range(1, 7):
                results = index.search(Query(match=Words("nom"), sort=sort, page=page, size=10))
                assert results.total == 47
                keys += [hit.key for hit in results.hits]
            assert sorted(keys) == [f"k{number:02}" for number in range(47)]

    @pytest.mark.parametrize(("page", "size"), [(0, 10), (-1, 10), (1, 0), (99, 10), (10**9, 10**6)])
    def test_a_page_that_does_not_exist_is_empty_and_still_counted(self, index, page, size):
        results = index.search(Query(page=page, size=size))
        assert results.hits == ()
        assert results.total == len(ALL)

    # Facets and filters

    def test_facets_are_counted_over_all_hits(self, index):
        facets = index.search(Query(facets=tuple(Facet), size=1)).facets
        counts = {facet: [(value.value, value.count) for value in values] for facet, values in facets.items()}
        assert counts == {
            Facet.MATERIAL: [("textbook", 2), ("article", 1), ("book", 1), ("map", 1)],
            Facet.LANGUAGE: [("uzb", 3), ("rus", 2), ("kir", 1)],
            Facet.YEAR: [("1995", 1), ("2001", 1), ("2015", 1), ("2020", 1)],
            Facet.AUTHOR: [
                ("Karimov, Akmal", 2),
                ("Yoʻldoshev, Botir", 1),
                ("Асанова, Нургүл", 1),
                ("Каримов, Акмал", 1),
                ("Фёдорова, Анна", 1),
            ],
            Facet.SUBJECT: [
                ("Arxivlar", 1), ("Tarix", 1), ("Библиотеки", 1), ("Тарих", 1), ("Өнөр", 1),
            ],
            Facet.UDC: [("0", 1), ("02", 1), ("3", 1), ("37", 1), ("9", 1), ("94", 1)],
            Facet.BBK: [("63", 2), ("63.3", 2), ("7", 1)],
            Facet.AVAILABILITY: [("open", 2), ("shelf", 2), ("members", 1)],
            Facet.COLLECTION: [("archive", 2), ("main", 2)],
            Facet.SOURCE: [("KAT", 3), ("KYR", 1), ("RUS", 1)],
        }  # fmt: skip

    def test_values_in_one_facet_widen_and_facets_narrow(self, index):
        assert self.found(index, "*", filters={Facet.LANGUAGE: frozenset({"uzb", "kir"})}) == {"r1", "r2", "r4", "r5"}
        filters = {Facet.LANGUAGE: frozenset({"uzb", "kir"}), Facet.MATERIAL: frozenset({"textbook", "article"})}
        assert self.found(index, "*", filters=filters) == {"r1", "r2", "r4"}
        assert self.found(index, "*", filters={Facet.SOURCE: frozenset({"nowhere"})}) == set()
        assert len(self.found(index, "*", filters={Facet.SOURCE: frozenset()})) == len(ALL)
        assert self.found(index, "tarix", filters={Facet.YEAR: frozenset({"1995"})}) == {"r2"}

    def test_a_facet_is_counted_without_its_own_filter(self, index):
        results = index.search(
            Query(
                match=Words("karimov"),
                filters={Facet.LANGUAGE: frozenset({"rus"}), Facet.AVAILABILITY: frozenset({"shelf", "members"})},
                facets=(Facet.LANGUAGE, Facet.AVAILABILITY, Facet.SOURCE),
            )
        )
        assert {hit.key for hit in results.hits} == {"r3"}
        counts = {facet: {value.value: value.count for value in values} for facet, values in results.facets.items()}
        assert counts[Facet.LANGUAGE] == {"uzb": 2, "rus": 1}
        assert counts[Facet.AVAILABILITY] == {"members": 1, "shelf": 0}, "a chosen value stays visible"
        assert counts[Facet.SOURCE] == {"RUS": 1}

    def test_only_the_commonest_values_are_listed_and_always_the_chosen(self, index):
        results = index.search(
            Query(
                filters={Facet.AUTHOR: frozenset({"Фёдорова, Анна", "Nobody"})},
                facets=(Facet.AUTHOR, Facet.YEAR),
                facet_size=2,
            )
        )
        authors = [(value.value, value.count) for value in results.facets[Facet.AUTHOR]]
        assert authors == [("Karimov, Akmal", 2), ("Yoʻldoshev, Botir", 1), ("Фёдорова, Анна", 1)]
        assert len(index.search(Query(facets=(Facet.YEAR,), facet_size=1)).facets[Facet.YEAR]) == 4

    def test_all_pages_of_a_search_have_the_same_facets_until_something_changes(self, index):
        def languages(**options) -> list[tuple[str, int]]:
            facets = index.search(Query(facets=(Facet.LANGUAGE,), size=2, **options)).facets
            return [(value.value, value.count) for value in facets[Facet.LANGUAGE]]

        before = [("uzb", 3), ("rus", 2), ("kir", 1)]
        assert [languages(page=page) for page in (1, 2, 3)] == [before] * 3
        assert languages(sort=Sort.TITLE) == before
        assert languages(years=Years(first=2020)) == [("kir", 1), ("rus", 1)]
        assert languages(match=Words("тарих")) == [("uzb", 2)]
        assert languages(facet_size=1) == [("uzb", 3)]
        index.apply([Entry(key="n1", title="Yangi", languages=("uzb",))], ["r3"])
        assert languages() == [("uzb", 4), ("kir", 1), ("rus", 1)]

    def test_facet_values_are_any_text(self, directory):
        index = self.make(directory)
        odd = ("a/b\\c", "=1+1", "  spaces  ", "«»\t\n", "A" * 400, "\U0001f4da")
        index.apply([Entry(key="k1", title="x", subjects=odd, source="a/b")], [])
        values = {value.value for value in index.search(Query(facets=(Facet.SUBJECT,))).facets[Facet.SUBJECT]}
        assert values == set(odd)
        for value in odd:
            assert self.total(index, "*", filters={Facet.SUBJECT: frozenset({value})}) == 1

    @pytest.mark.parametrize(
        ("years", "keys"),
        [
            (Years(first=2001), {"r1", "r3", "r4"}),
            (Years(last=2001), {"r2", "r3"}),
            (Years(first=1996, last=2015), {"r1", "r3"}),
            (Years(first=2016, last=2010), set()),
            (Years(), {"r1", "r2", "r3", "r4"}),
            (Years(first=-(10**9), last=10**9), {"r1", "r2", "r3", "r4"}),
        ],
    )
    def test_years_from_and_to(self, index, years, keys):
        results = index.search(Query(years=years, facets=(Facet.YEAR, Facet.SOURCE)))
        assert {hit.key for hit in results.hits} == keys
        assert len(results.facets[Facet.YEAR]) == 4, "the histogram shows the years outside the range too"
        assert sum(value.count for value in results.facets[Facet.SOURCE]) == len(keys)

    # Snippets, suggestions, completions

    def test_a_match_in_the_full_text_shows_its_page(self, index):
        (hit,) = index.search(Query(match=Words("кутубхона"))).hits
        assert hit.snippet is not None
        assert hit.snippet.page == 2
        assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["kutubxonalar"]
        (hit,) = index.search(Query(match=Phrase("qadimgi kutubxonalar"))).hits
        assert hit.snippet is not None
        assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["qadimgi kutubxonalar"]
        (hit,) = index.search(Query(match=Prefix("hiko"))).hits
        assert hit.snippet is not None
        assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["hikoya"]
        (hit,) = index.search(Query(match=InField(SearchField.TITLE, Words("kutubxona oʻzbekiston")))).hits or (None,)
        assert hit is None

    def test_a_match_outside_the_full_text_shows_no_piece_of_it(self, index):
        (hit,) = index.search(Query(match=Words("INV-2041/7"))).hits
        assert hit.snippet is None

    def test_a_snippet_is_short_and_cut_between_words(self, directory):
        index = self.make(directory)
        pages = tuple(" ".join(f"soʻz{page}n{number}" for number in range(300)) for page in range(40))
        index.apply([Entry(key="k1", title="Uzun", body=pages)], [])
        (hit,) = index.search(Query(match=Words("soʻz33n150"))).hits
        assert hit.snippet is not None
        assert hit.snippet.page == 34
        assert len(hit.snippet.text) < 300
        assert hit.snippet.text.startswith("soʻz33n")
        assert pages[33].count(hit.snippet.text) == 1

    @pytest.mark.parametrize(
        ("typed", "suggested"),
        [
            ("oʻzbekistom", "oʻzbekiston"),
            ("ўзбекистом", "ўзбекистон"),
            ("kutubxonlar", None),
            ("библеотечное", "библиотечное"),
            ("tarixi karimuv", "tarixi karimov"),
            ("xaritsai", "xaritasi"),
            ("title:xaritsai", "title:xaritasi"),
            ("qqqqqqqq", None),
            ("tarixi", None),
        ],
    )
    def test_a_slip_of_the_pen_is_answered_with_a_suggestion_in_the_same_alphabet(self, index, typed, suggested):
        found = index.search(Query(match=parse(typed))).suggestion
        if suggested is None:
            assert found is None
        else:
            assert found is not None
            assert found.replace("ʻ", "'") == suggested.replace("ʻ", "'")
            assert index.search(Query(match=parse(found))).total

    @pytest.mark.parametrize(
        ("typed", "field", "texts"),
        [
            ("ўзб", SearchField.TITLE, {"Oʻzbekiston tarixi", "Ўзбекистон тарихи"}),
            ("o'zbekiston ta", SearchField.TITLE, {"Oʻzbekiston tarixi", "Ўзбекистон тарихи"}),
            ("ozb", SearchField.TITLE, {"Oʻzbekiston tarixi", "Ўзбекистон тарихи"}),
            ("kar", SearchField.AUTHOR, {"Karimov, Akmal", "Каримов, Акмал"}),
            ("акмал к", SearchField.AUTHOR, {"Karimov, Akmal", "Каримов, Акмал"}),
            ("онор", SearchField.SUBJECT, {"Өнөр"}),
            ("tar", SearchField.ANY, {"Oʻzbekiston tarixi", "Ўзбекистон тарихи", "Tarix", "Тарих"}),
            ("", SearchField.ANY, set()),
            ("!!", SearchField.ANY, set()),
            ("zzzz", SearchField.ANY, set()),
        ],
    )
    def test_typing_is_completed_across_the_alphabets(self, index, typed, field, texts):
        assert {completion.text for completion in index.complete(typed, field)} == texts

    def test_completions_say_where_they_stand_and_in_how_many_entries(self, index):
        first = index.complete("karimov", SearchField.ANY, 1)
        assert [(found.text, found.field, found.entries) for found in first] == [
            ("Karimov, Akmal", SearchField.AUTHOR, 2)
        ]
        assert index.complete("karimov", SearchField.ANY, 0) == ()

    def test_a_count_is_the_total_of_the_search(self, index):
        for query in (
            Query(match=Words("tarix"), filters={Facet.YEAR: frozenset({"1995"})}),
            Query(match=Words("онор")),
            Query(match=Words("tarix"), years=Years(first=2000)),
            Query(match=Words("yoq narsa")),
        ):
            assert index.count(query) == index.search(query).total
