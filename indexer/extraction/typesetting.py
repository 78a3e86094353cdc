"""Sets words with typst, which brings a serif with Cyrillic and the letters of Uzbek and Kyrgyz inside itself.

Runs in the child that draws. The system's fonts serve only for what Libertinus lacks (Arabic, Chinese). The words are
values to typst, never its markup.
"""

from __future__ import annotations

import re

import typst

from indexer.extraction.page_images import TEXT_SIZE

_FONT = "Libertinus Serif"
_MARGIN = 36
_PAGE = f"""
#set page(width: {TEXT_SIZE.width}pt, height: auto, margin: {_MARGIN}pt)
#set text(font: "{_FONT}", size: 11.5pt)
#set par(leading: 0.72em)
#layout(place => {{
  let body = block(width: place.width, text(sys.inputs.words))
  block(height: calc.max(measure(body).height, {TEXT_SIZE.height - 2 * _MARGIN}pt), body)
}})
"""
_STAMP = f"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: "{_FONT}", size: 10pt)
#rotate(-30deg, reflow: true, align(center, stack(spacing: 4pt, text(sys.inputs.first), text(sys.inputs.second))))
"""
_STAMP_POINTS, _POINTS_OF_INCH = 10, 72
# A page of a book has two or three thousand; more than this nobody reads on one page.
MOST_CHARACTERS = 20_000
_LONGEST_WORD = 40
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNBROKEN = re.compile(rf"(\S{{{_LONGEST_WORD}}})(?=\S)")


class Typesetting:
    """Sets pages and stamps; the fonts are looked up once."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(include_system_fonts=True)

    def page(self, words: str) -> bytes:
        """A PDF of one page with these words, as wide as `TEXT_SIZE` and as high as they need; lines stay lines.

        Controls are left out, very long words broken, and what is above `MOST_CHARACTERS` is cut.
        """
        words = _CONTROLS.sub("", words[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n"))
        words = _UNBROKEN.sub("\\1\u200b", words)
        return typst.compile(_PAGE.encode(), font_paths=self._fonts, format="pdf", sys_inputs={"words": words})

    def stamp(self, lines: tuple[str, str], pixels: float) -> bytes:
        """A transparent PNG with two lines of black words, aslant; `pixels` is the size of the type."""
        return typst.compile(
            _STAMP.encode(),
            font_paths=self._fonts,
            format="png",
            ppi=_POINTS_OF_INCH * pixels / _STAMP_POINTS,
            sys_inputs={"first": lines[0], "second": lines[1]},
        )
