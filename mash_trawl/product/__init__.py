"""Compose the single product: chronology, genogram, involvements, contradictions, gaps."""
