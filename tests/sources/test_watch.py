"""What is said about a case while its trawl runs: heard before every request, never widening anything."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from mash_trawl.api import Grant
from mash_trawl.errors import Refused
from mash_trawl.model.answer import Why
from mash_trawl.model.decision import Outcome
from mash_trawl.model.hub import Limits
from mash_trawl.sources.asking import LOOK_EVERY, Visit
from mash_trawl.sources.watch import Watch, Watched

PERMIT, DENY, REVIEW = Outcome.PERMIT, Outcome.DENY, Outcome.REVIEW
ASB, TENANCY = "housing.asb", "housing.tenancy"


class Said:
    """What people say of the case: a number that a test raises, and what is decided from then on."""

    def __init__(self, world):
        self.world, self.number, self.asked, self.decided = world, 0, 0, 0
        self.broken = ""
        world.watch = Watch(since=0, revision=self.revision, still=self.still)

    def revision(self):
        self.asked += 1
        self.breaks("revision")
        return self.number

    def still(self):
        self.decided += 1
        self.breaks("still")
        return self.world.decisions()

    def breaks(self, what):
        if self.broken == what:
            raise OSError("Synthetica Testfall")

    def no(self, person, *categories, rule="consent.withdrawn", why="consent_withdrawn", outcome=DENY):
        """Somebody takes something back, and the number grows."""
        for category in categories:
            self.world.denials["memory", person, category] = (rule, why)
        usual = {ASB: PERMIT, TENANCY: PERMIT}
        self.world.outcomes["memory", person] = usual | dict.fromkeys(categories, outcome)
        self.number += 1


@pytest.fixture
def said(world):
    """A watch over the world."""
    return Said(world)


@pytest.fixture
def pages(world, in_memory, said):
    """A source of three pages in one search; what a test does between the first and the second."""
    told = {"sent": [], "between": lambda: None}

    class Pages(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                for page in (1, 2, 3):
                    door.request(page=page)
                    told["sent"].append((query.person, page))
                    if page == 1:
                        told["between"]()
                yield from ()

    world.sources, world.people = {"memory": Pages}, ("p1",)
    return told


def test_while_nothing_is_said_nothing_is_decided_again(world, said, in_memory):
    world.sources = {"memory": in_memory}
    assert world.said() == {"p1": ("found", "matched"), "p2": ("found", "matched")}
    assert said.asked >= 8 and said.decided == 0
    assert world.rows("permit.withdrawn") == []


def test_a_withdrawal_is_heard_at_the_next_page(world, said, pages):
    pages["between"] = lambda: said.no("p1", ASB, TENANCY)
    assert world.said() == {"p1": ("consent_missing", "consent_withdrawn")}
    assert pages["sent"] == [("p1", 1)]
    assert said.decided == 1
    (row,) = world.rows("permit.withdrawn")
    assert dict(row) == {"source": "memory", "people": 1, "why": "consent_withdrawn"}
    assert world.told_privately("permit.withdrawn") == [["p1"]]


@pytest.mark.parametrize(
    ("rule", "why", "outcome", "told"),
    [
        ("scope.suspended", "suspended", DENY, ("not_connected", "suspended")),
        ("scope.not_approved", "not_approved", DENY, ("not_connected", "not_approved")),
        ("agreement.lapsed", "no_agreement", DENY, ("not_permitted", "no_agreement")),
        ("emergency.not_countersigned", "not_countersigned", DENY, ("not_permitted", "not_countersigned")),
        ("approval.missing", "policy_not_approved", DENY, ("not_permitted", "policy_not_approved")),
        ("consent.refused", "consent_not_given", DENY, ("consent_missing", "consent_not_given")),
        ("consent.contested", "review_unanswered", REVIEW, ("pending_person", "review_unanswered")),
        ("gateway.S47.ended", "gateway_not_met", DENY, ("not_permitted", "permit_withdrawn")),
        ("consent.not_sought", "consent_not_sought", DENY, ("not_permitted", "permit_withdrawn")),
    ],
)
def test_the_answer_says_what_was_taken_back(world, said, pages, rule, why, outcome, told):
    pages["between"] = lambda: said.no("p1", ASB, TENANCY, rule=rule, why=why, outcome=outcome)
    assert world.said() == {"p1": told}
    assert len(pages["sent"]) == 1


def test_a_grant_does_not_outlive_one_of_its_categories_and_none_is_minted_for_the_rest(world, said, pages):
    pages["between"] = lambda: said.no("p1", TENANCY)
    assert world.said() == {"p1": ("consent_missing", "consent_withdrawn")}
    assert len(pages["sent"]) == 1


def test_content_that_becomes_existence_only_ends_the_grant(world, said, pages):
    def narrower():
        world.modes["memory", "p1", ASB] = "existence"
        said.number += 1

    pages["between"] = narrower
    assert world.said() == {"p1": ("not_permitted", "permit_withdrawn")}


def test_what_concerns_somebody_else_stops_nobody(world, said, pages):
    world.people = ("p1", "p2")
    world.limits = {"memory": Limits(parallel=1)}
    pages["between"] = lambda: said.no("p2", ASB, TENANCY)
    assert world.said() == {"p1": ("none_found", "searched_all_keys"), "p2": ("consent_missing", "consent_withdrawn")}
    assert {person for person, _ in pages["sent"]} == {"p1"}
    assert [row["people"] for row in world.rows("source.asked")] == [1]


def test_what_was_said_between_deciding_and_asking_is_heard_before_the_first_request(world, said, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    said.number = 7
    world.watch = replace(world.watch, still=lambda: replace(world.decisions(), items=()))
    assert world.said() == {"p1": ("not_permitted", "permit_withdrawn")}
    assert world.rows("source.asked") == [] and world.resolved == []


@pytest.mark.parametrize("broken", ["revision", "still"])
def test_what_cannot_be_read_or_decided_takes_everything_back(world, said, pages, broken, caplog):
    def now():
        said.number, said.broken = 1, broken

    world.people, pages["between"] = ("p1", "p2"), now
    world.limits = {"memory": Limits(parallel=1)}
    with caplog.at_level("INFO", logger="mash_trawl"):
        assert world.said() == dict.fromkeys(("p1", "p2"), ("not_permitted", "permit_withdrawn"))
    assert len(pages["sent"]) == 1
    assert '"StandingUnread", "kind": "OSError"' in caplog.text and "Synthetica" not in caplog.text


def test_an_end_that_is_learnt_of_on_the_way_counts(world, said, pages, clock):
    """A withdrawal may be dated: then the permit holds until that moment, and the number does not change again."""

    def dated():
        world.expires_at = clock() + timedelta(minutes=5)
        said.number += 1

    pages["between"] = dated
    assert world.said() == {"p1": ("none_found", "searched_all_keys")}
    world.gate.admit(world.grants, world.watch)
    assert world.gate.objection(world.grants[0], "memory") is None
    clock.move(minutes=5)
    assert world.gate.objection(world.grants[0], "memory") == "grant_expired"


def test_everything_is_decided_once_for_each_change_however_many_ask(world, said, in_memory):
    world.sources = {"memory": in_memory}
    world.answers()
    watched = Watched(world.watch, world.grants)
    said.number = 1
    threads = [threading.Thread(target=watched.look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.decided == 1
    assert [watched.taken(grant) for grant in world.grants] == [None, None]


def test_once_everything_is_taken_back_nothing_is_read_any_more(world, said, in_memory):
    world.sources = {"memory": in_memory}
    world.answers()
    watched = Watched(world.watch, world.grants)
    for person in world.people:
        said.no(person, ASB, TENANCY)
    watched.look()
    before = (said.asked, said.decided)
    said.number += 1
    watched.look()
    assert (said.asked, said.decided) == before
    assert {watched.taken(grant) for grant in world.grants} == {Why.CONSENT_WITHDRAWN}


def test_what_was_taken_back_does_not_come_back(world, said, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1", "p2")
    world.answers()
    watched = Watched(world.watch, world.grants)
    said.no("p1", ASB)
    watched.look()
    world.outcomes.clear()
    said.number += 1
    watched.look()
    assert [watched.taken(grant) for grant in world.grants] == [Why.CONSENT_WITHDRAWN, None]


def test_between_two_requests_what_was_said_is_looked_at_every_so_many_rows(world, said, in_memory, make_candidate):
    sent = []

    class Streams(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                said.no("p1", ASB, TENANCY)
                for number in range(10_000):
                    sent.append(number)
                    yield make_candidate(query, f"r-{number}")

    world.sources, world.people = {"memory": Streams}, ("p1",)
    assert world.said() == {"p1": ("consent_missing", "consent_withdrawn")}
    assert len(sent) <= LOOK_EVERY


def test_address_and_secret_are_not_looked_up_after_a_withdrawal(world, said, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.answers()
    world.resolved.clear()
    world.gate.admit(world.grants, world.watch)
    visit = Visit(world.gate, "memory", case="MASH-2026-0001", trawl="t1", broken=lambda refusal: None)
    asking = visit.ask("find", world.grants)
    said.no("p1", ASB, TENANCY)
    with pytest.raises(Refused, match="grant withdrawn"):
        asking.open(world.grants)
    assert world.resolved == []


def test_a_retry_after_a_withdrawal_leaves_no_row_and_no_request(world, said, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.answers()
    world.gate.admit(world.grants, world.watch)
    visit = Visit(world.gate, "memory", case="MASH-2026-0001", trawl="t1", broken=lambda refusal: None)
    door = visit.ask("find", world.grants).open(world.grants)
    door.request()
    said.no("p1", ASB, TENANCY)
    with pytest.raises(Refused, match="grant withdrawn"):
        door.request(attempt=2)
    assert world.rows("source.retried") == [] and door.tally.requests == 1


def test_of_grants_nobody_watches_the_gate_knows_no_reason(world, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.answers()
    world.gate.admit(world.grants)
    assert isinstance(world.grants[0], Grant)
    assert world.gate.taken_back(world.grants[0]) is None
