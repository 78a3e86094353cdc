"""What statistics are called on pages: kinds of requests, results, periods, days of the week."""

from __future__ import annotations

from collections.abc import Mapping

from babel.dates import get_day_names, get_month_names

from library.domain.counts import Exclusion
from library.domain.dashboard import ChosenTime, Preset
from library.domain.errors import N_
from library.domain.periods import ReportPeriod, Step
from library.domain.usage import Kind, Outcome
from library.web import formats
from library.web.languages import gettext, locale

KINDS: Mapping[Kind, str] = {
    Kind.SEARCH: N_("Searches"),
    Kind.RECORD_VIEW: N_("Views of records"),
    Kind.PAGE_VIEW: N_("Readings in the viewer"),
    Kind.DOWNLOAD: N_("Downloads"),
    Kind.REFUSAL: N_("Refusals"),
    Kind.OAI: N_("Requests of harvesters (OAI-PMH)"),
    Kind.SRU: N_("Requests of catalogues (SRU)"),
    Kind.ERROR: N_("Errors"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.FOUND: N_("Found"),
    Outcome.NOTHING_FOUND: N_("Nothing found"),
    Outcome.VIEWED: N_("Viewed"),
    Outcome.DOWNLOADED: N_("Downloaded"),
    Outcome.REFUSED: N_("Refused"),
    Outcome.ABORTED: N_("Broken off"),
    Outcome.ANSWERED: N_("Answered to a program"),
    Outcome.FAILED: N_("Failed"),
}
EXCLUSIONS: Mapping[Exclusion, str] = {
    Exclusion.ROBOT: N_("Robots"),
    Exclusion.BULK: N_("Fetched in bulk, with nobody who reads"),
    Exclusion.STAFF: N_("Staff of the library"),
    Exclusion.MONITOR: N_("Programs that watch the service"),
    Exclusion.JOB: N_("The library's own jobs"),
    Exclusion.HEAD: N_("Questions for headers alone"),
    Exclusion.CONTINUED: N_("Further pages of what was counted once"),
    Exclusion.STATUS: N_("Neither an answer nor a refusal"),
    Exclusion.DOUBLE_CLICK: N_("Double clicks"),
    Exclusion.TURNED_PAGE: N_("Further pages of one reading"),
}
PRESETS: Mapping[Preset, str] = {
    Preset.TWELVE_MONTHS: N_("Twelve months"),
    Preset.MONTH: N_("This month"),
    Preset.LAST_MONTH: N_("Last month"),
    Preset.QUARTER: N_("This quarter"),
    Preset.ACADEMIC_YEAR: N_("This academic year"),
    Preset.LAST_ACADEMIC_YEAR: N_("Last academic year"),
    Preset.YEAR: N_("This year"),
    Preset.LAST_YEAR: N_("Last year"),
}
INVENTED_FIGURES = N_("Invented figures")
NOBODY_DID_IT = N_("This is the sample library: a program made up this year of use, and nobody did any of it.")
_MONTHS_OF_YEARS = {
    "uz_Latn": "{year}-yil {month}",
    "uz_Cyrl": "{year} йил {month}",
    "ky": "{year}-жыл, {month}",
    "ru": "{month} {year} г.",
    "en": "{month} {year}",
}


def period_name(period: ReportPeriod) -> str:
    """The period in words, for tables."""
    if period.step is Step.DAY:
        return formats.short_day(period.first, locale())
    if period.step is Step.MONTH:
        month = get_month_names("wide", "stand-alone", locale())[period.first.month]
        month = month if locale().language == "en" else month.lower()
        return _MONTHS_OF_YEARS[str(locale())].format(year=period.first.year, month=month)
    return period.name


def period_mark(period: ReportPeriod) -> str:
    """The period as short as it can be told under a bar."""
    if period.step is Step.DAY:
        return f"{period.first:%d.%m}"
    if period.step is Step.MONTH:
        month = get_month_names("abbreviated", "stand-alone", locale())[period.first.month].removesuffix(".")
        return str(month if locale().language == "en" else month.lower())
    return period.name


def days_of_week() -> tuple[str, ...]:
    """The days, Monday first, as short as they can be told."""
    return tuple(get_day_names("abbreviated", "stand-alone", locale())[day].removesuffix(".") for day in range(7))


def time_name(time: ChosenTime, *, before: bool = False) -> str:
    """From its first day to its last: of the chosen time, or of that before."""
    span = time.span_before if before else time.span
    first, last = (formats.short_day(day, locale()) for day in (span.first, span.last))
    return first if first == last else f"{first} – {last}"


def change_name(change: int | None) -> str:
    """By how much a figure grew or shrank, in words; empty where that can't be told."""
    if change is None:
        return ""
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return gettext("{change} against the time before", change=f"{sign}{formats.number(abs(change), locale())} %")
