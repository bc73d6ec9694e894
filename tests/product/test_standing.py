"""Where a case stands: who owes, whom to ring, what waits for whom, what lapses; before and after the first run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.answer import Status, Why
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.hub import Contact, SourceSettings
from mash_trawl.model.standing import Standing, Version
from mash_trawl.product.standing import standing

BASE = load_profile("base")
NOW = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
SOURCES = tuple(
    SourceSettings(name=name, agency=name, contact=Contact(name=f"{name} desk", telephone="01632 960001"))
    for name in ("housing", "police")
)
VERSION = Version(record="r1", version=1, sealed_at=NOW - timedelta(hours=1))


def states(told: Standing) -> dict[tuple[str, str], str]:
    return {(pair.source, pair.person): pair.state for pair in told.pairs}


@pytest.fixture
def stand(rich_trawl: Any) -> Any:
    """The rich case's standing, with whatever a test changes."""

    def make(**more: Any) -> Standing:
        given = {"case": rich_trawl.case, "decisions": rich_trawl.decisions, "product": None, "now": NOW, **more}
        return standing(
            given.pop("case"),
            given.pop("profile", BASE),
            given.pop("decisions"),
            given.pop("product"),
            SOURCES,
            given.pop("now"),
            **given,
        )

    return make


def test_before_the_first_run_every_permitted_question_is_not_asked_yet(stand):
    told = stand()
    assert states(told)["housing", "p1"] == "not_asked"
    assert states(told)["housing", "p3"] == "closed"
    assert told.owing
    assert told.version is None
    assert told.looked_up
    assert told.clock.words == "due today at 13:20, 2 h 20 min left"


def test_after_a_run_each_answer_has_its_own_state_and_its_contact(stand, rich_trawl):
    told = stand(product=rich_trawl.product(), version=VERSION)
    assert states(told) == {
        ("housing", "p1"): "answered",
        ("housing", "p2"): "answered",
        ("housing", "p3"): "closed",
        ("housing", "p4"): "to_confirm",
        ("police", "p1"): "answered",
        ("police", "p2"): "answered",
        ("police", "p3"): "said_no",
        ("police", "p4"): "owed",
        ("health", "p1"): "answered",
        ("health", "p2"): "closed",
        ("health", "p3"): "owed",
        ("health", "p4"): "owed",
    }
    by_pair = {(pair.source, pair.person): pair for pair in told.pairs}
    assert by_pair["housing", "p4"].possible == 2
    assert by_pair["police", "p4"].ring == Contact(name="police desk", telephone="01632 960001")
    assert by_pair["health", "p4"].ring is None


def test_the_records_whose_relevance_nobody_has_decided_are_counted(stand, rich_trawl):
    product = rich_trawl.product()
    assert stand(product=product, version=VERSION).to_weigh == sum(item.found for item in product.answers) > 0
    assert stand().to_weigh == 0


def test_a_late_consent_opens_a_question_that_the_product_had_refused(stand, rich_trawl):
    allowed = tuple(replace(item, outcome=Outcome.PERMIT) for item in rich_trawl.decisions)
    told = stand(product=rich_trawl.product(), decisions=replace(rich_trawl.decisions, items=allowed), version=VERSION)
    assert states(told)["housing", "p3"] == "not_asked"
    assert states(told)["health", "p2"] == "not_asked"


def test_a_product_that_was_not_opened_leaves_what_came_unknown_and_never_answered(stand):
    told = stand(version=VERSION)
    assert not told.looked_up
    assert set(states(told).values()) == {"not_looked_up", "closed"}
    assert told.owing


def test_nothing_is_owed_when_all_that_may_be_asked_is_answered(make):
    case = make("case", make("person", "p1", "Ada", "2014-05-17"))
    decisions = make("decided", case, ("housing",))
    answers = (make("answer", "housing", "p1", Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS),)
    told = standing(case, BASE, decisions, make("trawl", case, decisions, answers).product(), SOURCES, NOW)
    assert states(told) == {("housing", "p1"): "answered"}
    assert not told.owing


@pytest.mark.parametrize(
    ("status", "why", "state"),
    [
        (Status.PARTIAL, Why.NO_END_PROOF, "owed"),
        (Status.PENDING_PERSON, Why.RETURN_OWED, "owed"),
        (Status.PENDING_PERSON, Why.REVIEW_UNANSWERED, "not_asked"),
        (Status.AMBIGUOUS_IDENTITY, Why.NO_USABLE_KEY, "facts_needed"),
        (Status.CONSENT_MISSING, Why.CONSENT_EXPIRED, "not_asked"),
    ],
)
def test_the_state_of_a_permitted_question_follows_its_status(make, status, why, state):
    case = make("case", make("person", "p1", "Ada", "2014-05-17"))
    decisions = make("decided", case, ("housing",))
    product = make("trawl", case, decisions, (make("answer", "housing", "p1", status, why),)).product()
    told = standing(case, BASE, decisions, product, SOURCES, NOW)
    assert states(told) == {("housing", "p1"): state}
    assert told.owing


