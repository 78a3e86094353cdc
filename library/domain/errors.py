"""What can go wrong, in the words of the library.

A message is a template in English and its values: the interface shows the template in the reader's language, the
command line and the logs show it as it is. `code` is part of the interface for machines and never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802  (the name gettext tools look for)
    """Mark a message for translation without translating it."""
    return message


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: an English template with named places in braces, and what goes there."""

    template: str
    values: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, template: str, /, **values: str | int) -> Message:
        """A message with these values."""
        return cls(template, tuple(values.items()))

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong in a field of a form: its name (`title`, `authors.0.orcid`) and a sentence."""

    field: str
    message: Message


class LibraryError(Exception):
    """The parent of all errors that a person can be told about."""

    code: ClassVar[str] = "library-error"

    def __init__(self, template: str, /, **values: str | int) -> None:
        self.message = Message.of(template, **values)
        super().__init__(str(self.message))


class RecordNotFound(LibraryError):
    """No record has this number, or has ever had it."""

    code = "record-not-found"


class RecordWithdrawn(LibraryError):
    """What was asked for belongs to a record that was withdrawn; `record_id` is its number."""

    code = "withdrawn"

    def __init__(self, record_id: int) -> None:
        self.record_id = record_id
        super().__init__(N_("Record {id} has been withdrawn."), id=record_id)


class StaleVersion(LibraryError):
    """Somebody saved the record since it was read."""

    code = "stale-version"


class AlreadyEntered(LibraryError):
    """A form for a new record was sent once more; `record_id` is the record that it made the first time."""

    code = "already-entered"

    def __init__(self, record_id: int) -> None:
        self.record_id = record_id
        super().__init__(N_("This form was sent already. It became record {id}."), id=record_id)


class InvalidRecord(LibraryError):
    """A record breaks the rules of its dialect; `problems` says where and how."""

    code = "invalid-record"

    def __init__(self, problems: Sequence[Message]) -> None:
        self.problems = tuple(problems)
        super().__init__(N_("The record has {count} problems."), count=len(self.problems))


class NotExpressible(LibraryError):
    """The record can't be written in the wanted form without loss."""

    code = "not-expressible"


class NotEntitled(LibraryError):
    """The person may not do this."""

    code = "not-entitled"


class FourEyes(NotEntitled):
    """Nobody approves what they entered or last changed."""

    code = "four-eyes"


class NotSubmitted(LibraryError):
    """Only work that was submitted can be approved or returned."""

    code = "not-submitted"


class SignInRefused(LibraryError):
    """The name, the password or the code is wrong, or the account is closed; which one is not told."""

    code = "sign-in-refused"


class TooManyAttempts(LibraryError):
    """Too many failed attempts; the message says how long to wait."""

    code = "too-many-attempts"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(N_("Too many attempts. Try again in {minutes} min."), minutes=ceil(seconds / 60))


class InvalidAccount(LibraryError):
    """An account can't be made or changed like this; the message says why."""

    code = "invalid-account"


class InvalidConfiguration(LibraryError):
    """The library's settings can't be like this; the message says why."""

    code = "invalid-configuration"


class InvalidMaintenance(LibraryError):
    """Maintenance can't be registered like this; the message says why."""

    code = "invalid-maintenance"


class NotFound(LibraryError):
    """There is no such thing here, or not any more."""

    code = "not-found"


class InvalidAct(LibraryError):
    """An act of receipt or of writing off can't be entered like this; the message says why."""

    code = "invalid-act"


class InvalidDocument(LibraryError):
    """A file can't be taken in, or described, like this; the message says why."""

    code = "invalid-document"


class InvalidTransfer(LibraryError):
    """A transfer can't be entered like this; the message says why."""

    code = "invalid-transfer"


class DocumentNotReady(LibraryError):
    """A file is in a state in which this can't be done; the message says what is missing."""

    code = "document-not-ready"


class PapersMissing(DocumentNotReady):
    """The transfer of a file is not known, or papers that its source needs are not entered."""

    code = "papers-missing"


class DepositNotReady(LibraryError):
    """A deposit is in a state in which this can't be done, or lacks something; the message says what to do."""

    code = "deposit-not-ready"


