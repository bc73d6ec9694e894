"""May we ask? Decisions, their explanation, and the grants that permits become."""

from .check import problems
from .decide import decide, nominal_sources
from .explain import derive, explain
from .grants import mint_grants
from .statements import unsigned

__all__ = ["decide", "derive", "explain", "mint_grants", "nominal_sources", "problems", "unsigned"]
