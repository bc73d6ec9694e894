"""Whose agreement or decision the asks rest on: the one that the decisions name, not the first with its id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.decision import Decisions
from mash_trawl.product.basis import basis_lines


def power(by: str, day: int) -> GatewayUse:
    """A decision of November 2026."""
    return GatewayUse(id="S47", decided_by=by, decided_at=datetime(2026, 11, day, 9, tzinfo=UTC), grounds="x",
                      covers=("p1",))  # fmt: skip


def agreement(by: str, kind: Any = "agreement") -> Consent:
    """A word about p1."""
    return Consent(id="c1", kind=kind, given_by=by, capacity="own", covers=("p1",), categories={"housing": "all"},
                   given_at=datetime(2026, 11, 2, 9, tzinfo=UTC))  # fmt: skip


def told(make: Callable[..., Any], reasons: dict[str, str], basis: str = "S47", **records: Any) -> tuple[str, ...]:
    """The lines where each agency's permits have this reason."""
    case = replace(make("case", make("person", "p1", "Ada"), make("person", "p2", "Bo")), **records)
    permits = make("decided", case, tuple(reasons))
    items = tuple(replace(item, reason=reasons[item.agency], basis=basis) for item in permits)
    return basis_lines(case, Decisions(case=case.id, profile=case.profile, at=permits.at, items=items))


DRAFT, SIGNED = power("demo.manager", 3), power("t.mgr", 13)
WORDS = {
    "demo.manager": "Section 47, decided by demo.manager on 3 November 2026: Tenancy.",
    "t.mgr": "Section 47, decided by t.mgr on 13 November 2026: Tenancy.",
}


def test_the_decision_that_counted_is_named_and_no_draft_of_the_same_power(make: Callable[..., Any]) -> None:
    for powers in ((DRAFT, SIGNED), (SIGNED, DRAFT)):
        assert told(make, {"housing": WORDS["t.mgr"]}, gateways=powers) == (
            "Legal power S47 relied on by t.mgr on 13 November 2026: Housing.",
        )
    other = replace(SIGNED, decided_by="x.t.mgr")
    assert "by t.mgr on" in told(make, {"housing": WORDS["t.mgr"]}, gateways=(other, SIGNED))[0]


def test_each_of_several_that_counted_is_named_with_its_agencies(make: Callable[..., Any]) -> None:
    reasons = {"housing": WORDS["t.mgr"], "police": WORDS["demo.manager"]}
    assert told(make, reasons, gateways=(DRAFT, SIGNED)) == (
        "Legal power S47 relied on by t.mgr on 13 November 2026: Housing.",
        "Legal power S47 relied on by demo.manager on 3 November 2026: Police.",
    )


def test_what_names_nobody_rests_on_whom_the_others_name(make: Callable[..., Any]) -> None:
    answered = "h.doc decided on 4 November 2026 that it may be asked. A named professional answers, not the system."
    reasons = {"housing": WORDS["t.mgr"], "health": answered}
    assert told(make, reasons, gateways=(DRAFT, SIGNED)) == (
        "Legal power S47 relied on by t.mgr on 13 November 2026: Housing and Health.",
    )
    assert told(make, {"health": answered}, gateways=(DRAFT, SIGNED)) == (
        "Legal power S47 relied on by demo.manager on 3 November 2026 or by t.mgr on 13 November 2026: Health.",
    )


def test_of_an_agreement_it_is_the_giver_who_agreed_and_no_refusal_under_its_id(make: Callable[..., Any]) -> None:
    words = {"housing": "p2 agreed for p1 on 2 November 2026: Tenancy."}
    records = (agreement("p1", "refusal"), agreement("p1"), agreement("p2"))
    assert told(make, words, "c1", consents=records) == (
        "Agreement c1 given by Bo Example on 2 November 2026 at 09:00 UK time: Housing.",
    )


def test_a_basis_that_no_record_explains_is_told_by_its_id(make: Callable[..., Any]) -> None:
    assert told(make, {"housing": "For the test."}) == ("S47: Housing.",)
