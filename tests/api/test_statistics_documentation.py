"""The manual for officials: what it tells to paste works, and its tables are those of the program."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.api.statistics_asked import REPORT_ARGUMENTS
from library.app import create_app
from library.container import Container
from library.domain.periods import MOST_PERIODS, Step
from library.domain.statistics import MOST_LINES
from library.domain.statistics_keys import CALLS_A_MINUTE, KeyEntry, Scope
from library.projections import statistics_json
from library.projections.statistics_answer import facts
from library.settings import Settings
from tests.api.statistics_manual import MANUAL, MARK, written
from tests.staff import BOTIR
from tests.statistics_answers import an_answer

TEXT = MANUAL.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def container(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("manual")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def client(container: Container, app: Flask) -> FlaskClient:
    entry = KeyEntry(label="Manual", official="Reader", scope=Scope(), expires_on=container.statistics_keys.today())
    client = app.test_client()
    key = container.statistics_keys.issue(entry, actor=BOTIR).secret
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def test_the_tables_of_the_manual_are_those_of_the_program() -> None:
    above, _, below = TEXT.partition(MARK)
    assert above
    assert MARK + below == written(), "run python -m tests.api.statistics_manual"


def test_every_address_to_paste_answers(client: FlaskClient) -> None:
    addresses = re.findall(r"http://127\.0\.0\.1:8000(/stat[^\s']*)", TEXT)
    assert len(addresses) >= 4
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_what_excel_is_told_to_ask_answers(client: FlaskClient) -> None:
    path = re.search(r'RelativePath = "([^"]+)"', TEXT)
    query = re.search(r"Query = \[([^\]]+)\]", TEXT)
    assert path is not None
    assert query is not None
    arguments = dict(re.findall(r'(\w+) = "([^"]*)"', query.group(1)))
    response = client.get(f"/{path.group(1)}?{urlencode(arguments)}")
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    assert urlsplit(re.search(r'Web\.Contents\("([^"]+)"', TEXT).group(1)).path == ""  # type: ignore[union-attr]


def test_the_checksum_of_the_manual_is_that_of_a_report() -> None:
    program = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert program is not None
    names: dict[str, Callable[[Any], str]] = {}
    exec(program.group(1), names)
    answer = an_answer()
    read = json.loads(orjson.dumps(statistics_json.report(answer)))
    assert names["checksum"](read) == answer.report.checksum


def test_every_argument_step_and_field_is_told() -> None:
    answer = an_answer()
    report = statistics_json.report(answer)
    lines = report["lines"]
    assert isinstance(lines, list)
    steps = (step.value for step in Step)
    for name in (*REPORT_ARGUMENTS, *steps, *report, *facts(answer.report, answer.issuer), *lines[0]):
        assert f"`{name}`" in TEXT, name


def test_the_limits_told_are_those_that_hold() -> None:
    assert f"{MOST_PERIODS:,} periods" in TEXT
    assert f"{MOST_LINES:,} lines" in " ".join(TEXT.split())
    assert f"{CALLS_A_MINUTE} times a minute" in TEXT
