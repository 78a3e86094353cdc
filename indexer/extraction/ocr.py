"""OCR of one page: Debian's tesseract reads the picture of a page in a process with limits.

A page takes seconds, so whoever has a book of them asks for one at a time and keeps what has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from indexer.extraction import in_child, sandbox
from indexer.extraction.cleaning import cleaned, says_something
from indexer.extraction.model import N_, Reason, Unreadable, damaged, program_missing
from indexer.extraction.sandbox import Done, Limits, Missing

_PROGRAM, _PACKAGE = "tesseract", "tesseract-ocr"
# A4 at 300 dots an inch in grey is 9 MB, and tesseract keeps several of it and the tables of each language.
PAGE_LIMITS = Limits(memory=1 << 30, processor=120, clock=180, output=1 << 20)
# What tesseract calls the languages of records, in MARC's codes and in tags of BCP 47. Where a record doesn't tell the
# script of Uzbek, both are tried.
_MODELS = MappingProxyType(
    {
        "uzb": ("uzb", "uzb_cyrl"),
        "uz": ("uzb", "uzb_cyrl"),
        "uz-Latn": ("uzb",),
        "uz-Cyrl": ("uzb_cyrl",),
        "kir": ("kir",),
        "ky": ("kir",),
        "rus": ("rus",),
        "ru": ("rus",),
        "eng": ("eng",),
        "en": ("eng",),
    }
)
# For a language without a model: the scripts are what matters.
_OTHERWISE = ("rus", "eng")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The text of a page, empty where there are no letters, and what read it, such as "tesseract uzb+rus"."""

    text: str
    made_by: str


def models_for(languages: Iterable[str]) -> tuple[str, ...]:
    """What tesseract needs for the languages of a record ("uzb", "uz-Latn", "kir", …), without repetitions."""
    found = [model for language in languages for model in _MODELS.get(language, ())]
    return tuple(dict.fromkeys(found)) or _OTHERWISE


def installed_models() -> frozenset[str] | Unreadable:
    """The languages that tesseract can read here."""
    outcome = sandbox.run([_PROGRAM, "--list-langs"], PAGE_LIMITS)
    if isinstance(outcome, Missing):
        return Unreadable(reason=program_missing(_PROGRAM, _PACKAGE))
    if not isinstance(outcome, Done):
        return Unreadable(reason=in_child.failure_of(outcome, program=_PROGRAM) or damaged(_PROGRAM))
    # The first line says where they lie.
    return frozenset(outcome.output.decode("utf-8", "replace").split("\n")[1:]) - {"", "osd"}


def recognise(picture: Path, languages: Iterable[str], limits: Limits = PAGE_LIMITS) -> Recognised | Unreadable:
    """The text in the picture of a page (PNG, PGM, TIFF), upright, in the languages of its record.

    Languages that aren't installed are left out; where none is, the answer is `Unreadable` with the packages that are
    missing. Raises `OSError` when the picture can't be opened.
    """
    installed = installed_models()
    if isinstance(installed, Unreadable):
        return installed
    wanted = models_for(languages)
    models = [model for model in wanted if model in installed]
    if not models:
        packages = " ".join(f"{_PACKAGE}-{model.replace('_', '-')}" for model in wanted)
        return Unreadable(
            reason=Reason.of(
                "language-missing",
                N_(
                    "Reading this scan needs languages that are not installed. An administrator can install them with "
                    "the Debian packages {packages}."
                ),
                packages=packages,
            )
        )
    spoken = "+".join(models)
    outcome = sandbox.run([_PROGRAM, "stdin", "stdout", "-l", spoken], limits, source=picture)
    if isinstance(outcome, Missing):
        return Unreadable(reason=program_missing(_PROGRAM, _PACKAGE))
    failure = in_child.failure_of(outcome, program=_PROGRAM)
    if failure is not None:
        return Unreadable(reason=failure)
    text = cleaned(outcome.output.decode("utf-8", "replace"))
    return Recognised(text=text if says_something(text) else "", made_by=f"{_PROGRAM} {spoken}")