def test_questions_for_a_person_are_grouped_and_name_the_role_that_decides(stand, rich_trawl):
    rules = {
        "housing": "gateway.S47.agreement_expected",
        "police": "restriction.adoption",
        "health": "consent.own_only",
    }

    def waits(item: Any) -> Any:
        reason = f"{item.source} waits for {item.person}."
        return replace(item, outcome=Outcome.REVIEW, rule=rules[item.source], reason=reason, unlock="Ask.")

    items = tuple(waits(item) for item in rich_trawl.decisions)
    told = stand(decisions=Decisions(case="TEST-1", profile="base", at=NOW, items=items))
    roles = {waiting.pairs[0][0]: waiting.roles for waiting in told.waiting}
    assert roles == {"housing": BASE.gateways["S47"].deciders, "police": BASE.deciders, "health": ()}
    assert [waiting.reason for waiting in told.waiting] == [
        f"{source} waits for p1, p2, p3 and p4." for source in ("housing", "police", "health")
    ]
    assert set(states(told).values()) == {"to_decide"}


@pytest.mark.parametrize(("decides", "commands"), [(True, ("decide",)), (False, ())])
def test_what_waits_names_the_command_only_where_somebody_decides_under_the_profile(
    stand, rich_trawl, decides, commands
):
    items = tuple(replace(item, outcome=Outcome.REVIEW, unlock="Ask.") for item in rich_trawl.decisions)
    waiting = Decisions(case="TEST-1", profile="base", at=NOW, items=items)
    told = stand(decisions=waiting, profile=replace(BASE, decides=decides))
    assert {item.commands for item in told.waiting} == {commands}


def test_what_ends_soon_is_told_and_what_ends_later_is_not(stand, rich_trawl):
    soon, far = NOW + timedelta(days=2), NOW + timedelta(days=40)
    ends = {"housing": soon, "police": far, "health": None}
    items = tuple(
        replace(item, basis="c1" if item.source == "housing" else "S47", expires_at=ends[item.source])
        for item in rich_trawl.decisions
    )
    consents = (
        Consent(id="c1", given_by="p2", capacity="self", covers=("p2",), categories={"housing": "all"}, given_at=NOW),
        Consent(id="c0", given_by="p2", capacity="self", covers=("p2",), categories={"housing": "all"}, given_at=NOW,
                expires_at=NOW - timedelta(days=1)),
    )  # fmt: skip
    power = GatewayUse(id="S47", decided_by="r.cole", decided_at=NOW, grounds="Synthetic.", covers=("p1",),
                       review_on=date(2026, 11, 2))  # fmt: skip
    case = replace(rich_trawl.case, consents=consents, gateways=(power,))
    told = stand(case=case, decisions=replace(rich_trawl.decisions, items=items))
    assert [(item.kind, item.basis, item.over) for item in told.lapsing] == [
        ("consent", "c1", False),
        ("consent", "c0", True),
        ("review", "S47", True),
    ]
    assert told.lapsing[0].pairs == (("housing", "p1"), ("housing", "p2"), ("housing", "p4"))


def test_like_refusals_are_one_thing_to_do_with_all_its_people_and_categories(stand, rich_trawl):
    items = tuple(
        replace(item, unlock=f"Ask {item.person} to agree to Housing: {BASE.category('housing.asb').title}.")
        if item.outcome is Outcome.DENY and item.category == "housing.asb"
        else replace(item, outcome=Outcome.DENY, unlock="") if item.outcome is Outcome.DENY else item
        for item in rich_trawl.decisions
    )  # fmt: skip
    (unlock,) = stand(decisions=replace(rich_trawl.decisions, items=items)).unlocks
    assert unlock.what == "Ask p3 to agree to this."
    assert [(one.what, one.people) for one in unlock.opens] == [("Housing: Antisocial behaviour cases", ("p3",))]
    assert unlock.pairs == (("housing", "p3"),)


def test_no_content_of_an_agency_is_in_it(stand, rich_trawl):
    product = rich_trawl.product()
    told = stand(product=product, version=VERSION)
    shown = " ".join(f"{pair.sentence} {pair.why} {pair.status}" for pair in told.pairs)
    for row in product.chronology:
        assert row.headline not in shown
