"""Lanes: one answer for every (source, person), whatever is permitted, connected or held."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.api import Unavailable
from mash_trawl.config.read import read_value
from mash_trawl.errors import Refused
from mash_trawl.identity.plan import plan_queries
from mash_trawl.model.answer import STATUS_OF, Answer, Coverage
from mash_trawl.model.base import to_plain
from mash_trawl.model.decision import Outcome
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits
from mash_trawl.model.query import FetchAsk, FindAsk, PersonQuery


def test_a_source_that_knows_everybody_is_found_with_rows_asked_and_closed(world, in_memory):
    world.sources = {"memory": in_memory}
    answers = world.answers()
    assert [(one.person, one.status, one.why, one.found) for one in answers] == [
        ("p1", "found", "matched", 1),
        ("p2", "found", "matched", 1),
    ]
    people = world.told_privately("source.asked")
    asked = sorted((row["step"], *who) for row, who in zip(world.rows("source.asked"), people, strict=True))
    assert asked == [("fetch", "p1"), ("fetch", "p2"), ("find", "p1"), ("find", "p2")]
    assert [row["why"] for row in world.rows("source.answered")] == ["answered"] * 4


def test_answers_come_in_the_order_of_hub_file_and_case_file_however_fast_the_sources_are(world, in_memory):
    first_may_answer = threading.Event()

    class Slow(in_memory):
        def find(self, query, grant):
            first_may_answer.wait(10)
            yield from super().find(query, grant)

    class Quick(in_memory):
        def fetch(self, ref, grant):
            yield from super().fetch(ref, grant)
            first_may_answer.set()

    world.sources = {"slow": Slow, "quick": Quick}
    world.people = ("p2", "p1")
    assert [(one.source, one.person) for one in world.answers()] == [
        ("slow", "p1"),
        ("slow", "p2"),
        ("quick", "p1"),
        ("quick", "p2"),
    ]


def test_the_ledger_holds_no_case_reference_in_its_public_part(world, in_memory):
    world.sources = {"memory": in_memory}
    world.answers()
    rows = list(world.ledger.rows())
    assert rows
    assert all("MASH-2026-0001" not in json.dumps(dict(row.public)) for row in rows)
    assert all((row.private or {})["case"] == "MASH-2026-0001" for row in rows)


def test_the_ids_of_people_stand_in_the_private_part_of_a_row_and_their_number_in_the_public_one(world, in_memory):
    world.sources = {"memory": in_memory, "absent": None}
    world.answers()
    rows = list(world.ledger.rows())
    assert not {"p1", "p2"} & {word for row in rows for word in json.dumps(dict(row.public)).split('"')}
    assert [row["people"] for row in world.rows("source.asked") + world.rows("source.not_asked")] == [1] * 6
    assert sorted(world.told_privately("source.asked")) == [["p1"], ["p1"], ["p2"], ["p2"]]
    assert sorted(world.told_privately("source.not_asked")) == [["p1"], ["p2"]]


def test_a_denied_person_leaves_no_session_no_ask_and_no_secret(world, in_memory):
    opened = []

    class Watched(in_memory):
        def session(self, door):
            opened.append([grant.person for grant in door.grants])
            return super().session(door)

    world.sources = {"memory": Watched}
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.outcomes = {("memory", person): {"housing.asb": Outcome.DENY} for person in ("p1", "p2")}
    assert world.said() == {
        "p1": ("consent_missing", "consent_not_given"),
        "p2": ("consent_missing", "consent_not_given"),
    }
    assert opened == [] and world.resolved == [] and world.rows("source.asked") == []
    assert world.told_privately("source.not_asked") == [["p1"], ["p2"]]
    assert [(row["why"], row["rule"]) for row in world.rows("source.not_asked")] == [
        ("consent_not_given", "test-rule"),
        ("consent_not_given", "test-rule"),
    ]


def test_the_row_of_an_ask_is_durable_before_the_secret_is_resolved(world, in_memory):
    order = []
    write, resolve = world.ledger.write, world.resolve

    def noted_write(*entries):
        numbers = write(*entries)
        order.extend(entry.kind for entry in entries)
        return numbers

    def noted_resolve(text):
        order.append("resolved")
        return resolve(text)

    world.ledger.write, world.resolve = noted_write, noted_resolve
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.settings = {"memory": {"connect": {"url": "env:MEMORY"}}}
    world.answers()
    once = ["source.asked", "resolved", "source.answered"]
    assert order == [*once, "match.decided", *once]


@pytest.mark.parametrize(
    ("outcomes", "why", "expected"),
    [
        ([Outcome.DENY, Outcome.DENY], "no_rule", ("not_permitted", "no_rule")),
        ([Outcome.DENY, Outcome.DENY], "gateway_not_met", ("not_permitted", "gateway_not_met")),
        ([Outcome.DENY, Outcome.DENY], "consent_withdrawn", ("consent_missing", "consent_withdrawn")),
        ([Outcome.DENY, Outcome.DENY], "a code of its own", ("not_permitted", "no_rule")),
        ([Outcome.DENY, Outcome.DENY], "matched", ("not_permitted", "no_rule")),
        ([Outcome.REVIEW, Outcome.DENY], "no_rule", ("pending_person", "review_unanswered")),
        ([Outcome.REVIEW, Outcome.PERMIT], "no_rule", ("found", "matched")),
    ],
)
def test_what_is_not_permitted_has_the_status_of_its_reason(world, in_memory, outcomes, why, expected):
    world.sources, world.people, world.why = {"memory": in_memory}, ("p1",), why
    decided = dict(zip(("housing.tenancy", "housing.asb"), outcomes, strict=True))
    world.outcomes = {("memory", "p1"): decided}
    assert world.said() == {"p1": expected}


def test_categories_that_were_not_asked_for_are_listed_with_rule_and_why(world, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    world.outcomes = {("memory", "p1"): {"housing.asb": Outcome.PERMIT, "housing.tenancy": Outcome.DENY}}
    (answer,) = world.answers()
    assert [(one.category, one.rule, one.why) for one in answer.withheld] == [
        ("housing.tenancy", "test-rule", "consent_not_given")
    ]


def test_a_source_without_connector_is_not_connected_and_a_refusal_goes_before_that(world):
    world.sources = {"absent": None}
    world.outcomes = {("absent", "p2"): {"housing.asb": Outcome.DENY}}
    said = world.said()
    assert said == {"p1": ("not_connected", "not_installed"), "p2": ("consent_missing", "consent_not_given")}
    assert sorted(world.told_privately("source.not_asked")) == [["p1"], ["p2"]]


def test_a_person_without_a_usable_key_is_never_asked_about(world, in_memory):
    world.sources, world.people = {"memory": in_memory}, ("p3",)
    (answer,) = world.answers()
    assert (answer.status, answer.why) == ("ambiguous_identity", "no_usable_key")
    assert answer.not_searched == (("given", "family", "born"),)
    assert world.rows("source.asked") == []


def test_nobody_found_after_every_key_is_none_found(world, in_memory):
    class Empty(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
            yield from ()

    world.sources, world.people = {"memory": Empty}, ("p1",)
    (answer,) = world.answers()
    assert (answer.status, answer.why) == ("none_found", "searched_all_keys")
    assert {(one.by, one.candidates) for one in answer.searched} == {(("given", "family", "born"), 0)}


def test_a_person_to_be_reviewed_is_never_fetched(world, in_memory, make_candidate):
    class Namesakes(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                for ref in ("a", "b"):
                    known = make_candidate(query, ref)
                    yield type(known)(ref=ref, names=known.names, born=known.born)

        def fetch(self, ref, grant):
            raise AssertionError("fetched a person who was to be reviewed")

    world.sources, world.people = {"memory": Namesakes}, ("p2",)
    (answer,) = world.answers()
    assert (answer.status, answer.why, answer.possible) == ("ambiguous_identity", "possible_matches", 2)
    assert [row["step"] for row in world.rows("source.asked")] == ["find"]


def test_a_record_with_nothing_in_scope_is_found_and_says_so(world, in_memory):
    class Nothing(in_memory):
        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
            yield from ()

    world.sources, world.people = {"memory": Nothing}, ("p1",)
    assert world.said() == {"p1": ("found", "known_nothing_in_scope")}


def test_a_source_that_takes_many_is_asked_once_for_all_permitted_people(world, in_memory, make_candidate, make_event):
    class Many(in_memory):
        batches = True

        def find_many(self, asks):
            with self.open(*(ask.grant for ask in asks)) as door:
                door.request()
                for ask in asks:
                    yield ask.query.id, make_candidate(ask.query, f"r-{ask.query.person}")

        def fetch_many(self, asks):
            with self.open(*(ask.grant for ask in asks)) as door:
                door.request()
                for ask in asks:
                    yield ask.ref, make_event(f"e-{ask.ref}", ask.ref)

    world.sources, world.people = {"memory": Many}, ("p1", "p2")
    world.outcomes = {("memory", "p2"): {"housing.asb": Outcome.PERMIT, "housing.tenancy": Outcome.DENY}}
    assert world.said() == {"p1": ("found", "matched"), "p2": ("found", "matched")}
    assert [(row["step"], row["people"]) for row in world.rows("source.asked")] == [("find", 2), ("fetch", 2)]
    assert world.told_privately("source.asked") == [["p1", "p2"], ["p1", "p2"]]


def test_the_same_record_delivered_twice_counts_once_and_a_contradiction_stays(world, in_memory, make_event):
    class Twice(in_memory):
        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
                yield make_event("e1", ref)
                yield replace(make_event("e1", ref), about=(ref, "somebody else"))
                yield make_event("e1", ref, headline="Told differently")

    world.sources, world.people = {"memory": Twice}, ("p1",)
    (answer,) = world.answers()
    assert [(one.headline, len(one.about)) for one in answer.findings] == [
        ("Noise reported", 2),
        ("Told differently", 1),
    ]


def test_data_older_than_the_hub_accepts_is_partial(world, in_memory):
    class Old(in_memory):
        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
                door.tally.as_of = "2026-11-01"
                yield from ()

    world.sources, world.people = {"memory": Old}, ("p1",)
    world.settings = {"memory": {"coverage": Coverage(from_="2009-04", area="North")}}
    world.limits = {"memory": Limits(fresh_for=Duration(seconds=86400))}
    (answer,) = world.answers()
    assert (answer.status, answer.why) == ("partial", "too_old")
    assert answer.coverage == Coverage(from_="2009-04", area="North", as_of="2026-11-01")


@pytest.mark.parametrize(
    ("lag", "fresh_for", "expected"),
    [
        (172800, 86400, ("partial", "too_old")),
        (172800, 259200, ("found", "matched")),
        (172800, None, ("found", "matched")),
    ],
)
def test_a_constant_lag_says_when_the_data_stood_and_may_be_too_old(world, in_memory, lag, fresh_for, expected):
    class Replica(in_memory):
        pass

    Replica.lag = Duration(seconds=lag)
    world.sources, world.people = {"memory": Replica}, ("p1",)
    world.limits = {"memory": Limits(fresh_for=Duration(seconds=fresh_for) if fresh_for else None)}
    (answer,) = world.answers()
    assert (answer.status, answer.why) == expected
    stood = answer.asked_at - timedelta(seconds=lag)
    assert answer.coverage == Coverage(as_of=stood.date().isoformat())


def test_what_the_source_says_of_its_age_goes_before_a_constant_lag(world, in_memory):
    class Replica(in_memory):
        lag = Duration(seconds=172800)

        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
                door.tally.as_of = "2026-11-03"
                yield from ()

    world.sources, world.people = {"memory": Replica}, ("p1",)
    (answer,) = world.answers()
    assert answer.coverage == Coverage(as_of="2026-11-03")


def test_a_key_that_the_source_cannot_search_by_is_listed_and_proves_nothing_about_others(world, in_memory):
    class Skips(in_memory):
        search_keys = (("given", "family", "born"), ("family_soundex", "born"))

        def find(self, query, grant):
            if query.by[0] == "family_soundex":
                with self.open(grant) as door:
                    door.tally.skipped.append(query.by)
                return
            yield from super().find(query, grant)

    world.sources, world.people = {"memory": Skips}, ("p1",)
    (answer,) = world.answers()
    assert answer.status == "found"
    assert answer.not_searched == (("family_soundex", "born"),)
    assert {one.by for one in answer.searched} == {("given", "family", "born")}


def test_progress_tells_each_source_from_asking_to_done_on_the_callers_thread(world, in_memory):
    world.sources = {"memory": in_memory}
    world.answers()
    assert world.progress[0] == ("memory", "asking", 0, 2)
    assert world.progress[-1] == ("memory", "done", 2, 2)


def test_a_stop_ends_every_open_pair_and_no_thread_is_waited_for(world, in_memory):
    class Hangs(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                world.stop.set()
                threading.Event().wait(60)
                door.request()
            yield from ()

    world.sources = {"hangs": Hangs, "memory": Hangs}
    assert {(one.status, one.why) for one in world.answers()} == {("timed_out", "stopped")}


def test_a_stop_before_the_start_asks_nobody(world, in_memory):
    asked = threading.Event()

    class Watched(in_memory):
        def find(self, query, grant):
            asked.set()
            yield from super().find(query, grant)

    world.sources = {"memory": Watched}
    world.stop.set()
    assert {one.why for one in world.answers()} == {"stopped"}
    assert not asked.is_set() and world.rows("source.asked") == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2026-11-01", "2026-11-01"),
        ("2026-11-01T08:30", "2026-11-01T08:30:00"),
        ("2026-11-01 08:30:00.5", "2026-11-01T08:30:00.500000"),
        ("2026-11-01T08:30:00Z", "2026-11-01T08:30:00+00:00"),
        ("2026-11-01T08:30:00+01:00", "2026-11-01T08:30:00+01:00"),
        ("<script>Aisha Testfall</script>", None),
        ("2026-11-01 Aisha Testfall", None),
        ("2026-13-01", None),
        ("2026-W44", None),
        ("\u0662\u0660\u0662\u0666-11-01", None),
        ("None", None),
        ("", None),
        (7, None),
    ],
)
def test_a_source_says_how_old_its_data_is_as_a_day_or_an_instant_or_it_said_something_unreadable(
    world, in_memory, make_event, said, told
):
    class Dated(in_memory):
        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
                door.tally.as_of = said
                yield make_event(f"e-{ref}", ref)

    world.sources, world.people = {"memory": Dated}, ("p1",)
    (answer,) = world.answers()
    assert answer.found == 1
    if told is None:
        assert (answer.coverage, answer.status, answer.why) == (None, "partial", "rows_quarantined")
    else:
        assert (answer.coverage, answer.status) == (Coverage(as_of=told), "found")


def test_a_ledger_that_fails_in_the_middle_ends_the_trawl_and_every_further_request(world, in_memory):
    write, broken, late = world.ledger.write, threading.Event(), []
    others_are_in, refused = threading.Event(), threading.Event()

    def failing(*entries):
        if broken.is_set():
            raise Refused("ledger_not_writable")
        return write(*entries)

    class Breaks(in_memory):
        def find(self, query, grant):
            others_are_in.wait(10)
            broken.set()
            with self.open(grant) as door:
                door.request()
                door.request(attempt=2)
            yield from ()

    class Other(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                others_are_in.set()
                door.asking.visit.over.wait(10)
                try:
                    door.request()
                except Refused as refusal:
                    late.append(refusal.why)
                    refused.set()
            yield from ()

    world.ledger.write = failing
    world.sources, world.people = {"breaks": Breaks, "other": Other}, ("p1",)
    with pytest.raises(Refused, match="ledger"):
        world.answers()
    assert refused.wait(10)
    assert late == ["visit_over"]


def test_a_ledger_that_fails_from_the_start_means_that_nothing_is_asked(world, in_memory):
    class Watched(in_memory):
        def __init__(self, *args):
            raise AssertionError("made a connector")

    def failing(*entries):
        raise Refused("ledger_not_writable")

    world.ledger.write = failing
    world.sources = {"memory": Watched}
    with pytest.raises(Refused, match="ledger"):
        world.answers()
    assert world.resolved == []


def test_an_engine_fault_is_not_hidden_and_says_nothing_but_its_kind(world, in_memory):
    class Odd(in_memory):
        search_keys = None

    world.sources = {"memory": Odd}
    with pytest.raises(RuntimeError, match=r"^a lane ended with TypeError$"):
        world.answers()


def test_asks_and_answers_survive_json(world, in_memory):
    world.sources = {"memory": in_memory}
    world.settings = {"memory": {"coverage": Coverage(from_="2009-04")}}
    for answer in world.answers():
        plain = json.loads(json.dumps(to_plain(answer)))
        assert read_value(Answer, plain) == answer
    grant = world.grants[0]
    query = PersonQuery(id="q1", person="p1", by=("family",), family="Testfall")
    find = json.loads(json.dumps(to_plain(FindAsk(query=query, grant=grant))))
    assert find["grant"] == grant.id and read_value(PersonQuery, find["query"]) == query
    assert to_plain(FetchAsk(ref="r1", grant=grant)) == {"ref": "r1", "grant": grant.id}


def test_a_search_that_could_not_use_every_value_is_never_none_found(world, in_memory):
    class Empty(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
            yield from ()

    full = plan_queries
    world.plan = lambda *asked: replace(full(*asked), cut=(("given", "family", "born"),))
    world.sources, world.people = {"memory": Empty}, ("p1",)
    (answer,) = world.answers()
    assert (answer.status, answer.why) == ("partial", "search_truncated")
    assert [one.truncated for one in answer.searched] == [True]


def test_a_match_of_a_search_that_could_not_use_every_value_is_for_a_person_to_review(world, in_memory):
    full = plan_queries
    world.plan = lambda *asked: replace(full(*asked), cut=(("given", "family", "born"),))
    world.sources, world.people = {"memory": in_memory}, ("p1",)
    (answer,) = world.answers()
    assert (answer.why, answer.possible, answer.matches, answer.findings) == ("search_truncated", 1, (), ())
    assert [row["step"] for row in world.rows("source.asked")] == ["find"]


BEHAVIOURS = ("good", "empty", "crash", "unavailable", "refused", "rubbish", "partial", "silent", "exit", "absent")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_mixture_of_sources_and_decisions_gives_exactly_one_answer_for_each_pair(
    data, world, in_memory, make_candidate
):
    def made(behaviour):
        class Some(in_memory):
            def find(self, query, grant):
                with self.open(grant) as door:
                    if behaviour == "silent":
                        return
                    door.request()
                    if behaviour == "crash":
                        raise KeyError(query.family)
                    if behaviour == "exit":
                        raise SystemExit(3)
                    if behaviour in ("unavailable", "refused"):
                        raise Unavailable("connection_lost" if behaviour == "unavailable" else "custodian_said_no")
                    if behaviour == "rubbish":
                        yield "rubbish"
                    if behaviour == "partial":
                        door.tally.complete = False
                    if behaviour != "empty":
                        yield make_candidate(query, f"r-{query.person}")

        return None if behaviour == "absent" else Some

    behaviours = data.draw(st.lists(st.sampled_from(BEHAVIOURS), min_size=1, max_size=4))
    world.sources = {f"s{number}": made(behaviour) for number, behaviour in enumerate(behaviours)}
    world.people = ("p1", "p2", "p3")
    world.breakers = None
    world.outcomes = {
        pair: {category: data.draw(st.sampled_from(Outcome)) for category in ("housing.asb", "housing.tenancy")}
        for pair in product(world.sources, world.people)
    }
    answers = world.answers()
    assert [(one.source, one.person) for one in answers] == list(product(world.sources, world.people))
    for one in answers:
        assert STATUS_OF[one.why] is one.status
        permitted = Outcome.PERMIT in world.outcomes[one.source, one.person].values()
        behaviour = behaviours[int(one.source[1:])]
        if permitted and one.person != "p3":
            assert one.status == EXPECTED[behaviour], behaviour
        assert bool(one.findings) <= (one.status in {"found", "partial"})
        assert permitted or one.status in {"not_permitted", "consent_missing", "pending_person"}


EXPECTED = {
    "good": "found",
    "empty": "none_found",
    "crash": "unreachable",
    "unavailable": "unreachable",
    "refused": "refused_by_custodian",
    "rubbish": "partial",
    "partial": "partial",
    "silent": "partial",
    "exit": "unreachable",
    "absent": "not_connected",
}
