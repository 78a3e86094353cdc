"""Work into which nothing was typed is nobody's unsaved work."""

from __future__ import annotations

from library.app import create_app
from library.container import Container
from library.domain.access import Actor
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import an_irbis_record
from tests.signed_in import a_person, browser_of
from tests.web.sheets import opened


def test_keeping_a_template_of_a_record_leaves_nothing_to_be_saved(container: Container) -> None:
    nodira = a_person(container, "nodira", Role.CATALOGUER)
    number = container.cataloguing.create(
        Dialect.IRBIS, an_irbis_record(), actor=Actor.person(nodira.id, nodira.name, nodira.roles)
    )
    client = browser_of(create_app(container), container, nodira)
    sheet = opened(client, f"/cataloguing/{number}")
    sheet.inputs["template-name"] = "Darsliklar"
    assert client.post("/cataloguing/keep", data=sheet.inputs).status_code == 204
    assert "The template is kept" in sheet.press("template").text
    desk = opened(client, "/cataloguing").text
    assert "Darsliklar" in desk
    assert "Typed and not saved" not in desk

    typed = opened(client, f"/cataloguing/{number}").type(_200_0_A_0="Algebra")
    client.post("/cataloguing/keep", data=typed.inputs)
    assert "Typed and not saved" in opened(client, "/cataloguing").text
    typed.type(_200_0_A_0="Алгебра жана анализ")
    client.post("/cataloguing/keep", data=typed.inputs)
    assert "Typed and not saved" not in opened(client, "/cataloguing").text
