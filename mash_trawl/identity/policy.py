"""The rules of a match as they hold for one source: the built-in table, what a profile adds, and nothing loosened."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from mash_trawl.identity.frequencies import commonest
from mash_trawl.model.base import to_plain
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.weighing import NameShares

MODEL_VERSION = "2026.11"
"""Changes whenever the same facts could come to another decision. It stands in every trace."""
Odds = Mapping[str, Mapping[str, tuple[float, float]]]

TABLE: Odds = {
    "given name": {
        "exact": (0.86, 0.004), "spelling": (0.08, 0.004), "short form": (0.08, 0.004), "near": (0.08, 0.004),
        "weak": (0.02, 0.008), "different": (0.04, 0.984),
    },
    "family name": {
        "exact": (0.90, 0.001), "near": (0.05, 0.001), "weak": (0.01, 0.004), "different": (0.04, 0.994),
    },
    "date of birth": {
        "exact": (0.97, 0.00015), "day and month swapped": (0.003, 0.0001), "one digit": (0.012, 0.0015),
        "slip": (0.006, 0.0012), "two parts": (0.008, 0.005), "different": (0.007, 0.993),
    },
    "address": {
        "home": (0.62, 0.00001), "postcode": (0.08, 0.0001), "sector": (0.05, 0.01), "different": (0.25, 0.99),
    },
    "sex": {"same": (0.997, 0.5), "different": (0.003, 0.5)},
    "NHS number": {"same": (0.984, 0.0000001), "different": (0.016, 1.0)},
    "UPN": {"same": (0.875, 0.000001), "different": (0.125, 1.0)},
}  # fmt: skip
"""m (how often true pairs agree like this) and u (how often strangers do), best level first.

Sex, birth date and postcode follow the error rates that Harron and others (2017) measured between hospital and NHS
demographic records; the rest published linkage work and the project's own counts on generated English households.
"""
STRICT = {"G8": "the 15th of a month too", "G11": "either name", "G15": "always"}
"""The guards that a profile can make stricter, and in what way. Every guard is on; none can be switched off."""
GUARDS = tuple(f"G{number}" for number in range(1, 16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for one source. Weights and prior in thousandths of a bit; thresholds in parts per million."""

    policy: MatchPolicy
    at: tuple[str, str]
    population: int
    prior: int
    auto: int
    review: int
    lead: int
    social_care_dates: bool
    strict: frozenset[str]
    shared: frozenset[str]
    odds: Odds
    weights: Mapping[str, Mapping[str, int]]
    shares: NameShares


def rules_for(policy: MatchPolicy | None = None, source: str = "", agency: str = "") -> Rules:
    """The rules at this source: its own population and weights first, then its agency's, then those of all."""
    policy = policy or MatchPolicy()
    population = policy.populations.get(source) or policy.populations.get(agency) or policy.population
    strict = frozenset(name for name, setting in policy.guards.items() if setting == "strict")
    odds = _odds(policy, source, agency) if policy.weights else TABLE
    built_in = MatchPolicy()
    return Rules(
        policy=policy,
        at=(agency, source),
        population=population,
        prior=-round(1000 * math.log2(max(population, 2))),
        auto=max(policy.auto_per_million, built_in.auto_per_million),
        review=min(policy.review_per_million, built_in.review_per_million),
        lead=max(policy.lead_millibits, built_in.lead_millibits),
        social_care_dates=policy.social_care_dates or "G8" in strict,
        strict=strict,
        shared=frozenset(_bare(place) for place in policy.shared_addresses),
        odds=odds,
        weights=_weights(odds),
        shares=policy.names or commonest(),
    )


def at_this_source(rules: Rules) -> MatchPolicy:
    """The policy as it holds at one source, and nothing that holds elsewhere: what a trace has to keep."""
    policy = rules.policy
    weights = tuple(replace(item, at=None) for place in rules.at for item in policy.weights if item.at == place)
    return replace(
        policy,
        population=rules.population,
        populations={},
        weights=(*(item for item in policy.weights if item.at is None), *weights),
        frequencies=None,
        names=None,
    )


def millibits(m: float, u: float) -> int:
    """log2(m/u) in thousandths of a bit, rounded."""
    return round(1000 * math.log2(m / u))


def policy_mark(policy: MatchPolicy | None = None) -> str:
    """SHA-256 over everything that decides: the rules' version, the built-in table, what the profile says."""
    plain = {
        "model": MODEL_VERSION,
        "policy": to_plain(policy or MatchPolicy()),
        "names": (policy.names.sha256 if policy and policy.names else commonest().sha256),
        "table": {
            field: {level: list(map(repr, pair)) for level, pair in held.items()} for field, held in TABLE.items()
        },
    }
    return mark(plain)


def mark(plain: Any) -> str:
    """SHA-256 over JSON with sorted keys (hexadecimal)."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()


def disorder(odds: Odds) -> tuple[str, str] | None:
    """The first field and level that would weigh more than a better one; a table must fall from level to level."""
    for field, levels in _weights(odds).items():
        worth = list(levels.items())
        for (_, better), (level, weight) in pairwise(worth):
            if weight > better:
                return field, level
    return None


def with_weights(policy: MatchPolicy, at: str = "") -> Odds:
    """The table as a policy has it for all sources, or for the source or agency `at`."""
    return _odds(policy, at, "")


def _odds(policy: MatchPolicy, source: str, agency: str) -> Odds:
    table = {field: dict(levels) for field, levels in TABLE.items()}
    for place in (None, agency, source):
        for item in policy.weights:
            if item.at == place and item.level in table.get(item.field, {}):
                table[item.field][item.level] = (item.m.per_billion / 1e9, item.u.per_billion / 1e9)
    return table


def _weights(odds: Odds) -> dict[str, dict[str, int]]:
    return {field: {level: millibits(m, u) for level, (m, u) in levels.items()} for field, levels in odds.items()}


def _bare(place: str) -> str:
    """A UPRN without leading noughts, a postcode without spaces."""
    return "".join(place.split()).upper().lstrip("0")
