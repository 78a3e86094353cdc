"""Views to which programs post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

View = Callable[..., Any]


def for_programs(view: View) -> View:
    """Mark a view to which programs post: it looks at no session, so that nobody can be made to send it a form.

    `library.web.session` asks no token of a view with this mark.
    """
    view.is_for_programs = True  # type: ignore[attr-defined]
    return view
