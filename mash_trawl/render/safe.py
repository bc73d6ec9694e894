"""Make text fit to be shown: control and direction-override characters become visible, nothing is dropped."""

from __future__ import annotations

from html import escape

_OVERRIDES = {0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Line and paragraph separators, embeddings, overrides, isolates: they can show another order than the one written."""


def visible(text: str, keep: str = "") -> str:
    """Every control, override or lone surrogate as `[U+202E]`; characters in `keep` (for example a newline) stay."""
    return "".join(
        letter if letter in keep or not _hidden(ord(letter)) else f"[U+{ord(letter):04X}]" for letter in text
    )


def _hidden(code: int) -> bool:
    return (
        code < 0x20 or 0x7F <= code < 0xA0 or code in _OVERRIDES or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF)
    )


def xml(text: str) -> str:
    """Text for an SVG or HTML element or a quoted attribute."""
    return escape(visible(text), quote=True)
