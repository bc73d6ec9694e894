"""What a profile may say under `matching:`: it may tighten the rules of whose a record is, and never loosen them.

One threshold may go down, as far as labelled decisions prove it (`lowered.py`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from mash_trawl.config.lowered import lowered_faults
from mash_trawl.config.problems import Found, nearest, report
from mash_trawl.config.read import read_tree, validate
from mash_trawl.config.thresholds import threshold_file
from mash_trawl.config.tree import Tree
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.weighing import BILLION, NameCounts, NameShares, Weight
from mash_trawl.model.weights import GUARDS, STRICT, TABLE, disorder, with_weights

if TYPE_CHECKING:
    from mash_trawl.model.profile import Profile

SMALLEST = 5
"""A name of fewer people stands in no file of frequencies: it would say that its bearer is in the table."""
LEAST_PEOPLE = 100
"""A source that holds fewer people than this states no population: everybody in it would seem likely."""
_BUILT_IN = MatchPolicy()


def matching_faults(trees: Sequence[Tree], merged: Tree) -> Iterator[Found]:
    """Everything under `matching:` that would loosen. `trees` are the profile's files, nearest first."""
    held = _matching(merged)
    yield from _thresholds(held)
    yield from _guards(held)
    for path, number in _populations(held):
        if number is not None and number < LEAST_PEOPLE:
            do = f"Write how many people the source holds, at least {LEAST_PEOPLE}."
            yield Found(path=("matching", *path), what="a population this small makes everybody likely", do=do)
    if "names" in held:
        do = "Write the counts in a file of their own, and name that under `frequencies:`."
        yield Found(path=("matching", "names"), what="this key is not known here", do=do, key=True)
    for base, over in zip(reversed(trees[1:]), reversed(trees[:-1]), strict=True):
        yield from _loosened(_matching(base), _matching(over))


def laid_names(profile: Profile, tree: Tree, folders: Sequence[FilePath]) -> Profile:
    """The profile with the name frequencies that it names laid into its `matching`, and its weights looked through.

    Raises Misconfigured: no such file, a count of fewer people than may be listed, weights that cannot be, a threshold
    that is lower than labelled decisions prove.
    """
    policy = profile.matching
    if policy is None:
        return profile
    report(_weights(policy.weights), tree)
    if policy.frequencies:
        policy = replace(policy, names=_named(policy.frequencies, tree, folders))
    report(lowered_faults(policy), tree)
    return replace(profile, matching=policy)


def _named(name: str, tree: Tree, folders: Sequence[FilePath]) -> NameShares:
    file = threshold_file(name, folders)
    if file is None:
        where = tree.where(("matching", "frequencies"))
        do = "Put it beside the hub's file or in its `profiles/`, and name it from there."
        raise Misconfigured(Problem(where=where, what="the file of name frequencies is not there.", do=do))
    return _shares(file)


