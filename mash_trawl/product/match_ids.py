"""The ids by which people name the records that a product takes for somebody."""

from __future__ import annotations

from dataclasses import replace

from mash_trawl.model.match import match_id
from mash_trawl.model.product import Product


def with_match_ids(product: Product, secret: str) -> Product:
    """The product with an id beside each match, made with the secret of its case."""
    named = (replace(match, id=match_id(match.source, match.ref, secret)) for match in product.matches)
    return replace(product, matches=tuple(named))
