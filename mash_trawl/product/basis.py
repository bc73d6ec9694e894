"""What the permitted asks rest on, in words: of several records with one id, those that the decisions themselves name.

A case can hold two decisions under one power, one of them signed by nobody; the reason of a permit says who decided it
and when, or who agreed, and only they are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.moments import earliest_reading
from mash_trawl.model.shown import day_words, instant_words
from mash_trawl.product.plain import agency_name, list_words, person_name

Named = tuple[tuple[str, str, str], ...]
"""Of each record with one id: how a reason names it, who, and the day or moment."""


def basis_lines(case: Case, decisions: Decisions) -> tuple[str, ...]:
    """One line for each record that permits are based on, with the agencies that are asked on it."""
    permits = [item for item in decisions if item.outcome is Outcome.PERMIT and item.basis]
    return tuple(
        line for basis in dict.fromkeys(item.basis for item in permits)
        for line in _lines(case, basis or "", [item for item in permits if item.basis == basis])
    )  # fmt: skip


def _lines(case: Case, basis: str, permits: list[Decision]) -> Iterator[str]:
    names = {person.id: person_name(person) for person in case.people}
    agreements = tuple(dict.fromkeys(
        (f"{one.given_by} agreed for ", names.get(one.given_by, one.given_by), instant_words(_utc(one.given_at)))
        for one in case.consents if one.id == basis and one.kind == "agreement"
    ))  # fmt: skip
    powers = tuple(dict.fromkeys(
        (f"decided by {one.decided_by} on {day_words(_utc(one.decided_at))}", one.decided_by,
         day_words(_utc(one.decided_at)))
        for one in case.gateways if one.id == basis
    ))  # fmt: skip
    start = f"Agreement {basis} given" if agreements else f"Legal power {basis} relied on"
    for known, agencies in _relied_on(agreements or powers, permits).items():
        said = f"{start} {' or '.join(f'by {who} on {day}' for _, who, day in known)}" if known else basis
        yield f"{said}: {list_words(agencies)}."


def _relied_on(records: Named, permits: Iterable[Decision]) -> Mapping[Named, dict[str, None]]:
    """The agencies by the records that their permits name; where none does, by those that others of this id name."""
    named = [(item, tuple(one for one in records if f" {one[0]}" in f" {item.reason}")) for item in permits]
    anywhere = tuple(one for one in records if any(one in found for _, found in named))
    agencies: dict[Named, dict[str, None]] = {}
    for item, found in named:
        agencies.setdefault(found or anywhere or records, {})[agency_name(item.agency)] = None
    return agencies


def _utc(moment: datetime) -> str:
    return earliest_reading(moment).isoformat()
