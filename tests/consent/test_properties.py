"""What must hold for every case, not only for those that somebody thought of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide, mint_grants
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome, SourceRef
from mash_trawl.model.person import Person

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
IDS = ("p1", "p2", "p3", "p4")
RANK = {Outcome.DENY: 0, Outcome.REVIEW: 1, Outcome.PERMIT: 2}
SOURCES = (
    SourceRef(name="housing", agency="housing", categories=("housing.asb",)),
    SourceRef(name="nhs", agency="health", categories=("health.gp_summary", "health.camhs", "health.sexual_health")),
    SourceRef(name="force", agency="police", categories=("police.missing", "police.intelligence")),
)
PROFILES = {name: load_profile(name) for name in ("early_help", "children_in_need", "front_door")}
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

moments = st.integers(-4, 4).map(lambda days: NOW + timedelta(days=days))
people_ids = st.sets(st.sampled_from(IDS), min_size=1).map(lambda ids: tuple(sorted(ids)))
categories = st.dictionaries(
    st.sampled_from(["housing", "health", "police"]),
    st.one_of(st.just("all"), st.sampled_from([("asb",), ("gp_summary", "camhs"), ("sexual_health",), ("missing",)])),
    min_size=1,
)
maybe = st.none() | st.just("recorded")


@st.composite
def persons(draw, ident):
    born = draw(st.sampled_from(["1985-06-01", "2010-11-03", "2010-11-04", "2013", "2016~", "2020-01-01", None]))
    due = PartialDate.parse("2027-02") if born is None and draw(st.booleans()) else None
    roles = draw(st.sampled_from([("subject",), ("sibling",), ("parent", "household"), ("household",), ("associate",)]))
    restrictions = draw(st.sampled_from([(), (), (), ("hidden_address",), ("adoption",)]))
    sex = draw(st.sampled_from(["female", "male"]))
    return Person(id=ident, roles=roles, born=PartialDate.parse(born) if born else None, due=due, sex=sex,
                  restrictions=restrictions)  # fmt: skip


@st.composite
def consents(draw, kinds=("agreement", "agreement", "refusal")):
    return Consent(
        id=draw(st.sampled_from(["c1", "c2", "c3", "c4"])),
        given_by=draw(st.sampled_from(IDS)),
        capacity=draw(st.sampled_from(["self", "parental_responsibility", "self_and_parental_responsibility", "gillick",
                                       "attorney_or_deputy"])),
        covers=draw(people_ids),
        categories=draw(categories),
        given_at=draw(moments),
        kind=draw(st.sampled_from(kinds)),
        gillick_assessed_by=draw(maybe),
        authority_ref=draw(maybe),
        expires_at=draw(st.none() | moments),
        pr_basis=draw(st.sampled_from([None, None, None, "mother", "lives_with_order", "adoption", "section_20"])),
        limited_by=draw(st.sampled_from(["none", "none", "none", "care_order", "court_order"])),
        withdrawn_at=draw(st.none() | st.none() | moments),
    )  # fmt: skip


@st.composite
def uses(draw):
    return GatewayUse(
        id=draw(st.sampled_from(["S47", "S17", "CDA115", "CA04", "16LA", "PUBLIC_INTEREST", "COURT"])),
        decided_by="r.cole",
        decided_at=draw(moments),
        grounds="Synthetic.",
        covers=draw(people_ids),
        categories=draw(st.none() | categories),
        consent_sought=draw(st.sampled_from(["yes", "no", "unknown"])),
        why_not=draw(maybe),
        health_reasons=draw(st.dictionaries(st.sampled_from(IDS), st.just("Synthetic."))),
        necessity=draw(maybe),
        order_ref=draw(maybe),
        signed_off_by=draw(maybe),
        ends_at=draw(st.none() | moments),
    )


@st.composite
def cases(draw):
    ties = [Tie(from_=a, to=b, kind="parent", nature=draw(st.sampled_from(["birth", "adoptive", "unknown"])),
                parental_responsibility=draw(st.sampled_from(["yes", "yes", "no", "unknown"])))
            for a in IDS for b in IDS if a != b and draw(st.booleans())]  # fmt: skip
    return Case(
        version=1,
        id="SYNTHETIC",
        profile="children_in_need",
        opened_at=NOW,
        referral=Referral(source="school", received_at=NOW, concerns=("domestic_abuse",),
                          level=draw(st.sampled_from([None, 2, 3, 4, 4]))),
        people=tuple(draw(persons(ident)) for ident in IDS),
        relationships=tuple(ties),
        consents=tuple(draw(st.lists(consents(), max_size=4, unique_by=lambda one: one.id))),
        gateways=tuple(draw(st.lists(uses(), max_size=3))),
    )  # fmt: skip


profiles = st.sampled_from(sorted(PROFILES)).map(PROFILES.__getitem__)


def ranks(case, profile):
    return [RANK[item.outcome] for item in decide(case, profile, NOW, SOURCES)]


def none_higher(after, before):
    return all(now <= then for now, then in zip(after, before, strict=True))


@MANY
@given(cases(), profiles)
def test_every_question_is_answered_exactly_once_and_nothing_fails(case, profile):
    found = decide(case, profile, NOW, SOURCES)
    expected = [(s.name, p, c) for s in SOURCES for p in IDS for c in s.categories]
    assert [(item.source, item.person, item.category) for item in found] == expected
    assert not [item.rule for item in found if item.rule.startswith("failed.")]


@MANY
@given(cases(), profiles, st.data())
def test_taking_away_an_agreement_or_a_power_never_raises_a_decision(case, profile, data):
    before = ranks(case, profile)
    agreements = [one for one in case.consents if _unreserved(one)]
    if agreements:
        gone = data.draw(st.sampled_from(agreements))
        kept = tuple(one for one in case.consents if one is not gone)
        assert none_higher(ranks(replace(case, consents=kept), profile), before)
    if case.gateways:
        kept = case.gateways[1:]
        assert none_higher(ranks(replace(case, gateways=kept), profile), before)


def _unreserved(one):
    """An agreement that is still one: not taken back, not over, and stating no limit of the giver's responsibility."""
    over = (one.expires_at and one.expires_at <= NOW) or (one.withdrawn_at and one.withdrawn_at <= NOW)
    return one.kind == "agreement" and not over and one.limited_by == "none"


