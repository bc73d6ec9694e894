"""`review`: records that may be somebody's of the case, side by side with the case; confirm or reject them, signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.identifying import Look
    from mash_trawl.model.case import Case
    from mash_trawl.vault.opening import Unlock


@click.command("review")
@click.argument("case_text", metavar="CASE")
@click.option("--match", "matches", multiple=True, metavar="MATCH", help="Which record, by the id shown; repeatable.")
@click.option("--person", help="Whose it is, or is not, where a record waits for two people: their id in the case.")
@click.option("--confirm/--reject", "same", default=None, help="It is this person's record, or it is somebody else's.")
@click.option("--withdraw", metavar="MATCH", help="A record that was taken for somebody, and is somebody else's.")
@click.option("--discovered", metavar="WHEN", help="With --withdraw: when that was found out, UK time (default: now).")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="With --withdraw: the incident sheet, .html or .txt."
)
@click.option("--reason", help="Why; it is signed, and a confirmed record's stands in the product.")
@click.option(
    "--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file, where it is not found."
)
@click.option("--sure", is_flag=True, help="Sign without asking again.")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.option("--json", "as_json", is_flag=True, help="Print what waits, or what was signed: ids and counts, no names.")
@click.pass_context
def command(
    ctx: click.Context, case_text: str, matches: tuple[str, ...], person: str | None, same: bool | None,
    withdraw: str | None, discovered: str | None, out: Path | None, reason: str | None, key: Path | None, sure: bool,
    plain: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show the records that may be somebody's of CASE and say whose they are. At a terminal you are asked one by one.

    In a script: --match, --confirm or --reject, --reason. What you sign counts in the next `run`. --withdraw takes back
    a record that was taken for somebody already, and closes what shows it.
    """
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.review_answers import Saying, ask_each, show_all, sign_sayings, this_answer
    from mash_trawl.cli.signing import at_terminal

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    if withdraw is not None or discovered is not None or out is not None:
        _withdraw(hub, case, withdraw, (matches, person, same), discovered=discovered, out=out, reason=reason, key=key,
                  sure=sure, as_json=as_json)  # fmt: skip
        return
    if same is None and (matches or person or reason is not None):
        what, do = "there is no answer in it.", "Say --confirm or --reject."
        raise Misconfigured(Problem(where="review", what=what, do=do))
    begins = command_for(ctx)
    unlock, seen = _looked(hub, case, key)
    sayings: list[Saying]
    if same is not None:
        sayings = this_answer(seen, matches, person, same=same, reason=reason, begins=begins, typed=case_text)
    elif as_json or not at_terminal():
        show_all(seen, as_json=as_json, simple=plain, begins=begins, typed=case_text)
        return
    else:
        sayings = ask_each(seen, simple=plain, begins=begins, typed=case_text)
    if sayings:
        sign_sayings(hub, case, sayings, key=key, unlock=unlock, sure=sure, as_json=as_json, begins=begins,
                     typed=case_text)  # fmt: skip


def _withdraw(
    hub: Hub, case: Case, match: str | None, others: tuple[object, ...], *, reason: str | None, **how: Any
) -> None:
    """Take a record back; nothing else is said in the same breath."""
    from mash_trawl.cli.review_withdraw import withdraw

    if match is None or any(others) or others[-1] is not None:
        do = "Say --withdraw MATCH and --reason; --discovered and --out belong to it."
        raise Misconfigured(Problem(where="review", what="that is no withdrawal, or more than one.", do=do))
    if reason is None or not reason.strip():
        raise Misconfigured(Problem(where="--reason", what="there is none.", do="Say why; it is signed."))
    withdraw(hub, case, match, reason=reason, **how)


def _looked(hub: Hub, case: Case, key: Path | None) -> tuple[Unlock, Look]:
    """What waits, as the actor opened it; and their passphrase, asked once for opening and signing."""
    from mash_trawl.cli.place import key_of
    from mash_trawl.cli.run_command import unlock_for_last
    from mash_trawl.identifying import look

    place = key or key_of(hub, hub.actor.id)
    unlock = unlock_for_last(hub, case.id, place)
    return unlock, look(hub, case, unlock, place)
