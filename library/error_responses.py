"""The one table of errors and statuses, and the answers made of it: HTML for people, JSON for machines."""

from __future__ import annotations

import errno
import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    SecurityError,
    TooManyRequests,
)

from library.domain import errors, key_errors
from library.domain.errors import N_, LibraryError
from library.web.error_page import ErrorPage, asked_by_machine
from library.web.languages import gettext, told
from library.web.pages import render
from library.web.session import FORM_OUT_OF_DATE

log = logging.getLogger(__name__)

STATUS: Mapping[type[LibraryError], int] = {
    errors.RecordNotFound: 404,
    errors.RecordWithdrawn: 410,
    errors.StaleVersion: 409,
    errors.AlreadyEntered: 409,
    errors.InvalidRecord: 422,
    errors.InvalidForm: 422,
    errors.NotExpressible: 422,
    errors.NotEntitled: 403,
    errors.FourEyes: 403,
    errors.NotSubmitted: 409,
    errors.SignInRefused: 403,
    errors.TooManyAttempts: 429,
    errors.InvalidAccount: 422,
    errors.InvalidConfiguration: 422,
    errors.InvalidMaintenance: 422,
    errors.NotFound: 404,
    errors.InvalidChange: 422,
    errors.InvalidAuthority: 422,
    errors.InvalidAct: 422,
    errors.InvalidDocument: 422,
    errors.InvalidTransfer: 422,
    errors.DocumentNotReady: 409,
    errors.PapersMissing: 409,
    errors.DepositNotReady: 409,
    errors.InvalidDeposit: 422,
    errors.AppealNotReady: 409,
    errors.InvalidAppeal: 422,
    errors.ReadingRefused: 403,
    errors.TooManyPages: 429,
    errors.UploadConflict: 409,
    errors.FileTooLarge: 413,
    errors.StorageUnreadable: 503,
    errors.SearchUnavailable: 503,
    errors.UnreadableSource: 422,
    errors.InvalidEmbargo: 422,
    errors.InvalidPartner: 422,
    errors.PartnerFailed: 502,
    errors.InvalidPeriod: 400,
    errors.PeriodReversed: 400,
    errors.PeriodInFuture: 400,
    errors.PeriodTooLong: 400,
    errors.PeriodNotClosed: 409,
    key_errors.InvalidStatisticsKey: 422,
    key_errors.KeyMissing: 401,
    key_errors.KeyInAddress: 400,
    key_errors.KeyUnknown: 401,
    key_errors.KeyExpired: 401,
    key_errors.KeyRevoked: 401,
    key_errors.AddressNotAllowed: 403,
    key_errors.OutOfScope: 403,
    key_errors.TooManyCalls: 429,
    key_errors.FormatNotOffered: 406,
    errors.UnknownIndicator: 400,
    errors.InvalidQuestion: 400,
    errors.UnknownReportForm: 404,
    errors.InvalidReportForm: 500,
    errors.InvalidSettings: 500,
    errors.StorageFull: 507,
    errors.QueryTooLong: 400,
}
# Descriptions that are ours; those of the framework are for programmers.
OWN_WORDS = (FORM_OUT_OF_DATE,)
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_ROOM = N_("There is no room left for files. What was kept before is safe; ask the administrator.")
OUR_FAULT = 500
YOUR_FAULT = 400
RETRY_SECONDS = {429: "60", 503: "30"}

