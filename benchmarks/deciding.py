"""`decide` for a large family: signed agreements and decisions, refusals, agreements between agencies, answers.

The floor builds as many decisions and does nothing else. Two sizes: twenty sources that offer thirty kinds of record
between them, and twenty sources of which each offers thirty.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.measure import Figure, here, in_turns
from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.consent import Categories, Consent, GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decision, Outcome, SourceRef
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Agency, Category, Profile
from mash_trawl.model.statement import Checked, Kind, Reply, Said, Statement, person_mark

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
ADULTS, PEOPLE, SOURCES, CATEGORIES = 5, 12, 20, 30
DECIDERS = frozenset({"decider", "team_manager"})


def figures(_folder: Path, rounds: int) -> list[Figure]:
    """CPU of one whole decision over a case, in both sizes, against the floor of the same size."""
    lines = []
    for title, each in (("30 categories between them", 0), ("30 categories each", CATEGORIES)):
        profile, sources = _place(each)
        case = _case(profile)
        backing = _backing(case, profile)
        work = partial(decide, case, profile, NOW, sources, backing=backing)
        count = len(work())
        ours, floor = in_turns([partial(here, work), partial(here, partial(_floor, count))], max(rounds, 15))
        lines.append(
            Figure(what=f"decide for {PEOPLE} people x {SOURCES} sources, {title} ({count:,} decisions): CPU",
                   ours=ours.cpu * 1000, floor=floor.cpu * 1000, unit="ms", goal="" if each else "< 20 ms")
        )  # fmt: skip
    return lines


def _place(each: int) -> tuple[Profile, tuple[SourceRef, ...]]:
    """Twenty agencies, and one source for each: the profile's own first, then synthetic ones."""
    profile = load_profile("children_in_need")
    if each:
        kinds = {
            f"kind_{number}": Category(title=f"Kind {number}", health=number % 5 == 0, summary=number % 10 == 0)
            for number in range(each)
        }
        agencies = {name: replace(body, categories=kinds) for name, body in profile.agencies.items()}
        agencies |= {f"more_{number}": Agency(title=f"More {number}", categories=kinds)
                     for number in range(SOURCES - len(agencies))}  # fmt: skip
        profile = replace(profile, agencies=agencies)
        refs = [(name, name, tuple(f"{name}.{kind}" for kind in kinds)) for name in agencies]
    else:
        refs = _between_them(profile)
    return profile, tuple(SourceRef(name=name, agency=agency, categories=offered) for name, agency, offered in refs)


def _between_them(profile: Profile) -> list[tuple[str, str, tuple[str, ...]]]:
    """Twenty sources of the profile's own agencies; the first ten offer two categories, the others one."""
    rich = [name for name, body in profile.agencies.items() if len(body.categories) > 1]
    kinds = {name: list(profile.agencies[name].categories) for name in rich}
    refs = []
    for number in range(SOURCES):
        agency, offered = rich[number % len(rich)], 2 if number < CATEGORIES - SOURCES else 1
        taken = [kinds[agency][(number + step) % len(kinds[agency])] for step in range(offered)]
        refs.append((f"source_{number}", agency, tuple(f"{agency}.{name}" for name in taken)))
    return refs


def _case(profile: Profile) -> Case:
    """Five adults and seven children; every adult speaks for themselves, the parents for the children."""
    people = tuple(
        Person(
            id=f"p{number}",
            roles=("parent", "household") if number < ADULTS else ("subject" if number == ADULTS else "sibling",),
            born=PartialDate.of(date(1980 + number, 3, 1) if number < ADULTS else date(2008 + number, 5, 17)),
            sex="female" if number % 2 else "male",
            restrictions=("hidden_address",) if number == PEOPLE - 1 else (),
        )
        for number in range(PEOPLE)
    )
    children = [one.id for one in people[ADULTS:]]
    ties = tuple(
        Tie(from_=parent, to=child, kind="parent", nature="birth", parental_responsibility="yes")
        for parent in ("p0", "p1")
        for child in children
    )
    return Case(
        version=1, id="SYNTHETIC-BENCH", profile=profile.id, opened_at=NOW, people=people, relationships=ties,
        referral=Referral(source="school", received_at=NOW, level=4, concerns=("domestic_abuse",)),
        consents=_consents(profile, children), gateways=_powers(people),
    )  # fmt: skip


