"""May we ask? Decisions, their explanation, and the grants that permits become."""
