"""What each opener of a profile can do for each category at the most: the upper bound of every decision.

A decision for a real case can only be lower: the power must fit the case, be decided, and record what it requires.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from mash_trawl.model.dossier import Opening, PowerFacts
from mash_trawl.model.profile import Category, Gateway, Opens, Profile


def powers(profile: Profile, today: date) -> tuple[PowerFacts, ...]:
    """Every power that the profile relies on, in its order."""
    return tuple(_power(name, profile.gateways[name], profile, today) for name in profile.relies_on)


def _power(name: str, gateway: Gateway, profile: Profile, today: date) -> PowerFacts:
    return PowerFacts(
        id=name, title=gateway.title, law=gateway.law, source=gateway.source, reviewed_on=gateway.reviewed_on,
        deciders=gateway.deciders or profile.deciders or ("decider",), consent=gateway.consent, health=gateway.health,
        requires=gateway.requires, in_force_from=gateway.in_force_from, shut=why_shut(gateway, profile, today),
        note=gateway.note,
    )  # fmt: skip


def why_shut(gateway: Gateway, profile: Profile, today: date) -> str:
    """Why the power opens nothing on this day; empty when it is in force."""
    if gateway.in_force_from is None:
        return "no day is set from which it is in force"
    if gateway.in_force_from > today:
        return f"it comes into force on {gateway.in_force_from.isoformat()}"
    if gateway.in_force_until is not None and gateway.in_force_until <= today:
        return f"it ended on {gateway.in_force_until.isoformat()}"
    if gateway.confirm and not (gateway.instrument.strip() and gateway.confirmed_by.strip()):
        return "nobody has confirmed it with its instrument and their name"
    if gateway.recipients and profile.recipient not in gateway.recipients:
        return "the law does not allow disclosure to a body like this hub"
    return ""


def by_consent(profile: Profile, category: str, hidden: Collection[str]) -> Opening:
    """What agreement can do."""
    kind = profile.category(category)
    if category in hidden:
        return "nobody"
    if kind is None or not kind.by_consent:
        return "no"
    if kind.own_only:
        return "own_only"
    return "when_named" if kind.specific else "opens"


def by_powers(profile: Profile, category: str, hidden: Collection[str], today: date) -> Mapping[str, Opening]:
    """What each power of `relies_on` can do."""
    kind = profile.category(category)
    if kind is None:
        return {}
    return {
        name: "nobody" if category in hidden else _by_power(profile, profile.gateways[name], category, kind, today)
        for name in profile.relies_on
    }


def _by_power(profile: Profile, gateway: Gateway, category: str, kind: Category, today: date) -> Opening:
    if why_shut(gateway, profile, today):
        return "shut"
    if gateway.consent == "needed":
        return "no"
    whole = _takes_in(gateway.opens, category)
    if not whole and (kind.hidden_existence or not _takes_in(gateway.existence, category)):
        return "no"
    if kind.health and not _health(gateway, kind, whole):
        return "no"
    if kind.by_gateway == "review":
        return "named_person"
    if gateway.consent == "sought":
        return "agreement_first"
    if not whole:
        return "existence_only"
    if not kind.health:
        return "opens"
    return "with_reason" if gateway.health == "with_reason" else "when_named"


def _health(gateway: Gateway, kind: Category, whole: bool) -> bool:
    """Whether the stricter test for health can be passed at all."""
    if gateway.health == "with_reason":
        return kind.summary or kind.by_gateway == "review" or not whole
    return gateway.health == "when_named"


def _takes_in(opens: Opens, category: str) -> bool:
    agency, _, name = category.partition(".")
    found = opens.get(agency, ())
    return found == "all" or name in found