def _consents(profile: Profile, children: list[str]) -> tuple[Consent, ...]:
    some: Categories = dict.fromkeys(list(profile.agencies)[:4], "all")
    record = partial(Consent, given_at=NOW - timedelta(days=2), categories=some)
    own = tuple(record(id=f"own{n}", given_by=f"p{n}", capacity="self", covers=(f"p{n}",)) for n in range(ADULTS - 1))
    return (
        *own,
        record(id="c1", given_by="p0", capacity="parental_responsibility", covers=tuple(children)),
        record(id="c2", given_by="p1", capacity="parental_responsibility", covers=tuple(children[:3])),
        record(id="c3", given_by="p1", capacity="parental_responsibility", covers=tuple(children[:1]), kind="refusal"),
        record(id="c4", given_by="p4", capacity="self", covers=("p4",), withdrawn_at=NOW - timedelta(hours=1)),
    )


def _powers(people: tuple[Person, ...]) -> tuple[GatewayUse, ...]:
    everybody = tuple(one.id for one in people)
    decided = partial(GatewayUse, decided_by="demo.manager", decided_at=NOW - timedelta(hours=1), grounds="Synthetic.")
    return (
        decided(id="S47", covers=everybody, trigger="reasonable_cause", why_not="Synthetic.",
                health_reasons={"p5": "Synthetic."}),
        decided(id="CDA115", covers=everybody[:ADULTS], necessity="Synthetic."),
    )  # fmt: skip


def _backing(case: Case, profile: Profile) -> Backing:
    """Everything signed twice over by people who do not run the trawl, one answer, one agreement with everybody."""
    marks = {one.id: person_mark(one) for one in case.people}
    answer = Reply(person="p5", category="education.attendance", rule="consent.contested", basis="c1", yes=True,
                   reason="Synthetic.")  # fmt: skip
    said: list[tuple[Kind, Said]] = [("consent", one) for one in case.consents]
    said += [("gateway", one) for one in case.gateways] + [("reply", answer)]
    spoken = tuple(
        Checked(
            statement=Statement(
                id=f"s{number}", kind=kind, hub="bench", by="demo.manager", at=NOW - timedelta(minutes=30), said=one,
                case=case.id, people={name: marks[name] for name in _named(one)},
            ),
            roles=DECIDERS,
        )
        for number, (kind, one) in enumerate(said)
    )  # fmt: skip
    parties = tuple(profile.agencies)
    agreement = Agreement(
        version=1, id="bench", edition="1", title="Synthetic", parties=parties, purposes=(profile.id,),
        categories=dict.fromkeys(parties, "all"), from_=date(2026, 1, 1), to=date(2028, 1, 1),
        signatories=tuple(Signatory(party=name, role="director", on=date(2026, 1, 1)) for name in parties),
    )  # fmt: skip
    return Backing(signed_only=True, runner="ann", spoken=spoken, agreements=(agreement,))


def _named(one: Said) -> set[str]:
    """Whom a statement speaks of."""
    giver = getattr(one, "given_by", "p0")
    return {giver, *getattr(one, "covers", ())}


def _floor(count: int) -> list[Decision]:
    """So many decisions, every field given."""
    return [
        Decision(person="p1", source="police", agency="police", category="police.missing", outcome=Outcome.PERMIT,
                 rule="gateway.S47", reason="Synthetic.", unlock="", why="", basis="S47", obligations=("minimise",),
                 expires_at=None, since=None, at=NOW, mode="content")
        for _ in range(count)
    ]  # fmt: skip
