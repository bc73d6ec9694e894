"""A synthetic case with every kind of answer, and small makers for tests that need one thing only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mash_trawl.model.answer import Answer, Coverage, Status, Why, Withheld
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decision, Decisions, Obligation, Outcome
from mash_trawl.model.finding import Event, Fact, Involvement, Relationship, Residence
from mash_trawl.model.match import Line, Match
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.product import Product
from mash_trawl.model.query import Candidate, Searched
from mash_trawl.product import compose

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)


def day(text: str) -> PartialDate:
    """A partial date."""
    return PartialDate.parse(text)


def person(ident: str, given: str, born: str | None = None, sex: Any = "unknown", **more: Any) -> Person:
    """A synthetic person of the Example family."""
    name = Name(given=(given,), family=more.pop("family", "Example"))
    return Person(id=ident, names=(name,), born=day(born) if born else None, sex=sex, **more)


def candidate(ref: str, given: str, born: str | None = None, **more: Any) -> Candidate:
    """Somebody as a source describes them."""
    name = Name(given=(given,), family=more.pop("family", "Example"))
    return Candidate(ref=ref, names=(name,), born=day(born) if born else None, **more)


def matched(ident: str, found: Candidate, *lines: Line) -> Match:
    """An accepted match."""
    return Match(person=ident, candidate=found, outcome="auto", millibits=21500, prior=-9000, lines=lines)


def event(ref: str, when: str, *about: str, category: str = "housing.asb", headline: str = "", **more: Any) -> Event:
    """An event of one record."""
    return Event(ref=ref, about=about, category=category, when=day(when), headline=headline or f"Event {ref}", **more)


def decided(
    case: Case, sources: Sequence[str], deny: Sequence[tuple[str, str]] = (), obligations: tuple[Obligation, ...] = ()
) -> Decisions:
    """Permit `<source>.asb` and friends for everybody, except the denied (source, person)."""
    items = tuple(
        Decision(
            person=one.id, source=source, agency=source, category=f"{source}.{kind}",
            outcome=Outcome.DENY if (source, one.id) in deny else Outcome.PERMIT, rule="test.rule",
            reason="For the test.", basis=None if (source, one.id) in deny else "S47", obligations=obligations,
        )
        for source in sources for one in case.people for kind in ("asb", "tenancy", "safeguarding", "gp_summary")
    )  # fmt: skip
    return Decisions(case=case.id, profile=case.profile, at=NOW, items=items)


def answer(source: str, ident: str, status: Status = Status.FOUND, why: Why = Why.MATCHED, **more: Any) -> Answer:
    """An answer of a source whose agency bears the same name."""
    return Answer(source=source, agency=source, person=ident, status=status, why=why, **more)


def case_of(*people: Person, ties: tuple[Tie, ...] = ()) -> Case:
    """A case with these people."""
    referral = Referral(source="school", received_at=NOW, concerns=("neglect",), level=4, rag="red")
    return Case(version=1, id="TEST-1", profile="children_in_need", opened_at=NOW, referral=referral, people=people,
                relationships=ties)  # fmt: skip


@dataclass(frozen=True)
class Trawl:
    """What compose is given."""

    case: Case
    decisions: Decisions
    answers: tuple[Answer, ...]

    def product(self, **more: Any) -> Product:
        """The product of it."""
        return compose(self.case, self.decisions, self.answers, **more)


def rich() -> Trawl:
    """Three agencies about four people: found, none found, refused, timed out, consent missing; a new partner."""
    case = case_of(
        person("p1", "Ada", "2014-05-17", "female", roles=("subject",), identifiers={"nhs_number": "943 476 5919"},
               addresses=(Address(lines=("14 Mill Lane",), postcode="NB1 4QT", uprn="100023336956"),)),
        person("p2", "Bea", "1988-11-02", "female", roles=("parent", "household")),
        person("p3", "Col", "1985-03-14", "male", roles=("parent",)),
        person("p4", "Dan", None, "male", roles=("sibling",)),
        ties=(Tie(from_="p2", to="p1", kind="parent", nature="birth", parental_responsibility="yes"),
              Tie(from_="p3", to="p1", kind="parent", nature="birth"),
              Tie(from_="p2", to="p4", kind="parent", nature="birth"),
              Tie(from_="p2", to="p3", kind="partner", nature="divorced")),
    )  # fmt: skip
    partner = candidate("h9", "Lee", "1990-01-01", family="Sample", sex="male")
    home = Address(lines=("14 Mill Lane",), postcode="NB1 4QT", uprn="100023336956")
    tenancy = Residence(ref="t1", about=("h1", "h2", "h9"), category="housing.tenancy", address=home,
                        from_=day("2021-03"), mentions=(partner,))  # fmt: skip
    noise = event("a1", "2020-06-01", "h1", "h9", headline="Noise at night", mentions=(partner,), cites=("o1",))
    couple = Relationship(ref="r1", about=("h2", "h9"), category="housing.tenancy", from_="h9", to="h2",
                          kind="partner", nature="cohabiting", mentions=(partner,))  # fmt: skip
    gp = Fact(ref="f1", about=("n1",), category="health.gp_summary", name="gp_practice", value="Canal Walk Surgery")
    visit = Involvement(ref="i1", about=("n1",), category="health.gp_summary", service="Health visiting",
                        status="historic", from_=day("2014-06-01"), to=day("2016-06-01"))  # fmt: skip
    police = event("o1", "2020-06-01", "k1", category="police.safeguarding", headline="Called to an argument",
                   recorded_on=date(2020, 6, 2), basis="observed", text="Child <asleep>.")  # fmt: skip
    undated = event("o2", "2019", "k1", category="police.safeguarding", headline="Some time in 2019")
    known, other = candidate("h1", "Ada", "2014-05-17"), candidate("k1", "Ada", "2014-05-18")
    answers = (
        answer("housing", "p1", findings=(tenancy, noise), matches=(matched("p1", known),),
               coverage=Coverage(from_="2016-04", area="North Borough"),
               searched=(Searched(by=("family", "born"), candidates=1),), not_searched=(("nhs_number",),)),
        answer("housing", "p2", findings=(tenancy, couple), matches=(matched("p2", candidate("h2", "Bea")),),
               withheld=(Withheld(category="housing.homelessness", rule="test.rule", why="no_rule"),)),
        answer("housing", "p3", Status.CONSENT_MISSING, Why.CONSENT_NOT_SOUGHT),
        answer("housing", "p4", Status.AMBIGUOUS_IDENTITY, Why.POSSIBLE_MATCHES, possible=2),
        answer("police", "p1", findings=(police, undated), matches=(matched("p1", other),)),
        answer("police", "p2", Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS, coverage=Coverage(from_="2010", to="2024")),
        answer("police", "p3", Status.REFUSED_BY_CUSTODIAN, Why.CUSTODIAN_SAID_NO),
        answer("police", "p4", Status.TIMED_OUT, Why.DEADLINE),
        answer("health", "p1", findings=(gp, visit), matches=(matched("p1", candidate("n1", "Ada")),), dropped=1),
        answer("health", "p2", Status.NOT_PERMITTED, Why.GATEWAY_NOT_MET),
        answer("health", "p3", Status.UNREACHABLE, Why.CONNECTION_REFUSED),
        answer("health", "p4", Status.NOT_CONNECTED, Why.NOT_INSTALLED),
    )  # fmt: skip
    deny = [("housing", "p3"), ("health", "p2")]
    return Trawl(case, decided(case, ("housing", "police", "health"), deny), answers)


@pytest.fixture
def rich_trawl() -> Trawl:
    """The rich case."""
    return rich()


@pytest.fixture
def make() -> Callable[..., Any]:
    """Every maker by name: `make("event", "e1", "2020-01-02", "h1")`."""
    makers: dict[str, Callable[..., Any]] = {
        "day": day, "person": person, "candidate": candidate, "matched": matched, "event": event,
        "decided": decided, "answer": answer, "case": case_of, "trawl": Trawl,
    }  # fmt: skip
    return lambda kind, *values, **named: makers[kind](*values, **named)
