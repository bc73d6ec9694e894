"""A small world for the lanes: one child and her mother, sources in memory, a real ledger on SQLite."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mash_trawl.api import Candidate, Connector, Event, Finding, Grant, PartialDate, PersonQuery, address, name
from mash_trawl.audit.ledger import Ledger
from mash_trawl.config.case import load_case
from mash_trawl.config.secrets import Secret
from mash_trawl.consent.grants import mint_grants
from mash_trawl.identity.plan import plan_queries
from mash_trawl.identity.recognise import Recognise
from mash_trawl.model.answer import Answer, Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings
from mash_trawl.sources.breaker import Breakers
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.lanes import ask
from mash_trawl.sources.registry import Registry, Source
from mash_trawl.sources.watch import Watch

MOVED = (address("3 Weir Street", postcode="NB7 1AA"),)
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
CASE = {
    "version": 1,
    "id": "MASH-2026-0001",
    "profile": "children_in_need",
    "opened_at": "2026-11-03T09:20:00+00:00",
    "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
    "people": [
        {
            "id": "p1",
            "roles": ["subject"],
            "names": [{"given": ["Synthetica"], "family": "Testfall"}],
            "born": "2014-05-17",
            "identifiers": {"nhs_number": "943 476 5919"},
            "addresses": [{"lines": ["1 Example Row"], "postcode": "NB1 4QT"}],
        },
        {
            "id": "p2",
            "roles": ["parent"],
            "names": [{"given": ["Fictia"], "family": "Testfall"}],
            "born": "1988-11-02",
            "addresses": [{"lines": ["1 Example Row"], "postcode": "NB1 4QT"}],
        },
        {"id": "p3", "roles": ["associate"], "names": [{"given": ["Nobody"]}]},
    ],
    "consents": [
        {
            "id": "c1",
            "given_by": "p2",
            "capacity": "self_and_parental_responsibility",
            "covers": ["p1", "p2"],
            "categories": {"housing": "all"},
            "given_at": "2026-11-03T10:05:00+00:00",
        }
    ],
}


def person_row(query: PersonQuery, ref: str) -> Candidate:
    """The candidate who is exactly the person of the case."""
    if query.person == "p1":
        return Candidate(
            ref=ref,
            names=(name("Synthetica", "Testfall"),),
            born=PartialDate.of(date(2014, 5, 17)),
            identifiers={"nhs_number": "943 476 5919"},
        )
    home = address("1 Example Row", postcode="NB1 4QT")
    born = PartialDate.of(date(1988, 11, 2))
    return Candidate(ref=ref, names=(name("Fictia", "Testfall"),), born=born, addresses=(home,))


def event(ref: str, about: str, **changes: Any) -> Event:
    """An ordinary event of the test source."""
    given: dict[str, Any] = {
        "ref": ref,
        "about": (about,),
        "category": "housing.asb",
        "when": PartialDate.of(date(2025, 3, 4)),
        "headline": "Noise reported",
    }
    return Event(**(given | changes))


class InMemory(Connector):
    """A well-behaved source without a network: one record for each person, one event on it."""

    name, agency = "memory", "housing"
    offers = frozenset({"housing.asb", "housing.tenancy"})
    search_keys = (("given", "family", "born"),)

    @contextmanager
    def session(self, door: Any) -> Iterator[Any]:
        """The door itself is all there is."""
        yield door

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Everybody is known."""
        with self.open(grant) as door:
            door.request()
            yield person_row(query, f"r-{query.person}")

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """One event each."""
        with self.open(grant) as door:
            door.request()
            yield event(f"e-{ref}", ref)


