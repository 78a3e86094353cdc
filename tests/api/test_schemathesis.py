"""Descriptions of our services tried by a program that makes requests of them: none fails, and each answer fits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from library.app import create_app
from library.container import Container
from library.domain.statistics_keys import KeyEntry, Scope
from library.settings import Settings
from tests.staff import BOTIR
from tests.web.shelves import fill

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
Request: TypeAlias = Case[Any]

DESCRIPTIONS = ("/api/v1/openapi.json", "/stat/v1/openapi.json")
EXAMPLES = 12
KEPT_TO = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SAME_EACH_TIME = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def container(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("described")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    fill(container)
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def new_key(container: Container) -> Callable[[], str]:
    """Makes keys: each may ask only so often a minute."""
    last_day = container.statistics_keys.today() + timedelta(days=30)
    entry = KeyEntry(label="Trial", official="Program", scope=Scope(), expires_on=last_day)
    return lambda: container.statistics_keys.issue(entry, actor=BOTIR).secret


def _try(operation: Operation, mode: GenerationMode, key: str) -> int:
    """Ask with requests made of the description, right ones or wrong ones; how many were asked."""
    asked = 0

    @SAME_EACH_TIME
    @given(case=operation.as_strategy(mode))
    def ask(case: Request) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=KEPT_TO)

    ask()
    return asked


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_whatever_is_asked_of_a_described_service_it_answers_as_described(
    app: Flask, new_key: Callable[[], str], path: str
) -> None:
    operations = [
        found.ok() for found in schemathesis.openapi.from_wsgi(path, app).get_all_operations() if isinstance(found, Ok)
    ]
    # The description itself was read already.
    assert {operation.path for operation in operations} == set(app.test_client().get(path).get_json()["paths"]) - {path}
    for operation in operations:
        modes = list(GenerationMode) if operation.query or operation.path_parameters else [GenerationMode.POSITIVE]
        for mode in modes:
            assert _try(operation, mode, new_key()) > 0, operation.label
