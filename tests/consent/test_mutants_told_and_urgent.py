"""A sibling of unknown age gets no letter of their own; an emergency waits until its working day ends, then is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.consent import effective
from mash_trawl.consent.told import told_in_person
from mash_trawl.consent.urgent import emergencies_now
from mash_trawl.model.backing import Backing
from mash_trawl.model.statement import Checked, Emergency, Statement, person_mark

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_a_sibling_of_unknown_age_has_no_letter_of_their_own(family, profile):
    case = family.case()
    unknown = replace(case.person("teen"), born=None)
    assert not told_in_person(case, profile("children_in_need"), NOW, unknown)


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


def test_the_earlier_of_two_ends_stays_whether_or_not_a_zone_is_written(family, agreed):
    case = family.case(consents=[agreed(expires_at="2026-12-01T00:00:00+00:00")])
    bare = replace(case.consents[0], expires_at=datetime(2026, 11, 20))
    draft = replace(case, consents=(bare,))
    marks = {name: person_mark(case.person(name)) for name in case.consents[0].covers}
    statement = Statement(id="s1", kind="consent", hub="north", by="amy", at=NOW, said=case.consents[0], case=case.id,
                          people=marks)  # fmt: skip
    backing = Backing(signed_only=True, spoken=(Checked(statement=statement, roles=frozenset({"analyst"})),))
    (found,) = effective(draft, backing).consents
    assert found.expires_at == datetime(2026, 11, 20)
