"""The threshold document: what the partnership's levels of need mean, clause by clause, and how a case cites it.

The levels and their words belong to each partnership (Working Together to Safeguard Children 2023 asks every one for
such a document); nothing here knows how many there are or what they are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from mash_trawl.errors import Problem
from mash_trawl.model.base import DOCUMENT

if TYPE_CHECKING:
    from mash_trawl.model.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdLevel:
    """One level of need: `clauses` maps a clause's number, as text, to its words."""

    __pydantic_config__ = DOCUMENT
    title: str
    meaning: str = ""
    clauses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdDocument:
    """One edition of a partnership's threshold document (`thresholds/*.yaml`). Levels are keyed by their number."""

    __pydantic_config__ = DOCUMENT
    version: Literal[1]
    id: str
    edition: str
    title: str
    partnership: str
    agreed_on: date
    review_on: date
    levels: Mapping[str, ThresholdLevel]
    note: str = ""

    @property
    def name(self) -> str:
        """How a case names this edition: `ID@EDITION`."""
        return f"{self.id}@{self.edition}"

    def clauses(self) -> Iterator[tuple[str, str, str]]:
        """Every clause as (level, number, words), in the document's order."""
        for level, said in self.levels.items():
            for number, words in said.clauses.items():
                yield level, number, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a referral's level rests on: the edition as `ID@EDITION`, and the numbers of its clauses."""

    __pydantic_config__ = DOCUMENT
    document: str
    clauses: tuple[str, ...]


def threshold_problems(case: Case, document: ThresholdDocument | None) -> tuple[Problem, ...]:
    """What the case cites and the profile's document does not hold: another document or edition, or no such clause."""
    return tuple(_problems(case, document))


def _problems(case: Case, document: ThresholdDocument | None) -> Iterator[Problem]:
    cited = case.referral.threshold
    if cited is not None:
        where = "referral.threshold"
        if document is None:
            yield _no_document(where)
        elif cited.document != document.name:
            yield _other_document(f"{where}.document", cited.document, document)
        else:
            yield from _clauses(where, cited.clauses, document)
    for number, use in enumerate(case.gateways):
        where = f"gateways[{number}]"
        if use.clauses and document is None:
            yield _no_document(f"{where}.clauses")
        elif use.clauses and document is not None:
            yield from _clauses(where, use.clauses, document)


def _no_document(where: str) -> Problem:
    do = "Leave the citation out, or name a document under `thresholds:` in the profile."
    return Problem(where=where, what="the profile names no threshold document, so nothing can be cited.", do=do)


def _other_document(where: str, given: str, document: ThresholdDocument) -> Problem:
    same = given.partition("@")[0] == document.id
    what = "this is not the edition in force." if same else "the profile does not name this threshold document."
    do = f"The profile names {document.name}: read the clauses again, then cite that."
    return Problem(where=where, what=what, do=do)


def _clauses(where: str, cited: tuple[str, ...], document: ThresholdDocument) -> Iterator[Problem]:
    known = [number for _, number, _ in document.clauses()]
    for place, number in enumerate(cited):
        if number not in known:
            near = get_close_matches(number, known, n=1)
            do = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
            what = f"{document.name} has no such clause."
            yield Problem(where=f"{where}.clauses[{place}]", what=what, do=do)
