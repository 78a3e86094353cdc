"""A rejected record that is too long for a page is mended in a file, in the browser of a cataloguer."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from harvest.intake.pages import LARGEST_REJECTED
from library.app import create_app
from library.container import Container
from library.domain.people import Role
from library.web.partners_rejects import LONGEST_SHOWN
from tests.harvest.oai_partner import Repository, works
from tests.services.partner_room import Room, room
from tests.signed_in import a_person, browser_of, csrf_of
from tests.staff import NODIRA

LONG = b"</dc:creator><dc:description>" + "ў ".encode() * LONGEST_SHOWN + b"</dc:description><dc:creator>"


@pytest.fixture
def partner(container: Container, tmp_path: Path) -> Iterator[Room]:
    with room(container.database, tmp_path, Repository(works(2))) as here:
        yield here


@pytest.fixture
def nodira(container: Container) -> FlaskClient:
    return browser_of(create_app(container), container, a_person(container, "nodira", Role.CATALOGUER))


def _rejected(partner: Room, inside: bytes) -> str:
    partner.repository.works[0].inside = inside
    partner.harvest()
    (reject,) = partner.rejects.page(partner.partner_id, 0, 10, actor=NODIRA)
    return f"/partners/rejected/{reject.id}"


def _upload(client: FlaskClient, path: str, data: bytes) -> tuple[int, str]:
    form = {"csrf": csrf_of(client), "file": (BytesIO(data), "mended.xml")}
    answer = client.post(path, data=form)
    return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)


def test_a_long_record_is_taken_as_a_file_mended_and_sent_back(partner: Room, nodira: FlaskClient) -> None:
    path = _rejected(partner, LONG + b" & <oops")
    page = nodira.get(path)
    assert "choose the mended file here" in page.get_data(as_text=True)
    assert len(page.data) < 200_000
    file = nodira.get(f"{path}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.mimetype == "application/octet-stream"
    assert len(file.data) > LONGEST_SHOWN
    assert _upload(nodira, path, file.data)[0] == 422, "nothing was mended"
    status, told = _upload(nodira, path, file.data.replace(b" & <oops", b"").decode().encode("utf-16"))
    assert (status, "not in UTF-8" in told) == (422, True)
    status, place = _upload(nodira, path, b"\xef\xbb\xbf" + file.data.replace(b" & <oops", b" Mended"))
    assert (status, place) == (303, f"/record/{partner.number('oai:partner.example:1')}")


def test_of_a_record_larger_than_any_the_page_says_that_it_is_not_whole(partner: Room, nodira: FlaskClient) -> None:
    path = _rejected(partner, b"x" * (LARGEST_REJECTED + 10) + b" & <oops")
    page = nodira.get(path).get_data(as_text=True)
    assert "only its beginning was kept" in page
    assert 'type="file"' not in page
