"""Lanes: who is recognised only beside somebody else of the case waits for the others, and is fetched then."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from mash_trawl.api import Unavailable, address
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild, rerun
from mash_trawl.identity.verdicts import Judged, Verdicts
from mash_trawl.model.answer import Why
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.model.match import Company, Verdict
from mash_trawl.sources.again import Delta, Kept
from mash_trawl.sources.identified import still_theirs, taken_before

MOVED = (address("3 Weir Street", postcode="NB7 1AA"),)


@pytest.mark.parametrize("parallel", [1, 2])
def test_a_family_that_moved_is_found_together_and_fetched(world, moved, parallel):
    world.sources = {"memory": moved}
    world.limits = {"memory": Limits(deadline=Duration(seconds=20), parallel=parallel)}
    answers = world.answers()
    assert [(one.person, one.status, one.why, one.found) for one in answers] == [
        ("p1", "found", "matched", 1), ("p2", "found", "matched", 1),
    ]  # fmt: skip
    assert [(one.refs, one.possible, one.waiting) for one in answers] == [(("r-p1",), 0, ()), (("r-p2",), 0, ())]
    assert [[(by.person, by.ref) for by in one.matches[0].company] for one in answers] == [
        [("p2", "r-p2")], [("p1", "r-p1")],
    ]  # fmt: skip


def test_each_alone_is_for_a_person_and_nothing_is_fetched(world, moved):
    world.sources, world.people = {"memory": moved}, ("p1",)
    assert world.said() == {"p1": ("ambiguous_identity", "possible_matches")}
    assert [row["step"] for row in world.rows("source.asked")] == ["find"]


def test_both_decisions_are_in_the_ledger_and_the_second_is_there_before_anything_is_fetched(world, moved):
    world.sources = {"memory": moved}
    world.answers()
    story = [
        (row.kind, row.public.get("step") or row.public["outcomes"])
        for row in world.ledger.rows() if row.kind in ("match.decided", "source.asked")
    ]  # fmt: skip
    assert sorted(story[:4], key=str) == sorted(
        [("source.asked", "find"), ("match.decided", {"review": 1})] * 2, key=str
    )
    assert story[4:] == [("match.decided", {"auto": 1}), ("source.asked", "fetch")] * 2
    traces = [row.private["trace"] for row in world.ledger.rows("match.decided")]
    assert [rebuild(plain).items == rerun(plain).items for plain in traces] == [True] * 4


def test_at_the_deadline_whoever_still_waits_for_the_others_is_told_as_they_stand(world, moved):
    free = threading.Event()

    class Stuck(moved):
        def find(self, query, grant):
            if query.person == "p2":
                free.wait(10)
            yield from super().find(query, grant)

    world.sources = {"memory": Stuck}
    world.limits = {"memory": Limits(deadline=Duration(seconds=1))}
    try:
        assert world.said() == {
            "p1": ("ambiguous_identity", "possible_matches"), "p2": ("timed_out", "deadline"),
        }  # fmt: skip
    finally:
        free.set()


def test_a_source_that_fails_when_they_are_fetched_is_told_so(world, moved):
    class Fails(moved):
        def fetch(self, ref, grant):
            raise Unavailable(Why.CONNECTION_REFUSED)
            yield

    world.sources = {"memory": Fails}
    assert world.said() == dict.fromkeys(("p1", "p2"), ("unreachable", "connection_refused"))


def test_a_second_look_that_breaks_costs_nobody_more_than_that(world, moved):
    class Breaks(Recognise):
        def together(self, looked, others, /, *, source):
            raise RuntimeError("Fictia Testfall")

    world.sources, world.recognise = {"memory": moved}, Breaks()
    assert world.said() == dict.fromkeys(("p1", "p2"), ("ambiguous_identity", "possible_matches"))


def test_one_record_that_both_would_be_is_nobodys(world, in_memory, make_candidate):
    class Same(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield replace(make_candidate(query, "r"), identifiers={}, addresses=MOVED)

    world.sources = {"memory": Same}
    assert world.said() == dict.fromkeys(("p1", "p2"), ("ambiguous_identity", "possible_matches"))


def test_two_sources_are_looked_at_each_on_its_own(world, moved, in_memory):
    class Child(moved):
        def find(self, query, grant):
            return super().find(query, grant) if query.person == "p1" else iter(())

    class Mother(moved):
        def find(self, query, grant):
            return super().find(query, grant) if query.person == "p2" else iter(())

    world.sources = {"child": Child, "mother": Mother}
    assert [(one.source, one.person) for one in world.answers() if one.possible] == [("child", "p1"), ("mother", "p2")]


def test_who_only_may_be_known_is_known_and_not_fetched(world, moved):
    world.sources = {"memory": moved}
    for person in ("p1", "p2"):
        for category in ("housing.asb", "housing.tenancy"):
            world.modes["memory", person, category] = "existence"
    assert world.said() == dict.fromkeys(("p1", "p2"), ("found", "known_existence_only"))
    assert {row["step"] for row in world.rows("source.asked")} == {"find"}


@pytest.fixture
def taken(world, moved):
    """The answers of a trawl in which each was recognised beside the other."""
    world.sources = {"memory": moved}
    return world.answers()


def denied(*refs):
    """What was said of records, as `Verdicts.stands` tells it."""
    verdict = Verdict(statement="00", by="j.test", roles=("analyst",), at="2026-11-03T10:00:00+00:00", reason="Seen.")
    judged = Judged(same=False, record="", known=True, verdict=verdict)
    return Verdicts(held={("memory", ref[2:]): {ref: judged} for ref in refs}).stands


def test_once_the_other_record_is_somebody_elses_theirs_is_left_to_a_person_without_content(taken):
    child, mother = still_theirs(taken, denied("r-p2"))
    assert (mother.status, mother.why, mother.rejected, mother.possible) == ("none_found", "searched_all_keys", 1, 0)
    assert (child.status, child.why, child.rejected, child.possible) == ("ambiguous_identity", "possible_matches", 0, 1)
    assert (child.found, child.matches, child.refs) == (0, (), ())
    (waiting,) = child.waiting
    assert (waiting.ref, waiting.outcome, waiting.company) == ("r-p1", "review", ())


def test_beside_another_who_is_still_theirs_it_stands(taken):
    child, _ = taken
    (match,) = child.matches
    third = replace(match, company=(*match.company, Company(person="p3", ref="r-p3")))
    assert still_theirs((replace(child, matches=(third,)),), denied("r-p2"))[0].matches == (third,)
    assert still_theirs((replace(child, matches=(third,)),), denied("r-p2", "r-p3"))[0].matches == ()


def test_who_is_not_asked_about_now_still_stands_beside_the_others(world, moved, taken):
    kept = tuple(Kept(answer=answer, facts="") for answer in taken)
    delta = Delta(decisions=world.decisions(), asks=(), stands=kept[1:])
    world.people, world.recognise = ("p1",), Recognise(carried=taken_before(delta))
    (child,) = world.answers()
    assert (child.status, child.found) == ("found", 1)
    assert child.matches[0].company == (Company(person="p2", ref="r-p2"),)
