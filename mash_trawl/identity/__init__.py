"""Is this the same person? Query plan, comparison, guards, three outcomes."""
