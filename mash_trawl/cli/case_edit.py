"""Adding to a draft by answering questions: what is there stays as it is, and nobody's edit is written over."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_STOPPED, say

if TYPE_CHECKING:
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

Draft = dict[str, Any]


def edit(
    ctx: click.Context, text: str, ask: Callable[[Desk, Profile, Case], Script[Draft | None]], as_json: bool
) -> int:
    """Ask, add to the case and write it. `ask` gives what to add, by its place in the case file; None: abandoned."""
    from mash_trawl.cli.case_check import profile_of
    from mash_trawl.cli.case_new import Terminal, desk_at
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.interview import hold
    from mash_trawl.cli.place import hub_folder
    from mash_trawl.config.case import load_case
    from mash_trawl.config.hubfile import load_hub_file
    from mash_trawl.config.write import fingerprint, plain_case, replace_case
    from mash_trawl.hub import system_clock

    folder = hub_folder(ctx.obj)
    path = find_case(folder, text)
    read, case = fingerprint(path), load_case(path)
    desk, profile = desk_at(folder, system_clock()), profile_of(case, folder)
    more = hold(lambda: ask(desk, profile, case), Terminal())
    if not more:
        say("Nothing was written.")
        return EXIT_STOPPED
    plain = plain_case(case) | {place: plain_case(value) for place, value in more.items()}
    replace_case(path, load_case(plain), over=read)
    if as_json:
        click.echo(json.dumps({"case": case.id, "file": str(path)}, indent=2, ensure_ascii=False))
    else:
        click.echo(f"Saved case {case.id}. `mash-trawl plan {case.id}` shows what may be asked now.")
    if load_hub_file(folder).statements == "signed":
        say("This hub counts only signed agreements and decisions; those of a draft do not count yet.")
    return 0


def ask_whether(ask: str, why: str) -> Script[bool]:
    """The last question: write it or not."""
    from mash_trawl.cli.interview import Choice, Question

    words = (Choice(code="save", words="Save it"), Choice(code="abandon", words="Nothing is written"))
    said: str = yield Question(ask=ask, why=why, choices=words, needed=True, last=True)
    return said == "save"
