"""`case cite`: the clauses of the partnership's threshold document that the case's level of need rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.cli.case_edit import Draft
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

_SHOWN = "Their words stand in the next product, beside the level."


@click.command("cite")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print where the case is, as one JSON object.")
@click.pass_context
def command(ctx: click.Context, case: str, as_json: bool) -> int:
    """Choose the clauses of the threshold document that the level of CASE rests on."""
    from mash_trawl.cli.case_edit import edit

    return edit(ctx, case, ask_clauses, ("Write this into the case?", _SHOWN), as_json)


def ask_clauses(desk: Desk, profile: Profile, case: Case) -> Script[Draft]:
    """The clauses of the case's level. Misconfigured without a document, without a level, or when none is chosen."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview_read import pick_several
    from mash_trawl.config.write import plain_case

    document, level = profile.document, str(case.referral.level)
    if document is None:
        raise nothing("the profile names no threshold document", "Name one under `thresholds:` in the profile.")
    if level not in document.levels or not document.levels[level].clauses:
        raise nothing("the document has no clauses for the level of this case", "Set the level with `case change`.")
    words = {number: f"{number} {text}" for number, text in document.levels[level].clauses.items()}
    ask = f"Which clauses of {document.title}, level {level} ({document.levels[level].title}), does the level rest on?"
    chosen = yield pick_several(
        ask, "Choose all that were found to be so. They are cited by number and edition.", words
    )
    if not chosen:
        raise nothing("no clause was chosen", "Choose at least one.")
    cited = {"document": document.name, "clauses": list(chosen)}
    return {"referral": {**plain_case(case.referral), "threshold": cited}}
