"""`library journal`: whether it is what was written, and what to keep of it in another place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from library.cli.opened import opened_container
from library.container import JOURNAL_KEY
from library.domain.errors import N_, LibraryError
from library.domain.journal_proof import Anchor, Fault, FaultKind
from library.services.journal_proof import HeadState, Verification, read_anchors
from library.settings import Settings

_SENTENCES = {
    FaultKind.CHANGED: "{entries} not sealed with these contents: changed, or put in by somebody without the key.",
    FaultKind.WRONG_KEY: "{entries} not sealed with the key in journal.key: it was lost or replaced since (put the old "
    "one back from a backup), or they were all changed.",
    FaultKind.MISSING: "{entries} missing: taken out of the journal.",
    FaultKind.ADDED: "{entries} not of this journal: put in by somebody without the key.",
    FaultKind.MOVED: "{entries} really number {own:,}: moved from its place.",
    FaultKind.RENUMBERED: "{entries} renumbered: the first of them was written as {own:,}.",
    FaultKind.CUT: "{entries} missing at the end: there was an entry {last:,} on {known_at}. The journal was cut, or "
    "the database comes from an older backup.",
    FaultKind.REWRITTEN: "{entries} other than noted outside the database on {known_at}: the journal was written anew "
    "with the key, or the database comes from an older backup.",
}
_HEADS = {
    HeadState.MISSING: "Whether entries were cut from the end can't be told: the note of the newest one beside the "
    "database (.journal.head) is missing. It comes back with the next entry.",
    HeadState.DAMAGED: "Whether entries were cut from the end can't be told: the note of the newest one beside the "
    "database (.journal.head) is damaged. It is written anew with the next entry.",
}


@click.group()
def journal() -> None:
    """Prove that the journal is what was written."""


@journal.command()
@click.option(
    "--anchors",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with anchors that were kept elsewhere, one a line.",
)
def verify(anchors: Path | None) -> None:
    """Say which entries were changed, taken out, put in, moved or cut off; exit code 1 where there are any."""
    key = Settings.from_environment(os.environ).data_dir / JOURNAL_KEY
    if not key.exists():
        # Looked for first: whatever opens the database makes a new key where there is none.
        raise LibraryError(
            N_("There is no key {path}: nothing can be verified. Put it back from a backup."), path=str(key)
        )
    others = _from_file(anchors) if anchors is not None else []
    with opened_container() as container:
        found = container.journal_proof.verify(others)
    for sentence in _problems(found):
        click.echo(sentence, err=True)
    if not found.is_proved:
        sys.exit(1)
    click.echo(f"The journal is whole: {found.verdict.entries:,} entries, compared with {found.anchors:,} anchors.")


@journal.command()
def anchor() -> None:
    """Print the newest entry's number and link, to be kept where nobody can change them together with the database."""
    with opened_container() as container:
        click.echo(container.journal_proof.anchor())


def _from_file(path: Path) -> list[Anchor]:
    anchors, unreadable = read_anchors(path.read_text(encoding="ascii", errors="replace"))
    if unreadable:
        raise LibraryError(
            N_("Line {number} of {path} is no anchor. It is written as: time, number, link."),
            number=unreadable[0],
            path=str(path),
        )
    return anchors


def _problems(found: Verification) -> list[str]:
    verdict = found.verdict
    sentences = [_sentence(fault) for fault in verdict.faults]
    if verdict.more_faults:
        sentences.append(f"And {verdict.more_faults:,} more.")
    if found.head in _HEADS and verdict.last:
        sentences.append(_HEADS[found.head])
    sentences += [f"Line {number} of journal.anchors is damaged." for number in found.unreadable]
    return sentences


def _sentence(fault: Fault) -> str:
    one = fault.first == fault.last
    entries = f"Entry {fault.first:,} is" if one else f"Entries {fault.first:,} to {fault.last:,} are"
    known_at = f"{fault.known_at:%Y-%m-%d %H:%M} UTC" if fault.known_at else ""
    return _SENTENCES[fault.kind].format(entries=entries, own=fault.own, last=fault.last, known_at=known_at)
