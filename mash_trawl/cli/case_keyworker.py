"""`case keyworker`: who works with the family from now on; often the moment for a second agreement and a second run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mash_trawl.cli.case_edit import Draft
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

_NEXT = "What the family agrees to with them is added with `case consent add`; a run then asks only what is new."


@click.command("keyworker")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print where the case is, as one JSON object.")
@click.pass_context
def command(ctx: click.Context, case: str, as_json: bool) -> int:
    """Say who the keyworker of CASE is, by answering questions. It stands in the next product."""
    from mash_trawl.cli.case_edit import edit

    return edit(ctx, case, ask_keyworker, ("Write this into the case?", _NEXT), as_json)


def ask_keyworker(desk: Desk, profile: Profile, case: Case) -> Script[Draft]:
    """Name, role, agency, since when. Misconfigured when nobody is named."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview import Question
    from mash_trawl.cli.interview_read import keep, pick
    from mash_trawl.cli.interview_times import moment

    found: dict[str, Any] = {}
    why = "The worker whom the family deals with from now on. Their name stands in the product."
    found["name"] = yield Question(ask="Who is the keyworker?", why=why)
    if found["name"] is None:
        raise nothing("no keyworker was named", "Say who was appointed.")
    why = "For example: family support worker, health visitor, social worker."
    keep(found, "role", (yield Question(ask="What is their role?", why=why)))
    agencies = {name: agency.title for name, agency in profile.agencies.items()}
    keep(found, "agency", (yield pick("For which agency do they work?", "Whom to ring.", agencies)))
    found["appointed_at"] = yield Question(
        ask="When were they appointed?", why="UK time.", empty=desk.clock, otherwise="just now",
        **moment(desk.clock, late=True),
    )  # fmt: skip
    return {"keyworker": found}
