"""What the rules leave to be found: no weights, however good, get beyond a guard or find whom no key finds.

The guards are read as they are written for everybody (docs/matching.md): certain only where given name and birth date
agree (G1, G2, G8), the given name is the same (G3), the sex and the year of birth do not differ (G4, G5) and no number
contradicts (G7); no match at all where the given name is another altogether (G3) or more than three years lie between
(G5), unless an identifier is the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from mash_trawl.identity.birth_dates import years_apart
from mash_trawl.identity.guards import FAR
from mash_trawl.model.level_words import NOT_COMPARED
from mash_trawl.model.match import Line, Match
from mash_trawl.model.person import Person

NEVER_CERTAIN = frozenset({"G1", "G2", "G3", "G4", "G5", "G7", "G8"})
_IDENTIFIERS = ("NHS number", "UPN")


def for_a_person_at_most(found: Iterable[Match]) -> bool:
    """True where a guard keeps each of somebody's own records from being certain."""
    return all(not NEVER_CERTAIN.isdisjoint(guard.id for guard in item.guards) for item in found)


def never_agrees(found: Iterable[Match]) -> bool:
    """True where on each of somebody's own records given name or birth date is missing, or another one altogether.

    This is all that G1 and G2 ask for, read as generously as words allow: alike, weak, partial and two parts of three
    count as agreeing. Nobody can be certain beyond that while these two guards stand.
    """
    return all(any(_says_nothing(line) for line in item.lines) or _unnamed(item) for item in found)


def _says_nothing(line: Line) -> bool:
    return line.field in ("given name", "date of birth") and line.level in ("different", NOT_COMPARED)


def _unnamed(item: Match) -> bool:
    return any(guard.id == "G2" for guard in item.guards)


def ruled_out(person: Person, found: Iterable[Match]) -> bool:
    """True where each of somebody's own records bears another given name, or a birth date more than three years off."""
    return all(_another(person, item) for item in found)


def _another(person: Person, item: Match) -> bool:
    level = {line.field: line.level for line in item.lines}
    if any(level[field] == "same" for field in _IDENTIFIERS):
        return False
    return level["given name"] == "different" or years_apart(person.born, item.candidate.born) > FAR
