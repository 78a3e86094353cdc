"""Every option of the installation: read once from the `LIBRARY_*` variables, never changed afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from library.domain.errors import N_, InvalidSettings

PREFIX = "LIBRARY_"
MASK = "********"
LAST_PORT = 65_535


def _option(default: Any, sentence: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"sentence": sentence, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options; each is set by the variable `LIBRARY_` and its name in capitals."""

    data_dir: Path = _option(Path("/var/lib/library"), "Directory of everything that is kept: database, index, texts.")
    database_url: str = _option(
        "", "Database address (postgresql+psycopg://…); empty means SQLite in the data directory.", secret=True
    )
    search_engine: str = _option("whoosh", "Search engine: whoosh, or tantivy where that package is installed.")
    institution: str = _option("", "Name of the university, shown on every page.")
    library_name: str = _option("", "Name of the library, shown on every page; empty means the product's own words.")
    responsible_person: str = _option(
        "", "Official who answers for the library, name and post, shown on every page; empty means no such line."
    )
    responsible_contact: str = _option("", "Telephone and e-mail of that official; empty means no such line.")
    address: str = _option("", "Postal address of the library, shown on every page; empty means no such line.")
    opening_hours: str = _option("", "Opening hours of the reading rooms; empty means no such line.")
    archive_email: str = _option(
        "", "E-mail that harvesters of the open archive are told; empty means the one in RESPONSIBLE_CONTACT."
    )
    default_language: str = _option("uz-Latn", "Language of the pages for a reader who has chosen none.")
    description_style: str = _option(
        "gost-7.1-2003", "Standard of bibliographic descriptions: gost-7.1-2003 or gost-r-7.0.100-2018."
    )
    cataloguing_dialect: str = _option("irbis", "Format of new records: irbis, marc21 or unimarc (RUSMARC).")
    base_url: str = _option(
        "", "Public address of the portal (https://…), for permanent links; empty means the request's."
    )
    trusted_hosts: tuple[str, ...] = _option(
        (), "Host names the portal answers to, separated by commas; empty means any."
    )
    behind_proxy: bool = _option(False, "Whether one reverse proxy of ours sets X-Forwarded-For and X-Forwarded-Proto.")
    campus_networks: tuple[str, ...] = _option(
        (),
        "Networks of the university (10.0.0.0/8,…), by commas: they read campus files and ask without limits.",
    )
    partner_networks: tuple[str, ...] = _option(
        (),
        "Private networks in which partners' catalogues may be asked (10.9.0.0/16,…); the public internet always may.",
    )
    partner_ports: tuple[str, ...] = _option(
        (), "Ports of partners' catalogues beside the usual ones (80, 443 and 210), separated by commas."
    )
    import_megabytes: int = _option(300, "Size of a file of records that staff may upload, in megabytes.")
    file_megabytes: int = _option(300, "Size of a full text that is taken in, in megabytes.")
    intake_folder: str = _option(
        "", "Folder whose subfolders are record numbers: files laid there are taken in; empty means no such folder."
    )
    scanner_configuration: str = _option(
        "/etc/clamav/clamd.conf", "Configuration of the virus scanner clamd; files wait until it is there and safe."
    )
    rescan_days: int = _option(7, "Days after which every kept file is scanned again with the newest signatures.")
    pages_a_minute: int = _option(30, "Page images of view-only files that one reader may take in a minute.")
    appeal_days: int = _option(
        365, "Days after the answer at which name, contact and files of a complaint or question are erased."
    )
    pages_a_day: int = _option(200, "Page images of view-only files that one reader may take in a day.")
    backup_key_file: str = _option(
        "", "File of the key that encrypts backups (library backup --new-key makes one); empty means no encryption."
    )
    training: bool = _option(False, "Whether this is a training installation, which says so on every page.")
    check_links: bool = _option(
        False, "Whether the web addresses in records are tried once a month, at night; their servers then see us."
    )
    probe_address: str = _option(
        "", "Where the worker asks each minute whether the portal answers (http://127.0.0.1:8000); empty: not measured."
    )
    public_statistics: bool = _option(
        True, "Whether everybody sees the year in figures, and how often each record was used."
    )
    time_zone: str = _option("Asia/Tashkent", "Time zone of the dates on pages and in reports.")

    @property
    def database(self) -> str:
        """The address of the database, SQLite in the data directory unless another was set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'library.sqlite'}"

    @property
    def index_dir(self) -> Path:
        """The directory of the search index; it can be deleted and rebuilt."""
        return self.data_dir / "index"

    @property
    def originals_dir(self) -> Path:
        """The directory of the kept files; it and the database are what a backup needs."""
        return self.data_dir / "originals"

    @property
    def quarantine_dir(self) -> Path:
        """The directory of files that have not passed the checks."""
        return self.data_dir / "quarantine"

    @property
    def text_dir(self) -> Path:
        """The directory of extracted texts; it can be deleted and made again."""
        return self.data_dir / "text"

    @property
    def drawings_dir(self) -> Path:
        """The directory of page images and covers; it can be deleted and made again."""
        return self.data_dir / "drawings"

    @property
    def rejects_dir(self) -> Path:
        """The directory of rejected records, one file an import."""
        return self.data_dir / "rejected"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the options; raises one `InvalidSettings` that lists all that is unknown or wrong."""
        options = {option.name: option for option in dataclasses.fields(cls)}
        problems: list[str] = []
        values: dict[str, Any] = {}
        for variable, text in sorted(environment.items()):
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in options:
                problems.append(f"{variable}: there is no such setting")
                continue
            try:
                values[name] = _parse(text, options[name].default)
            except ValueError as error:
                problems.append(f"{variable}: {error}")
        settings = cls(**values)
        problems.extend(settings._problems())
        if problems:
            raise InvalidSettings(N_("Settings to mend: {problems}"), problems="; ".join(problems))
        return settings

    def _problems(self) -> list[str]:
        problems = []
        if self.search_engine not in SEARCH_ENGINES:
            problems.append(f"{PREFIX}SEARCH_ENGINE: choose one of {', '.join(SEARCH_ENGINES)}")
        if self.default_language not in LANGUAGES:
            problems.append(f"{PREFIX}DEFAULT_LANGUAGE: choose one of {', '.join(LANGUAGES)}")
        if self.description_style not in DESCRIPTION_STYLES:
            problems.append(f"{PREFIX}DESCRIPTION_STYLE: choose one of {', '.join(DESCRIPTION_STYLES)}")
        if self.training and self.database_url:
            problems.append(f"{PREFIX}TRAINING: unset {PREFIX}DATABASE_URL; training keeps a database of its own")
        if self.cataloguing_dialect not in CATALOGUING_DIALECTS:
            problems.append(f"{PREFIX}CATALOGUING_DIALECT: choose one of {', '.join(CATALOGUING_DIALECTS)}")
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            problems.append(f"{PREFIX}BASE_URL: begin with http:// or https://")
        if self.probe_address and not self.probe_address.startswith("http://"):
            problems.append(f"{PREFIX}PROBE_ADDRESS: begin with http://, it is on this machine")
        return problems + self._problems_of_networks()

    def _problems_of_networks(self) -> list[str]:
        problems = []
        for name in ("campus_networks", "partner_networks"):
            for network in getattr(self, name):
                try:
                    ip_network(network, strict=False)
                except ValueError:
                    problems.append(f"{PREFIX}{name.upper()}: {network} is no network such as 10.20.0.0/16")
        problems += [
            f"{PREFIX}PARTNER_PORTS: {port} is no port (1 to {LAST_PORT})"
            for port in self.partner_ports
            if not (port.isascii() and port.isdecimal() and 0 < int(port) <= LAST_PORT)
        ]
        problems += [
            f"{PREFIX}{name.upper()}: write a whole number, 1 at least"
            for name in (
                "import_megabytes",
                "file_megabytes",
                "rescan_days",
                "pages_a_minute",
                "pages_a_day",
                "appeal_days",
            )
            if getattr(self, name) < 1
        ]
        return problems

    def chosen(self) -> dict[str, str]:
        """Variable and value of the options that are not the defaults; secrets left out."""
        standard = dict(row[:2] for row in Settings().masked())
        return {name: value for name, value, _ in self.masked() if value not in (standard[name], MASK)}

    def masked(self) -> list[tuple[str, str, str]]:
        """Variable, value and sentence of every option, secrets hidden."""
        rows = []
        for option in dataclasses.fields(self):
            value = getattr(self, option.name)
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            if option.metadata["secret"] and text:
                text = MASK
            rows.append((PREFIX + option.name.upper(), text, option.metadata["sentence"]))
        return rows


SEARCH_ENGINES = ("whoosh", "tantivy")
LANGUAGES = ("uz-Latn", "uz-Cyrl", "ky", "ru", "en")
CATALOGUING_DIALECTS = ("irbis", "marc21", "unimarc")
DESCRIPTION_STYLES = ("gost-7.1-2003", "gost-r-7.0.100-2018")


def _parse(text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("", "0", "false", "no", "off"):
            return False
        raise ValueError("write true or false")
    if isinstance(default, int):
        if not (text.isascii() and text.isdecimal()):
            raise ValueError("write a whole number")
        return int(text)
    if isinstance(default, Path):
        if not text:
            raise ValueError("write a path")
        return Path(text).expanduser().absolute()
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
