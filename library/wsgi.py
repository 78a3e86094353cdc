"""Where a web server begins: `gunicorn library.wsgi:app`."""

from __future__ import annotations

import os

from library.app import create_app
from library.container import Container
from library.settings import Settings

app = create_app(Container(Settings.from_environment(os.environ)))
