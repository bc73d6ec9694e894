"""From a product to notes for one source: one for each of its records, so that no record names another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mash_trawl.model.moments import local
from mash_trawl.model.outcome import Given, OutcomeNote
from mash_trawl.model.product import Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.shown import Origin


def outcome_notes(product: Product, profile: Profile, source: str, version: int) -> tuple[OutcomeNote, ...]:
    """The notes for `source`, by its own keys; none where no record of it was taken for anybody in the case.

    A note holds keys of that source alone: no name, no content, nothing of another source, also not of another one of
    the same agency. What the source itself restricts, and categories of which to know that there is a record is a
    disclosure, are left out.
    """
    hidden = {f"{agency}.{name}" for agency, held in profile.agencies.items()
              for name, category in held.categories.items() if category.hidden_existence}  # fmt: skip
    told = [(people, origin) for people, origin in _origins(product)
            if origin.source == source and not origin.restricted and origin.category not in hidden]  # fmt: skip
    matches = sorted((match for match in product.matches if match.source == source), key=lambda match: match.ref)
    return tuple(
        OutcomeNote(
            marking=product.marking, case=product.case.id, version=version, source=source,
            agency_name=match.agency_name, record=match.ref, decided_on=_day(product.at),
            kept_until=_kept(product, profile),
            given=_given([origin for people, origin in told if match.person in people], profile),
        )
        for match in matches
    )  # fmt: skip


def _origins(product: Product) -> Iterator[tuple[tuple[str, ...], Origin]]:
    for rows in (product.chronology, product.involvements, product.residences, product.relationships, product.facts):
        for row in rows:
            yield row.people, row.origin


def _given(origins: list[Origin], profile: Profile) -> tuple[Given, ...]:
    """Each category once, in the order of its id, with the keys of what is shown."""
    found: dict[str, set[str]] = {}
    for origin in origins:
        found.setdefault(origin.category, set()).add(origin.ref)
    return tuple(Given(title=_title(category, profile), refs=tuple(sorted(refs)))
                 for category, refs in sorted(found.items()))  # fmt: skip


def _title(category: str, profile: Profile) -> str:
    agency, _, name = category.partition(".")
    held = profile.agencies[agency].categories.get(name) if agency in profile.agencies else None
    return held.title if held else category


def _kept(product: Product, profile: Profile) -> str:
    kept = profile.retention.get("working_copy")
    if kept is None:
        return ""
    opened = datetime.fromisoformat(product.case.opened_at)
    return _day((opened + timedelta(seconds=kept.keep.seconds)).isoformat())


def _day(instant: str) -> str:
    return local(datetime.fromisoformat(instant)).date().isoformat()
