"""What a trawl writes to the ledger before it asks anybody: the request, each decision and its policy, what stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mash_trawl.audit.entry import Entry
from mash_trawl.config.approvals import Policy
from mash_trawl.model.actor import Actor
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.said import digest_of_inputs
from mash_trawl.sources.again import Delta


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which trawl: its opaque id, who runs it, by which policy, and what is to be asked again on purpose."""

    trawl: str
    actor: Actor
    policy: Policy
    refresh: tuple[str, ...]


def entry(kind: str, actor: Actor, public: Mapping[str, Any], case: Case, **private: Any) -> Entry:
    """An entry; ids of case, people and consents may mean something, so they stand in the part that can be erased."""
    return Entry(kind=kind, actor=actor.id, public=public, private={"case": case.id, **private})


def beginning(case: Case, decisions: Decisions, delta: Delta, backing: Backing, about: About) -> Iterator[Entry]:
    """The request, what was decided for every (source, person), and what is carried over."""
    wanted = {"profile": case.profile, "people": len(case.people), "refresh": sorted(about.refresh)}
    who = {"vouched_by": about.actor.vouched_by, "roles": sorted(about.actor.roles)}
    yield entry("trawl.requested", about.actor, {"trawl": about.trawl, **wanted, **who}, case)
    yield from decided(case, decisions, backing, about)
    for source in dict.fromkeys(kept.answer.source for kept in delta.stands):
        people = [kept.answer.person for kept in delta.stands if kept.answer.source == source]
        carried = {"trawl": about.trawl, "source": source, "people": len(people)}
        yield entry("source.carried", about.actor, carried, case, people=people)
    yield entry("trawl.started", about.actor, {"trawl": about.trawl}, case)


def decided(case: Case, decisions: Decisions, backing: Backing, about: About) -> Iterator[Entry]:
    """One row for each (source, person): by which policy, and a digest of all that it was made from."""
    policy = {"policy": about.policy.name, "policy_sha256": about.policy.sha256}
    inputs = digest_of_inputs(case, backing)
    for source, person in decisions.pairs:
        items = decisions.about(source, person)
        public: dict[str, Any] = {
            "trawl": about.trawl,
            "source": source,
            "permitted": [item.category for item in items if item.outcome is Outcome.PERMIT],
            "review": [item.category for item in items if item.outcome is Outcome.REVIEW],
            "denied": [item.category for item in items if item.outcome is Outcome.DENY],
            "rules": {rule: [item.category for item in items if item.rule == rule] for rule in _rules(items)},
        }
        basis = sorted({item.basis for item in items if item.basis})
        yield entry("consent.checked", about.actor, public | policy, case, person=person, inputs=inputs, basis=basis)


def _rules(items: Iterable[Decision]) -> list[str]:
    return sorted({item.rule for item in items})
