"""`batch`: many cases, at night, with a journal; `batch status`: where the last one stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE, EXIT_NOTHING_PERMITTED, EXIT_STOPPED
from mash_trawl.cli.stopping import stoppable

if TYPE_CHECKING:
    from mash_trawl.batch.summary import Summary
    from mash_trawl.batch.turn import Foreseen
    from mash_trawl.hub import Hub
    from mash_trawl.vault.opening import Unlock


@click.command("batch")
@click.argument("cases", metavar="CASES...", nargs=-1, required=True)
@click.option("--engine", type=click.Choice(["local"]), default="local", show_default=True, help="Where cases run.")
@click.option("--resume", is_flag=True, help="Go on with the last batch if it did not end; else begin a new one.")
@click.option("--dry-run", is_flag=True, help="Say for each case what would be done and why. Sends nothing.")
@click.option("--at-once", type=click.IntRange(1, 200), help="Cases in flight (default: from the sources' widths).")
@click.option(
    "--passphrase-from", metavar="REF", help="The reader key's passphrase: file:PATH or keyring:SERVICE/NAME."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    ctx: click.Context, cases: tuple[str, ...], engine: str, resume: bool, dry_run: bool, at_once: int | None,
    passphrase_from: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Trawl for every case in CASES that is due: folders of case files, CSV lists with a column `case`, files, ids.

    `batch status` tells where the last batch stands.
    """
    from mash_trawl.batch.listing import list_cases
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    if cases == ("status",):
        return _status(ctx, hub, as_json)
    listed = list_cases(cases, partial(find_case, hub.folder))
    if dry_run:
        return _foresee(hub.foresee_batch(listed), as_json)
    unlock = _unlock(hub, passphrase_from)
    stopped = False
    try:
        with stoppable(), _bar() as told:
            done = hub.batch(listed, resume=resume, at_once=at_once, told=told, unlock=unlock)
    except KeyboardInterrupt:
        stopped, done = True, _last(hub)
    _tell(ctx, done, as_json)
    return EXIT_STOPPED if stopped else exit_code(done)


def exit_code(done: Summary) -> int:
    """0: all done and complete; 3: something is missing; 4: cases were trawled, and none had a permit."""
    if done.something_is_missing:
        return EXIT_INCOMPLETE
    return EXIT_NOTHING_PERMITTED if done.nothing_permitted else 0


def as_plain(done: Summary) -> dict[str, Any]:
    """The published JSON shape: counts, codes, case ids; no names, no paths."""
    return {
        "batch": done.batch,
        "state": done.state,
        "began": done.began,
        "ended": done.ended,
        "cases": done.cases,
        **done.counts,
        "whys": dict(sorted(done.whys.items())),
        "look_at": [
            {
                "n": row.n, "case": row.case_id, "where": done.places.get(row.n),
                "state": row.state, "outcome": row.outcome, "why": row.why,
                "detail": row.detail, "do": _do(row.why), "version": row.after, "attempts": row.attempts,
            }
            for row in done.troubles
        ],
    }  # fmt: skip


def _do(why: str | None) -> str:
    from mash_trawl.batch.summary import WHAT_TO_DO

    return WHAT_TO_DO.get(why or "", "Run the case alone with `run`: it says more.")


def _last(hub: Hub) -> Summary:
    from mash_trawl.batch.turn import standing
    from mash_trawl.errors import Misconfigured, Problem

    done = standing(hub.store, hub.clock)
    if done is None:
        raise Misconfigured(Problem(where="batch", what="this hub has run no batch yet.", do="Run `batch CASES`."))
    return done


def _status(ctx: click.Context, hub: Hub, as_json: bool) -> int:
    done = _last(hub)
    _tell(ctx, done, as_json)
    return exit_code(done)


def _tell(ctx: click.Context, done: Summary, as_json: bool) -> None:
    from mash_trawl.cli.place import command_for

    if as_json:
        click.echo(json.dumps(as_plain(done), indent=2, ensure_ascii=False))
        return
    states = {"ended": "has ended", "stopped": "was stopped", "running": "is under way, or was killed"}
    click.echo(f"Batch {done.batch} {states[done.state]}: {done.cases} cases.")
    for name, number in done.counts.items():
        if number:
            click.echo(f"  {number:6} {_WORDS[name]}")
    for row in done.troubles:
        where = row.case_id or done.places.get(row.n) or f"case {row.n} of the list"
        click.echo(f"{where}: {(row.why or '').replace('_', ' ')}{f' ({row.detail})' if row.detail else ''}")
        click.echo(f"    {_do(row.why)}")
    if done.state != "ended":
        click.echo(f"Go on with the same list: `{command_for(ctx)} batch ... --resume`, with the same CASES.")


_WORDS = {
    "complete": "done, everything that was permitted was answered",
    "incomplete": "done, with answers missing",
    "nothing_permitted": "done, nothing was permitted (the refusals are sealed)",
    "unchanged": "looked at, nothing had changed since the last product",
    "not_known": "sealed when the batch was killed: look whether answers are missing",
    "skipped": "skipped: not due, or not the batch's",
    "failed": "failed",
    "left": "not done yet",
}


def _foresee(foreseen: Iterator[Foreseen], as_json: bool) -> int:
    """Every case with what would be done and why; EXIT_INCOMPLETE when one of them cannot be read."""
    rows = [
        {
            "case": one.case, "where": one.where, "would": "run" if one.verdict.run else "skip",
            "why": one.verdict.why, "pairs": one.pairs, "purpose": one.verdict.purpose,
            "due_at": one.verdict.due_at.isoformat() if one.verdict.due_at else None, "detail": one.detail,
        }
        for one in foreseen
    ]  # fmt: skip
    unreadable = sum(row["case"] is None for row in rows)
    if as_json:
        click.echo(json.dumps({"cases": rows}, indent=2, ensure_ascii=False))
        return EXIT_INCOMPLETE if unreadable else 0
    for row in rows:
        due = f", due {row['due_at']}" if row["due_at"] else ""
        pairs = f", {row['pairs']} pairs of source and person permitted" if row["would"] == "run" else ""
        purpose = f", for: {row['purpose']}" if row["purpose"] else ""
        detail = f" ({row['detail']})" if row["detail"] else ""
        why = str(row["why"]).replace("_", " ")
        click.echo(f"{row['case'] or row['where']}: {row['would']}: {why}{due}{pairs}{purpose}{detail}")
    click.echo(f"{sum(row['would'] == 'run' for row in rows)} of {len(rows)} cases would run. Nothing has been sent.")
    if unreadable:
        click.echo(f"{unreadable} of {len(rows)} cannot be read, and would fail.")
    return EXIT_INCOMPLETE if unreadable else 0


def _unlock(hub: Hub, reference: str | None) -> Unlock:
    """The passphrase by reference, read before the first case; never typed, never on the command line."""
    from mash_trawl.config.secrets import is_reference, resolve
    from mash_trawl.errors import Misconfigured, Problem, Unavailable

    if reference is None:
        return lambda: None
    where, do = "--passphrase-from", "Write file:PATH or keyring:SERVICE/NAME."
    if not is_reference(reference):
        raise Misconfigured(Problem(where=where, what="it is no reference, and a passphrase is not typed here.", do=do))
    try:
        secret = resolve(reference, hub.folder)
    except Unavailable:
        raise Misconfigured(Problem(where=where, what="there is no passphrase to be read.", do=do)) from None
    return lambda: secret.reveal().encode()


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """One bar on a terminal; elsewhere silence until the summary."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("cases"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("cases", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
