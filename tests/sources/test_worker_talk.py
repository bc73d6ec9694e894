"""What a worker may say: whatever comes up, the engine gets its own values or an error that it knows, or ends it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.api import Candidate, Duration, Event, PartialDate
from mash_trawl.errors import Malformed, Refused, Unavailable
from mash_trawl.model.base import to_plain
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.sources import worker_facts
from mash_trawl.sources.sieve import FINDINGS
from mash_trawl.sources.worker import _row as told_row
from mash_trawl.sources.worker_far import FarDoor
from mash_trawl.sources.worker_frames import HEAD, MOST, BadFrame, length, pack, unpack
from mash_trawl.sources.worker_process import Gone
from mash_trawl.sources.worker_remote import Crashed, Talk
from mash_trawl.transports.door import Tally

KEYS = (("given", "family", "born"),)
EVENT = Event(ref="e1", about=("r1",), category="housing.asb", when=PartialDate.of(date(2025, 3, 4)), headline="Noise")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda held: st.lists(held, max_size=4) | st.dictionaries(st.text(max_size=8), held, max_size=4),
    max_leaves=12,
)
NEAR = st.fixed_dictionaries(
    {"say": st.sampled_from(["rows", "end", "error", "open", "request", "wait", "begun", "ready"])},
    optional={
        "rows": ANYTHING
        | st.lists(st.tuples(st.text(), st.sampled_from(["Event", "Candidate", "dict"]), ANYTHING), max_size=3),
        "doors": ANYTHING | st.lists(st.fixed_dictionaries({}, optional={
            "rows": ANYTHING, "quarantined": ANYTHING, "complete": ANYTHING, "truncated": ANYTHING, "as_of": ANYTHING,
            "skipped": ANYTHING}), max_size=2),
        "grants": st.just(["g0"]) | ANYTHING,
        "door": st.just(0) | ANYTHING, "page": st.just(1) | ANYTHING, "attempt": st.just(1) | ANYTHING,
        "seconds": ANYTHING, "kind": st.sampled_from(["Unavailable", "Refused", "Malformed", "KeyError"]) | ANYTHING,
        "why": ANYTHING,
    },
)  # fmt: skip


class Door:
    """A door that counts and says yes. It stands for the gate's, which `test_worker.py` uses for real."""

    source, step, base, proxy = "far", "find", "/hub", None
    connect: dict[str, str] = {}  # noqa: RUF012 - never changed
    limits, tls = Limits(deadline=Duration(seconds=20), rows=5), Tls()

    def __init__(self) -> None:
        self.tally = Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        assert type(page) is int and type(attempt) is int
        self.tally.requests += 1
        return 10.0

    def row(self) -> bool:
        more = self.tally.rows < self.limits.rows
        self.tally.rows += more
        return more

    def wait(self, seconds: float) -> None:
        assert type(seconds) is float


class Script:
    """A worker that says these things. It stands for the process, as nothing honest would say them."""

    def __init__(self, said: Sequence[Any]) -> None:
        self.said, self.heard = list(said), []

    def hear(self) -> Any:
        if not self.said:
            raise Gone("it ended")
        return self.said.pop(0)

    def say(self, message: dict[str, Any]) -> None:
        self.heard.append(json.loads(pack(message)[HEAD:]))


def talk(*said: Any, opener: Any = None) -> tuple[list[Any], Script, list[Door]]:
    """The rows of a talk, the script with what it was told, and the doors that were opened."""
    doors: list[Door] = []

    def opened(grants: Sequence[Any]) -> Door:
        if not grants:
            raise Refused("grant_of_another_ask")
        doors.append(Door())
        return doors[-1]

    script: Any = Script(said)
    grant: Any = SimpleNamespace(id="g0")
    return list(Talk(script, opener or opened, {"g0": grant}, KEYS).rows()), script, doors


@given(st.lists(ANYTHING.filter(lambda value: isinstance(value, dict)) | NEAR, max_size=6))
def test_whatever_a_worker_says_the_engine_gets_its_own_values_or_an_error_that_it_knows(said):
    try:
        rows, _, doors = talk(*said)
    except (Gone, Crashed, Unavailable, Refused, Malformed):
        return
    for key, value in rows:
        assert type(key) is str
        assert value is None or type(value) in (Candidate, *FINDINGS)
    for door in doors:
        assert 0 <= door.tally.rows <= door.limits.rows and type(door.tally.complete) is bool
        assert all(key in KEYS for key in door.tally.skipped)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_bad_frame(body):
    with suppress(BadFrame):
        assert type(unpack(body)) is dict


@pytest.mark.parametrize("body", [b"[" * 100_000, b"1" * 10_000, b'{"a":' * 50_000, b"\xff", b"", b"[]", b"NaN"])
def test_hostile_json_is_a_bad_frame(body):
    with pytest.raises(BadFrame):
        unpack(body)


def test_a_frame_says_its_length_and_is_never_longer_than_it_may():
    frame = pack({"say": "begun"})
    assert length(frame[:HEAD]) == len(frame) - HEAD and unpack(frame[HEAD:]) == {"say": "begun"}
    with pytest.raises(BadFrame):
        length((MOST + 1).to_bytes(HEAD, "big"))
    with pytest.raises(BadFrame):
        pack({"say": "x" * MOST})


