"""Changing a draft by answering questions: what is there stays as it is, and nobody's edit is written over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_STOPPED, say

if TYPE_CHECKING:
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.errors import Misconfigured, Refused
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

Draft = dict[str, Any]
Ask = Callable[["Desk", "Profile", "Case"], "Script[Draft]"]
"""Asks what to change; gives it by its place in the case file. Raises Misconfigured when there is nothing to write."""


def edit(ctx: click.Context, text: str, ask: Ask, last: tuple[str, str], as_json: bool, signed_by: str = "") -> int:
    """Ask, change the case and write it. `last` is the last question, whether to write it, and its reason.

    `signed_by` is the command that signs what was written, without the case; empty where nothing waits for that.
    """
    from mash_trawl.config.hubfile import load_hub_file

    case, path, _ = change(ctx, text, ask, last)
    if case is None:
        return EXIT_STOPPED
    if as_json:
        click.echo(json.dumps({"case": case.id, "file": str(path)}, indent=2, ensure_ascii=False))
    else:
        click.echo(saved(ctx, case.id))
    if signed_by and load_hub_file(path_of_hub(ctx)).statements == "signed":
        say(_how_it_counts(ctx, case.id, signed_by))
    return 0


def saved(ctx: click.Context, case: str) -> str:
    """That the draft was written, and how to see what that changes."""
    from mash_trawl.cli.place import command_for

    return f"Saved case {case}. `{command_for(ctx)} plan {case}` shows what may be asked now."


def _how_it_counts(ctx: click.Context, case: str, signed_by: str) -> str:
    """In a hub that counts only what is signed: how this gets signed."""
    from mash_trawl.cli.place import command_for

    how = f"To sign it: `{command_for(ctx)} {signed_by} {case}`."
    return f"This hub counts only signed agreements and decisions; those of a draft do not count yet. {how}"


def path_of_hub(ctx: click.Context) -> Path:
    """The hub that the command is about."""
    from mash_trawl.cli.place import hub_folder

    return hub_folder(ctx.obj)


def change(
    ctx: click.Context, text: str, ask: Ask, last: tuple[str, str],
    before: Callable[[Case, Case, Profile], Iterable[str]] = lambda old, new, profile: (),
) -> tuple[Case | None, Path, Case]:  # fmt: skip
    """The case as it was written (None: abandoned, and said so), its file, and the case as it was before.

    `before` are lines that are said before the last question.
    """
    from mash_trawl.cli.case_check import profile_of
    from mash_trawl.cli.case_new import Terminal, desk_at
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.interview import hold
    from mash_trawl.cli.place import command_for
    from mash_trawl.config.case import load_case
    from mash_trawl.config.write import fingerprint
    from mash_trawl.hub import system_clock

    folder = path_of_hub(ctx)
    path = find_case(folder, text)
    read, case = fingerprint(path), load_case(path)
    desk, profile = desk_at(folder, system_clock, command_for(ctx)), profile_of(case, folder)
    keep = keeper(path, read)

    def told(new: Case) -> Iterable[str]:
        return before(case, new, profile)

    changed = hold(lambda: ask_all(desk, profile, case, ask, last, keep, told), Terminal())
    if changed is None:
        say("Abandoned. Nothing was written.")
    return changed, path, case


def keeper(path: Path, read: str | None) -> Callable[[Case], str]:
    """Writes the case over what was read; gives back why it could not be, so that the answers are not lost.

    Misconfigured when somebody else changed the file meanwhile: no answer helps then.
    """
    from mash_trawl.config.write import fingerprint, replace_case
    from mash_trawl.errors import Misconfigured, Refused

    def keep(case: Case) -> str:
        try:
            replace_case(path, case, over=read)
        except (Misconfigured, Refused) as fault:
            if fingerprint(path) != read:
                raise
            return not_saved(fault)
        return ""

    return keep


def not_saved(fault: Misconfigured | Refused) -> str:
    """Why a draft could not be written, to somebody who can put it right and say `save` again."""
    problems = getattr(fault, "problems", ())
    told = [f"{problem.what} {problem.do}".strip() for problem in problems] or [str(fault)]
    return " ".join(["Not saved:", *told])


def ask_all(
    desk: Desk, profile: Profile, case: Case, ask: Ask, last: tuple[str, str], keep: Callable[[Case], str],
    before: Callable[[Case], Iterable[str]] = lambda changed: (),
) -> Script[Case | None]:  # fmt: skip
    """The questions, then whether to write the changed case; None when it is abandoned."""
    more = yield from ask(desk, profile, case)
    return (yield from ask_to_write(case, profile, more, last, keep, before))


def ask_to_write(
    case: Case, profile: Profile, more: Mapping[str, Any], last: tuple[str, str], keep: Callable[[Case], str],
    before: Callable[[Case], Iterable[str]] = lambda changed: (),
) -> Script[Case | None]:  # fmt: skip
    """The last question. A case that cannot be is told before it: `back` corrects it, and no answer is lost."""
    from mash_trawl.cli.interview import Choice, Question
    from mash_trawl.config.case import load_case
    from mash_trawl.config.write import plain_case
    from mash_trawl.consent.check import problems
    from mash_trawl.errors import Misconfigured

    try:
        changed = load_case(plain_case(case) | {place: plain_case(value) for place, value in more.items()})
        if unknown := problems(changed, profile):
            raise Misconfigured(*unknown)
    except Misconfigured as fault:
        lines = ("", "This cannot be saved as it is:", *(f"  {problem}" for problem in fault.problems))
        yield Question(ask="Go back and correct it, or abandon it?", why="`back` returns to the last question.",
                       choices=(Choice(code="abandon", words="Abandon: nothing is written (or type `back`)"),),
                       needed=True, last=True, before=lines)  # fmt: skip
        return None
    told = tuple(before(changed))
    words = (Choice(code="save", words="Save it"), Choice(code="abandon", words="Nothing is written"))
    said = yield Question(
        ask=last[0], why=last[1], choices=words, needed=True, last=True, before=told,
        check=lambda answer: keep(changed) if answer == "save" else "",
    )  # fmt: skip
    return changed if said == "save" else None


def nothing(what: str, do: str) -> Exception:
    """Why there is nothing to write, for a command to end with (exit 2)."""
    from mash_trawl.errors import Misconfigured, Problem

    return Misconfigured(Problem(where="the answers", what=f"{what}; nothing was written.", do=do))
