"""A record beside the person whose it may be: what both sides say, how it agrees, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mash_trawl.model.level_words import agrees, held
from mash_trawl.model.match import Line
from mash_trawl.render.tables import Table

Shown = tuple[str, Sequence[str], Sequence[Line]]
"""A title, what has to be known of the record in sentences, and the compared fields."""


def possible_tables(shown: Sequence[Shown]) -> Iterator[Table]:
    """One table for each record."""
    for title, notes, lines in shown:
        yield Table(
            title=title,
            columns=("What", "The case says", "The record says", "How it agrees"),
            rows=tuple(
                (line.field, line.here or "nothing", line.there or "nothing", agrees(line)) for line in held(lines)
            ),
            notes=tuple(notes),
        )
