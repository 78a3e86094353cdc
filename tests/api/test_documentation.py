"""The examples of the manual lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

MANUAL = (Path(__file__).parents[2] / "docs/search-api.md").read_text(encoding="utf-8")


def test_every_address_in_the_manual_is_answered(client: FlaskClient) -> None:
    addresses = re.findall(r"http://127\.0\.0\.1:8000(/[^\s'`]*)", MANUAL)
    tables = re.findall(r"^\|[^|]*\| (.*?) \|", MANUAL, re.MULTILINE)
    addresses += [path for cell in tables for path in re.findall(r"`(/[^`<]*)`", cell)]
    assert len(addresses) > 12
    for address in addresses:
        response = client.get(address)
        assert response.status_code == (404 if address.endswith("999999999") else 200), address


def test_every_parameter_is_in_the_manual(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    for path in ("/api/v1/search", "/api/v1/suggest"):
        for parameter in paths[path]["get"]["parameters"]:
            name = parameter["name"]
            assert re.search(rf"`{name}`", MANUAL), name
            for value in parameter["schema"].get("enum", ()):
                assert f"`{value}`" in MANUAL, f"{name}={value}"
