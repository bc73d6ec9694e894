"""`run`: the trawl."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE, EXIT_NOTHING_PERMITTED, EXIT_STOPPED, say

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.profile import Profile
    from mash_trawl.render.steps import Steps
    from mash_trawl.running import Run
    from mash_trawl.trawl import Result
    from mash_trawl.vault.opening import Unlock


@click.command("run")
@click.argument("case", metavar="CASE")
@click.option("--out", type=click.Path(path_type=Path), help="Where the product goes (default: the hub's records).")
@click.option("--refresh", multiple=True, metavar="SOURCE", help="Ask this source again (or `all`); repeatable.")
@click.option("--emergency", metavar="REASON", help="Run before a decider can say yes; they must countersign.")
@click.option("--yes", "sure", is_flag=True, help="With --emergency: sign it without asking again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    ctx: click.Context, case: str, out: Path | None, refresh: tuple[str, ...], emergency: str | None, sure: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Trawl for CASE (a file, or a case id): ask, match, compose, seal.

    Run again, it asks only what is new, failed, stale or newly permitted, and carries the rest over.
    """
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import command_for, key_of, open_hub, steps_for
    from mash_trawl.cli.run_urgently import confirm_emergency, tell_what_waits
    from mash_trawl.cli.show_progress import watch
    from mash_trawl.trawl import Stopped

    hub = open_hub(ctx)
    loaded = living_case(hub, case)
    key = key_of(hub, hub.actor.id)
    if emergency is not None:
        confirm_emergency(hub, loaded, emergency, sure=sure)
    unlock = unlock_for_last(hub, loaded.id, key, signs=emergency is not None)
    began = time.monotonic()
    run = hub.start(loaded, out, refresh=refresh, unlock=unlock, key=key, emergency=emergency)
    try:
        watch(run)
        result = run.result()
    except (KeyboardInterrupt, Stopped):
        return _stop(run)
    seconds = round(time.monotonic() - began, 3)
    if as_json:
        click.echo(json.dumps(as_plain(result, seconds), indent=2, ensure_ascii=False))
    else:
        tell(result, hub.profile_of(loaded), steps_for(ctx, case, hub.actor.id))
    if emergency is not None:
        tell_what_waits(hub, loaded, command_for(ctx))
    return exit_code(result)


def unlock_for_last(hub: Hub, case_id: str, key: Path | None, *, signs: bool = False) -> Unlock:
    """Ask for the passphrase of your reader key now, if there is something to open or to sign and the key has one."""
    from mash_trawl.cli.passphrase import ask_passphrase
    from mash_trawl.errors import Refused
    from mash_trawl.vault.readers import key_is_protected

    try:
        if not signs:
            hub.custody.newest(case_id)
        needed = key_is_protected(key or hub.reader_folder, hub.actor.id)
    except Refused:
        needed = False
    if not needed:
        return lambda: None
    typed = ask_passphrase()
    return lambda: typed


def _stop(run: Run) -> int:
    """Stop the trawl, wait for it, and say what became of it: sealing that has begun is not undone."""
    from mash_trawl.trawl import Stopped

    run.cancel()
    if not run.done(10.0):
        say("Stopped while a source was still busy. If a product was sealed after all, the ledger has it.")
        return EXIT_STOPPED
    try:
        say(f"Stopped too late: the product was sealed. {run.result().path}")
    except Stopped:
        say("Stopped. Nothing was sealed; the ledger says that the trawl was stopped.")
    return EXIT_STOPPED


def exit_code(result: Result) -> int:
    """0: every permitted pair is found or none_found; 3: some is not, or is suspended; 4: nothing was permitted."""
    from mash_trawl.model.decision import Outcome

    open_pairs = {
        (item.source, item.person) for item in result.decisions if item.outcome in (Outcome.PERMIT, Outcome.REVIEW)
    }
    if not open_pairs:
        return EXIT_NOTHING_PERMITTED
    good = {"found", "none_found"}
    bad = [
        a for a in result.answers
        if ((a.source, a.person) in open_pairs or a.status.value == "not_connected") and a.status.value not in good
    ]  # fmt: skip
    return EXIT_INCOMPLETE if bad else 0


def as_plain(result: Result, seconds: float) -> dict[str, Any]:
    """The published JSON shape: codes, counts and opaque ids; no names."""
    from mash_trawl.model.base import to_plain

    answers = [
        {
            "source": a.source, "agency": a.agency, "person": a.person, "status": a.status.value, "why": a.why.value,
            "found": a.found, "withheld": to_plain(a.withheld),
            "coverage": _coverage(a.coverage), "attempts": a.attempts, "seconds": a.milliseconds / 1000,
        }
        for a in result.answers
    ]  # fmt: skip
    return {
        "case": result.decisions.case,
        "product": str(result.path),
        "answers": answers,
        "events": len(result.product.chronology),
        "people": len(result.product.people),
        "gaps": [
            {"source": source, "why": why} | ({"due": due} if due else {})
            for source, why, due in sorted({(gap.source, gap.why, gap.due or "") for gap in result.product.gaps})
        ],
        "seconds": seconds,
    }  # fmt: skip


def _coverage(coverage: Any) -> dict[str, str | None] | None:
    if coverage is None:
        return None
    return {"from": coverage.from_, "to": coverage.to, "area": coverage.area, "as_of": coverage.as_of}


def tell(result: Result, profile: Profile, steps: Steps) -> None:
    """The outcome in plain English; by names on a terminal only, because anything else may be a log."""
    from mash_trawl.render.summary import run_summary

    lines = run_summary(
        result.product, profile, path=str(result.path), version=result.sealed.version, unchanged=result.unchanged,
        named=sys.stdout.isatty(), steps=steps,
    )  # fmt: skip
    for line in lines:
        click.echo(line)
