"""Lists in pages: everything once, whatever happens between two pages, and an end that is told."""

from datetime import timedelta

import pytest

from tests.harvest.memory_archive import LONG_AGO, Item, MemoryArchive, dublin_core
from tests.harvest.oai_asking import Watch, ask, ask_pairs, pages, provider_of

RECORDS = "verb=ListRecords&metadataPrefix=oai_dc"


def filled(number, **options):
    archive = MemoryArchive(**options)
    for _ in range(number):
        archive.publish(LONG_AGO)
    return archive


def all_of(answers):
    return [identifier for answer in answers for identifier in answer.identifiers]


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, [None]),
        (2, [None]),
        (3, [None]),
        (4, [("0", "4", True), ("3", "4", False)]),
        (6, [("0", "6", True), ("3", "6", False)]),
        (7, [("0", "7", True), ("3", "7", True), ("6", "7", False)]),
    ],
)
def test_cursor_and_size_are_right_and_no_page_is_empty(verb, number, expected):
    answers = pages(provider_of(filled(number), Watch(), page_size=3), verb)
    assert [answer.position for answer in answers] == expected
    assert len(set(all_of(answers))) == len(all_of(answers)) == number


def test_headers_cost_no_metadata():
    archive = filled(7)
    pages(provider_of(archive, Watch()), "ListIdentifiers")
    assert archive.made == 0
    pages(provider_of(archive, Watch()), "ListRecords")
    assert archive.made == 7


class Watched(MemoryArchive):
    """An archive that notes what it is asked."""

    def __init__(self):
        self.asked: list[str] = []
        super().__init__()

    def __getattribute__(self, name):
        if name in {"identity", "formats", "sets", "record", "page", "headers", "size"}:
            self.asked.append(name)
        return super().__getattribute__(name)


def test_a_page_costs_the_same_wherever_it_stands_and_the_size_is_counted_once():
    archive = Watched()
    for _ in range(30):
        archive.publish(LONG_AGO)
    provider = provider_of(archive, Watch())
    costs = []
    query = [("verb", "ListRecords"), ("metadataPrefix", "oai_dc")]
    while query:
        archive.asked.clear()
        answer = ask_pairs(provider, query)
        costs.append(archive.asked[:])
        token = answer.one("resumptionToken").text
        query = [("verb", "ListRecords"), ("resumptionToken", token)] if token else []
    assert costs == [["formats", "page", "size"], *[["formats", "page"]] * 9]


def test_ten_thousand_of_one_second_come_once_each():
    archive = MemoryArchive()
    for number in range(10_000):
        archive.put(Item(f"oai:kutubxona.example:{number}", LONG_AGO, "Ommaviy import", ()))
    identifiers = all_of(pages(provider_of(archive, Watch(), page_size=500), "ListIdentifiers"))
    assert len(identifiers) == 10_000
    assert len(set(identifiers)) == 10_000


def test_a_window_has_both_its_ends_and_a_day_its_last_second():
    archive = MemoryArchive()
    for hours in (0, 23.9997222223, 24, 47):
        archive.publish(LONG_AGO + timedelta(hours=hours))
    provider = provider_of(archive, Watch())

    def found(window):
        return [name[-1] for name in ask(provider, f"verb=ListIdentifiers&metadataPrefix=oai_dc&{window}").identifiers]

    assert ask(provider, RECORDS).headers()[1][1] == "2020-01-01T23:59:59Z"
    assert found("from=2020-01-01&until=2020-01-01") == ["0", "1"]
    assert found("from=2020-01-01T23:59:59Z&until=2020-01-02T00:00:00Z") == ["1", "2"]
    assert found("until=2020-01-01T23:59:58Z") == ["0"]
    assert found("from=2020-01-02") == ["2", "3"]
    assert found("from=2020-01-02&until=9999-12-31") == ["2", "3"]


def test_a_set_and_a_window_hold_on_all_pages():
    archive = MemoryArchive()
    for number in range(20):
        archive.publish(LONG_AGO + timedelta(hours=number), in_set=("faculty:law", "theses")[number % 2])
    answers = pages(
        provider_of(archive, Watch(), page_size=2),
        arguments="metadataPrefix=oai_dc&set=faculty&from=2020-01-01T06:00:00Z",
    )
    assert [name.rpartition(":")[2] for name in all_of(answers)] == ["6", "8", "10", "12", "14", "16", "18"]
    assert {spec for answer in answers for spec in answer.texts("setSpec")} == {"faculty:law"}
    assert all(answer.position and answer.position[1] == "7" for answer in answers)


def test_what_was_withdrawn_is_a_header_without_metadata_and_without_about():
    archive = filled(1)
    archive.put(Item("oai:kutubxona.example:0", LONG_AGO, "", (), deleted=True, abouts=(dublin_core("x"),)))
    provider = provider_of(archive, Watch())
    for query in (RECORDS, "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:kutubxona.example:0"):
        answer = ask(provider, query)
        assert answer.headers() == [("oai:kutubxona.example:0", "2020-01-01T00:00:00Z", True)]
        assert answer.texts("metadata") == answer.texts("about") == []


