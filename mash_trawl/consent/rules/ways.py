"""What else could open a question that no agreement opens: a decision under a legal power. It only says so.

Nothing here decides. A power is named where the profile relies on it, it needs no agreement, and its own test as far as
a case shows it (level, concerns, role, age, category) could be met; whether it is met is for whoever decides.
"""

from __future__ import annotations

from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.profile import Gateway
from mash_trawl.model.unlocks import UNDER_POWER

from ..question import Question, names
from .powers import could_reach


def with_power(question: Question, ask: str) -> str:
    """The unlock with the power beside it; the power first where asking could put the child at risk."""
    power = _power(question)
    if not power:
        return ask
    if _asking_may_harm(question):
        return f"{power[0].upper()}{power[1:]}. Or, only where asking puts nobody at risk: {ask}"
    return f"{ask} Or {power}."


def _power(question: Question) -> str:
    """The first power of the profile that could open this, in words; empty if there is none, or it was decided on."""
    setting, profile = question.setting, question.setting.profile
    for name in profile.relies_on:
        gateway = profile.gateways.get(name)
        if gateway is None or not _could_open(question, name, gateway):
            continue
        stated = [use for use in setting.case.gateways if use.id == name]
        own = [use for use in stated if question.person.id in use.covers]
        if any(_lists(question, use) for use in own):
            continue
        return _words(question, name, gateway, stated, bool(own))
    return ""


def _could_open(question: Question, name: str, gateway: Gateway) -> bool:
    """A power without a threshold of its own (an order, the public interest) is never suggested."""
    kind = question.kind
    if gateway.consent != "not_needed" or not (gateway.levels or gateway.concerns) or kind.by_gateway != "open":
        return False
    if names(gateway.opens, question.agency, question.name) == "no":
        return False
    if kind.health and not (gateway.health == "with_reason" and kind.summary):
        return False
    return could_reach(question.setting, name, gateway, question.person)


def _lists(question: Question, use: GatewayUse) -> bool:
    """Whether the decision speaks of this category: then its own vote says what it lacks."""
    listed = use.categories is None or names(use.categories, question.agency, question.name) != "no"
    return listed and (not use.addressee or question.agency in use.addressee)


def _words(question: Question, name: str, gateway: Gateway, stated: list[GatewayUse], covered: bool) -> str:
    roles = " or ".join(role.replace("_", " ") for role in gateway.deciders or question.setting.profile.deciders)
    by = f", by the {roles}" if roles else ""
    new = "new " if stated else ""
    said = f"a {new}{UNDER_POWER}{name} ({gateway.title}{by})"
    if covered:
        return f"{said} that also names {question.label}"
    people = list(dict.fromkeys(ident for use in stated for ident in use.covers))
    extends = f" too; the one stated covers {_and(people)} only" if people else ""
    return f"{said} that covers {question.person.id}{extends}"


def _and(people: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(people[:-1]), people[-1])))


def _asking_may_harm(question: Question) -> bool:
    """Somebody who may be the source of harm would be warned by the asking; so would one whom nobody was to ask."""
    if "alleged_source_of_harm" in question.person.roles:
        return True
    return any((use.why_not or "").strip() for use in question.setting.case.gateways)
