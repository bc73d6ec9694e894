"""Records that were confirmed, or rejected, by a named person: who said so, in which roles, when and why."""

from __future__ import annotations

from mash_trawl.model.answer import Answer
from mash_trawl.model.match import Match
from mash_trawl.model.shown import instant_words
from mash_trawl.product.plain import code_words, count_words, list_words


def confirmed_words(match: Match) -> str:
    """`confirmed by j.shah (analyst), 3 November 2026, 14:05: same school and GP`; empty where rules alone decided."""
    said = match.verdict
    if match.outcome != "confirmed" or said is None:
        return ""
    roles = f" ({list_words(code_words(role) for role in said.roles)})" if said.roles else ""
    reason = f": {said.reason.rstrip('.')}" if said.reason else ""
    return f"confirmed by {said.by}{roles}, {instant_words(said.at)}{reason}"


def by_people(answer: Answer) -> str:
    """What of this answer rests on somebody's word, as sentences; each begins with a space."""
    words = [confirmed_words(match) for match in sorted(answer.matches, key=lambda match: match.ref)]
    told = "".join(f" A record was {one}." for one in words if one)
    if not answer.rejected:
        return told
    were = "was" if answer.rejected == 1 else "were"
    return f"{told} {count_words(answer.rejected, 'record')} {were} looked at by a named person: somebody else's."
