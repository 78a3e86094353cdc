"""The act of a transfer for paper, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator

from library.domain.document import Document, DocumentState
from library.domain.holdings import Source
from library.services.printing import Party, TransferAct
from library.services.transfers import TransferView
from library.web import documents_words as words
from library.web import formats
from library.web.holdings import SOURCES
from library.web.languages import gettext, locale, ngettext
from library.web.pages import site

SHOWN_OF_DIGEST = 16
WIDTHS = (2, 7, 7, 3, 5)
# What was refused or never came was not taken over.
TAKEN_OVER = frozenset(DocumentState) - {DocumentState.ARRIVING, DocumentState.REFUSED}


def act_of(view: TransferView) -> TransferAct:
    """The act that both parties sign."""
    transfer, house = view.transfer, site()
    files = [one for one in view.documents if one.state in TAKEN_OVER]
    giver = transfer.partner or house.library
    return TransferAct(
        title=gettext("Transfer act No {number}", number=str(transfer.id)),
        institution=house.institution,
        library=house.library,
        opening=gettext(
            "{giver} handed over, and {library} took over, on {day} the electronic documents listed below.",
            giver=giver,
            library=house.library,
            day=formats.long_day(transfer.taken_on, locale()),
        ),
        facts=tuple(_facts(view)),
        files_heading=ngettext("{n} file", "{n} files", len(files)),
        headings=(
            gettext("Number"),
            gettext("Record"),
            gettext("File"),
            gettext("File size"),
            gettext("SHA-256 (beginning)"),
        ),
        widths=WIDTHS,
        rows=tuple(_row(number, one, view.titles[one.record_id]) for number, one in enumerate(files, 1)),
        total=gettext("Together: {size}", size=formats.size(sum(one.size for one in files), locale())) if files else "",
        signatures=(_party(gettext("Handed over by"), giver), _party(gettext("Taken over by"), house.library)),
    )


def _facts(view: TransferView) -> Iterator[tuple[str, str]]:
    transfer = view.transfer
    yield gettext("Source"), gettext(SOURCES[transfer.source])
    if transfer.source is not Source.OWN or transfer.partner:
        yield gettext("Supplier or giver"), transfer.partner
    for paper in transfer.papers:
        day = formats.short_day(paper.date, locale())
        yield gettext(words.PAPERS[paper.kind]), gettext("No {number} of {day}", number=paper.number, day=day)
    if transfer.price:
        yield gettext("Price"), formats.money(transfer.price, locale())
    if transfer.licence:
        yield gettext("Licence"), transfer.licence
    if transfer.term_ends is not None:
        yield gettext("Last day of the subscription"), formats.short_day(transfer.term_ends, locale())
    if transfer.note:
        yield gettext("Notes"), transfer.note


def _row(number: int, document: Document, title: str) -> tuple[str, ...]:
    name = f"{document.name} ({document.label})" if document.label else document.name
    size = formats.size(document.size, locale())
    return (str(number), f"{title} [{document.record_id}]", name, size, document.digest[:SHOWN_OF_DIGEST])


def _party(heading: str, name: str) -> Party:
    return Party(heading=heading, name=name, under=gettext("post, name, signature"), day=gettext("Date: ____________"))
