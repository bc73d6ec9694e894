"""What `profile diff` marks NARROWER lets no decision rise, whatever the case; what it marks WIDER lets none fall."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.widening import of_change
from mash_trawl.consent import decide
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome, SourceRef
from mash_trawl.model.duration import Duration
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Ages

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
RANK = {Outcome.DENY: 0, Outcome.REVIEW: 1, Outcome.PERMIT: 2}
SOURCES = (
    SourceRef(name="housing", agency="housing", categories=("housing.asb", "housing.tenancy")),
    SourceRef(name="nhs", agency="health", categories=("health.gp_summary", "health.camhs", "health.sexual_health")),
    SourceRef(name="force", agency="police", categories=("police.missing", "police.intelligence")),
)
DOOR = load_profile("front_door")
POWERS = ("S47", "S17", "CDA115", "PUBLIC_INTEREST", "COURT")
KINDS = (("housing", "asb"), ("health", "gp_summary"), ("health", "camhs"), ("police", "missing"),
         ("police", "intelligence"))  # fmt: skip
FIELDS = {
    "consent": ("needed", "sought", "not_needed"), "health": ("never", "with_reason", "when_named"),
    "levels": ((), (4,), (3, 4), (2,)), "concerns": ((), ("domestic_abuse",), ("neglect",)),
    "requires": ((), ("grounds",), ("grounds", "necessity"), ("order_ref",)), "deciders": ((), ("team_manager",)),
    "in_force_from": (None, date(1991, 10, 14), date(2030, 1, 1)), "in_force_until": (None, date(2020, 1, 1)),
    "confirm": (False, True), "instrument": ("", "SI 1"), "confirmed_by": ("", "d.patel"),
    "obligations": ((), ("notify",)), "assumed_trigger": ("", "reasonable_cause"), "recipients": ((), ("police",)),
}  # fmt: skip
WHOM = {
    "roles": ((), ("parent",), ("parent", "household", "subject")),
    "child_roles": ((), ("subject",), ("subject", "sibling")),
    "child_under": (10, 18), "needs_child": (False, True), "adults_from": (None, 18, 30), "unborn": (False, True),
}  # fmt: skip
CATEGORY = {
    "health": (False, True), "summary": (False, True), "specific": (False, True), "own_only": (False, True),
    "hidden_existence": (False, True), "by_consent": (False, True), "by_gateway": ("open", "review"),
    "obligations": ((), ("no_onward",)), "lookback": (None, Duration.parse("90d"), Duration.parse("30d")),
}  # fmt: skip
CHANGES = [
    *((("gateways", power, name), values) for power in POWERS for name, values in FIELDS.items()),
    *((("gateways", power, "whom", name), values) for power in POWERS for name, values in WHOM.items()),
    *((("gateways", power, "opens", agency), ("all", (), (name,))) for power in POWERS for agency, name in KINDS),
    *((("agencies", agency, "categories", kind, name), values) for agency, kind in KINDS
      for name, values in CATEGORY.items()),
    *((("agencies", name, "ages"), (None, Ages(from_=12), Ages(from_=18, to=40))) for name in ("housing", "police")),
    *((("consent", "pr_bases", basis, "gives"), (False, True)) for basis in ("mother", "section_20")),
    *((("consent", "pr_bases", basis, "kinds"), ((), ("carer",), ("parent", "carer"))) for basis in ("mother",)),
    *((("restrictions", name, "effect"), ("review", "mask_household")) for name in ("adoption", "staff_interest")),
    (("consent", "presumed_from"), (14, 16, 18)), (("consent", "gillick_from"), (10, 12, 15)),
    (("consent", "life"), (None, Duration.parse("1d"), Duration.parse("90d"))),
    (("consent", "pr_bases", "mother", "limits_parents"), (False, True)),
    (("scope", "levels"), ((4,), (3, 4), (1, 2, 3, 4))), (("scope", "level_needed"), (False, True)),
    (("scope", "roles"), (("subject",), ("subject", "parent"), DOOR.scope.roles)),
    (("decides",), (False, True)), (("deciders",), ((), ("team_manager",))),
    (("relies_on",), (("S47",), DOOR.relies_on)),
]  # fmt: skip
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDS = ("p1", "p2", "p3")
days = st.integers(-40, 3).map(lambda number: NOW + timedelta(days=number))
some = st.sets(st.sampled_from(IDS), min_size=1).map(lambda ids: tuple(sorted(ids)))
listed = st.sampled_from([
    {"housing": "all", "health": "all", "police": "all"}, {"health": ("gp_summary", "camhs")}, {"police": ("missing",)},
])  # fmt: skip


def put(value, path, new):
    """The value with this part of it replaced."""
    if not path:
        return new
    if is_dataclass(value):
        return replace(value, **{path[0]: put(getattr(value, path[0]), path[1:], new)})
    return {**value, path[0]: put(value.get(path[0]), path[1:], new)}


@st.composite
def people(draw, ident):
    born = draw(st.sampled_from(["1985-06-01", "2008-05-01", "2011-03-03", "2020-01-01"]))
    roles = draw(st.sampled_from([("subject",), ("sibling",), ("parent", "household")]))
    marked = draw(st.sampled_from([(), (), (), ("adoption",), ("staff_interest",)]))
    sex = draw(st.sampled_from(["female", "male"]))
    return Person(id=ident, roles=roles, born=PartialDate.parse(born), sex=sex, restrictions=marked)


@st.composite
def said(draw):
    return Consent(
        id=draw(st.sampled_from(["c1", "c2", "c3"])), given_by=draw(st.sampled_from(IDS)),
        capacity=draw(st.sampled_from(["self", "parental_responsibility", "gillick"])),
        covers=draw(some), categories=draw(listed), given_at=draw(days),
        kind=draw(st.sampled_from(["agreement", "agreement", "agreement", "refusal"])), gillick_assessed_by="recorded",
        pr_basis=draw(st.sampled_from([None, "mother", "mother", "section_20"])),
    )  # fmt: skip


@st.composite
def used(draw):
    return GatewayUse(
        id=draw(st.sampled_from(POWERS)), decided_by="r.cole", decided_at=NOW - timedelta(days=1), grounds="Synthetic.",
        covers=draw(some), categories=draw(st.none() | listed), consent_sought=draw(st.sampled_from(["yes", "no"])),
        why_not=draw(st.none() | st.just("Synthetic.")), health_reasons=dict.fromkeys(IDS, "Synthetic."),
        necessity="Synthetic.", order_ref=draw(st.none() | st.just("O-1")), signed_off_by="recorded",
        ends_at=NOW + timedelta(days=3), trigger=draw(st.none() | st.just("reasonable_cause")),
    )  # fmt: skip


@st.composite
def cases(draw):
    ties = [Tie(from_=a, to=b, kind="parent", nature="birth", parental_responsibility="yes")
            for a in IDS for b in IDS if a != b and draw(st.booleans())]  # fmt: skip
    level = draw(st.sampled_from([None, 3, 4, 4]))
    referral = Referral(source="school", received_at=NOW, concerns=("domestic_abuse",), level=level)
    return Case(version=1, id="SYNTHETIC", profile="front_door", opened_at=NOW - timedelta(days=50), referral=referral,
                people=tuple(draw(people(ident)) for ident in IDS), relationships=tuple(ties),
                consents=tuple(draw(st.lists(said(), max_size=3, unique_by=lambda one: one.id))),
                gateways=tuple(draw(st.lists(used(), min_size=1, max_size=2))))  # fmt: skip


@pytest.mark.parametrize("group", ["gateways", "agencies", "others"])
@MANY
@given(case=cases(), data=st.data())
def test_a_marked_change_moves_every_decision_that_way_or_not_at_all(group, case, data):
    mine = [item for item in CHANGES if (item[0][0] if item[0][0] in ("gateways", "agencies") else "others") == group]
    path, values = data.draw(st.sampled_from(mine))
    was, now = data.draw(st.sampled_from([(a, b) for a in values for b in values if a != b]))
    direction = of_change(path, was, now)
    before, after = ([RANK[item.outcome] for item in decide(case, put(DOOR, _named(path), value), NOW, SOURCES)]
                     for value in (was, now))  # fmt: skip
    if direction == "NARROWER":
        assert all(new <= old for new, old in zip(after, before, strict=True)), (path, was, now)
    if direction == "WIDER":
        assert all(new >= old for new, old in zip(after, before, strict=True)), (path, was, now)


def _named(path):
    return tuple("from_" if step == "from" else step for step in path)


def test_every_change_that_is_tried_stands_in_the_table_or_cannot_be_told():
    told = {path for path, values in CHANGES for a in values for b in values if a != b and of_change(path, a, b)}
    whose_word = ("deciders", "presumed_from", "gillick_from", "gives", "kinds")
    assert {path for path, _ in CHANGES} - told == {path for path, _ in CHANGES if path[-1] in whose_word}
