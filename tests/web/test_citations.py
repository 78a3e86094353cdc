"""How a record is described and cited on its page, its files, its QR code, and what is like it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.projections import qr
from tests.web.shelves import Shelves

Get = Callable[..., str]


def test_a_record_is_described_and_cited_in_five_forms(page: Get, shelves: Shelves) -> None:
    text = page(f"/record/{shelves.textbook}")
    for part in ("[Matn]", ">GOST<", ">APA<", "@article{", "TY  - JOUR", "&#34;type&#34;: &#34;article-journal&#34;"):
        assert part in text, part


def test_the_standard_of_the_description_is_a_setting(shelves: Shelves) -> None:
    container = shelves.container
    before = container.settings
    container.settings = replace(before, description_style="gost-r-7.0.100-2018")
    try:
        text = create_app(container).test_client().get(f"/record/{shelves.textbook}").get_data(as_text=True)
    finally:
        container.settings = before
    assert "[Matn]" not in text
    assert "Matn : bevosita" in text or "Matn :" in text


@pytest.mark.parametrize(
    ("ending", "media_type", "part"),
    [
        ("bib", "application/x-bibtex", "@article{"),
        ("ris", "application/x-research-info-systems", "TY  - JOUR\r\n"),
        ("json", "application/vnd.citationstyles.csl+json", '"title"'),
        ("txt", "text/plain", "Oliy matematika"),
    ],
)
def test_a_citation_can_be_downloaded(
    client: FlaskClient, shelves: Shelves, ending: str, media_type: str, part: str
) -> None:
    response = client.get(f"/record/{shelves.textbook}/cite.{ending}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert f"filename=record-{shelves.textbook}.{ending}" in response.headers["Content-Disposition"]
    assert part in response.get_data(as_text=True)


def test_the_json_is_one_item(client: FlaskClient, shelves: Shelves) -> None:
    (item,) = json.loads(client.get(f"/record/{shelves.textbook}/cite.json").data)
    assert item["id"] == str(shelves.textbook)


@pytest.mark.parametrize("view", ["cite.bib", "cite.ris", "cite.json", "cite.txt", "qr.svg", "card.pdf"])
def test_tombstones_and_drafts_have_no_files(client: FlaskClient, shelves: Shelves, view: str) -> None:
    assert client.get(f"/record/{shelves.withdrawn}/{view}").status_code == 410
    assert client.get(f"/record/{shelves.draft}/{view}").status_code == 404
    assert client.get(f"/record/999999/{view}").status_code == 404


def test_the_code_leads_to_the_permanent_address(client: FlaskClient, shelves: Shelves) -> None:
    response = client.get(f"/record/{shelves.textbook}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.data == qr.svg(f"http://localhost/record/{shelves.textbook}")
    assert response.data != qr.svg("http://localhost/record/1000")
    assert b"script" not in response.data
    assert f'src="/record/{shelves.textbook}/qr.svg"' in client.get(f"/record/{shelves.textbook}").get_data(
        as_text=True
    )


def test_similar_records_share_something_and_are_never_the_record_itself(page: Get, shelves: Shelves) -> None:
    text = page(f"/record/{shelves.textbook}").split('id="similar-heading"')[1]
    assert text.count('<article class="result">') == 6
    assert "Algebra masalalari" in text
    assert f'href="/record/{shelves.textbook}"' not in text.split("</section>")[0]
    for hidden in (shelves.withdrawn, shelves.draft):
        assert f'href="/record/{hidden}"' not in text
    assert "similar-heading" not in page(f"/record/{shelves.arabic}")


def test_a_record_without_an_index_has_its_page(shelves: Shelves, container: object) -> None:
    facts = shelves.container.catalogue.record(shelves.textbook).description
    assert container.similar.to(shelves.textbook, facts) == ()  # type: ignore[attr-defined]
