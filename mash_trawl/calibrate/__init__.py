"""What an authority's own tables say of names, agreement and thresholds: counts only, never a name of few."""
