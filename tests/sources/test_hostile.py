"""Hostile and broken connectors: each costs its own section only, and none passes for "nothing known"."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

import pytest

from mash_trawl.api import Address, Malformed, PartialDate, Residence, Unavailable
from mash_trawl.errors import Refused
from mash_trawl.model.dates import PartialDate as Date
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits


def spoilt_find(in_memory, spoil):
    """The good source, but `spoil(door, query)` answers `find`."""

    class Spoilt(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                yield from spoil(door, query) or ()

    return Spoilt


def spoilt_fetch(in_memory, spoil):
    """The good source, but `spoil(door, ref)` answers `fetch`."""

    class Spoilt(in_memory):
        def fetch(self, ref, grant):
            with self.open(grant) as door:
                door.request()
                yield from spoil(door, ref) or ()

    return Spoilt


def raising(error):
    def spoil(door, _):
        raise error

    return spoil


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyError("Testfall"), ("unreachable", "connector_crashed")),
        (SystemExit(1), ("unreachable", "connector_crashed")),
        (KeyboardInterrupt(), ("unreachable", "connector_crashed")),
        (MemoryError(), ("unreachable", "connector_crashed")),
        (RecursionError(), ("unreachable", "connector_crashed")),
        (Malformed("not_json"), ("unreachable", "unreadable_answer")),
        (Unavailable("login_failed"), ("unreachable", "login_failed")),
        (Unavailable("custodian_said_no"), ("refused_by_custodian", "custodian_said_no")),
        (Refused("custodian_said_no"), ("refused_by_custodian", "custodian_said_no")),
        (Unavailable("deadline"), ("timed_out", "deadline")),
        (Unavailable("driver_missing"), ("not_connected", "driver_missing")),
        (Unavailable("searched_all_keys"), ("unreachable", "connector_crashed")),
        (Unavailable("no_rule"), ("unreachable", "connector_crashed")),
        (Unavailable("made up"), ("unreachable", "connector_crashed")),
        (Refused("ledger_not_writable"), ("unreachable", "connector_crashed")),
        (Refused("grant_expired"), ("unreachable", "connector_crashed")),
    ],
)
@pytest.mark.parametrize("spoilt", [spoilt_find, spoilt_fetch])
def test_an_error_has_one_status_and_costs_no_other_source(world, in_memory, spoilt, error, expected):
    world.sources, world.people = {"spoilt": spoilt(in_memory, raising(error)), "memory": in_memory}, ("p1",)
    spoilt_answer, good = world.answers()
    assert (spoilt_answer.status, spoilt_answer.why) == expected
    assert spoilt_answer.findings == () and good.status == "found"


def test_a_connector_that_retries_without_end_is_a_crash_even_when_it_swallows_the_no(world, in_memory):
    class Flood(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                for number in range(2, 3000):
                    with suppress(Exception):
                        door.request(page=number % 7, attempt=number)
            yield from ()

    world.sources, world.people = {"memory": Flood}, ("p1",)
    assert world.said() == {"p1": ("unreachable", "connector_crashed")}
    assert world.rows("source.retried") == []


def test_rows_before_a_crash_do_not_count(world, in_memory, make_event):
    def spoil(door, ref):
        yield make_event("e1", ref)
        raise Unavailable("connection_lost")

    world.sources, world.people = {"spoilt": spoilt_fetch(in_memory, spoil)}, ("p1",)
    (answer,) = world.answers()
    assert (answer.status, answer.why, answer.found) == ("unreachable", "connection_lost", 0)
    closing = world.rows("source.failed")[-1]
    assert (closing["step"], closing["why"], closing["requests"]) == ("fetch", "connection_lost", 1)


@pytest.mark.parametrize("answer", [None, 7, "text", [], [("q", 1)]], ids=repr)
def test_a_connector_that_returns_something_else_is_never_none_found(world, in_memory, answer):
    class Odd(in_memory):
        def find_many(self, asks):
            return answer

    world.sources, world.people = {"odd": Odd}, ("p1",)
    ((status, _),) = world.said().values()
    assert status in {"unreachable", "partial"}


def test_a_connector_that_never_asks_proves_nothing(world, in_memory):
    class Idle(in_memory):
        def find(self, query, grant):
            yield from ()

    world.sources, world.people = {"idle": Idle}, ("p1",)
    assert world.said() == {"p1": ("partial", "no_end_proof")}


def test_a_connector_that_asks_for_some_keys_only_proves_nothing(world, in_memory):
    class Lazy(in_memory):
        search_keys = (("given", "family", "born"), ("nhs_number",))

        def find(self, query, grant):
            if query.by == ("nhs_number",):
                with self.open(grant) as door:
                    door.request()
            yield from ()

    world.sources, world.people = {"lazy": Lazy}, ("p1",)
    assert world.said() == {"p1": ("partial", "no_end_proof")}


def test_a_swallowed_refusal_of_the_gate_is_not_an_empty_answer(world, in_memory, clock):
    class Swallows(in_memory):
        def find(self, query, grant):
            clock.move(hours=2)
            try:
                with self.open(grant) as door:
                    door.request()
            except Exception:
                return
            yield from ()

    world.sources, world.people = {"memory": Swallows}, ("p1",)
    world.expires_at = clock().replace(hour=10)
    assert world.said() == {"p1": ("consent_missing", "consent_expired")}


@pytest.mark.parametrize(
    "rubbish",
    [
        "text",
        None,
        ("r", "text"),
        ("only one",),
        ["r", "not a tuple"],
    ],
    ids=repr,
)
def test_rubbish_without_a_good_row_is_unreadable(world, in_memory, rubbish):
    class Odd(in_memory):
        def fetch_many(self, asks):
            with self.open(asks[0].grant) as door:
                door.request()
                yield rubbish

    world.sources, world.people = {"odd": Odd}, ("p1",)
    assert world.said() == {"p1": ("unreachable", "unreadable_answer")}


def wrong_findings(make_event):
    """Findings of the right class whose values are not what the contract says."""

    class Sly(type(make_event("x", "y"))):
        pass

    good = make_event("bad", "r-p1")
    shown = {name: getattr(good, name) for name in ("ref", "about", "category", "when", "headline")}
    return {
        "a number for a key": replace(good, ref=7),
        "an instant for a day": replace(good, recorded_on=datetime(2026, 1, 1, 12, 0)),
        "a float": replace(good, headline=1.5),
        "text for a date": replace(good, when="yesterday-ish"),
        "nothing for a date": replace(good, when=None),
        "a word of its own": replace(good, basis="guessed"),
        "half a character": replace(good, headline="\ud800"),
        "a huge text": replace(good, text="x" * 1_000_000),
        "a blank key": replace(good, ref=" "),
        "a blank key of somebody in it": replace(good, about=("r-p1", "\t")),
        "a subclass": Sly(**shown),
        "the class itself": type(good),
        "a dict": shown,
    }


@pytest.mark.parametrize(
    "kind",
    [
        "a number for a key",
        "an instant for a day",
        "a float",
        "text for a date",
        "nothing for a date",
        "a word of its own",
        "half a character",
        "a huge text",
        "a blank key",
        "a blank key of somebody in it",
        "a subclass",
        "the class itself",
        "a dict",
    ],
)
def test_a_value_of_the_wrong_kind_is_quarantined_and_counted_beside_good_rows(world, in_memory, make_event, kind):
    bad = wrong_findings(make_event)[kind]

    def spoil(door, ref):
        yield make_event("good", ref)
        yield bad

    world.sources, world.people = {"spoilt": spoilt_fetch(in_memory, spoil)}, ("p1",)
    (answer,) = world.answers()
    assert (answer.status, answer.why, answer.quarantined) == ("partial", "rows_quarantined", 1)
    assert [one.ref for one in answer.findings] == ["good"]
    assert world.rows("source.answered")[-1]["quarantined"] == 1


def test_rows_about_other_people_and_categories_not_granted_are_dropped_counted_and_told(
    world, in_memory, make_event, caplog
):
    def spoil(door, ref):
        yield make_event("mine", ref)
        yield make_event("theirs", "somebody else")
        yield make_event("more", ref, category="housing.rent")
        yield make_event("other agency", ref, category="police.arrest")

    world.sources, world.people = {"spoilt": spoilt_fetch(in_memory, spoil)}, ("p1",)
    with caplog.at_level(logging.INFO, logger="mash_trawl"):
        (answer,) = world.answers()
    assert ([one.ref for one in answer.findings], answer.dropped, answer.status) == (["mine"], 3, "found")
    closing = world.rows("source.answered")[-1]
    assert (closing["other_people"], closing["not_granted"]) == (1, 2)
    assert '"event": "RowsDropped"' in caplog.text


def test_answers_to_a_question_that_was_not_put_are_dropped(world, in_memory, make_candidate, make_event):
    class Volunteers(in_memory):
        def find_many(self, asks):
            yield from super().find_many(asks)
            yield "another query", make_candidate(asks[0].query, "r-other")

        def fetch_many(self, asks):
            yield from super().fetch_many(asks)
            yield "r-other", make_event("e-other", "r-other")

    world.sources, world.people = {"memory": Volunteers}, ("p1",)
    (answer,) = world.answers()
    assert [one.ref for one in answer.findings] == ["e-r-p1"]
    assert [match.ref for match in answer.matches] == ["r-p1"]


def test_a_row_outside_its_own_categorys_period_is_dropped_though_another_category_has_no_bound(
    world, in_memory, make_event
):
    old = PartialDate.of(date(2019, 12, 31))

    def spoil(door, ref):
        yield make_event("narrow", ref, when=old)
        yield make_event("narrow, undated", ref, when=Date.parse("unknown"))
        yield make_event("wide", ref, category="housing.tenancy", when=old)
        yield Residence(ref="ended", about=(ref,), category="housing.asb", address=Address(), to=old)
        yield Residence(ref="open", about=(ref,), category="housing.asb", address=Address(), from_=old)

    decisions = world.decisions
    world.decisions = lambda: replace(
        decisions(),
        items=tuple(
            replace(one, since=date(2020, 1, 1) if one.category == "housing.asb" else None) for one in decisions()
        ),
    )
    world.sources, world.people = {"spoilt": spoilt_fetch(in_memory, spoil)}, ("p1",)
    (answer,) = world.answers()
    assert world.grants[0].since is None
    assert [one.ref for one in answer.findings] == ["narrow, undated", "wide", "open"]
    assert (answer.dropped, answer.status) == (2, "found")
    assert world.rows("source.answered")[-1]["not_granted"] == 2


def test_events_outside_the_granted_period_are_dropped(world, in_memory, make_event):
    days = {"before": date(2019, 12, 31), "first day": date(2020, 1, 1), "after": date(2026, 1, 1)}

    def spoil(door, ref):
        for name, day in days.items():
            yield make_event(name, ref, when=PartialDate.of(day))
        yield make_event("around then", ref, when=Date.parse("2019/2021"))

    decisions = world.decisions
    world.decisions = lambda: replace(
        decisions(), items=tuple(replace(one, since=date(2020, 1, 1)) for one in decisions())
    )
    world.sources, world.people = {"spoilt": spoilt_fetch(in_memory, spoil)}, ("p1",)
    (answer,) = world.answers()
    assert [one.ref for one in answer.findings] == ["first day", "after", "around then"]


@pytest.mark.parametrize("item", ["event", "rubbish"])
def test_an_endless_stream_ends_at_the_row_budget(world, in_memory, make_event, item):
    def spoil(door, ref):
        number = 0
        while True:
            number += 1
            yield make_event(f"e{number}", ref) if item == "event" else "rubbish"

    world.limits = {"spoilt": Limits(rows=7)}
    world.sources, world.people = {"spoilt": spoilt_fetch(in_memory, spoil)}, ("p1",)
    (answer,) = world.answers()
    expected = ("partial", "row_budget", 7) if item == "event" else ("unreachable", "unreadable_answer", 0)
    assert (answer.status, answer.why, answer.found) == expected


def test_exactly_the_row_budget_is_a_whole_answer(world, in_memory, make_event):
    world.limits = {"spoilt": Limits(rows=3)}
    spoilt = spoilt_fetch(in_memory, lambda door, ref: [make_event(f"e{n}", ref) for n in range(3)])
    world.sources, world.people = {"spoilt": spoilt}, ("p1",)
    assert world.said() == {"p1": ("found", "matched")}


def test_a_search_that_was_cut_off_without_a_match_is_partial(world, in_memory):
    def spoil(door, query):
        door.tally.truncated = True

    world.sources, world.people = {"spoilt": spoilt_find(in_memory, spoil)}, ("p1",)
    assert world.said() == {"p1": ("partial", "search_truncated")}


def test_a_source_that_hangs_times_out_alone_and_its_late_thread_is_disowned(world, in_memory, make_event):
    release, refusals, ended = threading.Event(), [], threading.Event()

    class Hangs(in_memory):
        def find(self, query, grant):
            with self.open(grant) as door:
                door.request()
                release.wait(30)
                try:
                    door.request(page=2)
                except Refused as refusal:
                    refusals.append(refusal.why)
                finally:
                    ended.set()
            yield from super().find(query, grant)

    world.limits = {"hangs": Limits(deadline=Duration(seconds=1))}
    world.sources, world.people = {"hangs": Hangs, "memory": in_memory}, ("p1",)
    hung, good = world.answers()
    assert (hung.status, hung.why, hung.found) == ("timed_out", "deadline", 0) and good.status == "found"
    rows = len(list(world.ledger.rows()))
    assert world.rows("source.failed")[-1]["why"] == "deadline"
    release.set()
    assert ended.wait(10) and refusals == ["visit_over"]
    assert len(list(world.ledger.rows())) == rows
    assert ("hangs", "late", 1, 1) in world.progress


def test_people_answered_before_the_deadline_keep_their_answers(world, in_memory):
    class HangsOnTheSecond(in_memory):
        def find(self, query, grant):
            if query.person == "p2":
                threading.Event().wait(30)
            yield from super().find(query, grant)

    world.limits = {"slow": Limits(deadline=Duration(seconds=2), parallel=1)}
    world.sources = {"slow": HangsOnTheSecond}
    assert world.said() == {"p1": ("found", "matched"), "p2": ("timed_out", "deadline")}


def test_no_log_line_and_no_exception_repeats_what_a_connector_said(world, in_memory, caplog, capsys):
    canary = "Synthetica-Canary"
    crash = spoilt_find(in_memory, raising(ValueError(canary)))
    unreadable = spoilt_fetch(in_memory, lambda door, ref: [canary])
    world.sources = {"crash": crash, "unreadable": unreadable}
    with caplog.at_level(logging.DEBUG):
        world.answers()
    said = capsys.readouterr()
    assert '"kind": "ValueError"' in caplog.text
    assert canary not in caplog.text + said.out + said.err


def test_a_grant_of_another_person_or_ask_opens_nothing(world, in_memory):
    seen = []

    class Hoards(in_memory):
        def find(self, query, grant):
            seen.append(grant)
            with self.open(seen[0]) as door:
                door.request()
            yield from super().find(query, seen[0])

    world.limits = {"memory": Limits(parallel=1)}
    world.sources = {"memory": Hoards}
    assert world.said() == {"p1": ("found", "matched"), "p2": ("unreachable", "connector_crashed")}
