"""What cannot be right about the powers of a profile: names nobody knows, rules nothing reaches, dates gone by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Literal, get_args

from mash_trawl.config.lint_look import Look, shut
from mash_trawl.config.problems import nearest
from mash_trawl.config.remarks import Remark
from mash_trawl.model.consent import GatewayUse
from mash_trawl.model.person import Role
from mash_trawl.model.profile import Gateway

_RECORDED = tuple(field.name for field in fields(GatewayUse))
_ROLES: tuple[str, ...] = get_args(Role)


def powers(look: Look) -> Iterator[Remark]:
    """Everything about the powers, in the order in which the profile lists them."""
    for place, name in enumerate(look.profile.relies_on):
        if name not in look.profile.gateways:
            do = nearest(name, look.profile.gateways)
            what = f"the profile relies on {name}, which is no gateway that it knows."
            yield look.remark("error", "gateway.unknown", ("relies_on", place), what, do)
    for name, gateway in look.profile.gateways.items():
        yield from _names(look, name, gateway)
    for name, gateway in look.relied_on():
        yield from _use(look, name, gateway)
        yield from _time(look, name, gateway)


def _names(look: Look, name: str, gateway: Gateway) -> Iterator[Remark]:
    """Agencies, categories, concerns, roles and fields that do not exist."""
    at = ("gateways", name)
    for field, agency, opened in _opened(gateway):
        body = look.profile.agencies.get(agency)
        if body is None:
            what = f"{name} opens {agency}, which is no agency of this profile."
            do = nearest(agency, look.profile.agencies)
            yield look.remark("error", "agency.unknown", (*at, field, agency), what, do, key=True)
            continue
        for place, category in enumerate(() if opened == "all" else opened):
            if category not in body.categories:
                what = f"{name} opens {agency}.{category}, which is no category of this profile."
                path = (*at, field, agency, place)
                yield look.remark("error", "category.unknown", path, what, nearest(category, body.categories))
    lists = (
        ("concerns", gateway.concerns, tuple(look.profile.concerns)),
        ("binds", gateway.binds, tuple(look.profile.agencies)),
        ("requires", gateway.requires, _RECORDED),
    )
    for field, given, known in lists:
        for place, word in enumerate(given):
            if word not in known:
                what = f"{name} names {word} under `{field}`, which is not known."
                yield look.remark("error", f"{field}.unknown", (*at, field, place), what, nearest(word, known))
    for field, given in (("roles", gateway.whom.roles), ("child_roles", gateway.whom.child_roles)):
        for place, word in enumerate(given):
            if word not in _ROLES:
                what = f"{name} reaches people in the role {word}, which nobody in a case can have."
                yield look.remark("error", "role.unknown", (*at, "whom", field, place), what, nearest(word, _ROLES))


def _opened(gateway: Gateway) -> Iterator[tuple[str, str, Literal["all"] | tuple[str, ...]]]:
    """What the power opens, in content and for existence alone: the field, the agency and its categories."""
    for field, opens in (("opens", gateway.opens), ("existence", gateway.existence)):
        for agency, opened in opens.items():
            yield field, agency, opened


def _use(look: Look, name: str, gateway: Gateway) -> Iterator[Remark]:
    """A power that is relied on and can do nothing, or says two things."""
    at = ("gateways", name)
    if not look.in_reach(gateway):
        taken = ", ".join(str(level) for level in look.profile.scope.levels)
        what = f"{name} is for levels that the profile does not take (it takes {taken}): no case reaches it."
        do = "Leave it out of `relies_on`, or take the level into `scope`."
        yield look.remark("warning", "gateway.level", (*at, "levels"), what, do)
    if gateway.consent == "needed" and (gateway.opens or gateway.existence):
        what = f"{name} opens agencies, and permits nothing without agreement (`consent: needed`): which is it?"
        do = "Empty `opens`, or set `consent` to `sought` or `not_needed` if the law says so."
        yield look.remark("error", "gateway.consent", (*at, "consent"), what, do)
    if gateway.consent != "needed" and not (gateway.opens or gateway.existence):
        what = f"{name} stands without agreement and opens nothing."
        yield look.remark("warning", "gateway.opens", at, what, "Say what it opens, or leave it out of `relies_on`.")
    if gateway.consent != "needed" and not (gateway.whom.roles or gateway.whom.child_roles):
        what = f"{name} reaches nobody: `whom` names no role."
        yield look.remark("warning", "gateway.whom", at, what, "Name the roles that the law lets it reach.")
    if gateway.consent == "sought" and not look.profile.decides:
        what = f"without agreement {name} leads to a named person, and nobody decides under this profile."
        do = "Leave it out of `relies_on`, or say `decides: yes` and who."
        yield look.remark("warning", "review.unanswered", (*at, "consent"), what, do)
    if gateway.health == "when_named" and "categories" not in gateway.requires:
        what = f"{name} opens health only where the decision names it, and does not require `categories`."
        yield look.remark("note", "gateway.health", (*at, "requires"), what, "Add `categories` to `requires`.")


def _time(look: Look, name: str, gateway: Gateway) -> Iterator[Remark]:
    """Shut, ended, or not looked up for a year."""
    at = ("gateways", name)
    if why := shut(gateway, look.today):
        ended = gateway.in_force_until is not None and gateway.in_force_until <= look.today
        what = f"{name} is shut: {why}. A decision under it opens nothing."
        do = "Leave it out of `relies_on`." if ended else "Nothing, until a person has looked the law up."
        yield look.remark("warning" if ended else "note", "gateway.shut", at, what, do)
    if (gateway.in_force_until or date.max) <= (gateway.in_force_from or date.min):
        what = f"{name} ends before it begins."
        yield look.remark("error", "gateway.dates", (*at, "in_force_until"), what, "Mend one of the two days.")
    if _a_year_after(gateway.reviewed_on) <= look.today:
        what = f"{name}: the law was last looked up on {gateway.reviewed_on}, a year ago or more."
        do = "Look it up again, mend what changed, then set `reviewed_on`."
        yield look.remark("warning", "law.old", (*at, "reviewed_on"), what, do)


def _a_year_after(day: date) -> date:
    """The same day of the next year; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
