"""What a mapping of the kind `person` says in place of steps."""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked in one category, in the words that stand on the sheet."""

    __pydantic_config__ = DOCUMENT
    category: str
    question: str = ""
