"""Whether a change of a profile lets more be asked (WIDER) or less (NARROWER), where that can be told at all.

One row for each field that decides over asking, or over the care that a permit carries; a field without a row changes
words, clocks or lists for people. The question is always: could something be asked, or shown with fewer duties, by the
new file that could not by the old one? A record taken without asking anybody is shown with one duty fewer.

Whose word counts (ages of consent, bases of responsibility) has no row: whoever may no longer agree may no longer
refuse either, and somebody else's yes may then stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, Literal

from mash_trawl.model.duration import Duration
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.profile import Ages

Direction = Literal["WIDER", "NARROWER", ""]
Rule = Callable[[Any, Any], Direction]
Steps = tuple[str, ...]
_OPPOSITE: Final[Mapping[Direction, Direction]] = {"WIDER": "NARROWER", "NARROWER": "WIDER", "": ""}


def _told(wider: bool, narrower: bool) -> Direction:
    """One of both, or nothing where it is both or neither."""
    return "" if wider == narrower else "WIDER" if wider else "NARROWER"


def more(was: Any, now: Any) -> Direction:
    """A list that lets through what it names."""
    return _told(bool(set(now) - set(was)), bool(set(was) - set(now)))


def more_or_any(was: Any, now: Any) -> Direction:
    """A list that lets through what it names, and everything when it is empty."""
    if bool(was) == bool(now):
        return more(was, now)
    return "NARROWER" if now else "WIDER"


def more_people(was: Any, now: Any) -> Direction:
    """Roles that may decide; an empty list leaves it to another one, so that nothing can be told."""
    return more(was, now) if was and now else ""


def fewer(was: Any, now: Any) -> Direction:
    """A list of what must be there first."""
    return _OPPOSITE[more(was, now)]


def opens(was: Any, now: Any) -> Direction:
    """`all`, a list, or nothing."""
    if was == now:
        return ""
    if "all" in (was, now) and isinstance(was, str) != isinstance(now, str):
        return "WIDER" if now == "all" else "NARROWER"
    return more(was or (), now or ())


def flag(wide: bool) -> Rule:
    """A yes or no of which one lets more through."""
    return lambda was, now: "WIDER" if now is wide else "NARROWER"


def ladder(*steps: str) -> Rule:
    """Words from the narrowest to the widest."""
    return lambda was, now: _told(steps.index(now) > steps.index(was), steps.index(now) < steps.index(was))


def health(was: str, now: str) -> Direction:
    """`never` opens nothing; the other two open different things."""
    return "WIDER" if was == "never" else "NARROWER" if now == "never" else ""


def lower(was: Any, now: Any) -> Direction:
    """An age from which something is open; nothing stands for no bound."""
    return _told((now or 0) < (was or 0), (now or 0) > (was or 0))


def higher(was: int, now: int) -> Direction:
    """An age up to which something is open."""
    return _told(now > was, now < was)


def longer(was: Duration | None, now: Duration | None) -> Direction:
    """A length of time; nothing stands for without end."""
    ends = [float("inf") if item is None else item.seconds for item in (was, now)]
    return _told(ends[1] > ends[0], ends[1] < ends[0])


def starts(was: date | None, now: date | None) -> Direction:
    """The day from which a power may be used; without one it is shut."""
    ends = [date.max if item is None else item for item in (was, now)]
    return _told(ends[1] < ends[0], ends[1] > ends[0])


def stops(was: date | None, now: date | None) -> Direction:
    """The day on which a power ends; without one it goes on."""
    ends = [date.max if item is None else item for item in (was, now)]
    return _told(ends[1] > ends[0], ends[1] < ends[0])


def filled(was: str, now: str) -> Direction:
    """Words without which something is shut."""
    return "" if bool(was) == bool(now) else "WIDER" if now else "NARROWER"


def bounds(was: Ages | None, now: Ages | None) -> Direction:
    """About which ages a service is asked, by agreement."""
    old, new = (((item.from_ or 0), (999 if item.to is None else item.to)) if item else (0, 999) for item in (was, now))
    return _told(new[0] < old[0] or new[1] > old[1], new[0] > old[0] or new[1] < old[1])


def taken_unasked(was: Any, now: Any) -> Direction:
    """All of matching, where one side says nothing of it: wider by a lower threshold; the rest cannot be told."""
    built_in = MatchPolicy()
    return "WIDER" if (now or built_in).auto_per_million < (was or built_in).auto_per_million else ""


_CATEGORY: Final[Mapping[str, Rule]] = {
    "health": flag(False), "summary": flag(True), "specific": flag(False), "own_only": flag(False),
    "hidden_existence": flag(False), "by_consent": flag(True), "by_gateway": ladder("review", "open"),
    "obligations": fewer, "lookback": longer,
}  # fmt: skip
_GATEWAY: Final[Mapping[str, Rule]] = {
    "in_force_from": starts, "in_force_until": stops, "confirm": flag(False), "instrument": filled,
    "confirmed_by": filled, "consent": ladder("needed", "sought", "not_needed"), "health": health,
    "levels": more_or_any, "concerns": more_or_any, "requires": fewer, "recipients": more_or_any,
    "deciders": more_people, "obligations": fewer, "assumed_trigger": filled,
}  # fmt: skip
_WHOM: Final[Mapping[str, Rule]] = {
    "roles": more, "child_roles": more, "child_under": higher, "needs_child": flag(False), "adults_from": lower,
    "unborn": flag(True),
}  # fmt: skip
_TOP: Final[Mapping[Steps, Rule]] = {
    ("scope", "levels"): more, ("scope", "roles"): more, ("scope", "level_needed"): flag(False),
    ("consent", "pr_bases", "*", "limits_parents"): flag(False), ("consent", "life"): longer,
    ("consent", "obligations"): fewer, ("relies_on",): more, ("obligations",): fewer, ("deciders",): more_people,
    ("decides",): flag(True), ("agencies", "*", "ages"): bounds,
    ("gateways", "*", "opens", "*"): opens, ("gateways", "*", "existence", "*"): opens,
    ("restrictions", "*", "effect"): ladder("review", "mask_household"),
    ("matching",): taken_unasked, ("matching", "auto_per_million"): lower,
}  # fmt: skip
_RULES: Final[Mapping[Steps, Rule]] = {
    **_TOP,
    **{("agencies", "*", "categories", "*", name): rule for name, rule in _CATEGORY.items()},
    **{("gateways", "*", name): rule for name, rule in _GATEWAY.items()},
    **{("gateways", "*", "whom", name): rule for name, rule in _WHOM.items()},
}
_NEW: Final[Mapping[Steps, Direction]] = {
    ("agencies", "*"): "WIDER", ("agencies", "*", "categories", "*"): "WIDER", ("gateways", "*"): "WIDER",
    ("gateways", "*", "opens", "*"): "WIDER", ("gateways", "*", "existence", "*"): "WIDER",
    ("gateways", "*", "limbs", "*"): "NARROWER", ("restrictions", "*"): "NARROWER",
}  # fmt: skip
_GROUPS: Final[frozenset[str]] = frozenset(
    {"agencies", "categories", "gateways", "opens", "existence", "limbs", "pr_bases", "restrictions", "triggers"}
)


def pattern(path: Steps) -> Steps:
    """The path with a star for every name that a file chose itself."""
    return tuple("*" if place and path[place - 1] in _GROUPS else step for place, step in enumerate(path))


def of_change(path: Steps, was: Any, now: Any) -> Direction:
    """What another value at this path means."""
    rule = _RULES.get(pattern(path))
    return rule(was, now) if rule else ""


def of_new(path: Steps) -> Direction:
    """What a name means that was not there before."""
    return _NEW.get(pattern(path), "")


def of_gone(path: Steps) -> Direction:
    """What it means that a name is there no more."""
    return _OPPOSITE[of_new(path)]
