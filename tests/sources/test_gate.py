"""The gate: identity, expiry, withdrawal, retries, pace."""

from __future__ import annotations

import copy
import pickle
import threading
from dataclasses import replace

import pytest

from mash_trawl.errors import Refused, Unavailable
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.pace import Pace, Width


@pytest.fixture
def opened(world, in_memory):
    """A gate that has admitted the grant of p1, and a visit to its source."""
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.answers()
    world.resolved.clear()
    gate = world.gate
    gate.admit(world.grants)
    visit = Visit(gate, "memory", case="MASH-2026-0001", trawl="t1", broken=lambda refusal: None)
    return gate, visit, world.grants[0]


def look_alike(grant, **changes):
    """A grant with the same content that consent did not mint here."""
    values = {name: getattr(grant, name) for name in grant.__slots__} | changes
    return type(grant)(type(grant)._mint, **values)


def test_only_the_very_object_that_consent_minted_opens_anything(opened):
    gate, visit, grant = opened
    assert gate.objection(grant, "memory") is None
    assert gate.objection(look_alike(grant), "memory") == "grant_unknown"
    assert gate.objection("g0", "memory") == "grant_unknown"
    assert gate.objection(grant, "police") == "grant_for_another_source"
    for trick in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            trick(grant)
    with pytest.raises(Refused, match="grant unknown"):
        visit.ask("find", [look_alike(grant)])


def test_a_dismissed_grant_opens_nothing_any_more(opened):
    gate, visit, grant = opened
    asking = visit.ask("find", [grant])
    door = asking.open([grant])
    gate.dismiss([grant])
    with pytest.raises(Refused, match="grant unknown"):
        door.request()


def test_withdrawal_is_honoured_at_the_next_request(opened):
    gate, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    assert door.request() > 0
    gate.withdraw(grant.id)
    with pytest.raises(Refused, match="grant withdrawn"):
        door.request(page=2)
    assert (door.tally.requests, door.tally.pages) == (1, 1)


def test_a_retry_is_a_durable_row_before_it_is_sent(opened, world):
    _, visit, grant = opened
    asking = visit.ask("find", [grant])
    door = asking.open([grant])
    door.request()
    assert world.rows("source.retried") == []
    door.request(attempt=2)
    (row,) = world.rows("source.retried")
    assert (row["ask"], row["attempt"], row["trawl"]) == (asking.number, 2, "t1")
    assert (door.tally.requests, door.tally.pages, door.tally.retries) == (2, 1, 1)


@pytest.mark.parametrize(("page", "attempt"), [(1, 3), (2, 2), (1, 0), (1, -1), (7, 1000)])
def test_a_retry_that_follows_no_try_of_its_page_is_refused_and_leaves_no_row(opened, world, page, attempt):
    _, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    door.request()
    with pytest.raises(Refused, match="retry out of order"):
        door.request(page=page, attempt=attempt)
    assert world.rows("source.retried") == []
    assert door.tally.requests == 1


def test_a_page_is_tried_as_often_as_the_settings_say_and_three_times_each_for_a_login_that_ran_out(opened, world):
    _, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    most = 3 * visit.limits.attempts
    for attempt in range(1, most + 1):
        door.request(attempt=attempt)
        door.request(page=0)
    with pytest.raises(Refused, match="retry out of order"):
        door.request(attempt=most + 1)
    assert len(world.rows("source.retried")) == most - 1


def test_an_ask_has_only_so_many_retries_however_many_pages_and_doors_it_takes(opened, world, monkeypatch):
    monkeypatch.setattr("mash_trawl.sources.asking.MOST_RETRIES", 5)
    _, visit, grant = opened
    asking = visit.ask("find", [grant])
    with pytest.raises(Refused, match="retry out of order"):
        for page in range(1, 100):
            door = asking.open([grant])
            door.request(page=page)
            door.request(page=page, attempt=2)
    assert len(world.rows("source.retried")) == 5


def test_the_closing_row_is_written_once_with_counts(opened, world):
    _, visit, grant = opened
    asking = visit.ask("fetch", [grant])
    door = asking.open([grant])
    for page in (1, 2, 3):
        door.request(page=page)
        assert door.row()
    asking.close("source.answered", "answered", {"quarantined": 0})
    asking.close("source.answered", "answered")
    rows = [row for row in world.rows("source.answered") if row.get("ask") == asking.number]
    assert [(row["pages"], row["requests"], row["rows"]) for row in rows] == [(3, 3, 3)]


def test_address_and_secret_come_only_after_the_grant(opened, world):
    gate, visit, grant = opened
    gate.withdraw(grant.id)
    with pytest.raises(Refused):
        visit.ask("find", [grant])
    assert world.resolved == []


def test_a_door_has_no_repr_of_its_secrets(opened):
    _, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    assert door.connect == {"url": "env:MEMORY"} and "MEMORY" not in repr(door)


def test_a_missing_secret_costs_only_its_source(world, in_memory):
    def resolve(text):
        raise Unavailable("secret_missing")

    world.resolve = resolve
    world.sources = {"memory": in_memory}
    world.settings = {"memory": {"connect": {"url": "env:NOT_THERE"}}}
    world.people = ("p1",)
    assert world.said() == {"p1": ("not_connected", "secret_missing")}