HEADINGS: Mapping[int, str] = {
    400: N_("This address or form could not be understood"),
    401: N_("A key is needed"),
    403: N_("You have no right to do this"),
    404: N_("Page not found"),
    405: N_("This page does not take such requests"),
    406: N_("There is no such form of this answer"),
    409: N_("This can't be done as things stand now"),
    410: N_("This record has been withdrawn"),
    413: N_("Too much was sent at once"),
    414: N_("The address is too long"),
    422: N_("What was sent could not be used"),
    429: N_("Too many requests. Wait a little"),
    500: N_("An error on our side. Try again later"),
    502: N_("A partner's catalogue did not answer as it should"),
    503: N_("This is not working now"),
    507: N_("There is no space left to save anything"),
}
REMEDIES: Mapping[int, str] = {
    400: N_("Check the address, or begin again with the search."),
    401: N_("Send a key that the library issued to you, or ask the library for one."),
    403: N_("Sign in with an account that has the right, or ask the library."),
    404: N_("The address may have a slip in it, or the page has moved. Search for what you need."),
    405: N_("Open the page from its link."),
    406: N_("Ask for one of the forms that are named here."),
    409: N_("Open the page anew, look how things stand, and do it again if it is still right."),
    410: N_("Search for another edition."),
    413: N_("Send less, or in several parts."),
    414: N_("Search with fewer words and filters."),
    422: N_("Mend what is named here and send it again."),
    429: N_("In a minute everything will work again."),
    500: N_("If it happens again, tell the library the number below."),
    502: N_("Try again later, or ask another partner."),
    503: N_("Try again in a moment. The catalogue is complete and can be browsed by title meanwhile."),
    507: N_("Nothing was lost. Tell the administrator; reading goes on meanwhile."),
}
CODES: Mapping[int, str] = {
    400: "bad-request",
    401: "key-needed",
    403: "not-entitled",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    410: "withdrawn",
    413: "too-large",
    414: "address-too-long",
    422: "unusable",
    429: "too-many-requests",
    500: "internal-error",
    502: "partner-failed",
    503: "unavailable",
}


def install(app: Flask) -> None:
    """Answer every error by the tables above; nobody ever sees a stack."""
    app.register_error_handler(LibraryError, _library_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OSError, _disk_error)


def _library_error(error: LibraryError) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), OUR_FAULT)
    number = secrets.token_hex(6)
    if status >= OUR_FAULT:
        log.error("request %s: %s %s: %s", number, request.method, request.path, error)
    problems = tuple(told(problem) for problem in getattr(error, "problems", ()))
    reason = told(error.message) if status != OUR_FAULT else ""
    return _answer(status, error.code, reason, problems, number)


def _disk_error(error: OSError) -> Response:
    """A form whose files found no room on the disk; everything else that a system says is our fault."""
    if error.errno not in DISK_FULL:
        raise error
    return _library_error(errors.StorageFull(NO_ROOM))


def _http_error(error: HTTPException) -> Response:
    number = secrets.token_hex(6)
    if isinstance(error, SecurityError):
        return _without_host()
    if error.response is not None and error.code is None:
        return error.response  # type: ignore[return-value]
    status = error.code or OUR_FAULT
    if status < YOUR_FAULT:
        return error.get_response()  # type: ignore[return-value]
    if isinstance(error, InternalServerError):
        log.error("request %s: %s %s failed", number, request.method, request.path)
    reason = gettext(error.description) if error.description in OWN_WORDS else ""
    response = _answer(status, CODES.get(status, "error"), reason, (), number)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    if isinstance(error, TooManyRequests) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, RequestEntityTooLarge):
        response.headers["Connection"] = "close"
    return response


def _without_host() -> Response:
    """A page would have to name addresses, and the host of this request is not to be believed."""
    return Response(f"{gettext(HEADINGS[400])}\n", 400, mimetype="text/plain")


def _answer(status: int, code: str, reason: str, problems: tuple[str, ...], number: str) -> Response:
    known = status if status in HEADINGS else OUR_FAULT if status > OUR_FAULT else YOUR_FAULT
    heading = gettext(HEADINGS[known])
    if asked_by_machine():
        response = jsonify(error={"code": code, "message": reason or heading, "problems": list(problems)})
        response.status_code = status
    else:
        response = render(
            ErrorPage(
                status=status,
                heading=heading,
                reason=reason,
                problems=problems,
                remedy=gettext(REMEDIES[known]),
                browse=status in (404, 410, 503),
                request_id=number,
            ),
            status,
        )
    response.headers["X-Request-ID"] = number
    if status in RETRY_SECONDS:
        response.headers["Retry-After"] = RETRY_SECONDS[status]
    return response
