"""The genogram as SVG: squares, circles and diamonds in rows by generation, and a legend of what is drawn.

Text stays text, nothing is scripted, no font or file is loaded, and no id or class holds a name.
"""

from __future__ import annotations

from collections.abc import Iterable

from mash_trawl.model.family import Family
from mash_trawl.model.shown import day_words
from mash_trawl.render.draw import Drawing, draw
from mash_trawl.render.legend import legend
from mash_trawl.render.safe import xml

_INK, _PAPER = "#0b0c0c", "#ffffff"


def genogram_svg(family: Family, audience: str = "full") -> str:
    """One self-contained SVG document, the same bytes for the same family.

    `audience` is written into the description; what an audience may not see is taken out of the family before.
    Raises nothing for contradictory families: what could not be drawn level is said in the notes below the drawing.
    """
    drawing = draw(family)
    key, height = legend(family, drawing)
    width = drawing.width
    total = drawing.height + height
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total}" '
            f'width="{width * 5 // 4}" height="{total * 5 // 4}" role="img" '
            'aria-labelledby="genogram-title genogram-desc" '
            f'font-family="Arial, Helvetica, sans-serif" fill="{_INK}">',
            '<title id="genogram-title">Family genogram</title>',
            f'<desc id="genogram-desc">{xml(_summary(family, audience))}</desc>',
            f'<rect class="paper" width="{width}" height="{total}" fill="{_PAPER}"/>',
            *_boxes(drawing),
            *_lines(drawing),
            *_symbols(drawing),
            *key,
            "</svg>",
        ]
    )


def _summary(family: Family, audience: str) -> str:
    couples = sum(len(union.partners) == 2 for union in family.unions)
    return (
        f"{len(family.people)} people, {couples} couples, {len(family.children)} child links, "
        f"homes as at {day_words(family.as_at)}. Audience: {audience}. Everything drawn is also listed in words."
    )


def _boxes(drawing: Drawing) -> Iterable[str]:
    for box in drawing.boxes:
        yield (
            f'<rect class="home" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="8" '
            f'fill="none" stroke="#1d70b8" stroke-width="1.5" stroke-dasharray="{box.dash}"/>'
            f'<text class="home-letter" x="{box.x + 5}" y="{box.y + 13}" font-size="11" font-weight="bold" '
            f'fill="#1d70b8">{xml(box.letter)}</text>'
        )


def _lines(drawing: Drawing) -> Iterable[str]:
    for stroke in drawing.strokes:
        points = " L".join(f"{x} {y}" for x, y in stroke.points)
        dash = f' stroke-dasharray="{stroke.dash}"' if stroke.dash else ""
        ink = _PAPER if stroke.role == "gap" else _INK
        yield (
            f'<path class="{stroke.role}" d="M{points}" fill="none" stroke="{ink}" '
            f'stroke-width="{stroke.width}"{dash}/>'
        )
    for mark in drawing.marks:
        yield f'<text class="mark" x="{mark.x}" y="{mark.y}" font-size="13" font-weight="bold">{xml(mark.text)}</text>'


def _symbols(drawing: Drawing) -> Iterable[str]:
    for item in drawing.symbols:
        yield '<g class="person">'
        yield item.shape
        weight = ' font-weight="bold"'
        for line in item.lines:
            yield (
                f'<text x="{line.x}" y="{line.y}" font-size="{line.size}" unicode-bidi="isolate"'
                f"{weight if line.bold else ''}>{xml(line.text)}</text>"
            )
        yield "</g>"
