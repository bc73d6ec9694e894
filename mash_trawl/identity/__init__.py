"""Is this the same person? Query plan, comparison, guards, three outcomes."""

from mash_trawl.identity.match import match

__all__ = ["match"]
