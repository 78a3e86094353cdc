"""The answer to an appeal as a letter for paper, in the language of the page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from library.domain.appeals import Appeal
from library.domain.errors import N_, AppealNotReady
from library.services.printing import AnswerLetter
from library.web import appeals_words as words
from library.web import formats
from library.web.languages import gettext, locale
from library.web.pages import settings, site


def letter_of(appeal: Appeal) -> AnswerLetter:
    """The letter; `AppealNotReady` before there is an answer."""
    if appeal.answered is None or appeal.outcome is None:
        raise AppealNotReady(N_("There is no answer yet that could be printed."))
    house, zone = site(), ZoneInfo(settings().time_zone)
    came = formats.long_date(appeal.received_at, locale(), zone)
    return AnswerLetter(
        title=gettext("Answer to appeal No {number}", number=str(appeal.id)),
        institution=house.institution,
        library=house.library,
        day=formats.long_date(appeal.answered.at, locale(), zone),
        addressee=" · ".join(part for part in (appeal.name, appeal.contact) if part),
        facts=tuple(
            (label, text)
            for label, text in (
                (gettext("Topic"), appeal.subject),
                (gettext("Received"), came),
                (gettext("Number in another register"), appeal.outside_number),
                (gettext("Outcome"), gettext(words.OUTCOMES[appeal.outcome])),
            )
            if text
        ),
        paragraphs=tuple(line for line in appeal.answer.splitlines() if line),
        under=gettext("post, name, signature"),
        contacts=tuple(f"{heading}: {text}" for heading, text in house.contacts),
    )
