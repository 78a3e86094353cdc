"""Codes of Creative Commons become names and addresses; whatever else was written stays words."""

from __future__ import annotations

import pytest

from library.projections.licences import licence_name, licence_url

DEEDS = "https://creativecommons.org"


@pytest.mark.parametrize(
    ("code", "name", "url"),
    [
        ("CC-BY-4.0", "CC BY 4.0", f"{DEEDS}/licenses/by/4.0/"),
        ("CC-BY-NC-ND-3.0", "CC BY-NC-ND 3.0", f"{DEEDS}/licenses/by-nc-nd/3.0/"),
        ("CC-BY-SA-2.5", "CC BY-SA 2.5", f"{DEEDS}/licenses/by-sa/2.5/"),
        ("CC0-1.0", "CC0 1.0", f"{DEEDS}/publicdomain/zero/1.0/"),
        ("", "", ""),
        ("Shartnoma 12-son", "Shartnoma 12-son", ""),
        ("CC-BY-9.0", "CC-BY-9.0", ""),
        ("CC-BY-4.0/../x", "CC-BY-4.0/../x", ""),
        ('CC-BY-4.0"><script>', 'CC-BY-4.0"><script>', ""),
    ],
)
def test_a_licence_has_a_name_and_perhaps_an_address(code: str, name: str, url: str) -> None:
    assert (licence_name(code), licence_url(code)) == (name, url)
