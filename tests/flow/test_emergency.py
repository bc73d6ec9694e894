"""An emergency from the reason that the runner signs to the countersignature, or to the end of its working day."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from click.testing import CliRunner

from mash_trawl import Actor, Hub, load_case
from mash_trawl.cli.decide_command import open_emergencies
from mash_trawl.cli.doctor_said import look_at_emergencies
from mash_trawl.cli.main import group
from mash_trawl.cli.status_command import standing_of
from mash_trawl.declared import declared as every
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.decision import Outcome
from mash_trawl.model.statement import Countersignature, Emergency
from mash_trawl.render.standing import standing_tables
from mash_trawl.render.steps import PLAIN_STEPS
from mash_trawl.saying import hear
from mash_trawl.store import notices
from mash_trawl.store.notices import TellingRow
from mash_trawl.system import account_name
from mash_trawl.vault.readers import enrol_reader

CASE = "children-in-need"
LONG = timedelta(days=6)
"""Longer than a working day, whatever day of the week it is."""


class Clock:
    """A clock that the test sets forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def mine(place, clock):
    """A hub in which the runner made the case's only decision, and r.cole could sign it."""
    file = place.case(CASE)
    case = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars only
    case["consents"] = []
    for power in case["gateways"]:
        power["decided_by"] = account_name()
    file.write_text(yaml.safe_dump(case, sort_keys=False), "utf-8")
    people = "  - {id: r.cole, roles: [team_manager]}\n  - {id: d.po, roles: [data_protection_officer]}\n"
    place.edit("people:\n", f"people:\n{people}")
    enrol_reader(place.root / "keys" / "readers", "r.cole", None)
    with Hub.open(place.hub, clock=clock) as hub:
        yield hub


def declared(hub, place):
    """The emergency alone, signed as a run would sign it: nobody is asked anything."""
    case = load_case(place.case(CASE))
    hub.say(Emergency(reason="Nobody can be reached.", powers=case.gateways, profile=case.profile), case)
    (waits,) = hub.waiting()
    return waits.id


def permitted(hub, place):
    return [item for item in hub.plan(place.case(CASE)).decisions if item.outcome is Outcome.PERMIT]


def rules(hub, place):
    return {item.rule for item in hub.plan(place.case(CASE)).decisions}


def letters(place):
    return sorted((place.hub / "outbox").glob("*.txt")) if (place.hub / "outbox").is_dir() else []


def as_decider(hub):
    return hub.acting_as(Actor(id="r.cole", roles=("team_manager",), vouched_by="test host"))


def test_whoever_runs_is_not_the_only_decider(mine, place):
    assert not permitted(mine, place)
    assert "statements.own_decision" in rules(mine, place)


def test_an_emergency_asks_at_once_and_tells_deciders_and_the_data_protection_officer(mine, place, county):
    result = mine.run(place.case(CASE), emergency="The child is at the station and nobody can be reached.")
    assert any(answer.status.value == "found" for answer in result.answers)
    assert any("Not countersigned yet" in note for note in result.product.notes)
    (letter,) = letters(place)
    text = letter.read_text("utf-8")
    assert "r.cole" in text and "d.po" in text and "DEMO-2026-0002" in text
    assert "station" not in text
    (waits,) = mine.waiting()
    assert (waits.case, waits.by, waits.over) == ("DEMO-2026-0002", account_name(), False)


def test_status_and_check_say_what_waits_and_then_that_it_stopped(mine, place, clock):
    declared(mine, place)
    case = load_case(place.case(CASE))

    def told():
        standing = standing_of(mine, case, mine.profile_of(case), look=False)
        lines = "\n".join(line for table in standing_tables(standing, {}, PLAIN_STEPS) for line in table.notes)
        return standing.owing, [one.state for one in standing.emergencies], lines, list(look_at_emergencies(mine))

    owing, states, lines, (seen,) = told()
    assert owing and states == ["waiting"] and seen.level == "warning"
    assert "A decider must countersign it by" in lines
    clock.ahead = LONG
    owing, states, lines, (seen,) = told()
    assert owing and states == ["over"] and seen.level == "cannot be asked"
    assert "nothing more is asked until it is" in lines


