"""The way from a list of records to changing all of them, for those who may."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from library.domain.access import Action, may
from library.web.session import actor


def change_url(pairs: Iterable[tuple[str, str]]) -> str:
    """The address of the form of a batch over what these arguments choose; empty for those without the right."""
    chosen = [(name, value) for name, value in pairs if value]
    return "/batches/new?" + urlencode(chosen) if chosen and may(actor(), Action.BATCH) else ""
