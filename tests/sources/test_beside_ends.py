"""Beside one another, when something ends meanwhile: a place that never comes, a permit, a thread that is late."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from mash_trawl.api import address
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.decision import Outcome
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.sources.again import Delta, Kept, Memory
from mash_trawl.sources.identified import before_of_theirs, still_theirs
from mash_trawl.sources.pace import Place, Width
from mash_trawl.sources.watch import Watch

MOVED = (address("3 Weir Street", postcode="NB7 1AA"),)
HOME = (address("1 Example Row", postcode="NB1 4QT"), *MOVED)


def test_they_are_looked_at_together_although_a_thread_still_waits_for_its_place(world, moved, monkeypatch):
    """Another trawl holds the source's other place for as long as this one runs."""
    line_up, first = Width.line_up, threading.Event()

    def once(width):
        if not first.is_set():
            first.set()
            return line_up(width)
        return Place(width)

    monkeypatch.setattr(Width, "line_up", once)
    world.sources = {"memory": moved}
    world.limits = {"memory": Limits(deadline=Duration(seconds=2), parallel=2)}
    assert world.said() == dict.fromkeys(("p1", "p2"), ("found", "matched"))
    assert world.progress[-1] == ("memory", "done", 2, 2)


def taken_back(world, person):
    """A watch that notices that this person's agreement was withdrawn, and what withdraws it."""
    number = [0]

    def withdraw():
        for category in ("housing.asb", "housing.tenancy"):
            world.denials["memory", person, category] = ("consent.withdrawn", "consent_withdrawn")
        world.outcomes["memory", person] = dict.fromkeys(("housing.asb", "housing.tenancy"), Outcome.DENY)
        number[0] += 1

    world.watch = Watch(since=0, revision=lambda: number[0], still=world.decisions)
    return withdraw


@pytest.mark.parametrize("certain", [False, True])
def test_nobody_is_certain_beside_somebody_whose_permit_ended_meanwhile(world, moved, certain):
    withdraw = taken_back(world, "p2")

    class Withdrawn(Recognise):
        def together(self, looked, others, /, *, source):
            sizes.append((len(looked), len(others)))
            return super().together(looked, others, source=source)

        def __call__(self, person, candidates, /, *, source, truncated):
            matches = super().__call__(person, candidates, source=source, truncated=truncated)
            if person.id == "p2" and not certain:
                withdraw()
            return matches

    class Known(moved):
        def find(self, query, grant):
            for row in super().find(query, grant):
                yield replace(row, addresses=HOME) if certain and query.person == "p2" else row

        def fetch(self, ref, grant):
            yield from super().fetch(ref, grant)
            withdraw()

    sizes = []
    world.sources, world.recognise = {"memory": Known}, Withdrawn()
    world.limits = {"memory": Limits(deadline=Duration(seconds=20), parallel=1)}
    answers = {one.person: one for one in world.answers()}
    assert sizes == [(1, 0)]
    assert answers["p1"].why == "possible_matches" and not answers["p1"].matches
    assert answers["p2"].why == ("matched" if certain else "consent_withdrawn")
    assert {row["why"] for row in world.rows("permit.withdrawn")} == {"consent_withdrawn"}


def test_who_was_certain_until_the_family_was_seen_together_is_left_to_a_person_without_content(world, moved):
    class Namesake(moved):
        def find(self, query, grant):
            for row in super().find(query, grant):
                yield row
                if query.person == "p1":
                    yield replace(row, ref="n", addresses=(address("9 Example Row", postcode="NB1 4QT"),))

    world.sources = {"memory": Namesake}
    child, mother = world.answers()
    assert (child.why, child.found, child.matches, child.refs, child.possible) == ("possible_matches", 0, (), (), 2)
    assert (mother.why, mother.found) == ("matched", 1)
    assert {"auto": 1, "review": 1} in [row["outcomes"] for row in world.rows("match.decided")]


def test_whose_company_was_theirs_by_a_word_that_was_taken_back_waits_and_is_told_why(world, moved):
    world.sources = {"memory": moved}
    child, mother = world.answers()
    by_word = tuple(replace(match, outcome="confirmed", company=()) for match in mother.matches)
    kept = tuple(Kept(answer=answer, facts="") for answer in (child, replace(mother, matches=by_word)))
    delta = Delta(decisions=world.decisions(), asks=(), stands=kept)
    left, now = before_of_theirs(Memory(case="", decided="", kept=kept), delta, Verdicts().stands)
    for answers in ([one.answer for one in left.kept], [one.answer for one in now.stands],
                    still_theirs([one.answer for one in kept], Verdicts().stands)):  # fmt: skip
        assert [(one.found, one.matches) for one in answers] == [(0, ()), (0, ())]
        (waiting,) = answers[0].waiting
        assert [(one.id, one.limit) for one in waiting.guards] == [("G15", "review")]
        assert "no longer held" in waiting.guards[0].reason
