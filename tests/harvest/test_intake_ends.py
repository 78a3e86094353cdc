"""Where a list ends: not where it only seems to, nor never."""

import re
from collections.abc import Callable

import pytest

from harvest.intake.checkpoint import Ending
from harvest.intake.circles import Circle
from harvest.intake.faults import Looping
from harvest.intake.pages import ListPage, Token
from harvest.model import OaiRecord
from tests.harvest.hostile_server import Behaviour, answer
from tests.harvest.oai_partner import (
    DAWN,
    Arguments,
    Fault,
    Repository,
    Shelf,
    busy,
    works,
)
from tests.harvest.one_harvest import complete, run, whenever


def test_the_end_is_believed_only_if_nothing_is_missing() -> None:
    """The closing token is cut out of the last page but one, and everything else is in order."""

    def without_token(body: bytes) -> Behaviour:
        start, end = body.index(b"<resumptionToken"), body.index(b"</ListRecords>")
        return answer(body[:start] + body[end:])

    shelf = Shelf()
    repository = Repository(works(100), fault=whenever(lambda a: a.get("resumptionToken") == "|||40", without_token))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert outcome.counts.repeats == 4, "asked again, then read in smaller windows"


def test_lists_that_boast_and_never_say_that_they_end_are_read_in_windows_of_one_page() -> None:
    def boasting(body: bytes) -> Behaviour:
        return answer(re.sub(rb'Size="[0-9]+"', b'Size="9999"', body))

    shelf = Shelf()
    repository = Repository(works(100), closing=False, fault=whenever(lambda _: True, boasting))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert "until" in repository.asked[-2]


def test_fewer_records_than_announced_are_noted() -> None:
    def boasting(body: bytes) -> Behaviour:
        return answer(body.replace(b'Size="100"', b'Size="103"'))

    shelf = Shelf()
    repository = Repository(works(100), fault=whenever(lambda _: True, boasting))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert outcome.counts.missing == 3
    assert len(repository.asked) == 1 + 3 + 1, "asked once more, and then believed"


def test_the_end_of_another_list_is_not_the_end_of_this_one() -> None:
    """Somebody on the way has the last page of an earlier harvest in a cache."""
    shelf, repository = Shelf(), Repository(works(100))
    last = repository.answer({"verb": "ListRecords", "resumptionToken": "|||80"})
    repository.fault = lambda number, *_: answer(last) if number == 3 else None
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert (outcome.counts.records, outcome.counts.missing) == (100, 0)


def again(token: str) -> Callable[[bytes], Behaviour]:
    """This token, whatever was asked."""

    def fault(body: bytes) -> Behaviour:
        start, end = body.index(b'0">', body.index(b"<resumptionToken")) + 3, body.index(b"</resumptionToken")
        return answer(body[:start] + token.encode() + body[end:])

    return fault


