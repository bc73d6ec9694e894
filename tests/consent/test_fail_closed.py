"""An exception on any line of the room asks nothing more than was permitted without it."""

from __future__ import annotations

import sys

import pytest

from mash_trawl.consent import decide
from mash_trawl.model.decision import Outcome, SourceRef

RANK = {Outcome.DENY: 0, Outcome.REVIEW: 1, Outcome.PERMIT: 2}
SOURCES = (
    SourceRef(name="housing", agency="housing", categories=("housing.asb",)),
    SourceRef(name="nhs", agency="health", categories=("health.gp_summary", "health.sexual_health")),
    SourceRef(name="zoo", agency="zoo", categories=("zoo.animals",)),
)


class InjectedError(Exception):
    """What the test raises."""


def traced(room, on_line):
    """Call `on_line(file, number)` for each line of the room that is about to run."""

    def local(frame, event, _arg):
        if event == "line":
            on_line(frame.f_code.co_filename, frame.f_lineno)
        return local

    def enter(frame, _event, _arg):
        return local if frame.f_code.co_filename.startswith(room) else None

    return enter


@pytest.fixture
def rich_case(family, agreed, s47):
    """A case in which many rules have something to say."""
    people = [one for one in family.people if one["id"] != "youth"]
    people = [
        {**one, "restrictions": ["hidden_address", "adoption"]} if one["id"] == "lodger" else one for one in people
    ]
    own = {"given_by": "teen", "capacity": "gillick", "gillick_assessed_by": "nurse", "covers": ["teen"]}
    records = [
        agreed(categories={"housing": "all", "health": "all"}, expires_at="2026-12-01T00:00:00+00:00"),
        agreed(id="c2", kind="refusal", **own),
        agreed(id="c3", covers=["teen", "unborn"]),
        agreed(
            id="c4", given_by="father", capacity="self", covers=["father"], withdrawn_at="2026-11-03T09:00:00+00:00"
        ),
    ]
    powers = [s47(covers=["child", "mother", "lodger", "unborn"], health_reasons={"child": "Synthetic."}),
              {**s47(id="S17", covers=["father", "child"]), "consent_sought": "yes"}]  # fmt: skip
    return family.case(people=people, consents=records, gateways=powers)


def test_an_exception_on_any_line_never_permits_more(rich_case, profile, now, root):
    rules = profile("children_in_need")
    room = str(root / "mash_trawl/consent")
    seen: dict[tuple[str, int], None] = {}

    def run(on_line):
        sys.settrace(traced(room, on_line))
        try:
            return decide(rich_case, rules, now, SOURCES)
        finally:
            sys.settrace(None)

    baseline = run(lambda file, line: seen.setdefault((file, line)))
    before = [RANK[item.outcome] for item in baseline]
    assert set(before) == {0, 1, 2}
    contained = 0
    for place in seen:

        def strike(file, line, place=place):
            if (file, line) == place:
                raise InjectedError

        try:
            after = run(strike)
        except InjectedError:
            continue  # nothing was decided, so nothing can be asked
        contained += 1
        assert len(after) == len(baseline)
        assert all(RANK[item.outcome] <= rank for item, rank in zip(after, before, strict=True)), place
    assert len(seen) > 200
    assert contained / len(seen) > 0.8
