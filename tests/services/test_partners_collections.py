"""What a partner gives stands in the collection that its entry names: for those who search, and for harvesters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from indexer.model import Facet
from library.container import Container
from library.domain.configuration import Division, Section
from library.services.search import SearchRequest
from tests.harvest.oai_partner import Repository, works
from tests.services.partner_room import Room, room
from tests.staff import BOTIR


def _change(here: Room, **values: object) -> None:
    """Change the entry of the partner, and let the worker tell it."""
    kept = here.partners.get(here.partner_id, actor=BOTIR)
    entry = replace(kept.entry, **values)  # type: ignore[arg-type]
    here.partners.change(kept.id, entry, expected=kept.version, actor=BOTIR)
    here.harvesting._looked = None
    while here.harvesting.step():
        pass


def _sets(here: Room) -> set[str]:
    with here.database.reading() as view:
        item = view.archive.item(here.number("oai:partner.example:1"))
    return set() if item is None or item.deleted else set(item.sets)


def _found(container: Container) -> dict[str, int]:
    while container.worker.step(lambda _: False):
        pass
    facet = container.search.run(SearchRequest(words="")).facets[Facet.COLLECTION]
    return {one.value: one.count for one in facet}


def test_the_collection_of_a_partner_is_a_facet_and_a_set(container: Container, tmp_path: Path) -> None:
    for code, name in (("ochiq", "Ochiq arxiv"), ("boshqa", "Boshqa kutubxonalar")):
        version = container.configuration.section(Section.COLLECTIONS, actor=BOTIR).version
        division = Division(code=code, names={"uz-Latn": name})
        container.configuration.add_division(Section.COLLECTIONS, division, expected=version, actor=BOTIR)
    with room(container.database, tmp_path, Repository(works(3))) as here:
        here.harvest()
        assert _found(container) == {}
        _change(here, collection="ochiq", expose=True)
        assert "collection:ochiq" in _sets(here)
        assert _found(container) == {"Ochiq arxiv": 3}
        _change(here, collection="boshqa")
        assert {spec for spec in _sets(here) if spec.startswith("collection:")} == {"collection:boshqa"}
        assert _found(container) == {"Boshqa kutubxonalar": 3}
        _change(here, collection="", expose=False)
        assert _sets(here) == set()
        assert _found(container) == {}
