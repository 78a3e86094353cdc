"""Charts as SVG: bars over time, stacked bars, hours by weekdays, ranked bars; every number also stands in a table.

Widths are shares of the picture and letters have the size of the page's: a chart is as legible on a telephone as on
paper. Colours come from classes of the stylesheet (no inline styles), and no series is told by its colour alone: each
has a pattern of its own. Numbers below zero are drawn as none; None is "not known" and has no bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from library.projections.plain_text import clean

MOST_SERIES = 6
Say = Callable[[int], str]

_GUTTER = 14.0
"""Where the numbers of the scale stand, in hundredths of the width; the bars have the rest."""
_ROOM = 100.0 - _GUTTER
_PLOT = 168
_ABOVE = 22
_LINE = 18
_BAR = 14
_CELL = 22
# The narrowest picture there is, and the width of a letter in it, in pixels.
_NARROWEST = 320
_LETTER = 7
_LABEL_LETTERS = 40
_NAME_LETTERS = 19
_TICKS = 4
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
_TONES = 4
_SOLID, _BEFORE = 'class="s0"', 'class="before"'
_PATTERNS = (
    "",
    '<path d="M-1 7 7-1M-1 1 1-1M5 7 7 5"/>',
    '<circle cx="3" cy="3" r="1.2"/>',
    '<path d="M0 3h6"/>',
    '<path d="M0 0 6 6M6 0 0 6"/>',
    '<path d="M3 0v6"/>',
)
# The colours of the page in light, for paper: there is no stylesheet there.
_PAPER = """
svg{font:9px "Libertinus Serif","DejaVu Sans";fill:#111}.axis{fill:#444}.line{stroke:#ccc;stroke-width:.5}
.base{stroke:#666;stroke-width:.8}.w{stroke:#333;stroke-width:.7;fill:none}.slot{stroke:#eee}
rect.s0{fill:#0b5c6b}rect.s1{fill:#9ccbd3}rect.s2{fill:#8a5a06}rect.s3{fill:#e9c98a}rect.s4{fill:#9c231f}rect.s5{fill:#8b949a}
g.s0{stroke:#0b5c6b}g.s1{stroke:#9ccbd3}g.s2{stroke:#8a5a06}g.s3{stroke:#e9c98a}g.s4{stroke:#9c231f}g.s5{stroke:#8b949a}
.t1{stroke:#a9cdd3}.t2{stroke:#6fa9b3}.t3{stroke:#338290}.t4{stroke:#0b5c6b}.before{fill:#fff;stroke:#666;stroke-width:.7}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a chart is called and says; `key` tells its parts from those of other charts on the page (a-z, 0-9, -)."""

    key: str
    title: str
    description: str
    say: Say = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A name and its numbers, one for each period."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart: `body` fills a box of the whole width and of `height` pixels."""

    words: Words
    body: str
    height: int

    def __html__(self) -> str:
        """The chart for a page: templates take it as it is."""
        return f'<svg class="chart" width="100%" height="{self.height}" {self._inside()}</svg>'

    def paper(self, width: int) -> str:
        """The chart for paper, as a whole file `width` points wide, with its own colours."""
        size = f'width="{width}" height="{self.height}" viewBox="0 0 {width} {self.height}"'
        start, _, rest = self._inside().partition(">")
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {start}><style>{_PAPER}</style>{rest}</svg>'

    def _inside(self) -> str:
        told = f"<title>{_text(self.words.title)}</title><desc>{_text(self.words.description)}</desc>"
        return f'role="img">{told}{self.body}'


def over_time(labels: Sequence[str], now: Series, before: Series | None, words: Words) -> Picture:
    """Bars side by side: the period before, outlined, and this one, filled; the tallest of this one is labelled."""
    both = (*now.values, *(before.values if before is not None else ()))
    top = _top(both)
    slot = _ROOM / max(len(labels), 1)
    middle, width = (0.69, 0.46) if before is not None else (0.5, 0.76)
    parts = _scale(top, words.say)
    if before is not None:
        # Rectangles, because the outline of a path would be drawn out with its box.
        bars = (_bar(_GUTTER + (at + 0.08) * slot, slot * 0.36, above) for at, _, above in _standing(before, top))
        parts.append(f"<g {_BEFORE}>{''.join(bars)}</g>")
    parts.append(f"<g {_SOLID}>{_plot(len(labels), width, _path(_standing(now, top), middle))}</g>")
    peak = max((value for value in now.values if value is not None), default=0)
    if peak > 0:
        place = now.values.index(peak)
        x = _GUTTER + (place + middle) * slot
        parts.append(_peak(x, _ABOVE + _PLOT - _height(peak, top) - 5, words.say(peak)))
    parts.append(_below(labels, slot))
    named = [(now.name, (_SOLID,))] if before is None else [(now.name, (_SOLID,)), (before.name, (_BEFORE,))]
    legend, end = _legend(named)
    return Picture(words=words, body="".join((*parts, *legend)), height=end)


def stacked(labels: Sequence[str], series: Sequence[Series], words: Words) -> Picture:
    """Bars of several parts, one bar for each period; `ValueError` for more series than can be told apart."""
    if len(series) > MOST_SERIES:
        message = f"at most {MOST_SERIES} series can be told apart, not {len(series)}"
        raise ValueError(message)
    sums = [sum(max(_at(one, place) or 0, 0) for one in series) for place in range(len(labels))]
    top = _top(sums)
    parts = [_patterns(words.key, len(series)), *_scale(top, words.say)]
    fills = [_fills(words.key, number) for number in range(len(series))]
    under = [0] * len(labels)
    for number, one in enumerate(series):
        bars = []
        # The heights of parts are differences of the heights of sums: rounding never makes a bar too tall.
        for place in range(len(labels)):
            low = _height(under[place], top)
            under[place] += max(_at(one, place) or 0, 0)
            high = _height(under[place], top)
            if high > low:
                bars.append((place, _PLOT - low, _PLOT - high))
        parts.append(_painted(f"{words.key}-{number}", _plot(len(labels), 0.76, _path(bars)), fills[number]))
    parts.append(_below(labels, _ROOM / max(len(labels), 1)))
    legend, end = _legend([(one.name, fill) for one, fill in zip(series, fills, strict=True)])
    return Picture(words=words, body="".join((*parts, *legend)), height=end)


def heat(rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]], words: Words) -> Picture:
    """Cells by rows and columns; a fuller cell is both darker and taller. `values` holds a line for each row."""
    top = max((value for line in values for value in line), default=0)
    slot = _ROOM / max(len(columns), 1)
    bottoms = [number * (_CELL + 4) + _CELL for number in range(len(rows))]
    tones: dict[int, list[tuple[int, float, float]]] = {}
    for bottom, line in zip(bottoms, values, strict=True):
        for place, value in enumerate(line):
            if top > 0 and value > 0:
                tone = 1 + min(value * _TONES // top, _TONES - 1)
                tones.setdefault(tone, []).append((place, bottom, bottom - max(value * _CELL // top, 2)))
    named = "".join(f'<text y="{bottom - 6}">{_text(row)}</text>' for bottom, row in zip(bottoms, rows, strict=True))
    drawn = "".join(_path(bars, name=f"t{tone}") for tone, bars in sorted(tones.items()))
    end = len(rows) * (_CELL + 4)
    # The ground of a row is one line as wide as a cell is tall.
    ground = "".join(f"M0 {bottom - _CELL / 2:g}h{len(columns)}" for bottom in bottoms)
    box = _plot(len(columns), 0.88, f'<path class="slot" stroke-width="{_CELL}" d="{ground}"/>{drawn}', 0, max(end, 1))
    body = f'<g class="axis">{named}</g>{box}{_marks(columns, slot, end + 14)}'
    return Picture(words=words, body=body, height=end + 20)


def ranked(labels: Sequence[str], values: Sequence[int], words: Words) -> Picture:
    """Bars lying one under another, each with its label above it, on two lines at most, and its number at its end."""
    top = max((*values, 0))
    parts, y = [], 0
    # Room for the longest number right of the longest bar.
    widest = max((len(words.say(value)) for value in values), default=0)
    room = 100 * max(1 - (widest * _LETTER + 10) / _NARROWEST, 0.4)
    for label, value in zip(labels, values, strict=True):
        lines = _wrapped(label)
        for one in lines:
            y += _LINE
            parts.append(f'<text y="{y - 4}">{_text(one)}</text>')
        share = _share(max(value, 0) * 10_000 // top / 10_000 * room) if top else "0"
        # What was cut is told whole to whoever points at the bar.
        tip = _tip(clean(label)) if lines[-1].endswith("…") else ""
        parts.append(f'<rect class="s0" y="{y + 1}" width="{share}%" height="{_BAR}">{tip}</rect>')
        parts.append(f'<text x="{share}%" dx="6" y="{y + 12}">{_text(words.say(value))}</text>')
        y += _BAR + 10
    return Picture(words=words, body="".join(parts), height=max(y, 1))


def _top(values: Iterable[int | None]) -> int:
    """The upper end of the scale: a round number that no value is above, parted into whole numbers."""
    largest = max((value for value in values if value is not None), default=0)
    if largest <= _TICKS:
        return _TICKS
    power = 1
    while power * _STEPS[-1] * _TICKS < largest:
        power *= 10
    return next(step * power * _TICKS for step in _STEPS if step * power * _TICKS >= largest)


def _scale(top: int, say: Say) -> list[str]:
    """The lines across, each with its number, the base line last."""
    lines, numbers = [], []
    for tick in range(_TICKS, -1, -1):
        y = _ABOVE + _PLOT - _PLOT * tick // _TICKS
        name = "line" if tick else "base"
        lines.append(f'<line class="{name}" x1="{_share(_GUTTER)}%" x2="100%" y1="{y}" y2="{y}"/>')
        numbers.append(f'<text x="{_share(_GUTTER - 1.5)}%" y="{y + 4}">{_text(say(top * tick // _TICKS))}</text>')
    return [*lines, '<g class="axis" text-anchor="end">', *numbers, "</g>"]


def _height(value: int, top: int) -> float:
    """How tall a bar of the plot is, in pixels; whole numbers of any size are divided before they are floats."""
    return max(value, 0) * _PLOT * 100 // top / 100


def _standing(series: Series, top: int) -> list[tuple[int, float, float]]:
    """Each bar that is known: its place, and from where to where it reaches in the plot."""
    return [
        (place, _PLOT, _PLOT - _height(value, top)) for place, value in enumerate(series.values) if value is not None
    ]


def _plot(slots: int, width: float, bars: str, y: int = _ABOVE, height: int = _PLOT) -> str:
    """A box right of the scale whose units are slots across and pixels down; `width` is that of a bar in its slot."""
    box = f'x="{_share(_GUTTER)}%" y="{y}" width="{_share(_ROOM)}%" height="{height}" stroke-width="{width:g}"'
    return f'<svg {box} viewBox="0 0 {max(slots, 1)} {height}" preserveAspectRatio="none">{bars}</svg>'


def _path(bars: Iterable[tuple[int, float, float]], middle: float = 0.5, name: str = "") -> str:
    """Standing bars in such a box, from below to above: lines as wide as a bar, in whole pixels, for few bytes."""
    drawn = "".join(f"M{place + middle:g} {below:.0f}V{above:.0f}" for place, below, above in bars)
    named = f' class="{name}"' if name else ""
    return f'<path{named} d="{drawn}"/>' if drawn else ""


def _bar(x: float, width: float, above: float) -> str:
    """A bar standing on the base line and reaching to `above` in the plot; `x` and `width` in hundredths."""
    box = f'x="{_share(x)}%" width="{_share(width)}%"'
    return f'<rect {box} y="{_ABOVE + round(above)}" height="{_PLOT - round(above)}"/>'


def _painted(key: str, plot: str, fills: tuple[str, ...]) -> str:
    """Bars in their tone, and over it the pattern, which shows through a mask of the same bars.

    The box of the bars is drawn out to the width of the picture; its pattern would be with it.
    """
    tone, *pattern = fills
    box = f'x="{_share(_GUTTER)}%" y="{_ABOVE}" width="{_share(_ROOM)}%" height="{_PLOT}"'
    over = "".join(
        f'<mask id="{key}-m"><use href="#{key}-b" stroke="#fff"/></mask><rect {box} {one} mask="url(#{key}-m)"/>'
        for one in pattern
    )
    return f'<g {tone}><g id="{key}-b">{plot}</g></g>{over}'


def _peak(x: float, y: float, text: str) -> str:
    return f'<text class="peak" text-anchor="middle" x="{_share(x)}%" y="{_share(y)}">{_text(text)}</text>'


def _below(labels: Sequence[str], slot: float) -> str:
    return _marks(labels, slot, _ABOVE + _PLOT + 14)


def _marks(labels: Sequence[str], slot: float, y: int) -> str:
    """The labels under the slots, as many as have room in the narrowest picture."""
    longest = max(map(len, labels), default=0)
    each = max(-(-(longest * _LETTER + 4) * 100 // int(slot * _NARROWEST)), 1) if labels else 1
    marks = "".join(
        f'<text x="{_share(_GUTTER + (place + 0.5) * slot)}%" y="{y}">{_text(label)}</text>'
        for place, label in enumerate(labels)
        if place % each == 0
    )
    return f'<g class="axis" text-anchor="middle">{marks}</g>'


def _legend(named: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[list[str], int]:
    """Names after samples of their bars, two to a line where they are short; and where they end."""
    columns = 2 if all(len(clean(name)) <= _NAME_LETTERS for name, _ in named) else 1
    parts, y = [], _ABOVE + _PLOT + _LINE + 8
    for number, (name, fills) in enumerate(named):
        x, line = number % columns * 50, y + number // columns * _LINE
        parts += [f'<rect {fill} x="{x}%" y="{line + 2}" width="12" height="12"/>' for fill in fills]
        parts.append(f'<text x="{x}%" dx="18" y="{line + 12}">{_text(_cut(clean(name), _LABEL_LETTERS - 3))}</text>')
    return parts, y + -(-len(named) // columns) * _LINE + 4


def _patterns(key: str, count: int) -> str:
    drawn = "".join(
        f'<pattern id="{key}-p{number}" class="w" width="6" height="6" patternUnits="userSpaceOnUse">'
        f"{_PATTERNS[number]}</pattern>"
        for number in range(1, count)
    )
    return f"<defs>{drawn}</defs>"


def _fills(key: str, number: int) -> tuple[str, ...]:
    """What a series is painted with: its tone, and over it its pattern."""
    tone = f'class="s{number}"'
    return (tone, f'fill="url(#{key}-p{number})"') if number else (tone,)


def _at(series: Series | None, place: int) -> int | None:
    return series.values[place] if series is not None and place < len(series.values) else None


def _wrapped(label: str) -> list[str]:
    """The label on one line or two; what is longer ends with an ellipsis."""
    first = ""
    words = clean(label).split(" ")
    while words and len(first) + len(words[0]) < _LABEL_LETTERS:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    if not first:
        first, rest = rest[:_LABEL_LETTERS], rest[_LABEL_LETTERS:]
    return [first, _cut(rest, _LABEL_LETTERS)] if rest else [first]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _share(value: float) -> str:
    """A length with two decimals at most, rounded down: bars never leave the box."""
    return f"{int(value * 100) / 100:g}" if value else "0"


def _tip(text: str) -> str:
    return f"<title>{_text(text)}</title>"


def _text(text: str) -> str:
    return escape(clean(text))
