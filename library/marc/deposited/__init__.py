"""A work that its author described in a short form, as a record to begin cataloguing with, in each dialect."""

from __future__ import annotations

from datetime import datetime

from library.domain.marc import Dialect, MarcRecord
from library.marc.deposited import irbis, marc21, unimarc
from library.marc.deposited.anew import made_anew
from library.marc.deposited.work import DepositedPerson, DepositedWork

__all__ = ["DepositedPerson", "DepositedWork", "made_anew", "record_of"]


def record_of(dialect: Dialect, work: DepositedWork, at: datetime) -> MarcRecord:
    """A record of this work, entered at that time."""
    match dialect:
        case Dialect.MARC21:
            return marc21.record(work, at)
        case Dialect.UNIMARC:
            return unimarc.record(work, at)
        case Dialect.IRBIS:
            return irbis.record(work, at)
