"""A letter as a page to print or read, and as plain text. One style, no script, nothing loaded from anywhere."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from mash_trawl.render.family.fill import Letter, Piece, Run
from mash_trawl.render.pages import environment, style_of

_WIDTH = 72
_ISOLATE, _END = "\u2068", "\u2069"
"""First strong isolate and its end: a name in another script does not turn the line around."""


def page(letter: Letter) -> str:
    """One self-contained HTML document in the letter's language and direction."""
    templates = environment("mash_trawl.render.family")
    return templates.get_template("letter.html").render(
        letter=letter,
        **style_of(templates, "letter.css"),
        words=letter.template.words,
        groups=[(listed, list(group)) for listed, group in _groups(letter.pieces)],
    )


def text(letter: Letter) -> str:
    """The same letter in lines of at most 72 signs; headings are underlined, items begin with a dash."""
    words = letter.template.words
    lines = [f"{words['how']}: {letter.how}", *letter.to, f"{words['number']}: {letter.number}"]
    for listed, group in _groups(letter.pieces):
        for piece in group:
            if not listed or piece.tag != "li":
                lines.append("")
            lines += _lines(piece, letter.template.rtl)
    return "\n".join([*lines, "", letter.template.version, ""])


def _groups(pieces: Iterable[Piece]) -> Iterator[tuple[bool, list[Piece]]]:
    """Items that follow each other stand in one list."""
    for listed, group in groupby(pieces, key=lambda piece: piece.tag == "li"):
        yield listed, list(group)


def _lines(piece: Piece, rtl: bool) -> Iterator[str]:
    said = _plain(piece.runs, rtl)
    if piece.tag == "li":
        yield from textwrap.wrap(said, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False)
        for sub in piece.subs:
            yield from textwrap.wrap(
                _plain(sub, rtl), _WIDTH, initial_indent="    - ", subsequent_indent="      ", break_long_words=False
            )
        return
    wrapped = textwrap.wrap(said, _WIDTH, break_long_words=False)
    yield from wrapped
    if piece.tag in ("h1", "h2"):
        yield ("=" if piece.tag == "h1" else "-") * max(map(len, wrapped), default=0)


def _plain(runs: Iterable[Run], rtl: bool = False) -> str:
    return "".join(f"{_ISOLATE}{run.text}{_END}" if rtl and (run.value or run.foreign) else run.text for run in runs)
