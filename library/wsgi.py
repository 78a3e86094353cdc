"""Where a web server begins: `gunicorn "library.wsgi:application()"`."""

from __future__ import annotations

import gc
import os
from wsgiref.types import WSGIApplication

from library.app import create_app
from library.container import Container
from library.settings import Settings


def application() -> WSGIApplication:
    """The portal of the installation that the environment describes; `LibraryError` where it can't be started."""
    container = Container(Settings.from_environment(os.environ))
    container.prepare()
    portal = create_app(container)
    # All of this stays. Were it looked through again and again, readers would wait a fifth of a second each time.
    gc.collect()
    gc.freeze()
    return portal
