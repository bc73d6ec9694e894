"""Widths of letters, so that a drawing does not depend on the fonts of the machine that makes it.

Thousandths of the type size for a common sans-serif face, with a margin, since the reader's own face may be wider.
"""

from __future__ import annotations

from unicodedata import combining, east_asian_width

_GROUPS = {
    222: "ijl", 278: " !,./:;I[\\]ft|'", 333: "()-`r", 389: "*\"", 500: "Jckvsxyz^", 556: "0123456789#$?_abdeghnopqu",
    584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _GROUPS.items() for letter in letters}
_MARGIN = 112
"""Per cent: common interface faces are up to a tenth wider than the table."""


def text_width(text: str, size: int, bold: bool = False) -> int:
    """The width of one line in whole units of the drawing, never too small for Latin text."""
    total = sum(_letter(letter) for letter in text)
    return -(-total * size * (_MARGIN + 8 * bold) // 100000)


def _letter(letter: str) -> int:
    if combining(letter):
        return 0
    return _WIDTHS.get(letter) or (1000 if east_asian_width(letter) in "WF" else 700)


def wrap(text: str, size: int, limit: int, bold: bool = False) -> tuple[str, ...]:
    """Lines of at most `limit` units, broken at blanks, or inside a word that is longer than a line."""
    lines: list[str] = []
    here = ""
    for word in text.split():
        joined = f"{here} {word}".strip()
        if text_width(joined, size, bold) <= limit:
            here = joined
            continue
        if here:
            lines.append(here)
        here = ""
        for letter in word:
            if here and text_width(here + letter, size, bold) > limit:
                lines.append(here)
                here = ""
            here += letter
    return tuple([*lines, here] if here else lines)
