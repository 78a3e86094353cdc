"""Takes the sample's full texts in as librarians do: with their transfers, through quarantine, with an approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from library.container import Container
from library.domain.access import Actor
from library.domain.access_level import Rights
from library.domain.errors import N_
from library.domain.holdings import Source
from library.domain.people import Role
from library.domain.transfer import Paper, PaperKind, Transfer
from library.sample.full_texts import FullText, full_texts

_CATALOGUER = Actor(key="sample", name=N_("Sample catalogue"), roles=frozenset({Role.CATALOGUER}))
_APPROVER = Actor(key="sample-approver", name=N_("Sample catalogue"), roles=frozenset({Role.APPROVER}))
_ENDED = "subscription-ended"
_PARTNERS: Mapping[Source, str] = {
    Source.OWN: "",
    Source.PURCHASE: "«Ziyo kitob» MCHJ",
    Source.EXCHANGE: "Теңир-Тоо университетинин китепканасы",
    Source.GIFT: "Oʻlkashunoslik muzeyi",
    Source.SUBSCRIPTION: "ЭБС «Тянь-Шань»",
}
_PRICES: Mapping[Source, Decimal] = {Source.PURCHASE: Decimal(1_250_000), Source.SUBSCRIPTION: Decimal(8_400_000)}
_RUNS_FOR = timedelta(days=45)
_OPENS_AFTER = timedelta(days=365)


def take_in(container: Container) -> int:
    """Send all full texts into quarantine; how many they are. The worker checks them and makes them readable."""
    texts = full_texts()
    records = _records(container, texts)
    today = container.transfers.today()
    transfers = {came: _transfer(container, came, today) for came in {text.came for text in texts} if came}
    for text in texts:
        embargo = today + _OPENS_AFTER if text.has_embargo else None
        number, title = records[text.source, text.key]
        with text.path.open("rb") as stream:
            document = container.documents.receive(
                number,
                stream,
                f"{title}{text.path.suffix}",
                rights=Rights(level=text.level, embargo_until=embargo, licence=text.licence),
                transfer_id=transfers.get(text.came),
                actor=_CATALOGUER,
            )
        if text.is_approved:
            container.documents.approve(document.id, expected=document.version, actor=_APPROVER)
    return len(texts)


def _records(container: Container, texts: Sequence[FullText]) -> Mapping[tuple[str, str], tuple[int, str]]:
    """The number and title of each record by source and key."""
    numbers: dict[tuple[str, str], int] = {}
    with container.database.reading() as view:
        for source in {text.source for text in texts}:
            keys = [text.key for text in texts if text.source == source]
            for key, origin in view.origins.of_source(source, keys).items():
                numbers[source, key] = origin.record_id
        listed = view.records.listed(list(numbers.values()))
    return {place: (number, listed[number].description.title) for place, number in numbers.items()}


def _transfer(container: Container, came: str, today: date) -> int:
    """Enter the transfer of one source with all its papers; its number."""
    source = Source.SUBSCRIPTION if came == _ENDED else Source(came)
    began = today - timedelta(days=400 if came == _ENDED else 90)
    term = {_ENDED: today - timedelta(days=30), Source.SUBSCRIPTION: today + _RUNS_FOR}
    papers = [Paper(kind=kind, number=f"{number}-n", date=began) for number, kind in enumerate(PaperKind, 1)]
    transfer = Transfer(
        source=source,
        partner=_PARTNERS[source],
        taken_on=began,
        papers=tuple(papers),
        price=_PRICES.get(source, Decimal(0)),
        term_ends=term.get(came),
    )
    return container.transfers.enter(transfer, actor=_CATALOGUER).id
