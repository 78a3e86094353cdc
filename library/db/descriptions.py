"""Descriptions as JSON text: how the derived part of a record is kept in its row."""

from __future__ import annotations

from typing import Any

import orjson

from library.domain.description import (
    Copy,
    CopyStatus,
    Creator,
    CreatorRole,
    Description,
    HostItem,
    Link,
    Material,
    Terms,
)

LISTS = (
    "parallel_titles",
    "places",
    "publishers",
    "languages",
    "series",
    "isbns",
    "issns",
    "dois",
    "subjects",
    "keywords",
    "udc",
    "bbk",
    "contents",
    "notes",
)


def to_json(description: Description) -> str:
    """The description as one JSON object with a member for each field."""
    return orjson.dumps(description).decode()


def from_json(text: str) -> Description:
    """The description that `to_json` wrote, in this release or an earlier one."""
    values: dict[str, Any] = orjson.loads(text)
    for name in LISTS:
        values[name] = tuple(values.get(name, ()))
    values["material"] = Material(values["material"])
    values["creators"] = tuple(
        Creator(**{**creator, "role": CreatorRole(creator["role"])}) for creator in values["creators"]
    )
    values["terms"] = tuple(Terms(**terms) for terms in values.get("terms", ()))
    values["links"] = tuple(Link(**link) for link in values["links"])
    values["copies"] = tuple(Copy(**{**copy, "status": CopyStatus(copy["status"])}) for copy in values["copies"])
    if values["host"] is not None:
        values["host"] = HostItem(**values["host"])
    return Description(**values)
