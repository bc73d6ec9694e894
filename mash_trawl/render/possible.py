"""A record beside the person whose it may be: what both sides say, how it agrees, what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mash_trawl.model.match import Guard, Line, Match
from mash_trawl.render.tables import Table

Shown = tuple[str, str, str, Match, Sequence[str]]
"""The record's id, its agency's name, the person's name, the comparison, and what else has to be known of it."""


def possible_tables(shown: Iterable[Shown], lead: int) -> Iterator[Table]:
    """One table for each record. `lead` (thousandths of a bit) is how far ahead a record has to be to be certain."""
    for ident, agency, name, match, notes in shown:
        yield Table(
            title=f"{agency}, record {ident}: {name}?",
            columns=("What", "The case says", "The record says", "How it agrees"),
            rows=tuple(_row(line) for line in match.lines),
            notes=(*notes, *_doubts(match.guards), _runner_up(match.gap, lead)),
        )


def _row(line: Line) -> tuple[str, ...]:
    return line.field, line.here or "nothing", line.there or "nothing", line.level


def _doubts(guards: Sequence[Guard]) -> Iterator[str]:
    """Why no rule takes it for certain, in words."""
    for guard in dict.fromkeys(guards):
        yield f"Not certain because {guard.reason} ({guard.id})."


def _runner_up(gap: int | None, lead: int) -> str:
    if gap is None:
        return "No other record of this source comes into question."
    if gap < 0:
        return "Another record of this source is likelier to be theirs."
    if gap < lead:
        return "Another record of this source is nearly as likely to be theirs."
    return "Every other record of this source is far less likely to be theirs."
