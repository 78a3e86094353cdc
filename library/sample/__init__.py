"""A catalogue to begin with: invented works of an Uzbek and a Kyrgyz university, in three dialects and five languages.

Nobody in it exists, save the classics among the authors; the numbers and addresses are invented too.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def paths() -> tuple[Path, Path, Path]:
    """The sources to import: MARCXML (MARC 21), ISO 2709 (RUSMARC), and the MST file of an IRBIS64 base."""
    data = Path(str(files("library.sample") / "data"))
    return data / "marc21.xml", data / "rusmarc.iso", data / "KITOB" / "kitob.mst"