def test_a_resolver_that_breaks_says_nothing_of_the_reference(world, in_memory, caplog):
    def resolve(text):
        raise OSError(text)

    world.resolve, world.people = resolve, ("p1",)
    world.sources, world.settings = {"memory": in_memory}, {"memory": {"connect": {"url": "file:canary.txt"}}}
    assert world.said() == {"p1": ("not_connected", "secret_missing")}
    assert "canary" not in caplog.text


@pytest.mark.parametrize(("basis", "status"), [("c1", "consent_missing"), ("S47", "not_permitted")])
@pytest.mark.parametrize("between", ["find and fetch", "open and request"])
def test_a_permit_that_ends_on_the_way_ends_the_asking(world, in_memory, clock, basis, status, between):
    class Slow(in_memory):
        def find(self, query, grant):
            yield from super().find(query, grant)
            if between == "find and fetch":
                clock.move(hours=2)

        def fetch(self, ref, grant):
            with self.open(grant) as door:
                clock.move(hours=2)
                door.request()
                raise AssertionError("asked after the permit had ended")
            yield

    world.sources, world.people, world.basis = {"memory": Slow}, ("p1",), basis
    world.expires_at = clock().replace(hour=10)
    (answer,) = world.answers()
    assert (answer.status, answer.found) == (status, 0)
    assert answer.why == ("consent_expired" if basis == "c1" else "permit_expired")
    asked = [row["step"] for row in world.rows("source.asked")]
    assert asked == (["find"] if between == "find and fetch" else ["find", "fetch"])


def test_in_a_batch_one_withdrawal_costs_one_person(world, in_memory, make_candidate, make_event):
    class Many(in_memory):
        batches = True

        def find_many(self, asks):
            with self.open(*(ask.grant for ask in asks)) as door:
                if asks[0].query.person == "p1":
                    world.gate.withdraw(asks[0].grant.id)
                door.request()
                for ask in asks:
                    yield ask.query.id, make_candidate(ask.query, f"r-{ask.query.person}")

    world.sources = {"memory": Many}
    assert world.said() == {"p1": ("consent_missing", "consent_withdrawn"), "p2": ("found", "matched")}
    assert world.told_privately("source.asked") == [["p1", "p2"], ["p2"], ["p2"]]
    assert [row["why"] for row in world.rows("source.refused")] == ["grant_withdrawn"]


def test_a_wait_longer_than_the_time_left_is_not_begun(opened):
    _, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    with pytest.raises(Unavailable, match="deadline"):
        door.wait(3600)


def test_a_stop_wakes_a_waiting_door(opened):
    _, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    threading.Timer(0.05, visit.end).start()
    with pytest.raises(Refused, match="visit over"):
        door.wait(10)


def test_after_the_deadline_no_request_passes(world, in_memory):
    now = [0.0]
    world.monotonic = lambda: now[0]

    class Slow(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                now[0] = 100.0
                door.request(page=2)
                raise AssertionError("asked after the deadline")
            yield

    world.sources, world.people = {"memory": Slow}, ("p1",)
    assert world.said() == {"p1": ("timed_out", "deadline")}


def test_rows_beyond_the_budget_are_not_taken(opened, world, in_memory):
    _, visit, grant = opened
    door = visit.ask("find", [grant]).open([grant])
    door.limits = replace(door.limits, rows=2)
    assert [door.row() for _ in range(4)] == [True, True, False, False]
    assert door.tally.rows == 2


def test_requests_are_spaced_evenly_whoever_asks():
    pace = Pace(4)
    assert [pace.turn(10.0) for _ in range(4)] == [0.0, 0.25, 0.5, 0.75]
    assert pace.turn(20.0) == 0.0
    assert [Pace(None).turn(5.0) for _ in range(3)] == [0.0] * 3


def test_a_place_is_given_back_once_by_whoever_comes_first():
    width = Width(1)
    place = width.take(0)
    assert place is not None and width.take(0) is None
    place.give_back()
    place.give_back()
    assert width.take(0) is not None and width.take(0) is None


def test_no_more_lines_run_at_once_than_the_source_can_bear(world, in_memory):
    lock, running, most = threading.Lock(), [0], [0]

    class Counts(in_memory):
        def find(self, query, grant):
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            yield from super().find(query, grant)
            with lock:
                running[0] -= 1

    world.limits = {"memory": Limits(parallel=1, deadline=Duration(seconds=20))}
    world.sources = {"memory": Counts}
    world.answers()
    assert most[0] == 1


def test_an_exception_to_checking_certificates_ends_at_the_start_of_its_day():
    from datetime import UTC, datetime

    from mash_trawl.model.hub import Tls, Unverified
    from mash_trawl.sources.gate import tls_now

    tls = Tls(unverified=Unverified(approved_by="d.head", reason="old server", until="2026-12-31"))
    before, after = (datetime(2026, 12, day, hour, tzinfo=UTC) for day, hour in ((30, 23), (31, 0)))
    assert tls_now(tls, before).unverified is not None
    assert tls_now(tls, after).unverified is None


def test_the_same_gate_acts_for_another_under_their_name_and_with_the_same_grants(opened, world):
    gate, _, grant = opened
    other = gate.acting_as("r.cole")
    assert (gate.actor, other.actor) == ("j.shah", "r.cole")
    visit = Visit(other, "memory", case="MASH-2026-0001", trawl="t2", broken=lambda refusal: None)
    visit.ask("find", [grant]).close("source.answered", "answered")
    assert [row.actor for row in world.ledger.rows("source.asked")][-1] == "r.cole"
    gate.withdraw(grant.id)
    with pytest.raises(Refused, match="grant withdrawn"):
        visit.ask("find", [grant])
