"""The derivation in plain lines, and what a case says that the profile does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mash_trawl.consent import decide, derive, explain, problems
from mash_trawl.consent.unshown import without_unshown
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Emergency, Reply

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def agreement():
    """An agreement with the housing service that covers children in need, with changes."""

    def build(**changes):
        made = {"version": 1, "id": "one", "edition": "1", "title": "A synthetic agreement", "parties": ("housing",),
                "purposes": ("children_in_need",), "categories": {"housing": "all"}, "from_": date(2026, 1, 1),
                "to": date(2027, 1, 1)}  # fmt: skip
        signed = (Signatory(party="housing", role="synthetic", on=date(2026, 1, 1)),)
        return Agreement(**{**made, "signatories": signed, **changes})

    return build


def test_the_explanation_ends_in_the_decision_and_names_the_record_behind_it(family, profile, ask, agreed):
    case = family.case(consents=[agreed(expires_at="2026-12-01T00:00:00+00:00")])
    lines = explain(case, profile("children_in_need"), ask(case, "child", "housing.tenancy"))
    assert lines[0] == "The question: may housing be asked about child (Housing: Tenancy and household)?"
    assert "Record c1: mother said yes on 2 November 2026 for child; it counts." in lines
    assert any(line.startswith("It may be asked. mother agreed for child") for line in lines)
    assert "It holds until 1 December 2026." in lines


def test_the_explanation_says_why_a_record_or_power_does_not_count(family, profile, ask, agreed, s47):
    case = family.case(consents=[agreed(covers=["father"])], gateways=[s47(grounds=" ")])
    lines = explain(case, profile("children_in_need"), ask(case, "father", "housing.tenancy"))
    assert any("it does not count: father is 16 or over" in line for line in lines)
    assert any(line.startswith("Legal power S47") and "not recorded: grounds" in line for line in lines)
    assert any(line.startswith("What would change it:") for line in lines)


def test_every_decision_can_be_explained_and_no_line_repeats_a_name_or_an_address(family, profile, now, agreed, s47):
    private = {
        "names": [{"given": ["Synthia"], "family": "Testcase"}],
        "addresses": [{"lines": ["1 Synthetic Way"], "postcode": "NB1 4QT"}],
    }
    people = [{**one, **private} for one in family.people]
    case = family.case(people=people, consents=[agreed(), agreed(id="c2", kind="refusal", covers=["teen"])],
                       gateways=[s47(covers=["child", "unborn"])])  # fmt: skip
    for name in ("children_in_need", "early_help", "front_door"):
        rules = profile(name)
        for item in decide(case, rules, now):
            text = "\n".join(explain(case, rules, item))
            assert item.reason in text
            assert not any(word in text for word in ("Testcase", "Synthia", "Way", "4QT", "injury"))


def test_a_case_that_names_what_the_profile_does_not_know_is_reported_with_a_suggestion(family, profile, agreed, s47):
    case = family.case(
        concerns=["neglekt"],
        consents=[agreed(categories={"huosing": "all", "health": ["gp_sumary"]}, pr_basis="mothr")],
        gateways=[s47(id="S74", categories={"police": ["mising"]})],
    )
    found = {problem.where: problem.do for problem in problems(case, profile("children_in_need"))}
    assert found == {
        "consents[0].categories": "Did you mean housing?",
        "consents[0].categories.health": "Did you mean gp_summary?",
        "consents[0].pr_basis": "Did you mean mother?",
        "gateways[0].id": "Did you mean S47?",
        "gateways[0].categories.police": "Did you mean missing?",
        "referral.concerns[0]": "Did you mean neglect?",
    }
    assert problems(family.case(consents=[agreed()], gateways=[s47()]), profile("children_in_need")) == ()


@pytest.fixture
def derived(profile):
    """The steps to the decision about one person and category, with something behind the case."""

    def one(case, person, category, backing, by="children_in_need", now=NOW):
        rules = profile(by) if isinstance(by, str) else by
        found = decide(case, rules, now, backing=backing)
        item = next(item for item in found if (item.person, item.category) == (person, category))
        return derive(case, rules, item, backing=backing).steps, item

    return one


def test_what_is_not_approved_is_the_last_thing_that_is_told(family, agreed, derived):
    case = family.case(consents=[agreed()])
    steps, item = derived(case, "child", "housing.tenancy", Backing(signed_only=True, unapproved=("hub.yaml",)))
    assert [(step.step, step.mark) for step in steps] == [
        ("case", "tells"), ("case", "tells"), ("approval", "stops"), ("decision", "stops"), ("unlock", "tells"),
    ]  # fmt: skip
    assert item.rule == "approval.missing"


def test_a_suspended_source_stops_before_anybody_is_named(family, agreed, derived):
    case = family.case(consents=[agreed()])
    steps, _ = derived(case, "child", "housing.tenancy", Backing(closed={"housing": Why.SUSPENDED}))
    assert [step.step for step in steps if step.mark == "stops"] == ["source", "decision"]
    assert not any("mother" in step.says for step in steps)


def test_each_sharing_agreement_is_told_with_what_it_lacks(family, agreed, derived, agreement):
    case = family.case(consents=[agreed()])
    over, fit = agreement(id="old", to=date(2026, 11, 1)), agreement(id="new")
    steps, item = derived(case, "child", "housing.tenancy", Backing(agreements=(over, fit)))
    told = [(step.mark, step.says) for step in steps if step.step == "agreement"]
    assert [mark for mark, _ in told] == ["does_not_count", "counts"]
    assert "old" in told[0][1] and "in force" in told[0][1]
    assert item.outcome is Outcome.PERMIT
    steps, item = derived(case, "child", "housing.tenancy", Backing(agreements=(over,)))
    assert [step.mark for step in steps if step.step == "agreement"] == ["does_not_count", "stops"]
    assert item.rule == "agreement.lapsed"
    assert not any(step.step == "consent" for step in steps)


def test_who_signed_a_record_and_a_decision_is_told_and_that_nobody_did(family, agreed, s47, says, derived):
    case = family.case(consents=[agreed()], gateways=[s47()])
    spoken = (says(case, case.consents[0], by="p.worker", roles=("practitioner",)),)
    steps, item = derived(case, "child", "housing.tenancy", Backing(signed_only=True, runner="j.shah", spoken=spoken))
    consent = next(step for step in steps if step.step == "consent")
    power = next(step for step in steps if step.step == "power")
    assert consent.mark == "counts" and ", signed by p.worker (3 November 2026);" in consent.says
    assert power.mark == "does_not_count" and "signed by nobody" in power.says and "Nobody has signed" in power.says
    assert item.rule == "consent.agreed"


@pytest.mark.parametrize(
    ("by", "roles", "model", "why"),
    [
        ("r.cole", ("team_manager",), "children_in_need", "it counts for that question"),
        ("j.shah", ("team_manager",), "children_in_need", "whoever runs the trawl does not decide alone"),
        ("r.cole", ("practitioner",), "children_in_need", "the team manager answers"),
        ("r.cole", ("team_manager",), "early_help", "only gathers"),
    ],
)
def test_a_reply_is_told_with_why_it_does_not_count(family, s47, says, derived, by, roles, model, why):
    case = family.case(gateways=[s47()], level=4 if model == "children_in_need" else 2)
    said = Reply(person="child", category="police.intelligence", rule="gateway.S47.named_person", basis="S47", yes=True,
                 reason="Synthetic.")  # fmt: skip
    behind = Backing(runner="j.shah", spoken=(says(case, said, by=by, roles=roles),))
    steps, _ = derived(case, "child", "police.intelligence", behind, by=model)
    reply = next(step for step in steps if step.step == "reply")
    assert why in reply.says
    assert (reply.mark == "counts") == why.startswith("it counts")


def test_a_yes_about_somebody_whose_name_has_changed_since_is_told_as_not_counting(family, s47, says, derived):
    case = family.case(gateways=[s47()])
    said = Reply(person="child", category="police.intelligence", rule="gateway.S47.named_person", basis="S47", yes=True,
                 reason="Synthetic.")  # fmt: skip
    spoken = (says(case, said, roles=("team_manager",), people={"child": "another"}),)
    steps, _ = derived(case, "child", "police.intelligence", Backing(runner="j.shah", spoken=spoken))
    (reply,) = [step for step in steps if step.step == "reply"]
    assert reply.mark == "does_not_count" and "the name or date of birth of child has changed since" in reply.says


def test_an_emergency_is_told_while_it_waits_and_stops_everything_when_its_time_is_over(family, s47, says, derived):
    case = family.case(gateways=[s47()])
    made = says(case, Emergency(reason="Synthetic.", powers=(case.gateways[0],)), by="j.shah", roles=("analyst",))
    until = {made.statement.id: NOW + timedelta(hours=5)}
    behind = Backing(signed_only=True, runner="j.shah", spoken=(made,), countersign_by=until)
    steps, item = derived(case, "child", "police.missing", behind)
    waits = next(step for step in steps if step.step == "emergency")
    assert waits.mark == "counts" and "must countersign it by 3 November 2026" in waits.says
    assert item.outcome is Outcome.PERMIT
    steps, item = derived(case, "child", "police.missing", behind, now=NOW + timedelta(hours=6))
    assert next(step for step in steps if step.step == "emergency").mark == "stops"
    assert item.rule == "emergency.not_countersigned"


def test_what_nobody_is_cleared_to_see_is_told_without_a_word_of_the_case(family, agreed, profile):
    case, rules = family.case(consents=[agreed()]), profile("children_in_need")
    items = without_unshown(decide(case, rules, NOW), ["housing.tenancy"])
    item = next(item for item in items if (item.person, item.category) == ("child", "housing.tenancy"))
    steps = derive(case, rules, item).steps
    assert {step.step for step in steps} == {"case", "decision", "unlock"}


def test_a_question_that_is_stopped_early_is_always_a_no_and_ends_in_its_decision(family, agreed, s47, profile):
    rules = profile("children_in_need")
    case = family.case(consents=[agreed(), agreed(id="c2", kind="refusal", covers=["teen"])], gateways=[s47()])
    for behind in (Backing(), Backing(agreements=()), Backing(signed_only=True, closed={"health": Why.NOT_APPROVED})):
        for item in decide(case, rules, NOW, backing=behind):
            steps = derive(case, rules, item, backing=behind).steps
            last = [step for step in steps if step.step == "decision"]
            assert len(last) == 1 and item.rule in last[0].says and item.reason in last[0].says
            early = [step for step in steps if step.mark == "stops" and step.step != "decision"]
            assert len(early) <= 1 and (not early or item.outcome is Outcome.DENY)
            assert not early or steps.index(early[0]) + 1 == steps.index(last[0])


def test_of_somebody_whom_the_case_does_not_know_no_record_is_told(family, profile, ask, agreed):
    case = family.case(consents=[agreed()])
    stranger = replace(ask(case, "child", "housing.tenancy"), person="nobody")
    assert not [step for step in derive(case, profile("children_in_need"), stranger).steps if step.step == "consent"]
