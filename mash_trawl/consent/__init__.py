"""May we ask? Decisions, their explanation, and the grants that permits become."""

from .answers import question_mark
from .check import problems
from .decide import decide, nominal_sources
from .effective import effective
from .explain import derive, explain
from .grants import mint_grants

__all__ = ["decide", "derive", "effective", "explain", "mint_grants", "nominal_sources", "problems",
           "question_mark"]  # fmt: skip
