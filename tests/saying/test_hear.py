"""Hearing: whose word counts, in which roles, until when, and what is left when a case is destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from mash_trawl.errors import Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import Roles
from mash_trawl.model.statement import Emergency, Resumption, person_mark
from mash_trawl.saying import hear, say
from mash_trawl.store.statements import revision
from tests.saying.conftest import NOW, PEOPLE, REPLY, STOP, power


def test_what_was_said_is_heard_with_who_said_it_in_which_roles_and_about_whom(any_house, case):
    consent = case.consents[0]
    first = any_house.say("w.social", consent, case)
    any_house.say("d.one", power(categories={}), case)
    any_house.say("m.boss", STOP)
    heard, faults = hear(any_house, "SYN-1")
    assert faults == ()
    assert [item.statement.said for item in heard] == [consent, power(categories={})]
    assert heard[0].statement == first
    assert heard[0].statement.people == {person.id: person_mark(person) for person in case.people}
    assert (heard[0].roles, heard[1].roles) == ({"practitioner"}, {"decider", "team_manager"})
    assert any_house.counts(None) == ["suspension"]
    assert any_house.counts("SYN-2") == []


def test_a_statement_rests_on_the_roles_that_its_maker_acted_in_and_still_holds(house, case):
    """A program that vouches lets d.one act as a decider only; that they are a team manager too counts elsewhere."""
    bound = replace(house, actor=Actor(id="d.one", roles=("decider",), vouched_by="portal"))
    say(bound, power(), lambda: house.key("d.one"), case=case)
    assert [one.roles for one in hear(house, "SYN-1")[0]] == [{"decider"}]
    house.say("d.one", REPLY, case)
    assert hear(house, "SYN-1")[0][1].roles == {"decider", "team_manager"}
    assert house.change("d.one", roles=("team_manager",)).faults("SYN-1") == ["role_missing", "role_missing"]


def test_a_local_name_counts_only_for_whoever_acted_in_it_by_name(house, case):
    named = house.change("d.one", roles=("head", "guardian"))
    named.settings = replace(named.settings, roles=Roles(names={"head": ("decider",), "guardian": ("decider",)}))
    bound = replace(named, actor=Actor(id="d.one", roles=("decider", "head"), vouched_by="portal"))
    say(bound, power(), lambda: house.key("d.one"), case=case)
    assert hear(named, "SYN-1")[0][0].roles == {"decider", "head"}


def test_only_who_stands_in_the_hub_file_with_the_role_is_heard(house, case):
    house.say("d.one", power(), case)
    gone = replace(house, settings=replace(house.settings, people=PEOPLE[1:]))
    assert gone.faults("SYN-1") == ["maker_unknown"]
    assert house.change("d.one", roles=("practitioner",)).faults("SYN-1") == ["role_missing"]
    assert replace(house, settings=replace(house.settings, name="south")).faults("SYN-1") == ["not_this_hub"]
    assert house.counts("SYN-1") == ["gateway"]


@pytest.mark.parametrize(
    ("person", "said", "about"),
    [
        ("d.one", replace(REPLY, yes=False), True),
        ("m.boss", Emergency(reason="r", powers=(), profile="children_in_need"), True), ("m.boss", STOP, False),
    ],
)  # fmt: skip
def test_what_only_takes_away_counts_whatever_becomes_of_its_maker_and_gives_nobody_a_role(
    house, case, person, said, about
):
    house.say(person, said, case if about else None)
    for changed in (house.change(person, roles=("batch",)), house.change(person, left=date(2026, 1, 1))):
        (one,) = hear(changed, "SYN-1" if about else None)[0]
        assert one.roles == frozenset()


def test_what_was_said_before_somebody_left_counts_and_from_that_day_on_it_does_not(house, case):
    house.say("d.one", power(), case)
    assert house.change("d.one", left=date(2026, 11, 4)).counts("SYN-1") == ["gateway"]
    assert house.change("d.one", left=date(2026, 11, 3)).faults("SYN-1") == ["maker_left"]


def test_the_day_of_leaving_begins_at_midnight_in_london(house, case, clock):
    clock.now = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    house.say("d.one", power(), case)
    assert house.change("d.one", left=date(2026, 7, 2)).faults("SYN-1") == []
    clock.move(minutes=1)
    house.say("d.one", REPLY, case)
    assert house.change("d.one", left=date(2026, 7, 2)).faults("SYN-1") == ["maker_left"]


def test_whoever_has_left_cannot_backdate(house, case, clock):
    """The ledger's time counts, and a statement that gives itself another does not."""
    backdated = replace(house, clock=lambda: NOW - timedelta(days=30))
    backdated.say("d.one", power(), case)
    assert house.faults("SYN-1") == ["time_differs"]


def test_a_destroyed_case_takes_its_statements_with_it_and_none_can_be_made(any_house, case, placed):
    any_house.say("w.social", case.consents[0], case)
    any_house.say("d.one", power(), replace(case, id="SYN-2"))
    any_house.custody.seal("SYN-1", {"people": []}, readers=["d.one"], facts={}, folder=placed / "out", actor="d.one")
    any_house.custody.destroy("SYN-1", "m.boss", "keyworker appointed")
    assert hear(any_house, "SYN-2")[1] == ()
    assert any_house.counts("SYN-2") == ["gateway"]
    with any_house.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM statement WHERE case_id = 'SYN-1'")).scalar() == 0
    with pytest.raises(Refused) as refused:
        any_house.say("w.social", case.consents[0], case)
    assert refused.value.why == "case_destroyed"


def test_nothing_that_was_said_is_left_in_a_file_of_the_database_after_destroying(house, case, placed, sqlite_url):
    canary = "synthetic canary 01632 960123"
    house.say("d.one", power(necessity=canary), case)
    files = [file for file in placed.iterdir() if file.name.startswith("hub.db")]
    assert any(canary.encode() in file.read_bytes() for file in files)
    house.custody.seal("SYN-1", {"people": []}, readers=["d.one"], facts={}, folder=placed / "out", actor="d.one")
    house.custody.destroy("SYN-1", "m.boss", "keyworker appointed")
    files = [file for file in placed.iterdir() if file.name.startswith("hub.db")]
    assert not any(canary.encode() in file.read_bytes() for file in files)


def test_the_revision_grows_with_the_case_and_with_the_hub_and_with_nothing_else(any_house, case):
    def now() -> int:
        with any_house.store.read() as connection:
            return revision(connection, "SYN-1")

    seen = [now()]
    for said, about in ((power(), case), (STOP, None), (Resumption(source="housing", reason="mended"), None)):
        any_house.say("d.one" if about else "m.boss", said, about)
        seen.append(now())
    assert seen == sorted(set(seen))
    any_house.say("d.one", power(), replace(case, id="SYN-2"))
    assert now() == seen[-1]
