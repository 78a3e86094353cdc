"""The forms that come with the program, and those that were laid into the data directory."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from library.domain.errors import N_, InvalidReportForm, UnknownReportForm
from library.domain.statistics import IndicatorTable
from library.domain.statistics_forms import Form, form_from
from library.projections.uzbek_cyrillic import to_cyrillic

DIRECTORY = "statistics-forms"
"""Where in the data directory forms of one's own are laid."""
LARGEST = 1 << 20

_SHIPPED = ("passport-16", "iso-2789-year", "6-nk")


class StatisticsForms:
    """Forms by their ids. A file of one's own stands before a shipped one of the same name."""

    def __init__(self, table: IndicatorTable, directory: Path) -> None:
        self._table = table
        self._directory = directory

    def all(self) -> tuple[Form, ...]:
        """All forms that can be used, shipped ones first; what is wrong with others is told when one asks for them."""
        forms = []
        for form_id in self._ids():
            try:
                forms.append(self.get(form_id))
            except InvalidReportForm:
                continue
        return tuple(forms)

    def problems(self) -> tuple[InvalidReportForm, ...]:
        """What is wrong with forms that can't be used."""
        found = []
        for form_id in self._ids():
            try:
                self.get(form_id)
            except InvalidReportForm as error:
                found.append(error)
        return tuple(found)

    def get(self, form_id: str) -> Form:
        """A form; `UnknownReportForm`, or `InvalidReportForm` with the line and the remedy."""
        if form_id not in self._ids():
            raise UnknownReportForm(
                N_("There is no form “{id}”. There are: {known}."), id=form_id[:80], known=", ".join(self._ids())
            )
        return form_from(form_id, self._text(form_id), self._table, to_cyrillic)

    def _ids(self) -> tuple[str, ...]:
        own = sorted(path.stem for path in self._directory.glob("*.toml")) if self._directory.is_dir() else []
        return (*_SHIPPED, *(form_id for form_id in own if form_id not in _SHIPPED))

    def _text(self, form_id: str) -> str:
        path = self._directory / f"{form_id}.toml"
        if path.is_file():
            return _own(path)
        folder = resources.files("library.services").joinpath("report_forms")
        return folder.joinpath(f"{form_id}.toml").read_text(encoding="utf-8")


def _own(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidReportForm(N_("Form {file}: it is too large to be a form."), file=path.name)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidReportForm(N_("Form {file}: save the file as UTF-8."), file=path.name) from error