def new_tokens_same_page(number: int, arguments: Arguments, _: bytes) -> Behaviour | None:
    if arguments["verb"] == "Identify":
        return None
    return again(f"|||{1000 + number}")(
        Repository(works(100)).answer({"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    )


def new_tokens_no_records(number: int, arguments: Arguments, _: bytes) -> Behaviour | None:
    if arguments["verb"] == "Identify":
        return None
    content = f"<ListRecords><resumptionToken>|||{number}</resumptionToken></ListRecords>"
    return answer(Repository([]).envelope(content.encode()))


def new_tokens_ever_the_same_hundred(number: int, arguments: Arguments, _: bytes) -> Behaviour | None:
    """Shifted by one record each time, so that no page is like another."""
    if arguments["verb"] == "Identify":
        return None
    some = [works(100)[(number + place) % 97] for place in range(40 + number % 50)]
    listed = b"".join(map(Repository([]).record, some))
    token = f'<resumptionToken completeListSize="100">|||{number}</resumptionToken>'.encode()
    return answer(Repository([]).envelope(b"<ListRecords>" + listed + token + b"</ListRecords>"))


CIRCLES: dict[str, Fault] = {
    "the same token": whenever(lambda _: True, again("|||40")),
    "two tokens in turn": lambda n, a, b: again(f"|||{40 * (n % 2)}")(b) if a["verb"] != "Identify" else None,
    "new tokens, the same page": new_tokens_same_page,
    "new tokens, no records": new_tokens_no_records,
    "new tokens, the same records in other pages": new_tokens_ever_the_same_hundred,
}


@pytest.mark.parametrize("fault", CIRCLES.values(), ids=CIRCLES.keys())
def test_a_list_that_goes_round_in_a_circle_is_noticed(fault: Fault) -> None:
    repository, shelf = Repository(works(100), fault=fault), Shelf()
    outcome = run(shelf, repository)
    assert outcome.ending is Ending.FAILED
    assert isinstance(outcome.error, Looping)
    assert outcome.checkpoint is None, "the next run begins anew"
    assert len(repository.asked) < 40


def test_a_circle_is_noticed_at_the_first_sign() -> None:
    def page(token: str, *numbers: int) -> ListPage:
        records = tuple(OaiRecord(identifier=f"oai:partner.example:{number}", datestamp=DAWN) for number in numbers)
        return ListPage(responded=None, records=records, token=Token(value=token))

    circle = Circle("a")
    circle.look(page("b", 1, 2), 2, None)
    circle.look(page("c", 3, 4), 4, None)
    for token, numbers in (("a", (5, 6)), ("c", (7, 8)), ("d", (1, 2))):
        with pytest.raises(Looping):
            circle.look(page(token, *numbers), 6, None)
    circle.look(page("e", 2, 1), 6, None)
    circle.look(page("", 1, 2), 8, None)


def test_an_empty_page_that_goes_on_is_gone_on_with() -> None:
    emptied = Repository([]).envelope(b"<ListRecords><resumptionToken>|||40</resumptionToken></ListRecords>")
    shelf = Shelf()
    repository = Repository(works(100)[40:], fault=lambda number, *_: answer(emptied) if number == 2 else None)
    outcome = run(shelf, repository)
    assert outcome.ending is Ending.COMPLETE
    assert len(shelf.records) == 20


@pytest.mark.parametrize("answered", ["noRecordsMatch", "badResumptionToken"])
def test_a_token_on_the_last_page_does_not_spoil_a_list_that_is_whole(answered: str) -> None:
    def surplus(body: bytes) -> Behaviour:
        return answer(body.replace(b'cursor="40"></', b'cursor="40">|||80</'))

    def refused(_: bytes) -> Behaviour:
        return answer(Repository([]).envelope(Repository([]).error(answered, "no")))

    def fault(_: int, arguments: Arguments, body: bytes) -> Behaviour | None:
        return {"|||40": surplus, "|||80": refused}.get(arguments.get("resumptionToken", ""), answer)(body)

    repository, shelf = Repository(works(80), fault=fault), Shelf()
    complete(shelf, repository, run(shelf, repository))


def test_no_records_match_in_the_middle_of_a_list_is_not_its_end() -> None:
    shelf = Shelf()
    nothing = Repository([]).envelope(Repository([]).error("noRecordsMatch", "no"))
    repository = Repository(works(80), fault=whenever(lambda a: "resumptionToken" in a, lambda _: answer(nothing)))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert any("until" in asked for asked in repository.asked), "read in smaller windows instead"


@pytest.mark.parametrize("how", ["badResumptionToken", "404 Not Found", "400 Bad Request"])
def test_a_forgotten_token_begins_the_window_again(how: str) -> None:
    gone = Repository([]).envelope(Repository([]).error(how, "expired"))
    forgotten = busy(status=how) if " " in how else answer(gone)
    shelf = Shelf()
    repository = Repository(works(100))
    repository.fault = lambda number, *_: forgotten if number == 4 else None
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert outcome.counts.records == 180, "two pages came twice"
    assert [asked.get("resumptionToken") for asked in repository.asked[1:]] == [
        None, "|||40", "|||80", None, "|||40", "|||80",
    ]  # fmt: skip


def test_a_partner_that_forgets_every_token_is_read_in_windows_that_need_none() -> None:
    gone = Repository([]).envelope(Repository([]).error("badResumptionToken", "what?"))
    shelf = Shelf()
    repository = Repository(works(100), fault=whenever(lambda a: "resumptionToken" in a, lambda _: answer(gone)))
    complete(shelf, repository, run(shelf, repository))
