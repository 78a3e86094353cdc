"""Where a web server begins."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from library import wsgi
from library.domain.errors import InvalidSettings


def test_the_environment_alone_makes_a_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARY_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("LIBRARY_LIBRARY_NAME", "Axborot-resurs markazi")
    client = Client(wsgi.application())
    assert "Axborot-resurs markazi" in client.get("/").get_data(as_text=True)
    assert client.get("/health/ready").status_code == 503


def test_a_wrong_setting_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LIBRARY_DEFAULT_LANGUAGE", "de")
    with pytest.raises(InvalidSettings, match="LIBRARY_DEFAULT_LANGUAGE"):
        wsgi.application()