def test_a_row_arrives_as_it_was_sent():
    row, _ = told_row(("r1", EVENT))
    rows, _, _ = talk({"say": "rows", "rows": [row, None]}, {"say": "end", "doors": []})
    assert rows == [("r1", EVENT), ("", None)]


@pytest.mark.parametrize(
    "plain",
    [
        {**to_plain(EVENT), "headline": 7},
        {**to_plain(EVENT), "when": {"original": "x"}},
        {**to_plain(EVENT), "surprise": "x"},
        {**to_plain(EVENT), "about": "r1"},
        {**to_plain(EVENT), "ref": " "},
        {**to_plain(EVENT), "headline": "\ud800"},
        {**to_plain(EVENT), "text": "x" * 200_001},
        {**to_plain(EVENT), "type": "residence"},
        [],
        None,
    ],
    ids=["number", "date", "unknown", "list", "blank", "half", "long", "type", "array", "null"],
)
def test_a_row_that_is_not_exactly_one_is_none(plain):
    rows, _, _ = talk({"say": "rows", "rows": [["r1", "Event", plain]]}, {"say": "end", "doors": []})
    assert rows == [("r1", None)]


def test_a_kind_that_is_none_and_a_value_that_is_no_row_are_none():
    assert told_row(("r1", "Event"))[0] is None and told_row(("r1", PartialDate.of(date(2025, 3, 4))))[0] is None
    assert told_row((7, EVENT))[0] is None and told_row(["r1", EVENT])[0] is None
    rows, _, _ = talk({"say": "rows", "rows": [["r1", "Grant", {}]]}, {"say": "end", "doors": []})
    assert rows == [("r1", None)]


def test_a_tally_makes_an_answer_worse_and_never_better():
    opened = {"say": "open", "grants": ["g0"]}
    lie = {"rows": 10**8, "quarantined": 2, "complete": True, "truncated": False, "as_of": "2026-11-01", "skipped": []}
    _, script, (door,) = talk(opened, {"say": "end", "doors": [lie]})
    assert (door.tally.rows, door.tally.quarantined, door.tally.as_of) == (5, 2, "2026-11-01")
    assert script.heard[0]["budget"] == 5 and script.heard[0]["connect"] == {}
    _, _, (door,) = talk(opened, {"say": "end", "doors": [{**lie, "complete": 1, "truncated": 0}]})
    assert not door.tally.complete and door.tally.truncated
    _, _, (door,) = talk(opened, {"say": "end", "doors": []})
    assert not door.tally.complete, "a door of which nothing is told proves nothing"


@pytest.mark.parametrize("grants", [[], ["g1"], ["g0", "g1"], ["g0", 7], [None]])
def test_only_the_grants_of_this_ask_reach_the_gate(grants):
    _, script, doors = talk({"say": "open", "grants": grants}, {"say": "end", "doors": []})
    assert doors == [] and script.heard == [{"refused": "grant_of_another_ask"}]


def test_what_the_gate_says_goes_down_as_its_code():
    def closed(grants: Any) -> Any:
        raise Unavailable("secret_missing")

    _, script, _ = talk({"say": "open", "grants": ["g0"]}, {"say": "end", "doors": []}, opener=closed)
    assert script.heard == [{"unavailable": "secret_missing"}]


@pytest.mark.parametrize(
    ("kind", "raised"),
    [("Unavailable", Unavailable), ("Refused", Refused), ("Malformed", Malformed), ("KeyError", Crashed)],
)
def test_an_error_arrives_as_one_of_ours_or_as_a_crash_without_words(kind, raised):
    with pytest.raises(raised) as caught:
        talk({"say": "error", "kind": kind, "why": "login_failed", "doors": []})
    assert "Testfall" not in str(caught.value)


@given(ANYTHING)
def test_facts_are_read_or_refused(told):
    with pytest.raises(BadFrame):
        worker_facts.hear(told)


def test_a_lag_that_is_none_and_words_that_are_no_line_are_refused():
    good = {"name": "far", "agency": "housing", "api": 1, "kind": "", "offers": [], "search_keys": [["born"]],
            "batches": False, "lag": "2h", "each": ["find"]}  # fmt: skip
    assert worker_facts.hear(good)["lag"] == Duration(seconds=7200)
    for wrong in (
        {"lag": "soon"},
        {"name": "far\n"},
        {"name": ""},
        {"offers": "all"},
        {"search_keys": [[1]]},
        {"api": True},
    ):
        with pytest.raises(BadFrame):
            worker_facts.hear(good | wrong)


def test_a_far_door_keeps_to_the_budget_that_it_was_given():
    line: Any = None
    door = FarDoor(
        line=line, number=0, budget=2, source="far", step="find", connect={}, base=Path(), limits=Limits(), tls=Tls(),
        proxy=None,
    )  # fmt: skip
    assert [door.row() for _ in range(4)] == [True, True, False, False] and door.told()["rows"] == 2
