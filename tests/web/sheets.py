"""Cataloguing forms as a browser without scripts has them: read from a page, typed into, and sent by a button."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse


@dataclass
class Sheet:
    """The form of a page, with what its inputs hold."""

    client: FlaskClient
    response: TestResponse
    action: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    tree: Any = None

    @property
    def text(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def names(self) -> list[str]:
        """The inputs to type into."""
        return [
            one.get("name") for one in self.tree.xpath(f"{FORM}//*[self::input[not(@type='hidden')] or self::textarea]")
        ]

    @property
    def menus(self) -> list[str]:
        """The menus to choose from."""
        return [one.get("name") for one in self.tree.xpath(f"{FORM}//select")]

    @property
    def buttons(self) -> list[str]:
        """What the buttons do."""
        return [one.get("value") for one in self.tree.xpath(f"{FORM}//button[@name='do']")]

    @property
    def focused(self) -> str:
        """The name of the input that the cursor is put into."""
        return next(iter(self.tree.xpath("//*[@autofocus]/@name")), "")

    def complaints(self) -> list[tuple[str, str]]:
        """The places that the summary leads to, and what it says of them."""
        lines = self.tree.xpath("//section[@id='summary']//li")
        return [(next(iter(line.xpath("a/@href")), ""), " ".join(line.text_content().split())) for line in lines]

    def type(self, **values: str) -> Sheet:
        """Type into inputs; a name is written with _ for its points: `_200_0_A_0="Algebra"`."""
        self.inputs.update({name.removeprefix("_").replace("_", "."): value for name, value in values.items()})
        return self

    def press(self, do: str) -> Sheet:
        """Send the form by the button that does this, and read the page that answers."""
        response = self.client.post(self.action, data={**self.inputs, "do": do}, follow_redirects=True)
        return read(self.client, response)


FORM = "//form[@id='sheet']"


def opened(client: FlaskClient, path: str) -> Sheet:
    """The form at this address."""
    return read(client, client.get(path))


def read(client: FlaskClient, response: TestResponse) -> Sheet:
    """The form of this page; one without inputs where the page has none."""
    sheet = Sheet(client, response)
    sheet.tree = html.fromstring(response.get_data() or b"<p></p>")
    found = sheet.tree.xpath(FORM)
    if found:
        sheet.action = found[0].get("action")
        for text in found[0].iter("textarea"):
            # As browsers do it: a line break at the beginning of a text area is not part of it.
            text.text = (text.text or "").removeprefix("\n")
        for name, value in [*found[0].form_values(), *((name, "") for name in sheet.names)]:
            if name and name != "do":
                # Browsers send line breaks as CRLF.
                sheet.inputs.setdefault(name, value.replace("\r\n", "\n").replace("\n", "\r\n"))
    return sheet
