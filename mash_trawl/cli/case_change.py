"""`case change`: what became known, or was wrong, about the referral, a person or a relationship."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.main import EXIT_STOPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mash_trawl.cli.case_edit import Draft
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

_WHY = "Run the case again afterwards: only what the change bears upon is asked."


@click.command("change")
@click.argument("case", metavar="CASE")
@click.argument("person", metavar="[PERSON]", default="")
@click.option("--json", "as_json", is_flag=True, help="Print what was changed, by its place in the case; no values.")
@click.pass_context
def command(ctx: click.Context, case: str, person: str, as_json: bool) -> int:
    """Change the referral, the people and their relationships in CASE, or one PERSON (p1), by answering questions.

    Enter keeps what is there; `unknown` takes it away after asking. Agreements and decisions have their own commands.
    """
    from mash_trawl.cli.case_edit import change, saved
    from mash_trawl.cli.interview_summary import changed_places

    done, path, before = change(ctx, case, partial(ask, person=person), ("Save these changes?", _WHY), what_changed)
    if done is None:
        return EXIT_STOPPED
    if as_json:
        told = {"case": done.id, "file": str(path), "changed": changed_places(before, done)}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo(saved(ctx, done.id))
    return 0


def ask(desk: Desk, profile: Profile, case: Case, person: str = "") -> Script[Draft]:
    """Every question again, with what the case says now; all about one person where one is named."""
    from mash_trawl.cli.interview_change import ask_change
    from mash_trawl.errors import Misconfigured, Problem

    if person and all(known.id != person for known in case.people):
        do = f"There are {', '.join(known.id for known in case.people)}; without one, you choose."
        raise Misconfigured(Problem(where="PERSON", what="there is no person with this id in the case.", do=do))
    return (yield from ask_change(desk, profile, case, person))


def what_changed(before: Case, after: Case, profile: Profile) -> Iterator[str]:
    """What was and what is now, in words. Misconfigured when that is the same."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview_summary import change_words

    if before == after:
        raise nothing("nothing was changed", "Type what is new where a question shows what is there.")
    return change_words(before, after, profile)
