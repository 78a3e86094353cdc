"""The gate before the service for statistics: who asks by which key, and a line in the list for each answer."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from flask import Blueprint, Response, g, request

from library.api.statistics_asked import has_secrets, require_no_secrets
from library.container import Container
from library.domain.statistics_keys import StatisticsKey, masked
from library.services.statistics_keys import StatisticsKeys

REALM = 'Bearer realm="statistics"'
SCHEME = "bearer"


def guard(routes: Blueprint, container: Container, public: Iterable[str]) -> None:
    """Let nobody without a valid key to the views of a blueprint, but for those named `public`.

    A call that brought a key, right or wrong, is noted once its answer is made; where it can't be noted, nothing is
    given.
    """
    open_to_all = frozenset(f"{routes.name}.{name}" for name in public)
    keys = container.statistics_keys

    def admit() -> None:
        if request.endpoint not in open_to_all:
            _admit(keys)

    def note(response: Response) -> Response:
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = REALM
        if "statistics_called" in g:
            query = request.query_string.decode("utf-8", "replace")
            given = g.get("statistics_figures", 0) if response.status_code == HTTPStatus.OK else 0
            keys.note(
                g.get("statistics_key"), masked(request.path, query), response.status_code, _code(response), given
            )
        return response

    routes.before_request(admit)
    routes.after_request(note)


def key() -> StatisticsKey:
    """The key of this request, in a view that is guarded."""
    found: StatisticsKey = g.statistics_key
    return found


def given(figures: int) -> None:
    """So many figures are in the answer that is made."""
    g.statistics_figures = figures


def _admit(keys: StatisticsKeys) -> None:
    secret = _secret()
    if secret or has_secrets(request.args):
        g.statistics_called = True
    require_no_secrets(request.args)
    g.statistics_key = keys.find(secret)
    keys.admit(g.statistics_key, request.remote_addr or "")


def _secret() -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else ""


def _code(response: Response) -> str:
    if response.status_code < HTTPStatus.BAD_REQUEST or not response.is_json:
        return ""
    error: str = response.get_json()["error"]["code"]
    return error
