"""A library at work: its worker beside the portal, and pages that are looked at until the work shows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page

from library.container import Container

SOON = 120_000
"""Milliseconds in which checks, text and index are done on any machine."""
_LOOK_EVERY = 300


@contextmanager
def at_work(container: Container) -> Iterator[Container]:
    """The library with an index, its worker at work for the length of the block."""
    container.indexing.rebuild()
    over = threading.Event()
    worker = threading.Thread(target=container.worker.run, args=(lambda seconds: over.wait(min(seconds, 0.1)),))
    worker.start()
    try:
        yield container
    finally:
        over.set()
        worker.join()


def until(page: Page, address: str, words: str) -> None:
    """Look at a page again and again until it says this."""
    for _ in range(SOON // _LOOK_EVERY):
        page.goto(address)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(_LOOK_EVERY)
    raise AssertionError(f"{address} never said: {words}\n{page.locator('main').inner_text()}")


def press(button: Locator) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with button.page.expect_navigation():
        button.press("Enter")
