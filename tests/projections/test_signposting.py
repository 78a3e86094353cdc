"""The header from which programs learn where a record is described."""

from __future__ import annotations

from werkzeug.http import parse_list_header

from library.projections.signposting import Metadata, link_header
from tests.builders import a_description


def test_the_header_names_what_to_cite_what_it_is_and_where_it_is_described() -> None:
    address = "https://kutubxona.example/record/7"
    told_at = (Metadata(url=f"{address}.xml", media_type="application/marcxml+xml"),)
    assert parse_list_header(link_header(a_description(), address, told_at)) == [
        f'<{address}>; rel="cite-as"',
        '<https://schema.org/AboutPage>; rel="type"',
        '<https://schema.org/Book>; rel="type"',
        f'<{address}.xml>; rel="describedby"; type="application/marcxml+xml"',
    ]
