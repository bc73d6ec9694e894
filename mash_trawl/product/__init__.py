"""Compose the single product: chronology, genogram, involvements, contradictions, gaps."""

from mash_trawl.product.compose import compose

__all__ = ["compose"]