def test_what_comes_back_is_there_once_and_alive():
    archive, watch = filled(2), Watch()
    provider = provider_of(archive, watch)
    archive.withdraw("oai:kutubxona.example:0", watch.go_on(1))
    assert ask(provider, RECORDS).headers()[1] == ("oai:kutubxona.example:0", "2026-06-01T09:00:01Z", True)
    archive.change("oai:kutubxona.example:0", watch.go_on(1))
    assert ask(provider, RECORDS).headers()[1:] == [("oai:kutubxona.example:0", "2026-06-01T09:00:02Z", False)]


def test_changes_between_two_pages_spoil_nothing():
    archive, watch = filled(7), Watch()
    provider = provider_of(archive, watch, page_size=3)
    first = ask(provider, RECORDS)
    archive.change("oai:kutubxona.example:1", watch.go_on(5))  # delivered already
    archive.change("oai:kutubxona.example:4", watch.go_on(5))  # still to come
    archive.withdraw("oai:kutubxona.example:6", watch.go_on(5))
    archive.publish(watch.go_on(5))
    second = ask_pairs(
        provider, [("verb", "ListRecords"), ("resumptionToken", first.one("resumptionToken").text or "")]
    )
    assert [name[-1] for name in second.identifiers] == ["3", "5"]
    assert second.position == ("3", "5", False), "the last page says how many there were in truth"
    later = ask(provider, f"verb=ListRecords&metadataPrefix=oai_dc&from={first.moment}")
    rest = ask_pairs(provider, [("verb", "ListRecords"), ("resumptionToken", later.one("resumptionToken").text or "")])
    assert [(name[-1], gone) for name, _, gone in later.headers() + rest.headers()] == [
        ("1", False),
        ("4", False),
        ("6", True),
        ("7", False),
    ]


def test_a_list_of_which_all_the_rest_has_changed_ends_with_what_has_changed():
    archive, watch = filled(5), Watch()
    provider = provider_of(archive, watch, page_size=3)
    first = ask(provider, RECORDS)
    archive.change("oai:kutubxona.example:3", watch.go_on(5))
    archive.withdraw("oai:kutubxona.example:4", watch.go_on(5))
    last = ask_pairs(provider, [("verb", "ListRecords"), ("resumptionToken", first.one("resumptionToken").text or "")])
    assert [(name[-1], gone) for name, _, gone in last.headers()] == [("3", False), ("4", True)]
    assert last.position == ("3", "5", False)


def test_a_list_ends_though_more_has_changed_than_a_page_can_hold():
    archive, watch = filled(8), Watch()
    provider = provider_of(archive, watch, page_size=3)
    first = ask(provider, RECORDS)
    for number in range(8):
        archive.change(f"oai:kutubxona.example:{number}", watch.go_on(1))
    last = ask_pairs(provider, [("verb", "ListRecords"), ("resumptionToken", first.one("resumptionToken").text or "")])
    assert last.position == ("3", "6", False)


class Fleeting(MemoryArchive):
    """An archive that is emptied whenever one has read a page."""

    def size(self, selection):
        for name in self.items():
            self.change(name, LONG_AGO + timedelta(days=9000))
        return super().size(selection)


def test_a_list_is_never_said_to_be_shorter_than_what_is_known_of_it():
    archive = Fleeting()
    for _ in range(5):
        archive.publish(LONG_AGO)
    assert ask(provider_of(archive, Watch()), RECORDS).position == ("0", "4", True)


def test_a_closed_window_never_gives_what_lies_outside_of_it():
    archive, watch = filled(4), Watch()
    provider = provider_of(archive, watch, page_size=3)
    first = ask(provider, RECORDS + "&until=2020-12-31")
    archive.change("oai:kutubxona.example:3", watch.go_on(5))
    token = first.one("resumptionToken").text or ""
    assert ask_pairs(provider, [("verb", "ListRecords"), ("resumptionToken", token)]).codes == ["noRecordsMatch"]


def test_a_late_commit_with_an_older_stamp_is_found_by_the_next_harvest():
    archive, watch = filled(1), Watch()
    provider = provider_of(archive, watch, lag=30)
    stamped = watch.go_on(0)  # a transaction takes its datestamp, and twenty seconds
    watch.go_on(20)
    harvested = ask(provider, RECORDS)
    assert len(harvested.identifiers) == 1
    late = archive.publish(stamped)
    assert harvested.moment == "2026-06-01T08:59:50Z"
    watch.go_on(30)
    assert ask(provider, f"{RECORDS}&from={harvested.moment}").identifiers == [late]


def test_what_is_not_yet_settled_waits_for_the_next_harvest():
    archive, watch = filled(1), Watch()
    provider = provider_of(archive, watch, lag=30)
    fresh = archive.publish(watch.go_on(0))
    for window in ("", "&until=9999-12-31", "&until=2026-06-01T09:00:00Z", "&from=2020-01-01&until=2026-06-01"):
        assert fresh not in ask(provider, RECORDS + window).identifiers
    assert ask(provider, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={fresh}").identifiers == [fresh]
    watch.go_on(30)
    assert fresh in ask(provider, RECORDS).identifiers


def test_a_format_that_some_lack_lists_only_those_that_have_it():
    archive = MemoryArchive()
    for number in range(8):
        archive.publish(LONG_AGO, in_set=("theses", "faculty")[number % 2])
    answers = pages(provider_of(archive, Watch()), arguments="metadataPrefix=etdms")
    assert [name[-1] for name in all_of(answers)] == ["0", "2", "4", "6"]
    assert answers[0].position == ("0", "4", True)
