"""The open archive: what harvesters are told, out of one view of the database for each answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from harvest.provider.provider import Provider
from harvest.provider.tokens import Tokens
from library.db.unit_of_work import Database
from library.services.configuration import Configuration, imprint
from library.services.open_archive_repository import ArchiveRepository, House
from library.settings import Settings

LAG = timedelta(seconds=30)
"""Answers are as of so long ago: much longer than any transaction that writes, so that nothing comes too late."""
PAGE_SIZE = 200
PATH = "/oai"
# As `oai-identifier` allows it: parts of letters, figures and hyphens, of which each begins with a letter.
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)+")
# A library without a public address is on trial; its identifiers must not look like those of a real one.
_NOWHERE = "library.localhost"
_EMAIL = re.compile(r"[^\s<>,;]+@[^\s<>,;@]+\.[^\s<>,;@.]+")
LIBRARY = "Electronic library"


class OpenArchive:
    """Answers OAI-PMH requests; nothing is kept from one to the next, and any process can answer any of them."""

    def __init__(
        self,
        database: Database,
        configuration: Configuration,
        settings: Settings,
        key: bytes,
        clock: Callable[[], datetime],
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._settings = settings
        self._tokens = Tokens(key)
        self._clock = clock
        self._page_size = page_size
        self._zone = ZoneInfo(settings.time_zone)

    def respond(self, pairs: Sequence[tuple[str, str]], *, portal: str, stylesheet: str) -> bytes:
        """The answer to all pairs of a request, in UTF-8; `portal` is the public address without a slash at its end.

        Raises `LibraryError` where the database can't be read.
        """
        house = self.house(portal)
        today = self._clock().astimezone(self._zone).date()
        with self._database.reading() as view:
            provider = Provider(
                ArchiveRepository(view, house, today),
                tokens=self._tokens,
                clock=self._clock,
                lag=LAG,
                page_size=self._page_size,
                stylesheet=stylesheet,
            )
            return provider.respond(pairs)

    def house(self, portal: str) -> House:
        """What the library says of itself; no query."""
        settings, current = self._settings, self._configuration.current()
        told = imprint(current.library, settings.default_language, settings)
        host = urlsplit(settings.base_url).hostname or ""
        domain = host if _DOMAIN.fullmatch(host) else _NOWHERE
        written = _EMAIL.search(settings.archive_email or told.responsible_contact)
        return House(
            name=", ".join(part for part in (told.library_name or LIBRARY, told.institution) if part),
            portal=portal,
            base_url=portal + PATH,
            domain=domain,
            # A mail server has this address in any case (RFC 5321, 4.5.1).
            email=written.group() if written is not None else f"postmaster@{domain}",
            language=settings.default_language,
            collections=current.collections,
            faculties=current.faculties,
        )
