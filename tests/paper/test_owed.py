"""What is owed on paper, read from the ledger alone."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from mash_trawl.paper.owed import TAKEN, WRITTEN, owed_for, owed_of

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)


class Ledger:
    """Rows in memory; each case's mark is its own name."""

    def __init__(self):
        self.kept = []

    def mark(self, case):
        return f"mark-{case}"

    def add(self, kind, case, public, **private):
        public = {"source": "desk", "mark": self.mark(case)} | public
        self.kept.append(SimpleNamespace(kind=kind, public=public, private={"case": case} | private, at=AT, actor="j"))

    def rows(self, kind, holding=""):
        mark = holding.partition('"mark":"')[2].rstrip('"')
        return (row for row in self.kept if row.kind == kind and (not mark or row.public["mark"] == mark))


@pytest.fixture
def ledger():
    made = Ledger()
    asked = {"p1": ["police.missing", "police.arrest"], "p2": ["police.missing"]}
    made.add(WRITTEN, "c1", {"request": "r1", "due": "2026-11-02T13:05:00+00:00", "sha256": "aa"}, asked=asked)
    made.add(WRITTEN, "c2", {"request": "r2", "due": "", "sha256": "bb"}, asked={"p1": ["police.missing"]})
    return made


def test_what_nobody_answered_is_owed_case_by_case(ledger):
    first, second = owed_of(ledger)
    assert (first.case, first.newest.due) == ("c1", datetime(2026, 11, 2, 13, 5, tzinfo=UTC))
    assert first.people == {"p1": ("police.missing", "police.arrest"), "p2": ("police.missing",)}
    assert (second.case, second.newest.due, second.people) == ("c2", None, {"p1": ("police.missing",)})


def test_not_searched_stays_owed_and_a_refusal_does_not(ledger):
    said = {"p1": {"police.missing": "not_searched", "police.arrest": "refused"}, "p2": {"police.missing": "records"}}
    ledger.add(TAKEN, "c1", {"request": "r1"}, said=said)
    (left,) = owed_for(ledger, "c1")
    assert left.people == {"p1": ("police.missing",)}


def test_the_newest_request_of_a_source_is_the_one_to_ring_about(ledger):
    ledger.add(WRITTEN, "c1", {"request": "r3", "due": "", "sha256": "cc"}, asked={"p2": ["police.missing"]})
    (left,) = owed_for(ledger, "c1")
    assert left.newest.id == "r3"
    assert left.people["p1"], "what an earlier request asked is owed all the same"


def test_a_destroyed_case_owes_nothing(ledger):
    for row in ledger.kept:
        row.private = None
    assert owed_of(ledger) == ()
