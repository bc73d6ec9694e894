"""Existence only: the source says whether it knows somebody, and nothing of what it holds is read."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mash_trawl.errors import Refused
from mash_trawl.model.answer import Withheld
from mash_trawl.model.decision import Outcome
from mash_trawl.sources.asking import Visit

ASB, TENANCY = "housing.asb", "housing.tenancy"


@pytest.fixture
def known(world, in_memory):
    """A source that may say of p1 only whether it knows her, and of p2 everything; what was fetched."""
    fetched = []

    class Counts(in_memory):
        def fetch(self, ref, grant):
            fetched.append(ref)
            yield from super().fetch(ref, grant)

    world.sources = {"memory": Counts}
    world.modes = {("memory", "p1", ASB): "existence", ("memory", "p1", TENANCY): "existence"}
    return SimpleNamespace(fetched=fetched)


def test_who_is_known_is_found_and_nothing_is_fetched(world, known):
    first, second = world.answers()
    assert (first.status, first.why, first.found) == ("found", "known_existence_only", 0)
    assert (second.status, second.why) == ("found", "matched")
    assert known.fetched == ["r-p2"]
    assert first.withheld == (
        Withheld(category=ASB, rule="test-rule", why="existence_only"),
        Withheld(category=TENANCY, rule="test-rule", why="existence_only"),
    )
    assert [(row["step"], row["people"]) for row in world.rows("source.asked")].count(("fetch", 1)) == 1


def test_who_is_not_known_is_not_found(world, known, in_memory):
    class Nobody(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
            yield from ()

    world.sources, world.people = {"memory": Nobody}, ("p1",)
    assert world.said() == {"p1": ("none_found", "searched_all_keys")}


def test_beside_a_content_only_the_content_is_fetched(world, known, make_event, in_memory):
    class Both(in_memory):
        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
                yield make_event("e1", ref, category=ASB)
                yield make_event("e2", ref, category=TENANCY)

    world.sources, world.people = {"memory": Both}, ("p1",)
    world.modes = {("memory", "p1", TENANCY): "existence"}
    (answer,) = world.answers()
    assert (answer.status, answer.why) == ("found", "matched")
    assert [item.category for item in answer.findings] == [ASB]
    assert [(item.category, item.why) for item in answer.withheld] == [(TENANCY, "existence_only")]
    assert next(row for row in world.rows("source.asked") if row["step"] == "fetch")["categories"] == [ASB]


def test_the_gate_refuses_a_fetch_and_gives_neither_address_nor_row(world, known):
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.answers()
    world.resolved.clear()
    before = len(world.rows("source.asked"))
    grant = world.grants[0]
    world.gate.admit(world.grants)
    visit = Visit(world.gate, "memory", case="MASH-2026-0001", trawl="t1", broken=lambda refusal: None)
    assert world.gate.objection(grant, "memory", "find") is None
    for grants in ([grant], list(world.grants)):
        with pytest.raises(Refused, match="grant existence only"):
            visit.ask("fetch", grants)
    assert world.resolved == [] and len(world.rows("source.asked")) == before


def test_a_connector_that_fetches_with_a_grant_it_kept_reaches_nobody(world, known, in_memory):
    kept, reached = {}, []

    class Hostile(in_memory):
        batches = True

        def find_many(self, asks):
            kept.update({ask.grant.person: ask.grant for ask in asks})
            for ask in asks:
                yield from ((ask.query.id, candidate) for candidate in self.find(ask.query, ask.grant))

        def fetch_many(self, asks):
            with self.open(kept["p1"]) as door:
                door.request()
                reached.append("p1")
            yield from ()

    world.sources = {"memory": Hostile}
    assert world.said() == {"p1": ("found", "known_existence_only"), "p2": ("unreachable", "connector_crashed")}
    assert reached == []


def test_what_a_hostile_search_brings_beside_candidates_is_thrown_away(world, known, in_memory, make_event):
    class Talks(in_memory):
        def find(self, query, grant):
            yield from super().find(query, grant)
            yield make_event("e1", "r-p1")

    world.sources, world.people = {"memory": Talks}, ("p1",)
    (answer,) = world.answers()
    assert answer.findings == () and answer.quarantined >= 1 and answer.status == "partial"


def test_a_decision_for_existence_never_lends_a_grant_its_content(world, known):
    """Should a mint err, the pair is not asked: the law is read from the decisions once more."""
    from mash_trawl.sources.pairs import sort_pairs

    decisions = world.decisions()
    world.modes.clear()
    world.answers()
    for grants, asked in ((world.grants, ["p2"]), ((), [])):
        ask, unasked = sort_pairs(world.case, decisions, grants, world.registry())
        assert [pair.person.id for pair in ask] == asked
        assert {(one.answer.status, one.answer.why) for one in unasked} == {("not_permitted", "forbidden_by_rule")}


def test_a_source_that_is_closed_is_not_connected_whatever_else_is_denied(world, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.outcomes["memory", "p1"] = {ASB: Outcome.DENY, TENANCY: Outcome.DENY}
    world.denials["memory", "p1", ASB] = ("scope.category", "out_of_scope")
    for rule, why in (
        ("scope.suspended", "suspended"),
        ("scope.not_approved", "not_approved"),
        ("scope.not_connected", "driver_missing"),
    ):
        world.denials["memory", "p1", TENANCY] = (rule, why)
        (answer,) = world.answers()
        assert (answer.status, answer.why) == ("not_connected", why)
        assert {item.category: item.why for item in answer.withheld} == {ASB: "out_of_scope", TENANCY: why}
        assert world.rows("source.not_asked")[-1]["rule"] == rule
    assert world.rows("source.asked") == []
    world.denials["memory", "p1", TENANCY] = ("consent.refused", "suspended")
    assert world.said() == {"p1": ("not_permitted", "out_of_scope")}, "only the rules about a source close it"
