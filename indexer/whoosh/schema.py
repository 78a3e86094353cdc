"""What Whoosh keeps of an entry: words with their places, and facts it only carries through its merges."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import struct
from collections.abc import Generator
from typing import Any

from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, ID, FieldType, Schema
from whoosh.formats import Format

from indexer.fields import IndexField, Tokens

# Raise it whenever what is written changes its meaning: the worker then rebuilds.
SCHEMA_VERSION = 4


class Places(Format):
    """The places of a word in a field, as unsigned 32-bit integers: many postings are decoded by numpy in one step."""

    def supports(self, name: str) -> bool:
        """Nothing of Whoosh's own reads these postings."""
        return name == "places"


class SplitText(FieldType):
    """A field that is given words, not text: everything about words was decided before."""

    def __init__(self) -> None:
        super().__init__(format=Places(), analyzer=None, scorable=False)  # type: ignore[arg-type]

    def index(self, value: Tokens, **_options: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        """Each word once: its bytes, how often, the same as a weight, its places. A value begins one place further."""
        places: dict[str, list[int]] = {}
        place = 0
        for words in value:
            for word in words:
                if word in places:
                    places[word].append(place)
                else:
                    places[word] = [place]
                place += 1
            place += 1
        for word, at in places.items():
            yield word.encode(), len(at), float(len(at)), struct.pack(f"<{len(at)}I", *at)


def schema() -> Schema:
    """The schema: `facts` is what the columns are made of."""
    return Schema(
        key=ID(unique=True),
        facts=COLUMN(VarBytesColumn()),
        **{field.value: SplitText() for field in IndexField},
    )
