"""One synthetic family, and short ways to ask a question about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.read import read_value
from mash_trawl.consent import decide, effective
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision
from mash_trawl.model.profile import Profile
from mash_trawl.model.statement import KINDS, Checked, Said, Statement, person_mark

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
PEOPLE: list[dict[str, Any]] = [
    {"id": "child", "roles": ["subject"], "born": "2018-05-17", "sex": "female"},
    {"id": "teen", "roles": ["sibling"], "born": "2012-02-01", "sex": "male"},
    {"id": "youth", "roles": ["sibling"], "born": "2010-01-10", "sex": "female"},
    {"id": "unborn", "roles": ["sibling"], "due": "2027-02"},
    {"id": "mother", "roles": ["parent", "household"], "born": "1988-11-02", "sex": "female"},
    {"id": "father", "roles": ["parent"], "born": "1985-03-04", "sex": "male"},
    {"id": "lodger", "roles": ["household"], "born": "1990-01-01", "sex": "male"},
    {"id": "worker", "roles": ["professional"]},
]
TIES: list[dict[str, Any]] = [
    {"from": parent, "to": child, "kind": "parent", "nature": "birth", "parental_responsibility": "yes"}
    for parent in ("mother", "father")
    for child in ("child", "teen")
] + [{"from": "mother", "to": "unborn", "kind": "parent", "nature": "birth"}]
AGREED: dict[str, Any] = {
    "id": "c1",
    "given_by": "mother",
    "capacity": "self_and_parental_responsibility",
    "covers": ["child", "mother"],
    "categories": {"housing": "all", "education": "all", "health": ["gp_summary"]},
    "given_at": "2026-11-02T10:00:00+00:00",
}
S47: dict[str, Any] = {
    "id": "S47",
    "decided_by": "r.cole",
    "decided_at": "2026-11-03T11:40:00+00:00",
    "trigger": "reasonable_cause",
    "grounds": "Synthetic: injury seen, and an account that does not fit it.",
    "covers": ["child", "teen", "youth", "unborn", "mother", "father", "lodger"],
    "consent_sought": "no",
    "why_not": "Synthetic: telling the parents first could place the child at risk.",
}


@dataclass(frozen=True)
class Family:
    """Builds cases about the synthetic family, and asks about them."""

    people: list[dict[str, Any]]
    ties: list[dict[str, Any]]

    def case(self, *, level: int | None = 4, concerns: list[str] | None = None, **parts: Any) -> Case:
        """A case with these consents, gateways, people or relationships."""
        return read_value(Case, self.plain(level=level, concerns=concerns, **parts))

    def plain(self, *, level: int | None = 4, concerns: list[str] | None = None, **parts: Any) -> dict[str, Any]:
        """The same as plain data."""
        referral = {"source": "school", "received_at": "2026-11-01T09:00:00+00:00", "concerns": concerns or []}
        return {
            "version": 1,
            "id": "SYNTHETIC-1",
            "profile": "children_in_need",
            "opened_at": "2026-11-01T09:20:00+00:00",
            "referral": referral if level is None else {**referral, "level": level},
            "people": self.people,
            "relationships": self.ties,
            **parts,
        }


Ask = Callable[..., Decision]


@pytest.fixture(scope="session")
def family() -> Family:
    """The synthetic family."""
    return Family(people=PEOPLE, ties=TIES)


@pytest.fixture(scope="session")
def profile() -> Callable[[str], Profile]:
    """A profile by name, read once."""
    return cache(load_profile)


@pytest.fixture(scope="session")
def changed(profile: Callable[[str], Profile]) -> Callable[..., Profile]:
    """A profile with one part of its data changed, as a local overlay would."""
    from mash_trawl.model.base import to_plain

    def change(name: str, path: str, value: Any) -> Profile:
        data = to_plain(profile(name))
        *parents, last = path.split("/")
        place = data
        for part in parents:
            place = place[part]
        place[last] = value
        return read_value(Profile, data)

    return change


@pytest.fixture(scope="session")
def ask(profile: Callable[[str], Profile]) -> Ask:
    """The decision about one person and category."""

    def one(case: Case, person: str, category: str, *, by: str | Profile = "children_in_need",
            now: datetime = NOW) -> Decision:  # fmt: skip
        rules = profile(by) if isinstance(by, str) else by
        return next(i for i in decide(case, rules, now) if i.person == person and i.category == category)

    return one


@pytest.fixture
def agreed() -> Callable[..., dict[str, Any]]:
    """A consent record, with changes."""
    return lambda **changes: {**AGREED, **changes}


@pytest.fixture
def s47() -> Callable[..., dict[str, Any]]:
    """A s.47 decision, with changes; None takes a field out."""

    def build(**changes: Any) -> dict[str, Any]:
        return {key: value for key, value in {**S47, **changes}.items() if value is not None}

    return build


@pytest.fixture
def now() -> datetime:
    """The moment of asking."""
    return NOW


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parents[2]


Says = Callable[..., Checked]


@pytest.fixture(scope="session")
def says() -> Says:
    """A checked statement about a case: `says(case, value, by="j.shah", roles=("decider",), hours=0, people=None)`."""
    count = iter(range(1, 10_000))

    def one(case: Case, said: Said, *, by: str = "r.cole", roles: tuple[str, ...] = ("decider", "team_manager"),
            hours: float = 0, people: dict[str, str] | None = None, ident: str | None = None) -> Checked:  # fmt: skip
        kind = next(name for name, shape in KINDS.items() if isinstance(said, shape))
        marks = {person.id: person_mark(person) for person in case.people}
        statement = Statement(id=ident or f"s{next(count)}", kind=kind, hub="north", by=by, said=said, case=case.id,
                              at=NOW + timedelta(hours=hours), people=marks if people is None else people)  # fmt: skip
        return Checked(statement=statement, roles=frozenset(roles))

    return one


@pytest.fixture(scope="session")
def backed(profile: Callable[[str], Profile]) -> Callable[..., Decision]:
    """The decision about one person and category with something behind the case."""

    def one(case: Case, person: str, category: str, *spoken: Checked, by: str | Profile = "children_in_need",
            now: datetime = NOW, signed_only: bool = True, **behind: Any) -> Decision:  # fmt: skip
        rules = profile(by) if isinstance(by, str) else by
        backing = Backing(**{"spoken": spoken, "signed_only": signed_only, "runner": "j.shah", **behind})
        found = [i for i in decide(case, rules, now, backing=backing) if (i.person, i.category) == (person, category)]
        again = decide(effective(case, backing, rules), rules, now, backing=backing)
        assert [i for i in again if (i.person, i.category) == (person, category)] == found
        return found[0]

    return one
