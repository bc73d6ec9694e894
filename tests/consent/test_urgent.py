"""An emergency waits until its working day ends, and then is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.consent.taken import state_without_case
from mash_trawl.consent.urgent import emergencies_now, uncounted_powers
from mash_trawl.model.backing import UNBACKED, Backing
from mash_trawl.model.statement import Checked, Countersignature, Emergency, Statement, person_mark

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(("later", "state"), [(-1, "waiting"), (0, "over"), (1, "over")])
def test_an_emergency_waits_until_its_working_day_ends(family, profile, s47, later, state):
    case = family.case(gateways=[s47()])
    said = Emergency(reason="Synthetic.", powers=case.gateways)
    marks = {one.id: person_mark(one) for one in case.people if one.id in case.gateways[0].covers}
    statement = Statement(
        id="e1", kind="emergency", hub="north", by="ann", at=NOW, said=said, case=case.id, people=marks
    )
    backing = Backing(
        signed_only=True, runner="ann", countersign_by={"e1": NOW + timedelta(hours=5)},
        spoken=(Checked(statement=statement, roles=frozenset({"analyst"})),),
    )  # fmt: skip
    moment = NOW + timedelta(hours=5, seconds=later)
    (found,) = emergencies_now(case, profile("children_in_need"), moment, backing)
    assert (found.state, found.reason, found.by) == (state, "Synthetic.", "ann")


def test_without_an_emergency_there_is_nothing_to_tell(family, profile, s47):
    assert emergencies_now(family.case(gateways=[s47()]), profile("children_in_need"), NOW, UNBACKED) == ()


@pytest.mark.parametrize(
    ("agrees", "roles", "state"),
    [
        (True, ("team_manager",), "countersigned"),
        (False, ("team_manager",), "declined"),
        (True, ("decider",), "waiting"),
    ],
)
def test_with_or_without_its_case_an_emergency_stands_as_its_countersignature_says(
    family, profile, s47, says, agrees, roles, state
):
    case, rules = family.case(gateways=[s47()]), profile("children_in_need")
    made = says(case, Emergency(reason="Synthetic.", powers=case.gateways), by="ann", roles=("analyst",), ident="e1")
    looked = Countersignature(emergency="e1", agrees=agrees, reason="Synthetic.")
    spoken, until = (made, says(case, looked, roles=roles, hours=1)), NOW + timedelta(hours=5)
    behind = Backing(signed_only=True, runner="ann", countersign_by={"e1": until}, spoken=spoken)
    later = NOW + timedelta(hours=2)
    assert [one.state for one in emergencies_now(case, rules, later, behind)] == [state]
    assert state_without_case(made, spoken, rules, until, later) == state


def test_what_nobody_who_may_has_signed_is_what_an_emergency_can_rest_on(family, profile, s47, says):
    case, rules = family.case(gateways=[s47()]), profile("children_in_need")
    assert uncounted_powers(case, rules, NOW, Backing(signed_only=True)) == case.gateways
    assert uncounted_powers(case, rules, NOW, Backing(signed_only=True, spoken=(says(case, case.gateways[0]),))) == ()
