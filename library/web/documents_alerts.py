"""What the desk warns of: files that wait too long or were closed, subscriptions that end soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from library.container import Container
from library.services.custody_scanner import ScannerCondition
from library.services.documents_queue import Part
from library.web.languages import ngettext, told
from library.web.session import actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAlert:
    """A sentence, and the page on which something can be done."""

    text: str
    address: str


def alerts(container: Container) -> tuple[FileAlert, ...]:
    """What somebody has to look at now; nothing is said where all is well."""
    return tuple(_alerts(container))


def _alerts(container: Container) -> Iterator[FileAlert]:
    found = container.custody.alerts(actor=actor())
    if found.waiting_long:
        text = ngettext(
            "{n} file has waited for its checks for more than a day.",
            "{n} files have waited for their checks for more than a day.",
            found.waiting_long,
        )
        yield FileAlert(text=text, address=f"/documents?part={Part.WAITING}")
        if found.scanner.condition is not ScannerCondition.GOOD:
            yield FileAlert(text=told(found.scanner.sentence), address="/documents")
    if found.closed:
        text = ngettext(
            "{n} file was closed by a later check.", "{n} files were closed by a later check.", found.closed
        )
        yield FileAlert(text=text, address=f"/documents?part={Part.CLOSED}")
    ending = container.transfers.ending(actor=actor())
    over = sum(one.days_left is not None and one.days_left < 0 for one in ending)
    if soon := len(ending) - over:
        text = ngettext("{n} subscription ends within 60 days.", "{n} subscriptions end within 60 days.", soon)
        yield FileAlert(text=text, address="/transfers")
    if over:
        text = ngettext(
            "{n} subscription ended: its files are closed.", "{n} subscriptions ended: their files are closed.", over
        )
        yield FileAlert(text=text, address="/transfers")