@MANY
@given(cases(), profiles, st.data())
def test_withdrawing_an_agreement_or_ending_it_never_raises_a_decision(case, profile, data):
    agreements = [place for place, one in enumerate(case.consents) if one.kind == "agreement"]
    if agreements:
        place, moment = data.draw(st.sampled_from(agreements)), data.draw(moments)
        before = ranks(case, profile)
        for change in ({"withdrawn_at": moment}, {"limited_by": "court_order"}, {"limited_by": "care_order"}):
            changed = list(case.consents)
            changed[place] = replace(changed[place], **change)
            if not case.consents[place].withdrawn_at:
                assert none_higher(ranks(replace(case, consents=tuple(changed)), profile), before)


@MANY
@given(cases(), profiles, consents(kinds=("refusal",)))
def test_adding_a_refusal_never_raises_a_decision(case, profile, refusal):
    more = replace(case, consents=(*case.consents, refusal))
    assert none_higher(ranks(more, profile), ranks(case, profile))


@MANY
@given(cases(), profiles, st.sampled_from(IDS), st.sampled_from(["hidden_address", "adoption", "witness_protection"]))
def test_adding_a_restriction_never_raises_a_decision(case, profile, ident, restriction):
    people = tuple(
        replace(one, restrictions=(*one.restrictions, restriction)) if one.id == ident else one for one in case.people
    )
    assert none_higher(ranks(replace(case, people=people), profile), ranks(case, profile))


