"""Compose the single product: chronology, genogram, involvements, contradictions, gaps."""

from mash_trawl.product.compose import compose, hidden_places

__all__ = ["compose", "hidden_places"]
