"""What can go wrong in a harvest, beside what can go wrong on the way to any partner."""

from __future__ import annotations

from harvest.errors import N_, PartnerError, UnexpectedAnswer
from harvest.model import ErrorCode

_DECLINED = N_("The partner declined ({code}: {detail}).")
_DECLINED_BECAUSE: dict[str, str] = {
    ErrorCode.CANNOT_DISSEMINATE_FORMAT: N_(
        "The partner does not give records in this format ({detail}). Choose another format in the partner's entry."
    ),
    ErrorCode.NO_SET_HIERARCHY: N_("The partner has no sets ({detail}). Take the set out of the partner's entry."),
    ErrorCode.BAD_ARGUMENT: N_(
        "The partner does not understand the request ({detail}). Check format and set in the partner's entry."
    ),
    ErrorCode.NO_RECORDS_MATCH: N_("The partner has no records for this request ({detail})."),
    ErrorCode.BAD_RESUMPTION_TOKEN: N_("The partner no longer knows how far its list was read ({detail})."),
}


class Refused(PartnerError):
    """The partner answered with an error of the protocol: `oai_code` is its code, which may be of its own making."""

    code = "oai-refused"

    def __init__(self, oai_code: str, detail: str) -> None:
        self.oai_code = oai_code
        super().__init__(_DECLINED_BECAUSE.get(oai_code, _DECLINED), code=oai_code, detail=detail)


class NoOaiPmh(UnexpectedAnswer):
    """What answers there speaks another language: a web page, as a rule."""

    code = "no-oai-pmh"

    def __init__(self, sent: str) -> None:
        super().__init__(
            N_("What answers at this address is no OAI-PMH server (it sent “{name}”). Check the address."), name=sent
        )


class BadRecord(UnexpectedAnswer):
    """A single record can't be read; the others can."""

    code = "bad-record"


class EndedEarly(UnexpectedAnswer):
    """A list stopped without saying that it is at its end, and fewer records came than were announced."""

    code = "ended-early"

    def __init__(self, received: int, announced: int) -> None:
        super().__init__(
            N_("The partner announced {announced} records, but its list broke off after {received}."),
            received=received,
            announced=announced,
        )


class Inconclusive(PartnerError):
    """Not all of a list could be read, so that what is missing in it may be there."""

    code = "inconclusive"

    def __init__(self) -> None:
        super().__init__(
            N_("The partner's list could not be read whole. What is missing in it is not taken for deleted."),
        )


class Looping(UnexpectedAnswer):
    """The list goes round in a circle, or on without bringing anything."""

    code = "looping"

    def __init__(self) -> None:
        super().__init__(N_("The partner's server gives the same page again and again. Tell the people who run it."))


class LimitReached(PartnerError):
    """A run has used up what it may use; it goes on next time where it stopped."""

    code = "limit-reached"
