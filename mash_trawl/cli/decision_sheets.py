"""The HTML sheets of `plan` and `explain`: what they say of themselves, written as a listed plain copy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.cli.main import say
from mash_trawl.cli.plain_copy import print_copy

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.backing import Backing
    from mash_trawl.model.case import Case
    from mash_trawl.model.derivation import Derivation
    from mash_trawl.model.statement import Said
    from mash_trawl.render.decision_sheet import Sheet
    from mash_trawl.running import Plan

_STATEMENTS = {
    "from_file": "As the case file states them; nobody signed them",
    "signed": "Only what an enrolled person signed counts",
}


def print_plan(hub: Hub, case: Case, plan: Plan, to: Path) -> None:
    """The plan as a sheet."""
    from mash_trawl.product.compose import MARKING
    from mash_trawl.render.decision_sheet import plan_sheet

    def content() -> str:
        profile, sheet = hub.profile_of(case), _sheet(hub, case, plan)
        return plan_sheet(plan.decisions, case, profile, _names(case), sheet, MARKING)

    _print(hub, to, "plan", case, content)


def print_explain(hub: Hub, case: Case, plan: Plan, found: Collection[Derivation], to: Path) -> None:
    """The derivation as a sheet."""
    from mash_trawl.product.compose import MARKING
    from mash_trawl.render.decision_sheet import explain_sheet

    def content() -> str:
        return explain_sheet(found, case, hub.profile_of(case), _names(case), _sheet(hub, case, plan), MARKING)

    _print(hub, to, "explain", case, content)


def _print(hub: Hub, to: Path, what: str, case: Case, content: Callable[[], str]) -> None:
    print_copy(hub, to, what, case.id, content)
    say(f"Wrote the sheet to {to}. It is a plain copy with personal data: destroying the case does not reach it.")


def _names(case: Case) -> dict[str, str]:
    from mash_trawl.product.plain import person_name

    return {person.id: person_name(person) for person in case.people}


def _sheet(hub: Hub, case: Case, plan: Plan) -> Sheet:
    from mash_trawl.product.notes import notes
    from mash_trawl.render.decision_sheet import Sheet

    policy = hub.policy_of(case)
    return Sheet(
        made_by=hub.actor.id, at=plan.decisions.at.isoformat(), statements=_STATEMENTS[hub.settings.statements],
        signed=tuple(signed_rows(case, plan.backing)), notices=notes(hub.settings, backing=plan.backing),
        policy=(("SHA-256 of the profile's files", policy.sha256),),
    )  # fmt: skip


def signed_rows(case: Case, backing: Backing) -> Iterator[tuple[str, str, str, str]]:
    """Each record, decision and answer: its id, what it says, who signed it, when. The draft's first."""
    from mash_trawl.model.consent import Consent, GatewayUse
    from mash_trawl.model.shown import instant_words

    signed = [one.statement for one in backing.spoken]
    known = {(type(one.said), one.said.id) for one in signed if isinstance(one.said, Consent | GatewayUse)}
    drafts: list[tuple[Consent | GatewayUse, datetime]] = [(said, said.given_at) for said in case.consents]
    drafts += [(said, said.decided_at) for said in case.gateways]
    for said, at in drafts:
        if (type(said), said.id) not in known:
            yield said.id, _says(said), "Nobody: it stands in the case file", instant_words(at.isoformat())
    for one in signed:
        ident = one.said.id if isinstance(one.said, Consent | GatewayUse) else one.kind
        yield ident, _says(one.said), one.by, instant_words(one.at.isoformat())


def _says(said: Said) -> str:
    """One sentence, people by their ids; without grounds or reasons, which stand in the case file."""
    from mash_trawl.model.consent import Consent, GatewayUse
    from mash_trawl.model.statement import Countersignature, Emergency, Reply, Withdrawal

    match said:
        case Consent():
            return f"{said.given_by} {'refused' if said.kind == 'refusal' else 'agreed'} for {', '.join(said.covers)}"
        case GatewayUse():
            return f"{said.decided_by} decided to rely on {said.id} for {', '.join(said.covers)}"
        case Withdrawal():
            return f"The agreement {said.consent} was withdrawn"
        case Reply():
            return f"{'Yes' if said.yes else 'No'} to {said.category} about {said.person}"
        case Emergency():
            return f"An emergency, relying on {', '.join(use.id for use in said.powers) or 'no power'}"
        case Countersignature():
            return f"{'Agreed' if said.agrees else 'Did not agree'} to the emergency {said.emergency}"
        case _:
            return ""
