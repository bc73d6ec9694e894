"""Who decides, where cases go and who meets: names that nobody holds, and lists that nothing can reach."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.config.lint_look import Look
from mash_trawl.config.problems import nearest
from mash_trawl.config.remarks import Remark, Severity
from mash_trawl.config.tree import Path
from mash_trawl.model.hub import HubFile
from mash_trawl.model.roles import expanded


def deciders(look: Look) -> Iterator[Remark]:
    """Somebody must be able to say yes, and here somebody must hold the role."""
    profile = look.profile
    if profile.decides and not profile.deciders:
        what = "the profile decides, and names nobody who may (`deciders`): whoever may sign decisions at the hub does."
        yield look.remark("note", "decider.unnamed", ("decides",), what, "Name the roles that decide.")
    if not profile.decides and profile.deciders:
        what = "nobody decides under this profile (`decides: no`), and it names who does."
        yield look.remark("warning", "decider.idle", ("deciders",), what, "Empty `deciders`, or say `decides: yes`.")
    reviews = [name for name, rule in profile.restrictions.items() if rule.effect == "review"]
    if reviews and not profile.decides:
        marked = ", ".join(reviews)
        what = f"people marked {marked} lead to a named person, and nobody decides: they are never asked about."
        do = "Nothing, if that is meant; else move such cases to a profile that decides."
        yield look.remark("note", "review.unanswered", ("restrictions",), what, do)
    if look.settings is not None:
        yield from _held(look, look.settings)


def _held(look: Look, settings: HubFile) -> Iterator[Remark]:
    """Roles that nobody enrolled here holds, by their own names or by what these stand for."""
    people = [person for person in settings.people if person.left is None]
    held = {role for person in people for role in person.roles}
    held |= expanded(held, settings.roles)
    wanted: dict[tuple[str, ...], list[tuple[Path, str]]] = {}
    if look.profile.decides:
        wanted[look.profile.deciders] = [(("deciders",), "this profile")]
    for name, gateway in look.relied_on():
        if gateway.consent != "needed":
            wanted.setdefault(gateway.deciders, []).append((("gateways", name, "deciders"), name))
    for roles, places in wanted.items():
        if roles and not held & set(roles):
            whose = ", ".join(name for _, name in places)
            what = f"nobody enrolled in hub.yaml is {' or '.join(roles)}: nobody can sign a decision for {whose}."
            do = "Give the role to a person, or say under `roles: names:` which of your roles it is."
            severity: Severity = "warning" if settings.statements == "signed" else "note"
            yield look.remark(severity, "decider.nobody", places[0][0], what, do)


def routes_and_meetings(look: Look) -> Iterator[Remark]:
    """Teams and meetings named by words that the profile does not know, or for cases that it does not take."""
    profile = look.profile
    for name, route in profile.routing.items():
        for place, concern in enumerate(route.concerns):
            if concern not in profile.concerns:
                what = f"the route {name} is for {concern}, which is no concern of this profile."
                path = ("routing", name, "concerns", place)
                yield look.remark("error", "concern.unknown", path, what, nearest(concern, profile.concerns))
        if route.levels and not set(route.levels) & set(profile.scope.levels):
            what = f"the route {name} is for levels that the profile does not take: it leads nobody there."
            yield look.remark("warning", "route.level", ("routing", name, "levels"), what, "Take it out here.")
    for name, meeting in profile.meetings.items():
        for place, agency in enumerate(meeting.who):
            if agency not in profile.agencies:
                what = f"the meeting {name} names {agency}, which is no agency of this profile."
                path = ("meetings", name, "who", place)
                yield look.remark("error", "agency.unknown", path, what, nearest(agency, profile.agencies))
    for place, level in enumerate(profile.scope.levels):
        if str(level) not in profile.levels:
            what = f"the profile takes level {level}, which it does not describe."
            do = f"It knows: {', '.join(profile.levels)}."
            yield look.remark("error", "level.unknown", ("scope", "levels", place), what, do)
