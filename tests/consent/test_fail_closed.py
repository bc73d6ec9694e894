"""An exception on any line of the room asks nothing more than was permitted without it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mash_trawl.consent import decide
from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.decision import Outcome, SourceRef
from mash_trawl.model.statement import Countersignature, Emergency, Reply, Withdrawal

RANK = {Outcome.DENY: 0, Outcome.REVIEW: 1, Outcome.PERMIT: 2}
SOURCES = (
    SourceRef(name="housing", agency="housing", categories=("housing.asb",)),
    SourceRef(name="nhs", agency="health", categories=("health.gp_summary", "health.sexual_health")),
    SourceRef(name="shut", agency="housing", categories=("housing.asb",)),
    SourceRef(name="zoo", agency="zoo", categories=("zoo.animals",)),
)


class InjectedError(Exception):
    """What the test raises."""


def traced(wanted, on_line):
    """Call `on_line(code, number)` for each line that is about to run in the code that `wanted` picks."""

    def local(frame, event, _arg):
        if event == "line":
            on_line(frame.f_code, frame.f_lineno)
        return local

    def enter(frame, _event, _arg):
        return local if wanted(frame.f_code) else None

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


PAPER = Agreement(
    version=1, id="north", edition="2", title="North sharing", parties=("housing", "health"),
    purposes=("children_in_need",), categories={"housing": "all", "health": "all"}, from_=date(2026, 1, 1),
    to=date(2027, 1, 1), signatories=tuple(Signatory(party=one, role="director", on=date(2026, 1, 1))
                                           for one in ("housing", "health")),
)  # fmt: skip


@pytest.fixture
def rich_backing(rich_case, says, now):
    """Everything that can stand behind a case: signatures, taken back and not, answers, an emergency, an agreement."""
    no, yes, by_power = rich_case.consents[1], rich_case.consents[0], rich_case.gateways
    answer = {"person": "child", "category": "health.sexual_health", "reason": "Synthetic."}
    review = {"rule": "gateway.S47.named_person", "basis": "S47"}
    spoken = (
        says(rich_case, yes), says(rich_case, no), says(rich_case, rich_case.consents[2], by="j.shah"),
        says(rich_case, replace(yes, categories={"housing": "all"}), hours=-2),
        says(rich_case, replace(yes, id="c9", covers=("household_children",))),
        says(rich_case, Withdrawal(consent="c3", at=now)),
        says(rich_case, by_power[0]), says(rich_case, by_power[0], by="j.shah"),
        says(rich_case, replace(by_power[0], id="CDA115", necessity="Synthetic.", covers=("father",)), roles=()),
        says(rich_case, Reply(yes=True, **answer, **review)),
        says(rich_case, Reply(yes=False, **answer, **review), hours=1),
        says(rich_case, Reply(yes=True, person="lodger", category="housing.asb", rule="restriction.adoption",
                              reason="Synthetic.", until=now + timedelta(days=1))),
        says(rich_case, Emergency(reason="Synthetic.", powers=(by_power[1],)), by="j.shah", ident="e1"),
        says(rich_case, Emergency(reason="Synthetic.", powers=(by_power[0],)), by="k.lee", ident="e2"),
        says(rich_case, Countersignature(emergency="e2", agrees=False, reason="Synthetic."), hours=-1),
        says(rich_case, Countersignature(emergency="e2", agrees=True, reason="Synthetic.")),
    )  # fmt: skip
    return Backing(
        signed_only=True, runner="j.shah", spoken=spoken, countersign_by={"e1": now + timedelta(days=1)},
        agreements=(PAPER, replace(PAPER, id="old", to=date(2026, 2, 1))), closed={"shut": Why.SUSPENDED},
    )  # fmt: skip


CHANGES = (
    ({}, {0, 1, 2}),
    ({"signed_only": False, "spoken": (), "agreements": None}, {0, 1, 2}),
    ({"countersign_by": {}}, {0}),
    ({"unapproved": ("hub.yaml",)}, {0}),
    ({"agreements": ()}, {0}),
)


def test_an_exception_on_any_line_never_permits_more(rich_case, rich_backing, profile, now, root):
    rules, room = profile("children_in_need"), str(root / "mash_trawl/consent")
    struck: set[tuple[object, int]] = set()
    contained = 0

    def run(backing, wanted, on_line):
        sys.settrace(traced(wanted, on_line))
        try:
            return decide(rich_case, rules, now, SOURCES, backing=backing)
        finally:
            sys.settrace(None)

    for change, expected in CHANGES:
        backing = replace(rich_backing, **change)
        seen: dict[tuple[object, int], None] = {}
        baseline = run(
            backing, lambda code: code.co_filename.startswith(room), lambda *place, seen=seen: seen.setdefault(place)
        )
        before = [RANK[item.outcome] for item in baseline]
        assert set(before) == expected
        for place in [one for one in seen if one not in struck]:

            def strike(*found, place=place):
                if found == place:
                    raise InjectedError

            struck.add(place)
            try:
                after = run(backing, lambda code, place=place: code is place[0], strike)
            except InjectedError:
                continue  # nothing was decided, so nothing can be asked
            contained += 1
            assert len(after) == len(baseline)
            assert all(RANK[item.outcome] <= rank for item, rank in zip(after, before, strict=True)), place
    assert len(struck) > 600
    assert contained / len(struck) > 0.8
