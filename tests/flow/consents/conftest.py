"""Random states of consent: a small family, whom anybody may have said anything about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import SourceRef
from mash_trawl.model.person import Name, Person
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import Checked, Statement, Withdrawal, person_mark

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SOURCES = (
    SourceRef(name="homes", agency="housing", categories=("housing.tenancy", "housing.asb")),
    SourceRef(name="old_homes", agency="housing", categories=("housing.tenancy", "housing.homelessness")),
    SourceRef(name="nhs", agency="health", categories=("health.gp_summary", "health.camhs", "health.sexual_health")),
    SourceRef(name="force", agency="police", categories=("police.missing", "police.arrest", "police.intelligence")),
    SourceRef(name="schools", agency="education", categories=("education.send", "education.attendance")),
)
AGENCIES = tuple(dict.fromkeys(source.agency for source in SOURCES))
IDS = ("p1", "p2", "p3", "p4", "p5")
POWERS = ("S47", "S17", "CDA115", "PUBLIC_INTEREST", "COURT", "16LA")
ROLES = frozenset({"team_manager", "decider", "social_worker", "caldicott_guardian", "named_doctor", "legal_adviser"})


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything that a decision rests on, and what it rests on after somebody took something back on the way."""

    number: int
    case: Case
    profile: Profile
    backing: Backing
    later: Backing | None
    after: int
    """With `later`: the request at which it is said."""


def nhs_number(number: int) -> str | None:
    """The number of that order in the range that is kept for tests; None where the check digit is no digit."""
    digits = f"999{number:06d}"
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return None if check == 10 else digits + str(check % 11)


def _numbers(state: int) -> list[str]:
    """Five numbers that no other state has."""
    found = [nhs_number(state * 10 + at) for at in range(10)]
    return [number for number in found if number][: len(IDS)]


@cache
def _profile(name: str, known_only: str) -> Profile:
    """A shipped profile; with `known_only`, its powers open of that agency only whether it knows somebody."""
    profile = load_profile(name)
    if not known_only:
        return profile
    powers = {
        ident: replace(
            power,
            opens={agency: what for agency, what in power.opens.items() if agency != known_only},
            existence={known_only: "all"} if known_only in power.opens else {},
        )
        for ident, power in profile.gateways.items()
    }
    return replace(profile, gateways=powers)


