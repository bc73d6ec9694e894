"""`case new`: guided questions become a case."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_STOPPED, say

if TYPE_CHECKING:
    from datetime import datetime

    from mash_trawl.cli.interview_case import Review
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case


class Terminal:
    """Questions on standard error, answers from standard input, line by line: nothing goes to an input history.

    The end of the input stops everything.
    """

    def say(self, line: str = "") -> None:
        """One line; characters that could play tricks with the terminal become visible."""
        from mash_trawl.render.safe import visible

        say(visible(line))

    def listen(self) -> str:
        """One typed line. Abort at the end of the input; Misconfigured when it is not text."""
        from mash_trawl.errors import Misconfigured, Problem

        click.echo("> ", nl=False, err=True)
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            problem = Problem(where="standard input", what="this is not UTF-8 text.", do="Nothing was written.")
            raise Misconfigured(problem) from None
        if not line:
            raise click.Abort
        return line.rstrip("\r\n")


@click.command("new")
@click.option("--json", "as_json", is_flag=True, help="Print where the case was written, as one JSON object.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Make a case by answering questions on standard input. Every answer may be `unknown`; `back` corrects."""
    from mash_trawl.cli.case_edit import not_saved
    from mash_trawl.cli.find_case import FOLDER
    from mash_trawl.cli.interview import hold
    from mash_trawl.cli.interview_case import GREETING, ask_case
    from mash_trawl.cli.place import command_for, hub_folder
    from mash_trawl.config.hubfile import load_hub_file
    from mash_trawl.config.write import write_case
    from mash_trawl.errors import Misconfigured, Refused
    from mash_trawl.hub import system_clock

    folder = hub_folder(ctx.obj)
    desk, review = desk_at(folder, system_clock, command_for(ctx)), review_at(folder)
    talk = Terminal()
    for line in GREETING:
        talk.say(line)
    written: list[Path] = []

    def keep(case: Case) -> str:
        try:
            written.append(write_case(folder / FOLDER, case))
        except (Misconfigured, Refused) as fault:
            return not_saved(fault)
        return ""

    case = hold(lambda: ask_case(desk, review, keep), talk)
    if case is None:
        say("Abandoned. Nothing was written.")
        return EXIT_STOPPED
    tell(case, written[-1], as_json, command_for(ctx))
    if load_hub_file(folder).statements == "signed" and (case.consents or case.gateways):
        say(_to_sign(case, command_for(ctx)))
    return 0


def _to_sign(case: Case, begins: str) -> str:
    """In a hub that counts only what is signed: the commands that sign what the draft holds."""
    wanted = [f"`{begins} consent add {case.id}`"] if case.consents else []
    wanted += [f"`{begins} gateway add {case.id}`"] if case.gateways else []
    told = "This hub counts only signed agreements and decisions; those of a draft do not count yet."
    return f"{told} To sign: {' and '.join(wanted)}."


def tell(case: Case, path: Path, as_json: bool, begins: str) -> None:
    """Where the case is, and what to do next."""
    if as_json:
        click.echo(json.dumps({"case": case.id, "file": str(path)}, indent=2, ensure_ascii=False))
        return
    click.echo(f"Saved case {case.id}: {path}")
    say(f"Next: `{begins} case check {case.id}` lists what to ask the referrer;")
    say(f"`{begins} plan {case.id}` shows what may be asked; `{begins} run {case.id}` asks.")


def desk_at(folder: Path, clock: Callable[[], datetime], begins: str = "mash-trawl") -> Desk:
    """What the questions need to know of the hub, and how the commands begin that they tell."""
    from mash_trawl.cli.deciders import deciders_of, typist_of
    from mash_trawl.cli.find_case import FOLDER, find_case
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.config.hubfile import load_hub_file
    from mash_trawl.config.profiles import load_profile
    from mash_trawl.config.write import written_alike
    from mash_trawl.errors import Misconfigured

    settings = load_hub_file(folder)
    names, signed = settings.profiles, settings.statements == "signed"
    profiles = {name: load_profile(name, folder) for name in names}

    def taken(ident: str) -> bool:
        try:
            find_case(folder, ident)
        except Misconfigured:
            return written_alike(folder / FOLDER, ident) is not None
        return True

    return Desk(
        profiles={name: profile.title for name, profile in profiles.items()}, load=profiles.__getitem__,
        clock=clock, taken=taken, new_id=f"case-{clock():%Y%m%d}-{secrets.token_hex(3)}",
        begins=begins, able=deciders_of(settings) if signed else None, typist=typist_of(settings, folder),
    )  # fmt: skip


def review_at(folder: Path) -> Review:
    """How a draft is judged at this hub: read as a case, compared with its profile, looked over for gaps."""
    from mash_trawl.cli.case_check import as_words, gaps_of
    from mash_trawl.config.case import load_case

    def review(draft: Mapping[str, Any]) -> tuple[Case, tuple[str, ...]]:
        case = load_case(draft)
        return case, tuple(as_words(case, gaps_of(case, folder), names=True))

    return review
