"""`case power add`: a decision to rely on a legal power that came after the case was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.cli.case_edit import Draft
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile


@click.group("power")
def command() -> None:
    """Decisions to rely on a legal power."""


@command.command("add")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print where the case is, as one JSON object.")
@click.pass_context
def add(ctx: click.Context, case: str, as_json: bool) -> int:
    """Add a decision (a s.47 enquiry, an order) to CASE by answering questions."""
    from mash_trawl.cli.case_edit import edit

    return edit(ctx, case, ask_new_powers, as_json)


def ask_new_powers(desk: Desk, profile: Profile, case: Case) -> Script[Draft | None]:
    """The decisions of the case with the new ones; None when there is none to keep."""
    from mash_trawl.cli.case_edit import ask_whether
    from mash_trawl.cli.interview_person import drafts_of
    from mash_trawl.cli.interview_powers import ask_powers
    from mash_trawl.config.write import plain_case

    draft: Draft = {"people": drafts_of(case), "referral": plain_case(case.referral)}
    yield from ask_powers(desk, profile, draft)
    why = "It counts from the moment of the decision, and does not reach back."
    if not draft["gateways"] or not (yield from ask_whether("Add this to the case?", why)):
        return None
    return {"gateways": [*plain_case(case.gateways), *draft["gateways"]]}
