"""Where a web server begins: `gunicorn "library.wsgi:application()"`."""

from __future__ import annotations

import os
from wsgiref.types import WSGIApplication

from library.app import create_app
from library.container import Container
from library.settings import Settings


def application() -> WSGIApplication:
    """The portal of the installation that the environment describes; `LibraryError` where it can't be started."""
    container = Container(Settings.from_environment(os.environ))
    container.prepare()
    return create_app(container)
