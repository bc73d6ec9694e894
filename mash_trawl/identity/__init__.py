"""Is this the same person? Query plan, comparison, guards, three outcomes."""

from mash_trawl.identity.match import match
from mash_trawl.identity.together import match_together

__all__ = ["match", "match_together"]
