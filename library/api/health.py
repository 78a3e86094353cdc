"""The state of the service for the machines that watch it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from library.container import Container
from library.db.migrating import SchemaState
from library.services.health import HealthState


def blueprint(container: Container) -> Blueprint:
    """The routes `/health`, `/health/live` and `/health/ready`."""
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        return _fresh(jsonify(live=True))

    @routes.get("/health/ready")
    def ready() -> Response:
        state = container.health.state()
        response = jsonify(ready=state.ready, reasons=reasons(state))
        response.status_code = 200 if state.ready else 503
        return _fresh(response)

    @routes.get("/health")
    def whole() -> Response:
        state = container.health.state()
        index = state.index
        return _fresh(
            jsonify(
                ready=state.ready,
                reasons=reasons(state),
                database=state.database.value if state.database is not None else "unreachable",
                index=None
                if index is None
                else {
                    "generation": index.generation,
                    "schema_version": index.schema_version,
                    "entries": index.entries,
                    "committed_at": index.committed_at.isoformat(),
                },
                lag={"records": state.waiting, "seconds": round(state.oldest_seconds, 1)},
                worker="alive" if state.worker_alive else "stopped",
                scanner={
                    "state": state.scanner.condition.value,
                    "tried_at": state.scanner.at.isoformat() if state.scanner.at else None,
                    "signatures": state.scanner.signatures,
                },
            )
        )

    return routes


def reasons(state: HealthState) -> list[str]:
    """Why the library is not ready, each in a sentence; empty when it is."""
    found = []
    if state.database is None:
        found.append("The database can't be reached.")
    elif state.database is not SchemaState.CURRENT:
        found.append(f"The tables of the database are {state.database.value}: run `library db upgrade`.")
    if state.index is None:
        found.append("The search index can't be used: the worker rebuilds it, or run `library index rebuild`.")
    return found


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
