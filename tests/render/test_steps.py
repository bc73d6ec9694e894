"""A next step is printed as it can be typed, and only where there is such a command."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mash_trawl.model.unlocks import APPROVE, CHANGE, CONSENT, DECIDE, POWER, SIGN_CONSENT, SIGN_POWER, commands_for
from mash_trawl.render.steps import Steps

STEPS = Steps(prefix="mash-trawl --hub north", case="CASE-1", known=frozenset((CONSENT, POWER)))


@dataclass(frozen=True)
class Refused:
    rule: str
    unlock: str = "Ask."
    person: str = "p1"
    source: str = "housing"
    agency: str = "housing"
    category: str = "housing.asb"


def test_a_step_names_hub_and_case_and_a_command_that_is_not_there_is_left_out():
    assert STEPS.say("run") == "`mash-trawl --hub north run CASE-1`"
    assert STEPS.ways((CONSENT, CHANGE)) == "case consent add"
    assert STEPS.written_by((POWER, CONSENT, POWER, CHANGE)) == (
        "The commands for it: `mash-trawl --hub north case consent add CASE-1` or "
        "`mash-trawl --hub north case power add CASE-1`.",
    )
    assert STEPS.written_by((CHANGE,)) == ()


def test_a_step_about_one_record_names_it_behind_the_case():
    steps = Steps(prefix="mash-trawl --hub north", case="CASE-1", known=frozenset((SIGN_CONSENT,)))
    assert steps.written_by((f"{SIGN_CONSENT} c1", CONSENT)) == (
        "The commands for it: `mash-trawl --hub north consent add CASE-1 c1`.",
    )


def test_a_step_about_the_hub_names_no_case():
    assert Steps(prefix="mash-trawl --hub north", case="CASE-1").written_by((APPROVE, DECIDE)) == (
        "The commands for it: `mash-trawl --hub north approve` or `mash-trawl --hub north decide CASE-1`.",
    )


@pytest.mark.parametrize(
    ("refused", "commands"),
    [
        (Refused("consent.not_sought"), (CONSENT,)),
        (Refused("consent.not_sought", "Ask. Or a decision under S47 (x) that covers p1."), (CONSENT, POWER)),
        (Refused("capacity.no_tie"), (CONSENT, CHANGE)),
        (Refused("consent.not_enough"), (POWER,)),
        (Refused("consent.age_of_service", "Record the date of birth; the ages stand there."), (CHANGE,)),
        (Refused("consent.age_of_service", "Only if the date of birth is wrong."), ()),
        (Refused("gateway.S47.not_recorded", "Record it. Or: Ask."), (CONSENT, POWER)),
        (Refused("gateway.S47.below_threshold"), (POWER, CHANGE)),
        (Refused("scope.level"), (CHANGE,)),
        (Refused("statements.signed"), ()),
        (Refused("statements.unsigned_decision", "A manager signs the decision under S47."), (SIGN_POWER,)),
        (Refused("statements.unsigned_consent", "Somebody signs record c1."), (f"{SIGN_CONSENT} c1",)),
        (Refused("statements.own_record", "Somebody else signs record c1 too."), (f"{SIGN_CONSENT} c1",)),
        (
            Refused("gateway.S47.not_recorded", "Record it. Or: Somebody enrolled signs record c1."),
            (POWER, f"{SIGN_CONSENT} c1"),
        ),
        (Refused("statements.unsigned_decision", "A manager signs it. Or: Ask."), (CONSENT, SIGN_POWER)),
        (Refused("statements.person_changed", "Whoever may sign record c1 looks."), (f"{SIGN_CONSENT} c1",)),
        (Refused("statements.person_changed", "Whoever may sign the decision under S47 signs again."), (SIGN_POWER,)),
        (Refused("review.declined"), (DECIDE,)),
        (Refused("approval.missing"), (APPROVE,)),
    ],
)
def test_each_kind_of_refusal_has_the_commands_that_could_unlock_it(refused, commands):
    assert commands_for([refused]) == commands