def test_without_a_countersignature_nothing_more_is_asked_and_managers_are_told(mine, place, county, clock):
    mine.run(place.case(CASE), emergency="Nobody can be reached.")
    clock.ahead = LONG
    asked = dict(county.police.hits)
    assert rules(mine, place) == {"emergency.not_countersigned"}
    again = mine.run(place.case(CASE))
    assert dict(county.police.hits) == asked
    assert any("Nothing more is asked" in note for note in again.product.notes)
    assert [letter.name.endswith("-over.txt") for letter in letters(place)].count(True) == 1
    assert mine.waiting()[0].over


def test_a_countersignature_makes_the_decision_count_for_good(mine, place, county, clock):
    said = Countersignature(emergency=declared(mine, place), agrees=True, reason="I would have decided the same.")
    as_decider(mine).say(said, place.case(CASE))
    clock.ahead = LONG
    assert permitted(mine, place) and not mine.waiting()
    assert any("Countersigned by r.cole." in note for note in mine.run(place.case(CASE)).product.notes)


def test_whoever_may_not_decide_every_power_of_it_takes_nothing_on(mine, place, clock):
    """r.cole may decide anything; d.any is a decider, and no team manager as the county's powers want."""
    place.edit("people:\n", "people:\n  - {id: d.any, roles: [decider]}\n")
    enrol_reader(place.root / "keys" / "readers", "d.any", None)
    with Hub.open(place.hub, clock=clock) as hub:
        waits = declared(hub, place)
        other = hub.acting_as(Actor(id="d.any", roles=("decider",), vouched_by="test host"))
        other.say(Countersignature(emergency=waits, agrees=True, reason="Right."), place.case(CASE))
        clock.ahead = LONG
        assert rules(hub, place) == {"emergency.not_countersigned"}
        assert [(one.id, one.over) for one in hub.waiting()] == [(waits, True)]
        clock.ahead = timedelta(0)
        as_decider(hub).say(Countersignature(emergency=waits, agrees=True, reason="Right."), place.case(CASE))
        assert hub.waiting() == ()


def test_an_emergency_whose_profile_cannot_be_read_any_more_is_told_all_the_same(mine, place):
    waits = declared(mine, place)
    (one,) = hear(mine, mine.waiting()[0].case)[0]
    gone = replace(one, statement=replace(one.statement, said=replace(one.statement.said, profile="gone")))
    now = mine.clock()
    assert [(told.statement.id, told.state) for told in every([gone], place.hub, now)] == [(waits, "waiting")]
    assert [told.state for told in every([gone], place.hub, now + LONG)] == ["over"]


def test_check_tells_whoever_runs_it_of_an_emergency_also_when_no_letter_can_be_written(mine, place):
    declared(mine, place)
    reader = mine.acting_as(Actor(id="d.po", roles=("data_protection_officer",), vouched_by="test host"))
    assert [seen.level for seen in look_at_emergencies(reader)] == ["warning"]
    for file in letters(place):
        file.unlink()
    with sqlite3.connect(place.hub / "hub.db") as raw:
        raw.execute("CREATE TRIGGER closed BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(FAIL, 'closed'); END")
    assert [seen.level for seen in look_at_emergencies(reader)] == ["wrong", "warning"]


def test_what_was_declined_or_signed_in_the_wrong_role_is_still_listed_for_a_decider(mine, place):
    case = load_case(place.case(CASE))
    declared(mine, place)
    assert [one.id for one in open_emergencies(mine, case)] == [one.id for one in mine.waiting()]
    said = Countersignature(emergency=mine.waiting()[0].id, agrees=False, reason="I want to hear more first.")
    as_decider(mine).say(said, case)
    assert [one.id for one in open_emergencies(as_decider(mine), case)] == [said.emergency]
    as_decider(mine).say(replace(said, agrees=True, reason="Now I have heard it."), case)
    assert not open_emergencies(as_decider(mine), case)


def test_nobody_countersigns_their_own_emergency(mine, place):
    said = Countersignature(emergency=declared(mine, place), agrees=True, reason="I agree with myself.")
    with pytest.raises(Refused, match="countersigned by somebody else"):
        mine.say(said, place.case(CASE))