@dataclass(repr=False)
class World:
    """Everything that `ask` needs, with what a test wants to change; `answers()` runs it."""

    ledger: Ledger
    clock: Any
    sources: dict[str, type[Connector] | None] = field(default_factory=dict)
    limits: dict[str, Limits] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], Mapping[str, Outcome]] = field(default_factory=dict)
    people: Sequence[str] = ("p1", "p2")
    expires_at: datetime | None = None
    basis: str = "c1"
    why: str = "consent_not_given"
    resolved: list[str] = field(default_factory=list)
    breakers: Breakers | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    progress: list[tuple[str, str, int, int]] = field(default_factory=list)
    gate: Gate | None = None
    monotonic: Callable[[], float] = time.monotonic
    plan: Any = plan_queries
    recognise: Recognise = field(default_factory=Recognise)
    watch: Watch | None = None
    modes: dict[tuple[str, str, str], str] = field(default_factory=dict)
    denials: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    file: Mapping[str, Any] = field(default_factory=lambda: copy.deepcopy(CASE))

    @property
    def case(self) -> Case:
        """The case; the same unless a test wrote another file."""
        return load_case(self.file)

    def hub_file(self) -> HubFile:
        """A hub with these sources."""
        return HubFile(
            version=1,
            name="test",
            profiles=("children_in_need",),
            root_keys=RootKeys(paths=("../root",)),
            reader_keys="../readers",
            signing_key="../sign",
            sources=tuple(
                SourceSettings(
                    name=source,
                    agency="housing",
                    connector=source,
                    limits=self.limits.get(source, Limits(deadline=Duration(seconds=20))),
                    **self.settings.get(source, {}),
                )
                for source in self.sources
            ),
        )

    def decisions(self) -> Decisions:
        """PERMIT for both categories, unless a test says otherwise for a (source, person)."""
        usual = {"housing.asb": Outcome.PERMIT, "housing.tenancy": Outcome.PERMIT}
        return Decisions(
            case=self.case.id,
            profile="children_in_need",
            at=self.clock(),
            items=tuple(
                self._decision(source, person, category, outcome)
                for source in self.sources
                for person in self.people
                for category, outcome in self.outcomes.get((source, person), usual).items()
            ),
        )

    def _decision(self, source: str, person: str, category: str, outcome: Outcome) -> Decision:
        permit = outcome is Outcome.PERMIT
        rule, why = self.denials.get((source, person, category), ("test-rule", self.why))
        return Decision(
            person=person,
            source=source,
            agency="housing",
            category=category,
            outcome=outcome,
            rule=rule,
            reason="as the test says",
            why="" if permit else why,
            basis=self.basis if permit else None,
            expires_at=self.expires_at,
            mode=self.modes.get((source, person, category), "content"),
        )

    def registry(self) -> Registry:
        """Connectors put in place by the test, as if they had been approved."""
        hub = self.hub_file()
        sources = {}
        for item in hub.sources:
            connector = self.sources[item.name]
            why = None if connector else Why.NOT_INSTALLED
            sources[item.name] = Source(name=item.name, settings=item, connector=connector, version="test 1", why=why)
        return Registry(sources, (), "hub.yaml")

    def resolve(self, text: str) -> Secret:
        """Note that a secret was asked for."""
        self.resolved.append(text)
        return Secret(text)

    def answers(self) -> tuple[Answer, ...]:
        """Run the lanes."""
        decisions = self.decisions()
        ids = iter(f"g{number}" for number in range(1000))
        self.grants = mint_grants(decisions, decisions.at, lambda: next(ids))
        self.gate = Gate.build(
            self.ledger,
            self.hub_file(),
            resolve=self.resolve,
            clock=self.clock,
            monotonic=self.monotonic,
            actor="j.shah",
            breakers=self.breakers,
        )
        return ask(
            self.case,
            decisions,
            self.grants,
            registry=self.registry(),
            gate=self.gate,
            plan=self.plan,
            match=self.recognise,
            clock=self.clock,
            progress=lambda *told: self.progress.append(told),
            stop=self.stop,
            watch=self.watch,
        )

    def said(self, source: str | None = None) -> dict[str, tuple[str, str]]:
        """Person to (status, why), of one source."""
        return {
            answer.person: (answer.status.value, answer.why.value)
            for answer in self.answers()
            if source in (None, answer.source)
        }

    def rows(self, kind: str) -> list[Mapping[str, Any]]:
        """The public part of every ledger row of a kind."""
        return [row.public for row in self.ledger.rows(kind)]

    def told_privately(self, kind: str) -> list[list[str]]:
        """The people in the private part of every ledger row of a kind."""
        return [list((row.private or {}).get("people", [])) for row in self.ledger.rows(kind)]


@pytest.fixture
def world(ledger: Ledger, clock: Any) -> World:
    """Nothing connected yet."""
    return World(ledger=ledger, clock=clock)


@pytest.fixture
def in_memory() -> type[Connector]:
    """The well-behaved source, to be used or to be spoilt in a subclass."""
    return InMemory


@pytest.fixture
def make_event() -> Callable[..., Event]:
    """Makes an event of the test source."""
    return event


@pytest.fixture
def make_candidate() -> Callable[..., Candidate]:
    """Makes the candidate who is the person of the query."""
    return person_row


@pytest.fixture
def moved() -> type[Connector]:
    """A source that holds both at a home that the case does not know, without any number."""

    class Moved(InMemory):
        def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
            with self.open(grant) as door:
                door.request()
                yield replace(person_row(query, f"r-{query.person}"), identifiers={}, addresses=MOVED)

    return Moved
