"""What must hold whatever stands behind a case: taking away a yes, or adding a no, never raises a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide, effective
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case, Referral, Tie
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome, SourceRef
from mash_trawl.model.person import Person
from mash_trawl.model.statement import (
    KINDS,
    Checked,
    Countersignature,
    Emergency,
    Reply,
    Statement,
    Withdrawal,
    person_mark,
)  # fmt: skip

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCES = (
    SourceRef(name="housing", agency="housing", categories=("housing.asb",)),
    SourceRef(name="nhs", agency="health", categories=("health.gp_summary", "health.sexual_health")),
    SourceRef(name="force", agency="police", categories=("police.missing", "police.intelligence")),
)
BASE = load_profile("children_in_need")
_S47 = BASE.gateways["S47"]
PROFILE = replace(BASE, gateways={**BASE.gateways, "S47": replace(
    _S47, opens={**_S47.opens, "housing": ("tenancy",)}, existence={"housing": ("asb",)})})  # fmt: skip
MANY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RANK = {Outcome.DENY: 0, Outcome.REVIEW: 1, Outcome.PERMIT: 2}
SPEAKERS = [("p3", "self_and_parental_responsibility"), ("p4", "parental_responsibility"), ("p2", "gillick")]
CHILD = Person(id="p1", roles=("subject",), born=PartialDate.parse("2018-05-01"))
TEEN = Person(id="p2", roles=("sibling",), born=PartialDate.parse("2012-05-01"))
MOTHER = Person(id="p3", roles=("parent", "household"), born=PartialDate.parse("1985-05-01"), sex="female")
FATHER = Person(id="p4", roles=("parent",), born=PartialDate.parse("1984-05-01"), sex="male")
PEOPLE = (CHILD, TEEN, MOTHER, FATHER)
TIES = tuple(Tie(from_=one, to=child, kind="parent", nature="birth", parental_responsibility="yes")
             for one in ("p3", "p4") for child in ("p1", "p2"))  # fmt: skip

ids = st.sampled_from([("p1",), ("p1", "p3"), ("p1", "p2", "p3", "p4"), ("household",), ("p2",)])
hours = st.integers(-3, 3).map(lambda number: NOW + number * HOUR)
categories = st.sampled_from([{"housing": "all"}, {"housing": "all", "health": ("sexual_health", "gp_summary")}])


@st.composite
def consents(draw, kinds=("agreement", "agreement", "refusal")):
    giver, capacity = draw(st.sampled_from(SPEAKERS))
    return Consent(
        id=draw(st.sampled_from(["c1", "c2"])), given_by=giver, capacity=capacity, covers=draw(ids),
        categories=draw(categories), given_at=draw(hours) - HOUR, kind=draw(st.sampled_from(kinds)),
        gillick_assessed_by="nurse" if giver == "p2" else None,
    )  # fmt: skip


@st.composite
def uses(draw):
    return GatewayUse(
        id=draw(st.sampled_from(["S47", "S47", "S17"])), decided_by=draw(st.sampled_from(["r.cole", "j.shah"])),
        decided_at=NOW - 5 * HOUR, grounds="Synthetic.", covers=draw(st.sampled_from([("p1", "p3"), ("p1",)])),
        why_not=draw(st.none() | st.just("Synthetic.")), health_reasons={"p1": "Synthetic."},
    )  # fmt: skip


replies = st.builds(
    Reply,
    person=st.sampled_from(["p1", "p2", "p3"]),
    category=st.sampled_from([one for source in SOURCES for one in source.categories]),
    rule=st.sampled_from([
        "consent.contested", "consent.own_only", "gateway.S47.named_person", "gateway.S17.agreement_expected",
        "restriction.adoption",
    ]),
    basis=st.sampled_from(["c1", "c2", "S47", "S17", None]),
    yes=st.booleans(), reason=st.just("Synthetic."), until=st.none() | st.just(NOW + 9 * HOUR),
)  # fmt: skip


def said(drawn_uses):
    """Anything that can be said about the case; an emergency relies on decisions of its draft."""
    powers = st.sampled_from(drawn_uses) if drawn_uses else uses()
    return st.one_of(
        consents(), consents(), powers, replies, replies,
        st.builds(Withdrawal, consent=st.sampled_from(["c1", "c2"]), at=hours),
        powers.map(lambda use: Emergency(reason="Synthetic.", powers=(use,))),
        st.builds(Countersignature, emergency=st.sampled_from(["s0", "s1", "s2"]), agrees=st.booleans(),
                  reason=st.just("Synthetic.")),
    )  # fmt: skip


def checked(case, number, value, by, at, roles, changed=False):
    kind = next(name for name, shape in KINDS.items() if isinstance(value, shape))
    people = {} if changed else {person.id: person_mark(person) for person in case.people}
    return Checked(
        statement=Statement(id=f"s{number}", kind=kind, hub="n", by=by, at=at, said=value, case=case.id, people=people),
        roles=frozenset(roles),
    )


ROLES = st.sampled_from([("team_manager",), ("team_manager",), ("decider",)])
SIGNERS = st.sampled_from(["j.shah", "r.cole", "r.cole", "k.lee"])


@st.composite
def situations(draw):
    """A case, and what stands behind it."""
    restricted = draw(st.sampled_from([(), (), ("adoption",)]))
    case = Case(
        version=1, id="SYNTHETIC", profile="children_in_need", opened_at=NOW, relationships=TIES,
        people=(replace(CHILD, restrictions=restricted), *PEOPLE[1:]),
        referral=Referral(source="school", received_at=NOW, level=4),
        consents=tuple(draw(st.lists(consents(), max_size=2, unique_by=lambda one: one.id))),
        gateways=tuple(draw(st.lists(uses(), max_size=2))),
    )  # fmt: skip
    values = draw(st.lists(said([*case.gateways]), max_size=7))
    spoken = tuple(
        checked(case, number, value, draw(SIGNERS), draw(hours), draw(ROLES), draw(st.integers(0, 9)) == 0)
        for number, value in enumerate(values)
    )
    waits = {f"s{number}": NOW + draw(st.integers(-1, 3)) * HOUR for number in range(3)}
    return case, Backing(signed_only=draw(st.booleans()), runner="j.shah", spoken=spoken, countersign_by=waits)


def ranks(case, backing):
    """Outcome, and of a permit its mode: whether somebody is known is less than what is known of them."""
    found = decide(case, PROFILE, NOW, SOURCES, backing=backing)
    assert not [item.rule for item in found if item.rule.startswith("failed.")]
    return [(RANK[item.outcome], item.mode == "content" and item.outcome is Outcome.PERMIT) for item in found]


def none_higher(after, before):
    return all(now <= then for now, then in zip(after, before, strict=True))


def says_yes(one, spoken):
    """A statement that can only open. A later record of the same id replaces an earlier one, and so takes away too."""
    value = one.statement.said
    if isinstance(value, Consent):
        rivals = [other for other in spoken if other is not one and isinstance(other.statement.said, Consent)
                  and other.statement.said.id == value.id and other.statement.said != value]  # fmt: skip
        return value.kind == "agreement" and not rivals
    if isinstance(value, Reply):
        return value.yes
    if isinstance(value, Countersignature):
        return value.agrees
    return isinstance(value, GatewayUse)


@MANY
@given(situations(), st.data())
def test_taking_away_a_signature_that_says_yes_never_raises_a_decision(situation, data):
    case, backing = situation
    drafts = {one.id for one in case.consents}
    opening = [
        one for one in backing.spoken
        if says_yes(one, backing.spoken)
        and (backing.signed_only or not isinstance(one.statement.said, Consent) or one.statement.said.id not in drafts)
    ]  # fmt: skip
    if opening:
        gone = data.draw(st.sampled_from(opening))
        fewer = replace(backing, spoken=tuple(one for one in backing.spoken if one is not gone))
        assert none_higher(ranks(case, fewer), ranks(case, backing))


@MANY
@given(situations(), st.data())
def test_taking_a_yes_out_of_the_draft_never_raises_a_decision(situation, data):
    case, backing = situation
    drafts = [one for one in case.consents if one.kind == "agreement"]
    before = ranks(case, backing)
    if drafts:
        gone = data.draw(st.sampled_from(drafts))
        signed = {one.statement.said.id for one in backing.spoken if isinstance(one.statement.said, Consent)}
        if gone.id not in signed:
            kept = tuple(one for one in case.consents if one is not gone)
            assert none_higher(ranks(replace(case, consents=kept), backing), before)
    if case.gateways:
        assert none_higher(ranks(replace(case, gateways=case.gateways[1:]), backing), before)


@MANY
@given(situations(), st.data())
def test_adding_a_no_never_raises_a_decision(situation, data):
    case, backing = situation
    no = data.draw(st.one_of(
        consents(kinds=("refusal",)), replies.map(lambda one: replace(one, yes=False)),
        st.builds(Withdrawal, consent=st.sampled_from(["c1", "c2"]), at=hours),
        st.builds(Countersignature, emergency=st.sampled_from(["s0", "s1"]), agrees=st.just(False),
                  reason=st.just("Synthetic.")),
    ))  # fmt: skip
    said_too = checked(case, 99, no, data.draw(SIGNERS), data.draw(hours), data.draw(ROLES))
    before = ranks(case, backing)
    assert none_higher(ranks(case, replace(backing, spoken=(*backing.spoken, said_too))), before)


PAPER = Agreement(
    version=1, id="north", edition="1", title="North", parties=("housing", "health"), purposes=("children_in_need",),
    categories={"housing": "all", "health": ("gp_summary",)}, from_=date(2026, 1, 1), to=date(2027, 1, 1),
    signatories=tuple(Signatory(party=one, role="director", on=date(2026, 1, 1)) for one in ("housing", "health")),
)  # fmt: skip


@MANY
@given(situations(), st.sampled_from([
    {"agreements": ()}, {"agreements": (PAPER,)}, {"closed": {"housing": Why.SUSPENDED}}, {"unapproved": ("hub.yaml",)},
    {"countersign_by": {}}, {"signed_only": True},
]))  # fmt: skip
def test_whatever_else_is_looked_at_never_raises_a_decision(situation, more):
    case, backing = situation
    assert none_higher(ranks(case, replace(backing, **more)), ranks(case, backing))
    if "agreements" in more:
        fewer = ranks(case, replace(backing, agreements=()))
        assert none_higher(fewer, ranks(case, replace(backing, **more)))
        assert {rank for rank, _ in fewer} == {0}


@MANY
@given(situations(), st.sampled_from(["j.shah", "r.cole", "k.lee", "m.ash"]))
def test_another_runner_never_opens_what_only_their_own_word_carries(situation, runner):
    case, backing = situation
    nobody, somebody = replace(backing, runner=""), replace(backing, runner=runner)
    if not any(isinstance(one.statement.said, Reply | Consent) for one in backing.spoken):
        assert none_higher(ranks(case, somebody), ranks(case, nobody))


@MANY
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_statements_and_records_does_not_matter(situation, rng):
    case, backing = situation
    spoken, drafts, powers = list(backing.spoken), list(case.consents), list(case.gateways)
    for one in (spoken, drafts, powers):
        rng.shuffle(one)
    shuffled = replace(case, consents=tuple(drafts), gateways=tuple(powers))
    first = decide(case, PROFILE, NOW, SOURCES, backing=backing)
    second = decide(shuffled, PROFILE, NOW, SOURCES, backing=replace(backing, spoken=tuple(spoken)))
    assert [(i.outcome, i.mode, i.rule, i.basis, i.expires_at) for i in first] == [
        (i.outcome, i.mode, i.rule, i.basis, i.expires_at) for i in second
    ]


@MANY
@given(situations())
def test_the_effective_case_is_decided_like_its_draft_and_is_its_own(situation):
    case, backing = situation
    laid = effective(case, backing, PROFILE)
    assert effective(laid, backing, PROFILE) == laid
    assert decide(laid, PROFILE, NOW, SOURCES, backing=backing) == decide(case, PROFILE, NOW, SOURCES, backing=backing)


@MANY
@given(situations())
def test_nothing_counts_on_the_word_of_a_file_or_of_the_runner_alone(situation):
    case, backing = situation
    mine = tuple(one for one in backing.spoken if one.statement.by == "j.shah"
                 and not isinstance(one.statement.said, Emergency))  # fmt: skip
    assert {rank for rank, _ in ranks(case, replace(backing, signed_only=True, spoken=mine))} == {0}


@MANY
@given(situations())
def test_no_permit_outlives_the_countersignature_that_it_waits_for(situation):
    case, backing = situation
    for item in decide(case, PROFILE, NOW, SOURCES, backing=backing):
        if item.outcome is Outcome.PERMIT and item.expires_at:
            later = decide(case, PROFILE, item.expires_at, SOURCES, backing=backing)
            same = next(i for i in later if (i.person, i.category) == (item.person, item.category))
            assert same.outcome is not Outcome.PERMIT or same.expires_at != item.expires_at
