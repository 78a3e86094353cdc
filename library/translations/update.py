"""For authors: collect the messages, keep their translations, and write Uzbek Cyrillic from Uzbek Latin.

Run `python library/translations/update.py` after a change of messages; it names what is left to translate.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from library.projections.uzbek_cyrillic import to_cyrillic  # noqa: E402

TRANSLATED = ("uz_Latn", "ky", "ru")
GENERATED = "uz_Cyrl"
PLURALS = {
    "uz_Latn": "nplurals=1; plural=0;",
    "uz_Cyrl": "nplurals=1; plural=0;",
    "ky": "nplurals=1; plural=0;",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}


def path_of(locale: str) -> Path:
    """Where the catalogue of a locale stands."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def messages() -> Catalog:
    """All messages of the program and its templates, with the files they stand in."""
    catalogue = Catalog(charset="utf-8", project="Kutubxona", fuzzy=False)
    python = [("**.py", "python")]
    engines = ((ROOT / engine, python) for engine in ("harvest", "indexer", "storage"))
    trees = ((ROOT / "library", python), *engines, (ROOT / "templates", [("**.html", "jinja2")]))
    for directory, methods in trees:
        found = extract_from_dir(
            str(directory), methods, {"**.html": {"silent": "false"}}, KEYWORDS, directory_filter=lambda _: True
        )
        for name, _, message, _, _ in found:
            catalogue.add(message, locations=[(f"{directory.name}/{name}", 1)])
    return catalogue


def read(locale: str) -> Catalog:
    """The catalogue of a locale as it stands."""
    with path_of(locale).open("rb") as stream:
        return read_po(stream, locale=locale)


def merged(template: Catalog, locale: str) -> Catalog:
    """These messages with the translations that are known; nothing is guessed, what is gone is dropped."""
    known = read(locale) if path_of(locale).exists() else Catalog(locale=locale)
    catalogue = _empty(locale)
    for message in template:
        if message.id:
            old = known.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            same = old is not None and old.id == message.id
            catalogue.add(message.id, old.string if same and old is not None else "", locations=message.locations)
    return catalogue


def in_cyrillic(latin: Catalog) -> Catalog:
    """The Uzbek catalogue in the other script."""
    catalogue = _empty(GENERATED)
    for message in latin:
        if message.id:
            texts = message.string
            other = tuple(map(to_cyrillic, texts)) if isinstance(texts, tuple | list) else to_cyrillic(texts or "")
            catalogue.add(message.id, other, locations=message.locations)
    return catalogue


def as_file(catalogue: Catalog) -> bytes:
    """The catalogue as it is kept: sorted, without dates, so that a change shows only what changed."""
    stream = BytesIO()
    write_po(stream, catalogue, width=120, sort_output=True, omit_header=True, include_lineno=False)
    locale = str(catalogue.locale)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {locale}\\n"\n"Plural-Forms: {PLURALS[locale]}\\n"\n\n'
    )
    return header.encode() + stream.getvalue()


def _empty(locale: str) -> Catalog:
    catalogue = Catalog(locale=locale, charset="utf-8", fuzzy=False)
    header = [(name, value) for name, value in catalogue.mime_headers if name != "Plural-Forms"]
    catalogue.mime_headers = [*header, ("Plural-Forms", PLURALS[locale])]
    return catalogue


def main() -> int:
    """Write all catalogues; the exit code says whether something is left to translate."""
    template = messages()
    left = 0
    for locale in TRANSLATED:
        catalogue = merged(template, locale)
        path_of(locale).parent.mkdir(parents=True, exist_ok=True)
        path_of(locale).write_bytes(as_file(catalogue))
        if locale == TRANSLATED[0]:
            path_of(GENERATED).write_bytes(as_file(in_cyrillic(catalogue)))
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and not all(texts):
                left += 1
                sys.stdout.write(f"{locale}: {message.id}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
