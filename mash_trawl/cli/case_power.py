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


_COUNTS = "It counts from the moment of the decision, and does not reach back."


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

    return edit(ctx, case, ask_new_powers, ("Add this to the case?", _COUNTS), as_json, "gateway add")


def ask_new_powers(desk: Desk, profile: Profile, case: Case) -> Script[Draft]:
    """The decisions of the case with the new ones."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview_person import drafts_of
    from mash_trawl.cli.interview_powers import ask_powers, powers
    from mash_trawl.config.write import plain_case

    if not powers(desk, profile, case.referral.level):
        do = "The profile says which powers it relies on, and from which level of need."
        raise nothing("this case's profile relies on no power that could be decided on now", do)
    draft: Draft = {"id": case.id, "people": drafts_of(case), "referral": plain_case(case.referral)}
    lost = yield from ask_powers(desk, profile, draft)
    if not draft["gateways"] and lost:
        raise nothing("the decision cannot count as it was told", " ".join(lost))
    if not draft["gateways"]:
        raise nothing("no decision was told", "Say yes to the first question, then which power.")
    return {"gateways": [*plain_case(case.gateways), *draft["gateways"]]}
