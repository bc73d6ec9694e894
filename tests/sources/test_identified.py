"""What the ledger is told of a match before anything is fetched, and what somebody's word does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mash_trawl.api import PartialDate
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild, rerun
from mash_trawl.identity.verdicts import Judged, Verdicts, record_mark
from mash_trawl.model.answer import STATUS_OF, Answer, Why
from mash_trawl.model.match import Match, Verdict
from mash_trawl.model.query import Candidate
from mash_trawl.sources.again import Delta
from mash_trawl.sources.identified import before_of_theirs, still_theirs


@pytest.fixture
def known(in_memory, make_candidate):
    """A source that holds one record of the child, which the rules leave to a person: a year of birth is wrong."""

    class Doubtful(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                found = make_candidate(query, "R")
                yield replace(found, born=PartialDate.of(date(2013, 5, 17)))

    return Doubtful


def said(world, same, record=None, person="p1", **more):
    """Verdicts on the record R."""
    verdict = Verdict(statement="00", by="j.test", roles=("analyst",), at="2026-11-03T10:00:00+00:00", reason="Seen.")
    judged = Judged(same=same, record=record or "", known=True, verdict=verdict)
    return Verdicts(held={("memory", person): {"R": replace(judged, **more)}})


def asked(world, verdicts):
    world.recognise = Recognise(verdicts=verdicts)
    return world.answers()


def mark_of(answer):
    return record_mark(answer.waiting[0].candidate)


def test_the_ledger_has_every_decision_before_anything_is_fetched_and_it_is_rebuilt_bit_for_bit(world, in_memory):
    world.sources = {"memory": in_memory}
    answers = world.answers()
    rows = [row for row in world.ledger.rows() if row.kind in ("match.decided", "source.asked")]
    story = [(row.kind, row.public.get("step"), (row.private or {})["people"]) for row in rows]
    for person in ("p1", "p2"):
        own = [(kind, step) for kind, step, people in story if people == [person]]
        assert own == [("source.asked", "find"), ("match.decided", None), ("source.asked", "fetch")]
    for row in rows:
        if row.kind != "match.decided":
            continue
        (answer,) = (one for one in answers if [one.person] == row.private["people"])
        again = rebuild(row.private["trace"])
        assert again.accepted == answer.matches and answer.matches
        assert [item.lines for item in rerun(row.private["trace"])] == [item.lines for item in again]
        assert row.public["outcomes"] == {"auto": 1}
        assert row.public["policy_sha256"] == row.private["trace"]["policy_mark"] != ""


def test_a_ledger_that_cannot_hold_the_decision_lets_nothing_be_fetched(world, in_memory, monkeypatch):
    from mash_trawl.errors import Refused

    world.sources, world.people = {"memory": in_memory}, ("p1",)
    write = world.ledger.write

    def broken(*entries):
        if any(entry.kind == "match.decided" for entry in entries):
            raise Refused("ledger_not_writable", "the disk is full")
        return write(*entries)

    monkeypatch.setattr(world.ledger, "write", broken)
    with pytest.raises(Refused, match="disk is full"):
        world.answers()
    assert [row["step"] for row in world.rows("source.asked")] == ["find"]


def test_the_public_part_counts_and_names_guards_and_nobody(world, known):
    world.sources, world.people = {"memory": known}, ("p1",)
    (answer,) = world.answers()
    (row,) = world.rows("match.decided")
    assert row["outcomes"] == {"review": 1}
    assert row["guards"]["G5"] == 1
    assert answer.status == "ambiguous_identity" and len(answer.waiting) == answer.possible == 1
    assert not {"Synthetica", "Testfall", "R"} & {str(value) for value in row.values()}


def test_a_confirmed_record_is_fetched_and_the_word_for_it_goes_with_it(world, known):
    world.sources, world.people = {"memory": known}, ("p1",)
    (before,) = world.answers()
    (answer,) = asked(world, said(world, True, mark_of(before)))
    assert (answer.status, answer.possible, answer.waiting) == ("found", 0, ())
    assert [(match.outcome, match.verdict.by) for match in answer.matches] == [("confirmed", "j.test")]
    row = list(world.ledger.rows("match.decided"))[-1]
    assert rebuild(row.private["trace"]).accepted == answer.matches
    assert row.public["outcomes"] == {"confirmed": 1}


@pytest.mark.parametrize("mark", ["", "another"])
def test_a_record_that_reads_otherwise_now_waits_again(world, known, mark):
    world.sources, world.people = {"memory": known}, ("p1",)
    (answer,) = asked(world, said(world, True, mark))
    assert (answer.status, answer.possible, answer.findings) == ("ambiguous_identity", 1, ())


def test_a_rejected_record_is_not_fetched_however_certain_the_rules_are(world, in_memory, make_candidate):
    class Sure(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield make_candidate(query, "R")

        def fetch(self, ref, grant):
            raise AssertionError("fetched a rejected record")

    world.sources, world.people = {"memory": Sure}, ("p1",)
    (answer,) = asked(world, said(world, False))
    assert (answer.status, answer.matches, answer.waiting, answer.rejected) == ("none_found", (), (), 1)


def test_a_record_that_is_confirmed_for_two_people_is_nobodys_and_waits_for_both(world, in_memory, make_candidate):
    class Shared(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield make_candidate(query, "R")

    world.sources = {"memory": Shared}
    answers = world.answers()
    assert [(one.status, one.possible, len(one.waiting), one.findings) for one in answers] == [
        ("ambiguous_identity", 1, 1, ())
    ] * 2
    rejected = said(world, False, person="p2")
    answers = {one.person: one for one in asked(world, rejected)}
    assert (answers["p1"].status, answers["p2"].status) == ("found", "none_found")


def taken(ref, outcome="auto"):
    return Match(person="p1", candidate=Candidate(ref=ref), outcome=outcome, millibits=1, prior=0, lines=())


def answer(why, **more):
    return Answer(source="memory", agency="housing", person="p1", status=STATUS_OF[why], why=why, **more)


@pytest.mark.parametrize(
    ("before", "status", "why"),
    [
        (answer(Why.MATCHED, matches=(taken("R"),), refs=("R",)), "none_found", "searched_all_keys"),
        (answer(Why.MATCHED, matches=(taken("R"), taken("S"))), "found", "known_nothing_in_scope"),
        (answer(Why.MATCHED, matches=(taken("R"),), possible=1, waiting=(taken("S", "review"),)),
         "ambiguous_identity", "possible_matches"),
        (answer(Why.POSSIBLE_MATCHES, possible=1, waiting=(taken("R", "review"),)), "none_found", "searched_all_keys"),
        (answer(Why.NO_END_PROOF, matches=(taken("R"),)), "partial", "no_end_proof"),
        (answer(Why.CONNECTION_LOST, matches=(taken("R"),)), "unreachable", "connection_lost"),
        (answer(Why.CONNECTION_LOST, possible=1, waiting=(taken("R", "review"),)), "unreachable", "connection_lost"),
    ],
)  # fmt: skip
def test_what_is_said_while_a_trawl_is_under_way_counts_for_what_it_brought(before, status, why):
    def not_r(_source, match):
        return match.ref != "R"

    (left,) = still_theirs((before,), not_r)
    assert (left.status, left.why) == (status, why)
    assert all(match.ref != "R" for match in (*left.matches, *left.waiting))
    assert left.rejected == 1 and "R" not in (left.refs or ())
    assert still_theirs((left,), not_r) == (left,)


def test_without_an_earlier_version_there_is_nothing_to_leave_out(world):
    delta = Delta(decisions=world.decisions(), asks=(), stands=())
    assert before_of_theirs(None, delta, lambda *_: False) == (None, delta)
