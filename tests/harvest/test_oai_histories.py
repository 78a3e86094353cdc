"""Whatever happens to an archive while it is harvested, nobody misses a thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.model import write_datestamp
from tests.harvest.memory_archive import LONG_AGO, MemoryArchive
from tests.harvest.oai_asking import Answer, Watch, ask, ask_pairs, pages, provider_of

LAG = 5
LONGEST = timedelta(seconds=LAG - 1)


@dataclass(frozen=True)
class Change:
    """A change that has its datestamp but is not yet seen; there is no identifier of what is new."""

    what: str
    begun: datetime
    identifier: str


class Library:
    """An archive at work: a change takes its datestamp when it begins, and is seen up to four seconds later."""

    def __init__(self, number: int) -> None:
        self.archive = MemoryArchive()
        self.watch = Watch()
        self.changes: list[Change] = []
        self.touched: set[str] = set()
        for place in range(number):
            self.archive.publish(LONG_AGO + timedelta(seconds=place // 3), in_set=("faculty", "")[place % 2])

    def begin(self, what: str, number: int) -> None:
        names = sorted(self.archive.items())
        name = names[number % len(names)] if what != "publish" else ""
        # Nobody changes a record that somebody else is changing.
        if not name or all(change.identifier != name for change in self.changes):
            self.changes.append(Change(what, self.watch.time, name))

    def commit(self, number: int) -> None:
        if not self.changes:
            return
        change = self.changes.pop(number % len(self.changes))
        if change.what == "publish":
            name = self.archive.publish(change.begun, in_set="faculty")
        else:
            name = change.identifier
            act = self.archive.change if change.what == "change" else self.archive.withdraw
            act(name, change.begun)
        self.touched.add(name)

    def wait(self, seconds: float) -> None:
        until = self.watch.time + timedelta(seconds=seconds)
        while self.changes and (due := min(change.begun for change in self.changes) + LONGEST) <= until:
            self.watch.time = max(self.watch.time, due)
            self.commit(min(range(len(self.changes)), key=lambda place: self.changes[place].begun))
        self.watch.time = until


STEPS = st.one_of(
    st.tuples(st.sampled_from(["publish", "change", "change", "withdraw"]), st.integers(0, 30)),
    st.tuples(st.just("commit"), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.sampled_from([0.3, 1, 2.5, 7])),
    st.tuples(st.just("ask"), st.just(0)),
)


def took(answers: list[Answer]) -> list[tuple[str, str, bool]]:
    return [header for answer in answers for header in answer.headers()]


def harvested_meanwhile(library, provider, verb, arguments, steps):
    """All pages of a list that is read while the steps are taken, and what was there at its beginning."""
    at_rest = library.archive.items()
    library.touched.clear()
    answers = [ask(provider, f"verb={verb}&{arguments}")]

    def go_on():
        token = answers[-1].token
        if token is not None and token.text:
            answers.append(ask_pairs(provider, [("verb", verb), ("resumptionToken", token.text)]))

    for what, number in steps:
        if what == "wait":
            library.wait(number)
        elif what == "commit":
            library.commit(number)
        elif what == "ask":
            go_on()
        else:
            library.begin(what, number)
    while answers[-1].token is not None and answers[-1].token.text:
        go_on()
    return answers, at_rest


@pytest.mark.parametrize("arguments", ["metadataPrefix=oai_dc", "metadataPrefix=oai_dc&set=faculty"])
@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 14),
    st.integers(1, 4),
    st.sampled_from(["ListRecords", "ListIdentifiers"]),
    st.lists(STEPS, max_size=12),
    st.lists(STEPS, max_size=40),
)
def test_two_harvests_bring_everything_as_it_is(arguments, number, page_size, verb, before, during):
    library = Library(number)
    provider = provider_of(library.archive, library.watch, lag=LAG, page_size=page_size)
    for what, which in before:
        if what in {"publish", "change", "withdraw"} and (what == "publish" or library.archive.items()):
            library.begin(what, which)
            library.wait(0.7)
    during = [step for step in during if step[0] not in {"change", "withdraw"} or library.archive.items()]
    answers, at_rest = harvested_meanwhile(library, provider, verb, arguments, during)
    moment = answers[0].moment

    given = 0
    for answer in answers:
        assert answer.codes in ([], ["noRecordsMatch"])
        assert answer.codes == [] or answer is answers[0]
        if answer.position is not None:
            assert answer.position[0] == str(given)
        given += len(answer.headers())
    assert len(answers) == 1 or answers[-1].position == (answers[-1].position[0], str(given), False)

    first = took(answers)
    names = [name for name, _, _ in first]
    for name, item in at_rest.items():
        if name not in library.touched:
            least = most = 1
            if "faculty" not in item.sets and "set=" in arguments:
                least = most = 0
            elif write_datestamp(item.datestamp) > moment:
                least = 0  # too fresh for this list, but allowed where all the rest of it has changed
            assert least <= names.count(name) <= most, f"{name} is as it was"

    library.wait(2 * LAG)
    second = took(pages(provider, verb, f"{arguments}&from={moment}"))
    known = {name: (datestamp, gone) for name, datestamp, gone in first}
    known.update({name: (datestamp, gone) for name, datestamp, gone in second})
    assert known == {
        name: (write_datestamp(item.datestamp), item.deleted)
        for name, item in library.archive.items().items()
        if "faculty" in item.sets or "set=" not in arguments
    }
    assert len({name for name, _, _ in second}) == len(second)


def test_harvests_night_after_night_keep_a_copy_equal():
    library = Library(10)
    provider = provider_of(library.archive, library.watch, lag=LAG, page_size=2)
    copy: dict[str, bytes] = {}
    moment = "2020-01-01T00:00:00Z"
    for night in range(20):
        for step in range(7):
            library.begin(("publish", "change", "withdraw")[(night * step) % 3], night * 7 + step)
            library.wait(0.9)
        answers = pages(provider, arguments=f"metadataPrefix=oai_dc&from={moment}")
        library.begin("change", night)
        for answer in answers:
            for record in answer.root.iter("{*}record"):
                name = record.findtext("{*}header/{*}identifier") or ""
                copy[name] = "".join(record.itertext("{http://purl.org/dc/elements/1.1/}title")).encode()
        moment = answers[0].moment
    library.wait(2 * LAG)
    for answer in pages(provider, arguments=f"metadataPrefix=oai_dc&from={moment}"):
        for record in answer.root.iter("{*}record"):
            name = record.findtext("{*}header/{*}identifier") or ""
            copy[name] = "".join(record.itertext("{http://purl.org/dc/elements/1.1/}title")).encode()
    assert copy == {
        name: b"" if item.deleted else item.title.encode() for name, item in library.archive.items().items()
    }