@MANY
@given(cases(), profiles, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(case, profile, rng):
    consents_, gateways_ = list(case.consents), list(case.gateways)
    rng.shuffle(consents_)
    rng.shuffle(gateways_)
    shuffled = replace(case, consents=tuple(consents_), gateways=tuple(gateways_))
    one, two = decide(case, profile, NOW, SOURCES), decide(shuffled, profile, NOW, SOURCES)
    assert [(i.outcome, i.rule, i.basis, i.expires_at) for i in one] == [
        (i.outcome, i.rule, i.basis, i.expires_at) for i in two
    ]


@MANY
@given(cases(), profiles)
def test_what_has_ended_or_was_withdrawn_never_permits(case, profile):
    live = {one.id for one in case.consents if one.kind == "agreement" and one.given_at <= NOW
            and (one.expires_at is None or one.expires_at > NOW)
            and (one.withdrawn_at is None or one.withdrawn_at > NOW)}  # fmt: skip
    live |= {use.id for use in case.gateways if use.decided_at <= NOW and (use.ends_at is None or use.ends_at > NOW)}
    for item in decide(case, profile, NOW, SOURCES):
        if item.outcome is not Outcome.DENY:
            assert item.basis in live
            assert item.expires_at is None or item.expires_at > NOW


@MANY
@given(cases(), profiles)
def test_no_permit_holds_at_its_own_end(case, profile):
    for item in decide(case, profile, NOW, SOURCES):
        if item.outcome is Outcome.PERMIT and item.expires_at and item.basis:
            at_end = decide(case, profile, item.expires_at, [s for s in SOURCES if s.name == item.source])
            same = next(i for i in at_end if i.person == item.person and i.category == item.category)
            assert same.outcome is not Outcome.PERMIT or same.expires_at != item.expires_at


@MANY
@given(cases(), profiles)
def test_grants_hold_exactly_what_is_permitted(case, profile):
    found = decide(case, profile, NOW, SOURCES)
    permitted = {(i.source, i.person, i.category) for i in found if i.outcome is Outcome.PERMIT}
    grants = mint_grants(found, NOW, lambda: "g")
    assert {(g.source, g.person, c) for g in grants for c in g.categories} == permitted


AGES = {"1980-01-01": "adult", "2011-01-01": "young", "2019-01-01": "small"}


GRID = list(
    product(
        AGES,
        ["self", "parent"],
        [True, False],
        ["yes", "no", "unknown"],
        ["in force", "expired", "withdrawn", "future"],
        [{"housing": "all"}, {"health": "all"}, {"health": ("camhs",)}],
    )
)


@pytest.mark.parametrize("state", ["in force", "expired", "withdrawn", "future"])
def test_a_small_grid_equals_an_independent_oracle(state):
    rows = [row for row in GRID if row[4] == state]
    assert len(rows) == 108
    for row in rows:
        opened, expected, others = _by_rules_and_by_oracle(*row)
        assert opened == expected, row
        assert others <= {Outcome.DENY}, row


def _by_rules_and_by_oracle(born, giver, assessed, responsible, state, named):
    """The oracle is written from the law as a table of conditions, without the rules' own code."""
    day = timedelta(days=1)
    record = Consent(
        id="c", given_by="x" if giver == "self" else "y", covers=("x",), categories=named,
        capacity="self" if giver == "self" else "parental_responsibility",
        gillick_assessed_by="nurse" if assessed else None,
        given_at=NOW + day if state == "future" else NOW - 2 * day,
        expires_at=NOW if state == "expired" else None, withdrawn_at=NOW if state == "withdrawn" else None,
    )  # fmt: skip
    people = (Person(id="x", roles=("sibling",), born=PartialDate.parse(born)),
              Person(id="y", roles=("parent",), born=PartialDate.parse("1970-01-01")))  # fmt: skip
    tie = Tie(from_="y", to="x", kind="parent", nature="birth", parental_responsibility=responsible)
    case = Case(version=1, id="S", profile="front_door", opened_at=NOW, people=people, relationships=(tie,),
                consents=(record,), referral=Referral(source="school", received_at=NOW, level=3))  # fmt: skip

    age = AGES[born]
    may_speak = {
        ("adult", "self"): True,
        ("young", "self"): assessed,
        ("small", "self"): False,
        ("adult", "parent"): False,
        ("young", "parent"): responsible == "yes",
        ("small", "parent"): responsible == "yes",
    }[age, giver]
    opened = {"housing.asb"} if named == {"housing": "all"} else set()
    opened |= {"health.gp_summary"} if named == {"health": "all"} else set()
    opened |= {"health.camhs"} if named == {"health": ("camhs",)} else set()
    expected = opened if may_speak and state == "in force" else set()
    found = decide(case, PROFILES["front_door"], NOW, SOURCES)
    permitted = {i.category for i in found if i.person == "x" and i.outcome is Outcome.PERMIT}
    return permitted, expected, {i.outcome for i in found if i.category not in expected}
