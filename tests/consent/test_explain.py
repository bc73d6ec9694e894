"""The derivation in plain lines, and what a case says that the profile does not know."""

from __future__ import annotations

from mash_trawl.consent import decide, explain, problems


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
