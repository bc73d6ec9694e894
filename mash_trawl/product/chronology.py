"""The chronology: earliest possible day first, every agency's account its own row, undated at the end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from mash_trawl.model.rows import ChronologyRow, Citation
from mash_trawl.model.shown import When, when
from mash_trawl.product.gather import Gathered


def chronology(gathered: Gathered) -> tuple[ChronologyRow, ...]:
    """One row per event. The order is `gather`'s: earliest possible day, then source, then the record's key."""
    rows = tuple(
        ChronologyRow(
            id=f"e{number}",
            when=When.of(event.when),
            until=when(event.until),
            people=record.people,
            kind=event.kind,
            headline=event.headline,
            text=event.text,
            significance=event.significance,
            polarity=event.polarity,
            outcome=event.outcome,
            cites=tuple(Citation(ref=ref) for ref in event.cites),
            origin=record.origin,
        )
        for number, (event, record) in enumerate(gathered.events, 1)
    )
    return _linked(_grouped(rows))


def _grouped(rows: tuple[ChronologyRow, ...]) -> tuple[ChronologyRow, ...]:
    """Mark rows of several agencies about one certain day and one same person. They stay apart: only a mark."""
    day: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.when.exact and row.when.earliest:
            day[row.when.earliest].append(place)
    mark: dict[int, str] = {}
    for places in day.values():
        for circle in _circles(rows, places):
            if len({rows[place].origin.agency for place in circle}) > 1:
                number = len(set(mark.values())) + 1
                mark.update(dict.fromkeys(circle, f"g{number}"))
    return tuple(replace(row, group=mark.get(place)) for place, row in enumerate(rows))


def _circles(rows: tuple[ChronologyRow, ...], places: list[int]) -> list[list[int]]:
    """Rows that share a person, directly or through another row."""
    circles: list[tuple[set[str], list[int]]] = []
    for place in places:
        people, members = set(rows[place].people), [place]
        apart = []
        for others, circle in circles:
            if others & people:
                people |= others
                members = circle + members
            else:
                apart.append((others, circle))
        circles = [*apart, (people, members)]
    return [sorted(members) for _, members in circles]


def _linked(rows: tuple[ChronologyRow, ...]) -> tuple[ChronologyRow, ...]:
    """Tie each citation to its row: within the same source first, else to the only other source with that record."""
    here = {(row.origin.source, row.origin.ref): row.id for row in reversed(rows)}
    anywhere: dict[str, list[str]] = defaultdict(list)
    for (_, ref), ident in here.items():
        anywhere[ref].append(ident)

    def row_of(row: ChronologyRow, ref: str) -> str | None:
        own = here.get((row.origin.source, ref))
        others = anywhere.get(ref, [])
        found = own or (others[0] if len(others) == 1 else None)
        return found if found != row.id else None

    return tuple(
        replace(row, cites=tuple(replace(cite, row=row_of(row, cite.ref)) for cite in row.cites)) for row in rows
    )