class InvalidDeposit(LibraryError):
    """A deposit can't be sent yet; `problems` says what has to be mended, field by field."""

    code = "invalid-deposit"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(N_("The deposit can't be sent yet: {count} places have to be mended."), count=len(problems))


class AppealNotReady(LibraryError):
    """An appeal is in a state in which this can't be done; the message says what to do."""

    code = "appeal-not-ready"


class InvalidAppeal(LibraryError):
    """An appeal can't be taken, or answered, like this; `problems` says what has to be mended, field by field."""

    code = "invalid-appeal"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(N_("This can't be sent yet: {count} places have to be mended."), count=len(self.problems))


class ReadingRefused(LibraryError):
    """The rights of a file of this record don't let this reader read it so; `rule` says which, for machines."""

    code = "reading-refused"

    def __init__(self, template: str, /, *, rule: str, record_id: int, **values: str | int) -> None:
        self.rule = rule
        self.record_id = record_id
        super().__init__(template, **values)


class TooManyPages(LibraryError):
    """A reader takes page images of view-only files faster than is allowed; `again_in` is in seconds."""

    code = "too-many-pages"

    def __init__(self, template: str, /, *, again_in: int, **values: str | int) -> None:
        self.again_in = again_in
        super().__init__(template, **values)


class UploadConflict(LibraryError):
    """A piece of an upload does not fit to what has come; the message says where to go on."""

    code = "upload-conflict"


class FileTooLarge(LibraryError):
    """A file is larger than is taken in."""

    code = "file-too-large"


class StorageUnreadable(LibraryError):
    """The store can't read or write now, or what it reads is not what it kept."""

    code = "storage-unreadable"


class InvalidAuthority(LibraryError):
    """An authority record can't be kept or merged like this; the message says why."""

    code = "invalid-authority"


class InvalidForm(LibraryError):
    """A form can't be used as it was sent; the message says why."""

    code = "invalid-form"


class InvalidChange(LibraryError):
    """A change for many records can't be made like this; the message says why."""

    code = "invalid-change"


class SearchUnavailable(LibraryError):
    """The index is missing or broken; the catalogue itself is unharmed."""

    code = "search-unavailable"


class QueryTooLong(LibraryError):
    """More was typed than a search can use; the message names the limit that was passed."""

    code = "query-too-long"


class UnreadableSource(LibraryError):
    """A file or base that can't be imported at all: missing, locked, empty, or of a kind we do not know."""

    code = "unreadable-source"


class InvalidEmbargo(LibraryError):
    """A record can't be closed until that day, or has no embargo that could end; the message says why."""

    code = "invalid-embargo"


class InvalidPartner(LibraryError):
    """A partner can't be entered, or harvested, like this; the message says why."""

    code = "invalid-partner"


class PartnerFailed(LibraryError):
    """A partner's catalogue can't be asked, or did not answer as it should; the message says what to do."""

    code = "partner-failed"


class InvalidPeriod(LibraryError):
    """What was written is no period of time that there can be figures of; the message says why."""

    code = "invalid-period"


class PeriodReversed(InvalidPeriod):
    """The end lies before the beginning."""

    code = "period-reversed"


class PeriodInFuture(InvalidPeriod):
    """Nothing of it has begun."""

    code = "period-in-future"


class PeriodTooLong(InvalidPeriod):
    """There are more days or months in it than are told at once; the message names the limit."""

    code = "period-too-long"


class UnknownIndicator(LibraryError):
    """No statistics have such an indicator."""

    code = "unknown-indicator"


class InvalidQuestion(LibraryError):
    """Statistics can't be asked for like this; the message says why."""

    code = "invalid-question"


class UnknownReportForm(LibraryError):
    """There is no such form of statistics."""

    code = "unknown-report-form"


class InvalidReportForm(LibraryError):
    """The file of a form of statistics can't be used; the message names the file, the line and the remedy."""

    code = "invalid-report-form"


class PeriodNotClosed(LibraryError):
    """A final report is wanted of a time that is not over; the message says when it will be."""

    code = "period-not-closed"


class InvalidSettings(LibraryError):
    """Settings that are unknown or wrong; the message lists all of them."""

    code = "invalid-settings"


class StorageFull(LibraryError):
    """There is no space left to write."""

    code = "storage-full"