def test_a_decider_who_declines_stops_the_case_at_once(mine, place):
    said = Countersignature(emergency=declared(mine, place), agrees=False, reason="This was no emergency.")
    assert permitted(mine, place)
    as_decider(mine).say(said, place.case(CASE))
    assert rules(mine, place) == {"emergency.not_countersigned"}


def test_an_emergency_never_stands_in_for_an_agreement(mine, place):
    with pytest.raises(Misconfigured, match="no decision under a power"):
        mine.start(place.case("early-help"), emergency="I want to know.")
    with pytest.raises(Misconfigured, match="no reason"):
        mine.start(place.case(CASE), emergency=" ")
    assert not letters(place)


def test_destroying_the_case_takes_its_letters_and_what_is_known_of_them(mine, place, county):
    mine.run(place.case(CASE), emergency="The child is at the station and nobody can be reached.")
    case = load_case(place.case(CASE)).id
    other = place.hub / "outbox" / "another.txt"
    other.write_text("To: r.cole\n", "utf-8")
    told = TellingRow(number="1", case_id=case, person="p1", kind="notice", state="made", at="2026-11-03", actor="a")
    with mine.store.begin() as connection:
        notices.add(connection, told)
    assert len(letters(place)) == 2
    mine.custody.destroy(case, mine.actor.id, "keyworker appointed")
    assert letters(place) == [other]
    with mine.store.read() as connection:
        assert not notices.tellings(connection)
    assert not mine.waiting()


def test_a_letter_that_was_delivered_is_not_written_again_at_the_next_look(mine, place, county):
    mine.run(place.case(CASE), emergency="The child is at the station and nobody can be reached.")
    (written,) = letters(place)
    sent = place.hub / "outbox" / "sent"
    sent.mkdir()
    written.rename(sent / written.name)
    assert [one.level for one in look_at_emergencies(mine)] == ["warning"]
    assert letters(place) == []


def test_the_letter_and_check_name_the_command_that_signs_with_its_hub(mine, place):
    declared(mine, place)
    (seen,) = look_at_emergencies(mine)
    (letter,) = letters(place)
    sign = f"mash-trawl --hub {place.hub} decide DEMO-2026-0002 --countersign --reason TEXT"
    assert sign in letter.read_text("utf-8").splitlines()
    assert f"`{sign}`" in seen.do


def typed(place, monkeypatch, tmp_path, *more, answer=None):
    monkeypatch.setattr("mash_trawl.cli.place.own_folder", lambda: tmp_path / "own")
    monkeypatch.setattr("mash_trawl.cli.signing.at_terminal", lambda: answer is not None)
    line = ("--hub", str(place.hub), "run", str(place.case(CASE)), "--emergency", "Nobody can be reached.", *more)
    return CliRunner().invoke(group, line, input=answer)


def test_an_emergency_shows_what_is_signed_and_asks_before_anything(mine, place, county, monkeypatch, tmp_path):
    done = typed(place, monkeypatch, tmp_path, answer="n\n")
    assert done.exit_code == 1
    assert "Reason: Nobody can be reached." in done.output
    assert "on what grounds" in done.output.lower() or "grounds" in done.output
    assert "Within one working day somebody else must countersign it (r.cole)" in done.output
    assert not letters(place) and sum(county.police.hits.values()) == 0
    done = typed(place, monkeypatch, tmp_path)
    assert "nobody is there to confirm it" in str(done.exception)
    assert not letters(place)


def test_after_a_run_in_an_emergency_stands_who_countersigns_by_when_and_how(
    mine, place, county, monkeypatch, tmp_path
):
    done = typed(place, monkeypatch, tmp_path, "--yes", "--json")
    assert done.exit_code in (0, 3), done.output
    (waits,) = mine.waiting()
    assert f"EMERGENCY {waits.id}: it must be countersigned by " in done.stderr
    assert "Who can: r.cole." in done.stderr
    assert f"`mash-trawl --hub {place.hub} decide DEMO-2026-0002 --countersign --reason TEXT`" in done.stderr
    again = typed(place, monkeypatch, tmp_path, "--yes")
    assert "This emergency was declared before; nothing new is signed." in again.output
    assert len(mine.waiting()) == 1
