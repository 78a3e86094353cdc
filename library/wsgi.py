"""Where a web server begins: `gunicorn "library.wsgi:application()"`."""

from __future__ import annotations

import os
from wsgiref.types import WSGIApplication

from library.app import create_app
from library.container import Container
from library.settings import Settings


def application() -> WSGIApplication:
    """The portal of the installation that the environment describes."""
    return create_app(Container(Settings.from_environment(os.environ)))
