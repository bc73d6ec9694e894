"""The product as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from mash_trawl.model.product import Product
from mash_trawl.render.svg import genogram_svg


def page(product: Product, manifest: Mapping[str, object]) -> str:
    """One HTML file."""
    answers = "".join(f"<li>{escape(item.sentence)}</li>" for item in product.answers)
    events = "".join(
        f"<tr><td>{escape(row.when.shown)}</td><td>{escape(row.headline)}</td></tr>" for row in product.chronology
    )
    return (
        f'<!doctype html><html lang="en-GB"><title>{escape(product.case.id)}</title>'
        f"<ul>{answers}</ul>{genogram_svg(product.family)}<table>{events}</table></html>"
    )