def _shares(file: FilePath) -> NameShares:
    tree = read_tree(file)
    counts = validate(NameCounts, tree)
    report(_counts(counts), tree)
    given, family = (
        {name: number * BILLION // counts.people for name, number in held.items()}
        for held in (counts.given, counts.family)
    )
    least = counts.smallest * BILLION // counts.people
    return NameShares(
        given=given, family=family, least={"given": least, "family": least},
        source=counts.source, date=counts.as_of, sha256=tree.sha256,
    )  # fmt: skip


def _counts(counts: NameCounts) -> Iterator[Found]:
    if counts.version != 1:
        yield Found(path=("version",), what="this form of file is not known", do="Write version: 1.")
    if counts.smallest < SMALLEST:
        do = f"Leave out every name that fewer than {SMALLEST} people bear."
        yield Found(path=("smallest",), what="names of so few people must not be listed", do=do)
    if counts.people < LEAST_PEOPLE:
        yield Found(path=("people",), what="these are too few people to count names in", do="Count a whole table.")
    for kind, held in (("given", counts.given), ("family", counts.family)):
        if any(not counts.smallest <= number <= counts.people for number in held.values()):
            do = "Each count lies between `smallest` and `people`."
            yield Found(path=(kind,), what="a count is too small or too large", do=do, key=True)


def _weights(weights: Sequence[Weight]) -> Iterator[Found]:
    """Weights of fields or levels that are not compared, counted in nothing, or out of order."""
    for number, item in enumerate(weights):
        at = ("matching", "weights", number)
        if item.field not in TABLE:
            yield Found(path=(*at, "field"), what="this field is not compared", do=nearest(item.field, TABLE))
        elif item.level not in TABLE[item.field]:
            do = nearest(item.level, TABLE[item.field])
            yield Found(path=(*at, "level"), what="this field has no such level", do=do)
        if item.n < 1:
            yield Found(path=(*at, "n"), what="a weight is counted in at least one pair", do="Write how many.")
    for place in dict.fromkeys(item.at for item in weights):
        wrong = disorder(with_weights(weights, (place,) if place else ()))
        if wrong is not None:
            what = f"`{wrong[1]}` of {wrong[0]} would weigh more than a better agreement"
            yield Found(path=("matching", "weights"), what=what, do="Weights fall from level to level.", key=True)


def _thresholds(held: Mapping[str, Any]) -> Iterator[Found]:
    for name, worse in _LIMITS.items():
        number, built_in = _number(held.get(name)), getattr(_BUILT_IN, name)
        if number is not None and worse(number, built_in) and not (name == _LOWERED and "lowered_by" in held):
            do = f"It is {built_in}." + (f" {_HOW_LOWERED}" if name == _LOWERED else "")
            yield Found(path=("matching", name), what="a profile may only tighten this", do=do)


def _guards(held: Mapping[str, Any]) -> Iterator[Found]:
    guards = held.get("guards")
    for name, setting in guards.items() if isinstance(guards, Mapping) else ():
        at = ("matching", "guards", name)
        if name not in GUARDS:
            yield Found(path=at, what="there is no guard of this name", do=f"They are {', '.join(GUARDS)}.", key=True)
        elif setting == "strict" and name not in STRICT:
            do = f"Write `on`; these can be strict: {', '.join(STRICT)}."
            yield Found(path=at, what="this guard has no stricter form", do=do)
        elif setting not in ("on", "strict"):
            yield Found(path=at, what="a guard cannot be switched off", do="Write `on`, or leave the line out.")


def _populations(held: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], int | None]]:
    yield ("population",), _number(held.get("population"))
    each = held.get("populations")
    for name, number in each.items() if isinstance(each, Mapping) else ():
        yield ("populations", name), _number(number)


def _loosened(base: Mapping[str, Any], over: Mapping[str, Any]) -> Iterator[Found]:
    """What a profile's own file takes back of that which it extends."""
    what, do = "the profile that this one extends is stricter", "Leave the line out."
    for name, worse in _LIMITS.items():
        theirs, ours = _number(base.get(name)), _number(over.get(name))
        if theirs is not None and ours is not None and worse(ours, theirs):
            yield Found(path=("matching", name), what=what, do=do)
    if base.get("social_care_dates") in _YES and over.get("social_care_dates") not in (None, *_YES):
        yield Found(path=("matching", "social_care_dates"), what=what, do=do)
    mine, strict = (side.get("guards") for side in (over, base))
    if isinstance(mine, Mapping) and isinstance(strict, Mapping):
        for name, setting in mine.items():
            if strict.get(name) == "strict" and setting == "on":
                yield Found(path=("matching", "guards", name), what=what, do=do)


_LIMITS: Mapping[str, Callable[[int, int], bool]] = {
    "auto_per_million": operator.lt,
    "review_per_million": operator.gt,
    "lead_millibits": operator.lt,
}
"""Each limit, and how a number that loosens it stands to the one that holds."""
_LOWERED = "auto_per_million"
_HOW_LOWERED = "`calibrate threshold` tells whether labelled decisions prove a lower one, and what to write."
_YES = ("yes", "true", True)


def _number(value: Any) -> int | None:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() else None


def _matching(tree: Tree) -> Mapping[str, Any]:
    held = tree.data.get("matching") if isinstance(tree.data, dict) else None
    return held if isinstance(held, dict) else {}
