"""What an official asked: the arguments of an address as a question, and the form of the answer.

Nothing is guessed: an argument that is unknown, empty, repeated or out of its list is refused with the remedy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MIMEAccept, MultiDict

from library.domain.errors import N_, InvalidQuestion
from library.domain.key_errors import FormatNotOffered, KeyInAddress
from library.domain.periods import Span, Step, period_from, span_from
from library.domain.statistics import Audience, Dimension, Question
from library.domain.statistics_keys import HEADER, SECRETS
from library.projections import workbook
from library.settings import LANGUAGES

LONGEST_ARGUMENT = 4_000
REPORT_ARGUMENTS = ("indicators", "from", "to", "step", "by", "lang")
FORM_ARGUMENTS = ("period", "lang")
ONLY_LANGUAGE = ("lang",)

Args = MultiDict[str, str]
Choice = TypeVar("Choice", bound=StrEnum)


class Form(StrEnum):
    """In which forms an answer can be had; the value is the ending of the address."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Form.JSON: "application/json",
    Form.XML: "application/xml",
    Form.CSV: "text/csv",
    Form.XLSX: workbook.MEDIA_TYPE,
}


def form_of(ending: str, accepted: MIMEAccept, offered: Iterable[Form] = tuple(Form)) -> Form:
    """The form of an answer: by the ending of the address, else by `Accept`, else JSON.

    Raises `FormatNotOffered` where whoever asks takes none of those that are offered.
    """
    if ending:
        return Form(ending)
    by_type = {MEDIA_TYPES[form]: form for form in offered}
    if not accepted:
        return Form.JSON
    best = accepted.best_match(list(by_type))
    if best is None:
        raise FormatNotOffered(
            N_("The answer can be had as: {forms}. Say so in the header {header}, or end the address with {endings}."),
            header="Accept",
            forms=", ".join(by_type),
            endings=", ".join(f".{form}" for form in by_type.values()),
        )
    return by_type[best]


def has_secrets(args: Args) -> bool:
    """Whether the address has an argument in which programs send keys."""
    return any(name.lower() in SECRETS for name in args)


def require_no_secrets(args: Args) -> None:
    """Raise `KeyInAddress` where a key was sent where everybody's logs keep it."""
    if has_secrets(args):
        raise KeyInAddress(
            N_(
                "A key in an address stands in logs for everybody to read. Send it in the header {header}, and ask "
                "the library to revoke this one."
            ),
            header=HEADER,
        )


def require_known(args: Args, known: Iterable[str]) -> None:
    """Raise `InvalidQuestion` unless each argument is one of these, is given once, and says something."""
    names = tuple(known)
    for name in args:
        values = args.getlist(name)
        if name not in names:
            raise InvalidQuestion(
                N_("There is no argument “{name}”. There are: {known}."), name=name[:80], known=", ".join(names)
            )
        if len(values) > 1 or not values[0].strip() or len(values[0]) > LONGEST_ARGUMENT:
            raise InvalidQuestion(N_("Give the argument “{name}” once, and not empty."), name=name)
    if "lang" in args and args["lang"] not in LANGUAGES:
        raise _unknown("lang", args["lang"], LANGUAGES)


def question(args: Args, today: date) -> Question:
    """The question about indicators.

    `to` is `from` where it is left out, and `step` is month. Raises `InvalidQuestion`, and `InvalidPeriod` with its
    children; whether there are such indicators is not looked at here.
    """
    require_known(args, REPORT_ARGUMENTS)
    indicators = _listed(args.get("indicators", ""))
    if not indicators:
        raise InvalidQuestion(
            N_("Say which indicators are wanted: {example}, with ids from the list, parted by commas."),
            example="indicators=…",
        )
    return Question(
        span=_span(args, today),
        step=_one_of(Step, "step", args.get("step", Step.MONTH.value)),
        indicators=indicators,
        by=tuple(_one_of(Dimension, "by", one) for one in _listed(args.get("by", ""))),
        audience=Audience.OUTSIDE,
    )


def form_period(args: Args, today: date) -> tuple[Span, Step]:
    """The period that a form is asked for: its days, and what kind it is."""
    require_known(args, FORM_ARGUMENTS)
    if "period" not in args:
        raise InvalidQuestion(
            N_("Say which period is wanted: {example}."), example="period=2026, period=2026-Q3, period=2026-09"
        )
    return span_from(args["period"], args["period"], today), period_from(args["period"]).step


def _span(args: Args, today: date) -> Span:
    begin = args.get("from", "")
    if not begin:
        raise InvalidQuestion(N_("Say which time is wanted: {example}."), example="from=2026-01&to=2026-09")
    return span_from(begin, args.get("to", begin), today)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _one_of(kind: type[Choice], name: str, text: str) -> Choice:
    try:
        return kind(text.strip())
    except ValueError:
        raise _unknown(name, text, [one.value for one in kind]) from None


def _unknown(name: str, text: str, known: Iterable[str]) -> InvalidQuestion:
    return InvalidQuestion(
        N_("“{value}” can't stand in the argument “{name}”. It can be: {known}."),
        value=text[:80],
        name=name,
        known=", ".join(known),
    )