class Drawn:
    """One state, drawn from its own number alone."""

    def __init__(self, number: int) -> None:
        self.number, self.rng = number, Random(number)

    def some(self, things: Any, least: int = 0) -> tuple[Any, ...]:
        return tuple(item for item in things if self.rng.random() < 0.5) or tuple(things)[:least]

    def maybe(self, chance: float, value: Any = "recorded") -> Any:
        return value if self.rng.random() < chance else None

    def moment(self) -> datetime:
        return NOW + timedelta(hours=self.rng.choice([-200, -48, -48, -3, -3, -2, -2, -1, -1, 1]))

    def state(self) -> State:
        known_only = self.rng.choice(["", "", "police", "housing"])
        profile = _profile(self.rng.choice(["early_help", "children_in_need", "front_door"]), known_only)
        case = self.case(profile)
        backing = self.backing(case)
        later = self.later(case, backing) if self.rng.random() < 0.35 else None
        return State(number=self.number, case=case, profile=profile, backing=backing, later=later,
                     after=self.rng.randint(1, 6))  # fmt: skip

    def case(self, profile: Profile) -> Case:
        people = tuple(self.person(ident, number) for ident, number in zip(IDS, _numbers(self.number), strict=False))
        ids = [person.id for person in people]
        ties = tuple(
            Tie(from_=giver, to=child, kind="parent", nature=self.rng.choice(["birth", "birth", "adoptive", "unknown"]),
                parental_responsibility=self.rng.choice(["yes", "yes", "yes", "no", "unknown"]))
            for giver in ("p2", "p3") for child in ("p1", "p4") if child in ids and self.rng.random() < 0.8
        )  # fmt: skip
        level = self.rng.choice([*profile.scope.levels, max(profile.scope.levels), None, 1])
        referral = Referral(source="school", received_at=NOW, concerns=("domestic_abuse",), level=level)
        return Case(
            version=1, id=f"SYNTHETIC-{self.number}", profile=profile.id, opened_at=NOW, referral=referral,
            people=people, relationships=ties,
            consents=tuple(self.consent(at, ids) for at in range(self.rng.randint(0, 5))),
            gateways=tuple(self.power(ident, ids) for ident in self.rng.sample(POWERS, self.rng.randint(0, 2))),
        )  # fmt: skip

    def person(self, ident: str, number: str) -> Person:
        born = {
            "p1": ["2014-05-17", "2010-11-04", "2020-03-09", "2011-02-03"],
            "p2": ["1988-11-02"],
            "p3": ["1985-06-11"],
        }.get(ident, ["2010-11-03", "2012-02-09", "1990-07-23"])
        role = {"p1": "subject", "p2": "parent", "p3": "parent"}.get(ident) or self.rng.choice(
            ["sibling", "sibling", "household", "household", "associate", "professional", "alleged_source_of_harm"]
        )
        return Person(
            id=ident, roles=(role,), names=(Name(given=("Synthetica",), family=f"Testfall{ident}"),),
            born=PartialDate.parse(self.rng.choice(born)), sex={"p2": "female", "p3": "male"}.get(ident, "female"),
            identifiers={"nhs_number": number},
            restrictions=self.rng.choice([(), (), (), (), (), ("adoption",), ("hidden_address",)]),
        )  # fmt: skip

    def opens(self) -> Mapping[str, Any]:
        parts = {"housing": ("asb",), "health": ("gp_summary", "camhs", "sexual_health"), "police": ("missing",),
                 "education": ("send",)}  # fmt: skip
        return {agency: self.rng.choice(["all", parts[agency]]) for agency in self.some(AGENCIES, 1)}

    def consent(self, at: int, ids: list[str]) -> Consent:
        giver = self.rng.choice(["p2", "p2", "p2", "p3", "p3", "p1", "p5"])
        own = "self_and_parental_responsibility" if giver in ("p2", "p3") else "self"
        return Consent(
            id=f"c{at}", given_by=giver if giver in ids else "p2",
            capacity=self.rng.choice([own] * 8 + ["gillick", "attorney_or_deputy"]),
            covers=self.some(ids, 1), categories=self.opens(), given_at=self.moment(),
            kind=self.rng.choice(["agreement"] * 5 + ["refusal"]),
            gillick_assessed_by=self.maybe(0.5), withdrawn_at=self.maybe(0.1, self.moment()),
            expires_at=self.maybe(0.2, self.moment()),
            limited_by=self.rng.choice(["none"] * 7 + ["court_order"]),
        )  # fmt: skip

    def power(self, ident: str, ids: list[str]) -> GatewayUse:
        covers = self.some(ids, 1)
        named = self.maybe(1.0 if ident in ("PUBLIC_INTEREST", "COURT") else 0.3, self.opens())
        return GatewayUse(
            id=ident, decided_by=self.rng.choice(["r.cole", "r.cole", "r.cole", "j.shah"]), decided_at=self.moment(),
            grounds="Synthetic.", covers=covers, categories=named,
            trigger="reasonable_cause" if ident == "S47" else None,
            consent_sought=self.rng.choice(["yes", "no"]), why_not=self.maybe(0.8),
            health_reasons=dict.fromkeys(covers, "Synthetic.") if self.rng.random() < 0.5 else {},
            necessity=self.maybe(0.9), order_ref=self.maybe(0.9), signed_off_by=self.maybe(0.9),
            ends_at=NOW + timedelta(days=9) if ident == "COURT" else None,
        )  # fmt: skip

    def backing(self, case: Case) -> Backing:
        said = [self.said(case, "consent", one, "s.worker") for one in case.consents if self.rng.random() < 0.8]
        said += [self.said(case, "gateway", one, self.rng.choice(["r.cole", "r.cole", "j.shah"]))
                 for one in case.gateways if self.rng.random() < 0.8]  # fmt: skip
        closed = {source.name: self.rng.choice([Why.SUSPENDED, Why.NOT_APPROVED]) for source in SOURCES
                  if self.rng.random() < 0.08}  # fmt: skip
        return Backing(
            signed_only=self.rng.random() < 0.5, runner="j.shah", spoken=tuple(said), closed=closed,
            agreements=None if self.rng.random() < 0.5 else tuple(self.agreement(at) for at in range(2)),
            unapproved=("hub.yaml",) if self.rng.random() < 0.03 else (),
        )  # fmt: skip

    def later(self, case: Case, backing: Backing) -> Backing:
        """The same after somebody took something back: agreements, or the leave to ask a source at all."""
        if case.consents and self.rng.random() < 0.6:
            taken = [self.said(case, "withdrawal", Withdrawal(consent=one.id, at=NOW), "s.worker")
                     for one in case.consents]  # fmt: skip
            return replace(backing, spoken=(*backing.spoken, *taken))
        shut = {source.name: Why.SUSPENDED for source in SOURCES if self.rng.random() < 0.5}
        return replace(backing, closed={**backing.closed, **shut})

    def said(self, case: Case, kind: Any, what: Any, by: str) -> Checked:
        marks = {person.id: person_mark(person) for person in case.people}
        statement = Statement(
            id=f"s{self.rng.randrange(10**9)}", kind=kind, hub="test", by=by, at=NOW - timedelta(minutes=5),
            said=what, case=case.id, people=marks,
        )  # fmt: skip
        return Checked(statement=statement, roles=ROLES if self.rng.random() < 0.9 else frozenset({"analyst"}))

    def agreement(self, at: int) -> Agreement:
        parties = AGENCIES if self.rng.random() < 0.7 else self.some(AGENCIES, 3)
        signed = tuple(Signatory(party=party, role="head", on=date(2026, 1, 1)) for party in parties[: 9 - at * 7])
        return Agreement(
            version=1, id=f"a{at}", edition="1", title="Synthetic", parties=parties, signatories=signed,
            purposes=("early_help", "children_in_need", "front_door")[: self.rng.choice([1, 3, 3, 3, 3, 3])],
            categories=dict.fromkeys(parties, "all"), from_=date(2026, 1, 1),
            to=self.rng.choice([date(2027, 1, 1)] * 5 + [date(2026, 6, 1)]),
        )  # fmt: skip


@pytest.fixture(scope="session")
def draw() -> Callable[[int], State]:
    """The state of a number: the same each time."""
    return lambda number: Drawn(number).state()


@pytest.fixture(scope="session")
def refs() -> tuple[SourceRef, ...]:
    """The sources that may be asked: four over HTTP, `schools` a PostgreSQL database."""
    return SOURCES
