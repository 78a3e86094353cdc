"""Every check in order, and the only maker of `Admitted`.

Each step takes what the step before it made and nothing else makes: bytes of a recognised kind, of a sound structure,
found clean by a scanner that the canary vouches for. There is no way around the scanner.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import BinaryIO, TypeAlias

from storage import active_pdf, container_parts, containers, media_types
from storage.antivirus import Scanner, passes_unseen
from storage.canary import Canary
from storage.errors import N_, told_plainly
from storage.model import (
    _GATE_SEAL,
    Admitted,
    Digest,
    Doubt,
    Finding,
    Intake,
    MediaType,
    Objection,
    Reason,
    Refused,
    StoredFile,
    Undecided,
    Verdict,
    WaitsFor,
)
from storage.quarantine import Quarantine

Outcome: TypeAlias = Admitted | Refused | Undecided
_BLOCK = 1 << 20
_ARCHIVES = frozenset({MediaType.EPUB, MediaType.DOCX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What archives may be and what a walk through a PDF may cost."""

    containers: containers.Limits = field(default_factory=containers.Limits)
    walk: active_pdf.WalkLimits = field(default_factory=active_pdf.WalkLimits)


@dataclass(frozen=True, slots=True)
class _Whole:
    """The bytes in quarantine are those that came."""

    intake: Intake


@dataclass(frozen=True, slots=True)
class _Recognised:
    whole: _Whole
    media_type: MediaType


@dataclass(frozen=True, slots=True)
class _Sound:
    recognised: _Recognised


@dataclass(frozen=True, slots=True)
class _Clean:
    sound: _Sound
    verdict: Verdict


class Gate:
    """The checks between quarantine and store."""

    def __init__(self, quarantine: Quarantine, scanner: Scanner, canary: Canary, limits: Limits | None = None) -> None:
        self._quarantine = quarantine
        self._scanner = scanner
        self._canary = canary
        self._limits = limits or Limits()

    def inspect(self, intake: Intake) -> Outcome:
        """Check a file from the beginning; may be repeated. A refused one is locked before this returns.

        Raises `UnknownIntake`, `Locked` for one that was refused before, and what the disk does (`StorageFailed`).
        """
        with told_plainly(), self._quarantine.open(intake) as file:
            try:
                clean = self._scan(self._examine(self._recognise(self._compare(intake, file), file), file), file)
            except Objection as objection:
                refused = Refused(intake=intake, reason=objection.reason)
            except Doubt as doubt:
                return Undecided(intake=intake, reason=doubt.reason, waits_for=doubt.waits_for)
            else:
                return _admitted(clean)
        self._quarantine.lock(refused)
        return refused

    def scan_again(self, stored: StoredFile, file: BinaryIO) -> Verdict:
        """What the scanner says today of a kept file; clean only if the canary vouches for it."""
        verdict = self._look(file, stored.digest, stored.media_type)
        if verdict.finding is Finding.CLEAN and not (state := self._canary.vouches_for(verdict)).good:
            return replace(verdict, finding=Finding.RETRY, detail=state.why)
        return verdict

    def _look(self, file: BinaryIO, digest: Digest, media_type: MediaType) -> Verdict:
        """Scan a file, and apart from it what lies in it and would be passed unseen there."""
        verdict = self._scanner.scan(file, digest)
        if verdict.finding is Finding.CLEAN and media_type in _ARCHIVES:
            for part in containers.Container.examined_before(file).parts():
                if passes_unseen(part):
                    verdict = replace(self._scanner.scan(BytesIO(part), Digest.of(part)), digest=digest)
                if verdict.finding is not Finding.CLEAN:
                    break
        return verdict

    def _compare(self, intake: Intake, file: BinaryIO) -> _Whole:
        digest = hashlib.sha256()
        while block := file.read(_BLOCK):
            digest.update(block)
        if Digest(digest.hexdigest()) != intake.digest:
            raise Objection(
                Reason.of("altered", N_("The bytes of the file have changed since it came. Upload it again."))
            )
        return _Whole(intake)

    def _recognise(self, whole: _Whole, file: BinaryIO) -> _Recognised:
        file.seek(0)
        return _Recognised(whole, media_types.recognise(file, whole.intake.name))

    def _examine(self, recognised: _Recognised, file: BinaryIO) -> _Sound:
        match recognised.media_type:
            case MediaType.EPUB | MediaType.DOCX:
                container_parts.look_into(containers.examine(file, self._limits.containers), recognised.media_type)
            case MediaType.PDF:
                active_pdf.check(file, self._limits.walk)
            case MediaType.DJVU | MediaType.TXT | MediaType.MP3 | MediaType.MP4:
                pass
        return _Sound(recognised)

    def _scan(self, sound: _Sound, file: BinaryIO) -> _Clean:
        recognised = sound.recognised
        verdict = self._look(file, recognised.whole.intake.digest, recognised.media_type)
        match verdict.finding:
            case Finding.INFECTED:
                raise Objection(
                    Reason.of("infected", N_("The virus scanner found {virus} in the file."), virus=verdict.detail)
                )
            case Finding.UNSCANNABLE:
                raise Doubt(
                    Reason.of(
                        "unscannable",
                        N_("The virus scanner can't look into the whole file ({detail}). Save it without a password."),
                        detail=verdict.detail,
                    ),
                    WaitsFor.PERSON,
                )
            case Finding.RETRY:
                raise Doubt(
                    Reason.of(
                        "scanner-silent", N_("The virus scanner did not answer ({detail})."), detail=verdict.detail
                    ),
                    WaitsFor.SCANNER,
                )
            case Finding.CLEAN:
                state = self._canary.vouches_for(verdict)
                if not state.good:
                    raise Doubt(
                        Reason.of("scanner-sick", N_("The virus scanner can't be trusted now ({why})."), why=state.why),
                        WaitsFor.SCANNER,
                    )
        return _Clean(sound, verdict)


def _admitted(clean: _Clean) -> Admitted:
    recognised = clean.sound.recognised
    return Admitted(
        intake=recognised.whole.intake, media_type=recognised.media_type, verdict=clean.verdict, seal=_GATE_SEAL
    )
