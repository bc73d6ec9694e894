"""Show an opened product: HTML, SVG, JSON, terminal.

What draws a page is loaded when it is asked for: most commands print a table, and never need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mash_trawl.render.html import page
    from mash_trawl.render.svg import genogram_svg

__all__ = ["genogram_svg", "page"]


def __getattr__(name: str) -> Any:
    if name == "page":
        from mash_trawl.render.html import page

        return page
    if name == "genogram_svg":
        from mash_trawl.render.svg import genogram_svg

        return genogram_svg
    raise AttributeError(name)
