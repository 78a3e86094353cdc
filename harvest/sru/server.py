"""Answers requests of SRU over any catalogue; every answer is a whole document of the protocol."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.sru import envelope, explaining, requests
from harvest.sru.diagnostics import Diagnosed, Diagnostic, Number
from harvest.sru.model import Catalogue
from harvest.sru.requests import Declined, Operation, Request


class Server:
    """Has no state; what can't be answered is told by a diagnostic."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def respond(self, arguments: Sequence[tuple[str, str]]) -> bytes:
        """The answer to these parameters, in the order in which they were sent."""
        try:
            request = requests.read(arguments)
        except Declined as error:
            return self._declined(error)
        if request.operation is Operation.EXPLAIN:
            return self._explained(request.version, request.remarks, as_string=request.as_string)
        return self._searched(request)

    def _searched(self, request: Request) -> bytes:
        form = envelope.form_of(request.version)
        remarks = request.remarks
        answer, search = None, None
        try:
            understood = requests.understand(request, self._catalogue.described())
            remarks = (*remarks, *understood.remarks)
            answer = self._catalogue.search(understood.search)
            if 0 < answer.total < understood.search.start:
                remarks = (*remarks, Diagnostic(Number.POSITION, str(answer.total)))
            search = understood.search
        except Diagnosed as error:
            remarks = (error.diagnostic, *remarks)
        return envelope.search_response(
            form, answer, search, as_string=request.as_string, echo=request.values.get("query", ""), remarks=remarks
        )

    def _explained(self, version: str, remarks: Sequence[Diagnostic], *, as_string: bool) -> bytes:
        described = self._catalogue.described()
        return envelope.explain_response(
            envelope.form_of(version),
            explaining.explanation(described, self._catalogue.changed_at(), version),
            schema=explaining.ZEEREX,
            as_string=as_string,
            remarks=remarks,
        )

    def _declined(self, error: Declined) -> bytes:
        form = envelope.form_of(error.version)
        remarks = (error.diagnostic,)
        if error.operation is Operation.SEARCH_RETRIEVE:
            return envelope.search_response(form, None, None, as_string=False, echo="", remarks=remarks)
        if error.operation is Operation.SCAN:
            return envelope.scan_response(form, remarks)
        return self._explained(error.version, remarks, as_string=False)
