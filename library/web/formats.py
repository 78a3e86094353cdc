"""Numbers, sizes, dates and times as each language writes them.

The patterns are those of the regulations and differ from CLDR's: "2026-yil 5-sentabr", «2026-жылдын 5-сентябры».
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal

_GROUP = 1000
_KILO = 1000
UNITS = {"latin": ("KB", "MB", "GB"), "cyrillic": ("КБ", "МБ", "ГБ")}
MONTHS = {
    "uz_Latn": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "uz_Cyrl": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ky": "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
LONG_DATES = {
    "uz_Latn": "{year}-yil {day}-{month}",
    "uz_Cyrl": "{year} йил {day} {month}",
    "ky": "{year}-жылдын {day}-{month}",
    "ru": "{day} {month} {year} г.",
    "en": "{day} {month} {year}",
}


def number(value: int, locale: Locale) -> str:
    """A whole number with its groups of three: 1 204 567 with no-break spaces, or 1,204,567 in English."""
    # A results page has a hundred numbers, few of which have groups; all the languages write digits alike.
    return str(value) if 0 <= value < _GROUP else format_decimal(value, locale=locale)


def money(value: Decimal, locale: Locale) -> str:
    """A sum with two decimals: 1 204 567,50."""
    return format_decimal(value, format="#,##0.00", locale=locale)


def short_day(day: date, locale: Locale) -> str:
    """A day for tables, in figures but in English."""
    if locale.language == "en":
        return f"{day.day} {MONTHS['en'].split()[day.month - 1][:3]} {day.year}"
    return f"{day:%d.%m.%Y}"


def size(octets: int, locale: Locale) -> str:
    """The size of a file in decimal units: 12.4 MB, 12,4 МБ; below a megabyte in whole kilobytes."""
    units = UNITS["latin" if str(locale) in ("en", "uz_Latn") else "cyrillic"]
    kilobytes = max(-(-octets // _KILO), 1)
    if kilobytes < _KILO:
        return f"{kilobytes}\N{NO-BREAK SPACE}{units[0]}"
    megabytes = octets / _KILO**2
    value, unit = (megabytes, units[1]) if megabytes < _KILO else (megabytes / _KILO, units[2])
    return f"{format_decimal(round(value, 1), format='#,##0.#', locale=locale)}\N{NO-BREAK SPACE}{unit}"


def long_date(moment: datetime, locale: Locale, zone: tzinfo) -> str:
    """The day of a moment in the time zone of the library."""
    return long_day(moment.astimezone(zone).date(), locale)


def long_day(day: date, locale: Locale) -> str:
    """A day in words."""
    return LONG_DATES[str(locale)].format(year=day.year, day=day.day, month=MONTHS[str(locale)].split()[day.month - 1])


def date_and_time(moment: datetime, locale: Locale, zone: ZoneInfo) -> str:
    """Day, hour and minute, with the city whose time it is."""
    local = moment.astimezone(zone)
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{long_date(moment, locale, zone)}, {local:%H:%M} ({city})"


def short_moment(moment: datetime, locale: Locale, zone: tzinfo) -> str:
    """Day and minute for tables, in figures but in English."""
    local = moment.astimezone(zone)
    if locale.language == "en":
        return f"{local.day} {MONTHS['en'].split()[local.month - 1][:3]} {local:%Y, %H:%M}"
    return f"{local:%d.%m.%Y, %H:%M}"
