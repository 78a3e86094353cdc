"""The description of the service for statistics says what is there, all of it, and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from library.api import statistics_asked
from library.api.statistics_openapi import description
from library.app import create_app
from library.container import Container
from library.domain import errors, key_errors
from library.domain.statistics_keys import CALLS_A_MINUTE
from library.error_responses import STATUS
from library.services.statistics_indicators import indicator_table
from library.settings import Settings


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    directory = tmp_path_factory.mktemp("description")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    yield create_app(container)
    container.close()


@pytest.fixture(scope="module")
def paths() -> Any:
    return description("Library", "https://kutubxona.example", indicator_table())["paths"]


def _names(paths: Any, path: str, place: str) -> list[str]:
    return [one["name"] for one in paths[path]["get"]["parameters"] if one["in"] == place]


def test_every_path_is_described_and_every_description_has_its_path(app: Flask, paths: Any) -> None:
    routes = {
        re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/stat/v1/")
    }
    assert set(paths) == routes


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/stat/v1/indicators", statistics_asked.ONLY_LANGUAGE),
        ("/stat/v1/reports", statistics_asked.REPORT_ARGUMENTS),
        ("/stat/v1/reports.{ending}", statistics_asked.REPORT_ARGUMENTS),
        ("/stat/v1/forms", statistics_asked.ONLY_LANGUAGE),
        ("/stat/v1/forms/{form_id}", statistics_asked.FORM_ARGUMENTS),
        ("/stat/v1/forms/{form_id}.{ending}", statistics_asked.FORM_ARGUMENTS),
    ],
)
def test_the_parameters_described_are_those_that_are_read(paths: Any, path: str, arguments: tuple[str, ...]) -> None:
    assert _names(paths, path, "query") == list(arguments)
    assert _names(paths, path, "path") == re.findall(r"{(\w+)}", path)


def test_every_refusal_of_a_key_has_its_place_in_the_description(paths: Any) -> None:
    told = paths["/stat/v1/reports"]["get"]["responses"]
    for kind in (
        *(key_errors.KeyMissing, key_errors.KeyUnknown, key_errors.KeyExpired, key_errors.KeyRevoked),
        *(key_errors.OutOfScope, key_errors.AddressNotAllowed),
    ):
        assert kind.code in told[str(STATUS[kind])]["description"]
    for other in (errors.InvalidQuestion, errors.InvalidPeriod, errors.UnknownIndicator, key_errors.FormatNotOffered):
        assert str(STATUS[other]) in told
    assert str(CALLS_A_MINUTE) in told[str(STATUS[key_errors.TooManyCalls])]["description"]


def test_every_indicator_can_be_asked_for_by_the_description(paths: Any) -> None:
    (indicators,) = (one for one in paths["/stat/v1/reports"]["get"]["parameters"] if one["name"] == "indicators")
    assert indicators["schema"]["items"]["enum"] == list(indicator_table().indicators)
