"""An emergency waits until its working day ends, and then is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.consent.urgent import emergencies_now
from mash_trawl.model.backing import Backing
from mash_trawl.model.statement import Checked, Emergency, Statement, person_mark

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
