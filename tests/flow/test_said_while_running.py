"""Somebody suspends a source from another process, or through another open hub, while a trawl of this one runs."""

from __future__ import annotations

import json

import pytest

from mash_trawl.hub import Hub
from mash_trawl.model.statement import Suspension
from mash_trawl.running import Run

NEVER = ("consent_missing", "consent_not_sought", 0)
"""What is said of whoever was not to be asked about in the first place."""


@pytest.fixture
def ran(place, county, trawl, monkeypatch):
    """Run the case; when a source is at a moment, somebody suspends the police."""

    def by_process():
        done = trawl("sources", "suspend", "police", "--reason", "Synthetic audit", "--yes")
        assert done.code == 0, done.err

    def by_hub():
        with Hub.open(place.hub) as another:
            another.say(Suspension(source="police", reason="Synthetic audit"))

    def run(source, moment, through):
        left = ["once"]

        def told(name, state, *_):
            if left and (source in ("", name)) and state == moment:
                left.clear()
                {"process": by_process, "hub": by_hub}[through]()

        with Hub.open(place.hub) as hub:
            monkeypatch.setattr(Run, "_note", lambda _, *about: told(*about))
            result = hub.run(place.case("children-in-need"))
            product = hub.open(result.path, reason="synthetic test")
            rows = {kind: [dict(row.public) for row in hub.ledger.rows(kind)]
                    for kind in ("source.asked", "permit.withdrawn", "answers.quarantined")}  # fmt: skip
        assert not left
        return result, product, rows

    return run


def test_what_is_suspended_before_it_is_asked_is_not_asked(ran):
    result, _, rows = ran("", "asking", "process")
    police = {(answer.status, answer.why, answer.attempts) for answer in result.answers if answer.source == "police"}
    assert police - {NEVER} == {("not_connected", "suspended", 0)}
    assert "police" not in {row["source"] for row in rows["source.asked"]}
    assert {"health", "housing"} <= {row["source"] for row in rows["source.asked"]}
    (row,) = rows["permit.withdrawn"]
    assert (row["source"], row["why"]) == ("police", "suspended")
    assert rows["answers.quarantined"] == []


def test_what_came_before_the_suspension_is_read_by_nobody(ran):
    result, product, rows = ran("police", "done", "hub")
    police = {(answer.status, answer.why, answer.found) for answer in result.answers if answer.source == "police"}
    assert police - {NEVER} == {("not_connected", "suspended", 0)}
    (row,) = rows["answers.quarantined"]
    assert (row["source"], row["why"]) == ("police", "suspended") and row["findings"] > 0
    assert "police" in {row["source"] for row in rows["source.asked"]}
    shown = json.dumps([str(event) for event in product.chronology])
    assert "police" not in shown.lower()
