"""The HTML sheets of `plan` and `explain`: what they say of themselves, written as a listed plain copy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.cli.main import say
from mash_trawl.cli.plain_copy import print_copy

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.derivation import Derivation
    from mash_trawl.render.decision_sheet import Sheet
    from mash_trawl.running import Plan

_STATEMENTS = {
    "from_file": "As the case file states them; nobody signed them",
    "signed": "Only what an enrolled person signed counts",
}

_WROTE = "Wrote the sheet to {to}. It is a plain copy with personal data: destroying the case does not reach it."


def print_plan(hub: Hub, case: Case, plan: Plan, to: Path) -> None:
    """The plan as a sheet."""
    from mash_trawl.product.compose import MARKING
    from mash_trawl.render.decision_sheet import plan_sheet

    def content() -> str:
        return plan_sheet(
            plan.decisions, case, hub.profile_of(case), _names(case), _sheet(hub, case, plan.decisions.at.isoformat()),
            MARKING,
        )  # fmt: skip

    print_copy(hub, to, "plan", case.id, content)
    say(_WROTE.format(to=to))


def print_explain(hub: Hub, case: Case, found: Collection[Derivation], to: Path) -> None:
    """The derivation as a sheet."""
    from mash_trawl.product.compose import MARKING
    from mash_trawl.render.decision_sheet import explain_sheet

    at = next(iter(found)).decision.at or hub.clock()

    def content() -> str:
        return explain_sheet(
            found, case, hub.profile_of(case), _names(case), _sheet(hub, case, at.isoformat()), MARKING
        )

    print_copy(hub, to, "explain", case.id, content)
    say(_WROTE.format(to=to))


def _names(case: Case) -> dict[str, str]:
    from mash_trawl.product.plain import person_name

    return {person.id: person_name(person) for person in case.people}


def _sheet(hub: Hub, case: Case, at: str) -> Sheet:
    from mash_trawl.product.notes import notes
    from mash_trawl.render.decision_sheet import Sheet

    return Sheet(
        made_by=hub.actor.id, at=at, statements=_STATEMENTS[hub.settings.statements],
        signed=tuple(_signed(case)), notices=notes(hub.settings),
    )  # fmt: skip


def _signed(case: Case) -> Iterator[tuple[str, str, str, str]]:
    """Each record and each decision under a power: what it says, and who signed it when."""
    from mash_trawl.model.shown import instant_words

    for consent in case.consents:
        word = "refused for" if consent.kind == "refusal" else "agreed for"
        about = f"{consent.given_by} {word} {', '.join(consent.covers)}"
        yield consent.id, about, "nobody: case file", instant_words(consent.given_at.isoformat())
    for use in case.gateways:
        about = f"{use.decided_by} decided for {', '.join(use.covers)}"
        yield use.id, about, "nobody: case file", instant_words(use.decided_at.isoformat())
