"""Show an opened product: HTML, SVG, JSON, terminal."""

from mash_trawl.render.html import page
from mash_trawl.render.svg import genogram_svg

__all__ = ["genogram_svg", "page"]
