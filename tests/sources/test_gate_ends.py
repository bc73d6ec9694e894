"""Where what the gate holds ends, what it is built of, and what it writes: ends, places, proxies and rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mash_trawl.consent.grants import mint_grants
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings, Tls, Unverified
from mash_trawl.sources.breaker import LIMIT, Leave
from mash_trawl.sources.gate import Gate, Row, tls_now
from mash_trawl.sources.watch import Watch

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Kept:
    """A ledger that keeps what it is given."""

    def __init__(self):
        self.commits = []

    def write(self, *entries):
        """One commit."""
        self.commits.append(entries)
        return tuple(range(len(entries)))


@pytest.fixture
def built():
    """A gate over one source, and what it wrote; the source's settings and the hub's may be changed."""

    def build(moment=lambda: NOW, source=None, **hub):
        settings = SourceSettings(name="memory", agency="housing", connector="memory", **(source or {}))
        file = HubFile(version=1, name="test", profiles=("children_in_need",), root_keys=RootKeys(paths=("../root",)),
                       reader_keys="../readers", signing_key="../sign", sources=(settings,), **hub)  # fmt: skip
        ledger = Kept()
        gate = Gate.build(ledger, file, resolve=str, clock=moment, monotonic=lambda: 0.0, actor="ann", base=Path("hub"))
        return gate, ledger

    return build


def decided(category="housing.asb", mode="content", expires_at=None, outcome=Outcome.PERMIT):
    one = Decision(person="p1", source="memory", agency="housing", category=category, outcome=outcome, rule="r",
                   reason="Synthetic.", mode=mode, expires_at=expires_at)  # fmt: skip
    return Decisions(case="c", profile="children_in_need", at=NOW, items=(one,))


def granted(**changes):
    return mint_grants(decided(**changes), NOW, lambda: "g1")[0]


def test_a_grant_is_over_at_the_very_moment_of_its_end(built):
    now = [NOW]
    gate, _ = built(lambda: now[0])
    grant = granted(expires_at=NOW + timedelta(hours=1))
    gate.admit([grant])
    assert gate.objection(grant, "memory") is None
    now[0] = NOW + timedelta(hours=1)
    assert gate.objection(grant, "memory") == "grant_expired"


def test_an_end_that_was_learnt_of_since_ends_the_grant_too(built):
    now, said = [NOW], [1]
    gate, _ = built(lambda: now[0])
    grant, end = granted(), NOW + timedelta(hours=1)
    gate.admit([grant], Watch(since=1, revision=lambda: said[0], still=lambda: decided(expires_at=end)))
    assert gate.objection(grant, "memory") is None
    said[0] = 2
    assert gate.objection(grant, "memory") is None
    now[0] = end
    assert gate.objection(grant, "memory") == "grant_expired"


def test_a_forgotten_grant_has_no_watch_any_more(built):
    gate, _ = built()
    grant, said = granted(), [1]
    gate.admit([grant], Watch(since=1, revision=lambda: said[0], still=lambda: decided(outcome=Outcome.DENY)))
    said[0] = 2
    assert gate.objection(grant, "memory") == "grant_withdrawn"
    assert gate.taken_back(grant)
    gate.dismiss([grant])
    assert gate.taken_back(grant) is None


def test_a_grant_for_existence_alone_opens_the_search_and_not_the_records(built):
    gate, _ = built()
    grant = granted(mode="existence")
    gate.admit([grant])
    assert gate.objection(grant, "memory") is gate.objection(grant, "memory", "find") is None
    assert gate.objection(grant, "memory", "fetch") == "grant_existence_only"


@pytest.mark.parametrize(("hub", "source", "found"), [
    ({}, {}, None), ({"proxy": "http://hub"}, {}, "http://hub"),
    ({"proxy": "http://hub"}, {"proxy": "http://own"}, "http://own"), ({}, {"proxy": "http://own"}, "http://own"),
])  # fmt: skip
def test_a_source_goes_through_its_own_proxy_or_else_the_hubs(built, hub, source, found):
    gate, _ = built(source=source, **hub)
    assert gate.post("memory").proxy == found


def test_a_source_is_asked_as_often_as_its_settings_say(built):
    gate, _ = built(source={"limits": replace(Limits(), per_second=4)})
    assert [gate.post("memory").pace.turn(10.0) for _ in range(3)] == [0.0, 0.25, 0.5]


def test_the_breakers_go_by_the_clock_of_the_gate(built):
    now = [NOW]
    gate, _ = built(lambda: now[0])
    for _ in range(LIMIT):
        gate.breakers.record("memory", failed=True)
    assert gate.breakers.leave("memory") is Leave.NO
    now[0] += timedelta(minutes=2)
    assert gate.breakers.leave("memory") is Leave.TRY


def test_a_row_tells_the_case_the_people_and_what_came_privately_and_nothing_that_is_empty(built):
    gate, ledger = built()
    full = Row(kind="source.answered", public={"n": 1}, people=("p1",), came={"p1": ("housing.asb",)})
    assert gate.write("c", Row(kind="source.asked", public={}), full) == (0, 1)
    ((bare, told),) = ledger.commits
    assert (bare.kind, bare.actor, bare.public, bare.private) == ("source.asked", "ann", {}, {"case": "c"})
    assert told.private == {"case": "c", "people": ["p1"], "came": {"p1": ["housing.asb"]}}


def test_what_a_match_came_from_is_private_in_its_row(built):
    gate, ledger = built()
    gate.write("c", Row(kind="source.asked", public={}, trace={"score": 9}))
    assert ledger.commits[0][0].private == {"case": "c", "trace": {"score": 9}}


def test_nothing_to_write_is_no_commit(built):
    gate, ledger = built()
    assert gate.write("c") == ()
    assert ledger.commits == []


@pytest.mark.parametrize(("moment", "holds"), [("2026-06-30T22:59:59", True), ("2026-06-30T23:00:00", False)])
def test_an_exception_for_certificates_ends_with_the_day_before_in_london(moment, holds):
    tls = Tls(unverified=Unverified(approved_by="dpo", reason="Synthetic.", until="2026-07-01"))
    found = tls_now(tls, datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert (found.unverified is not None) is holds


def test_forgetting_what_was_never_admitted_or_is_forgotten_already_is_no_fault(world, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.answers()
    gate, grant = world.gate, world.grants[0]
    gate.admit([grant])
    for _ in range(2):
        gate.dismiss([grant])
        assert gate.objection(grant, "memory") == "grant_unknown"
