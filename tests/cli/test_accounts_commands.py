"""`library accounts`: who may sign in, from the server itself."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from library.cli import main

ORDER = ("--order-number", "12-k", "--order-date", "2026-09-01")


class Console:
    """Gives commands within this process: each would else take a second to start."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def library(self, *arguments: str | Path, **settings: str) -> Result:
        environment = {"LIBRARY_DATA_DIR": str(self._data), **settings}
        return CliRunner().invoke(main, list(map(str, arguments)), env=environment)


@pytest.fixture
def shell(migrated_sqlite: Path, tmp_path: Path) -> Console:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "library.sqlite")
    return Console(data)


def test_an_account_is_added_listed_linked_and_closed(shell: Console) -> None:
    added = shell.library("accounts", "add", "nodira", "--role", "cataloguer", "--name", "Karimova Nodira", *ORDER)
    assert added.exit_code == 0, added.stderr
    first = re.search(r"http://127\.0\.0\.1:8000/set-password/([A-Z2-7-]{39})\n", added.stdout)
    assert first is not None
    again = shell.library("accounts", "link", "NODIRA", LIBRARY_BASE_URL="https://library.example/")
    second = re.search(r"https://library\.example/set-password/([A-Z2-7-]{39})\n", again.stdout)
    assert second is not None
    assert second.group(1) != first.group(1)
    listed = json.loads(shell.library("accounts", "list", "--format", "json").stdout)
    assert listed == [
        {
            "id": 1,
            "login": "nodira",
            "name": "Karimova Nodira",
            "roles": ["cataloguer"],
            "standing": "active",
            "order_number": "12-k",
            "order_date": "2026-09-01",
            "valid_until": None,
            "has_password": False,
            "has_second_factor": False,
        }
    ]
    assert shell.library("accounts", "close", "nodira").exit_code == 0
    assert "nodira\tKarimova Nodira\tcataloguer\tclosed, no password yet" in shell.library("accounts", "list").stdout


def test_what_can_not_be_is_refused_in_a_sentence(shell: Console) -> None:
    shell.library("accounts", "add", "boss", "--role", "administrator", *ORDER)
    for arguments, told in (
        (("add", "x", "--role", "cataloguer"), "write its number and its date"),
        (("add", "x", "--role", "cataloguer", "--order-number", "1"), "give both"),
        (("add", "x", "--role", "head", "--role", "administrator", *ORDER), "no cataloguing"),
        (("add", "BOSS", "--role", "administrator", *ORDER), "belongs to another account"),
        (("add", "x", "--role", "emperor"), "emperor"),
        (("close", "nobody"), "There is no account nobody"),
        (("close", "boss"), "last administrator"),
        (("import-readers", "nothing.csv"), "nothing.csv can't be read"),
    ):
        done = shell.library("accounts", *arguments)
        assert done.exit_code == 2, arguments
        assert told in done.stderr, arguments
        assert isinstance(done.exception, SystemExit), arguments


def test_readers_are_tried_and_imported(shell: Console, tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    path.write_bytes("Билет;ФИО;Категория\nК-1;Каримов Азиз;студент\n;Без билета;\nК-3;Умаров;7\n".encode("cp1251"))
    tried = shell.library("accounts", "import-readers", path, "--dry-run")
    assert tried.stdout == "2 new, 0 changed, 0 unchanged, 1 refused (nothing was written)\n"
    assert "readers.csv:3: It has no card number or no name." in tried.stderr
    assert "readers.csv:4: The category “7” is not known" in tried.stderr
    assert tried.exit_code == 1
    assert shell.library("accounts", "list", "--readers").stdout == ""
    assert shell.library("accounts", "import-readers", path).stdout.startswith("2 new")
    assert shell.library("accounts", "import-readers", path).stdout.startswith("0 new, 0 changed, 2 unchanged")
    assert len(shell.library("accounts", "list", "--readers").stdout.splitlines()) == 2


def test_the_table_of_rights_is_printed(shell: Console) -> None:
    text = shell.library("accounts", "rights").stdout
    assert text.startswith("| Right | reader | depositor |")
    assert "Keep accounts of staff (`staff`) |  |  |  |  |  |  |  | yes |" in text
