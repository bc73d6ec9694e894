"""The rules of a match as they hold for one source: the built-in table, what a profile adds, and nothing loosened."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mash_trawl.identity.frequencies import commonest
from mash_trawl.model.base import to_plain
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.proof import least_auto
from mash_trawl.model.weighing import NameShares
from mash_trawl.model.weights import STRICT, TABLE, Odds, millibits, with_weights

MODEL_VERSION = "2026.11.3"
"""Changes whenever the same facts could come to another decision. It stands in every trace."""


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
    strict = frozenset(name for name, setting in policy.guards.items() if setting == "strict" and name in STRICT)
    odds = with_weights(policy.weights, (agency, source)) if policy.weights else TABLE
    built_in = MatchPolicy()
    return Rules(
        policy=policy,
        at=(agency, source),
        population=population,
        prior=-round(1000 * math.log2(max(population, 2))),
        auto=max(policy.auto_per_million, least_auto(policy.lowered_by, built_in.auto_per_million)),
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


def _weights(odds: Odds) -> dict[str, dict[str, int]]:
    return {field: {level: millibits(m, u) for level, (m, u) in levels.items()} for field, levels in odds.items()}


def _bare(place: str) -> str:
    """A UPRN without leading noughts, a postcode without spaces."""
    return "".join(place.split()).upper().lstrip("0")
