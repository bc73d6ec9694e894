"""Checks 10 to 12 and 15: it only reads, goes nowhere else, does nothing without a grant, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mash_trawl.errors import Refused
from mash_trawl.model.grant import Grant
from mash_trawl.testing.bench import NOW, Bench, Run, Straight
from mash_trawl.testing.checks.scope import smallest
from mash_trawl.testing.checks.shape import plain_runs
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import check
from mash_trawl.testing.world import Book, Clock

_SEARCHES = ("/_search", "/search", "/token")


def usual(bench: Bench) -> Iterator[tuple[str, Run]]:
    """The plain asks, and each category by itself."""
    yield from plain_runs(bench)
    for category in sorted(bench.connector.offers):
        yield f"fetch of {category}", bench.once("fetch", None, (category,))


@check(10, "read only", "It changes nothing: reading statements, GET, or POST to a path that is declared as a search.",
       always=True)  # fmt: skip
def read_only(bench: Bench) -> Iterator[str]:
    """The database's own authorizer, the requests' methods, and the source's state before and after."""
    for where, run in usual(bench):
        yield from (f"{where} tried to write: {what}." for what in run.seen.writes)
        for asked in run.seen.asked:
            yield from _method(bench, where, asked.method, asked.text.partition(" ")[2])
        yield from (f"{where} started a program." for _ in run.seen.programs[:1])
    if bench.seed.state() != bench.began:
        yield "after it was asked, the source is not what it was: something was written, or a file left beside it."


def _method(bench: Bench, where: str, method: str, path: str) -> Iterator[str]:
    if method in ("", "GET", "HEAD"):
        return
    declared = any(path.rstrip("/").endswith(end) for end in (*_SEARCHES, *bench.options.search_paths))
    if method != "POST":
        yield f"{where} sent {method} {path}: only GET, or POST to a search."
    elif not declared:
        yield f"{where} sent POST {path}. If that only searches, say so: `search_paths = ({path!r},)`."


@check(11, "no other host", "It connects to the source's own address and looks up no other name.", always=True)
def no_other_host(bench: Bench) -> Iterator[str]:
    """By Python's audit events, and by what the seed itself counted."""
    for where, run in usual(bench):
        yield from (f"{where} {what}, which is not the address that the door gave." for what in run.seen.strangers)
        yield from (f"{where} started a program ({name}): who knows where that connects to." for name in _names(run))


def _names(run: Run) -> list[str]:
    return run.seen.programs[:1]


@check(
    12, "no grant, nothing", "Without a grant that the gate knows: no session, no secret, no connection.", always=True
)
def no_grant(bench: Bench) -> Iterator[str]:
    """Grants that are unknown, of another source or expired; after a good ask, so that nothing kept is used instead."""
    bench.fetch(None, smallest(bench))
    yield from _made(bench)
    wrong: tuple[tuple[str, Grant, bool], ...] = (
        ("that the gate does not know", bench.grant(), False),
        ("of another source", bench.grant(source="kit-another-source"), True),
        ("that has expired", bench.grant(expires=NOW - timedelta(seconds=1)), True),
    )
    for told, grant, admitted in wrong:
        for step in ("find", "fetch"):
            yield from _refused(bench, step, told, grant, admitted)


def _made(bench: Bench) -> Iterator[str]:
    made = bench.straight(lambda: bench.connector(_never))
    yield from _strange(bench, "it, when it is made,", made)
    if not made.seen.quiet or made.seen.files:
        yield "it connects or opens a file when it is made, before anybody has granted anything."
    if made.ended:
        yield f"it cannot even be made ({made.ended}): leave `__init__` to the base class."


def _never(grants: Any) -> Any:
    raise Refused("no_grant")


def _strange(bench: Bench, where: str, made: Straight) -> Iterator[str]:
    """What nobody may do, whoever asks and whatever was granted."""
    yield from (f"{where} started a program ({name})." for name in made.seen.programs[:1])
    leaks = {place for place, text in made.said.texts() if any(word in text for word in bench.canaries)}
    yield from (f"{where} put something of the child, or the secret, into {place}." for place in sorted(leaks))


def _refused(bench: Bench, step: str, told: str, grant: Grant, admitted: bool) -> Iterator[str]:
    """Straight at the connector, because the engine itself would not even begin."""
    visit = bench.visit(Clock(), Book())
    good = bench.grant()
    visit.gate.admit([good, grant] if admitted else [good])
    asking = visit.ask(step, [good])  # type: ignore[arg-type]  # one of the two steps
    asking.grants = (good, grant)
    came = 0
    query = next(iter(bench.queries().values()), None)

    def ask() -> None:
        nonlocal came
        connector = bench.connector(asking.open, visit.keep)
        for _ in connector.find(query, grant) if step == "find" and query else connector.fetch("1", grant):
            came += 1

    made, where = bench.straight(ask, bench.seed.places()), f"{step} with a grant {told}"
    visit.end()
    yield from _strange(bench, where, made)
    if came:
        yield f"{where} still yields {came} items."
    if not made.seen.quiet or bench.resolved or made.seen.files:
        yield f"{where} still opens something: reach the source through `self.open(grant)` only."
    elif made.ended == "hung":
        yield f"{where} is refused by the gate, and the connector never ends: let Refused pass, and try nothing again."
    elif made.ended != "Refused":
        what = f"turns it into {made.ended}" if made.ended else "says nothing of it"
        yield f"{where} is refused by the gate, and the connector {what}: let Refused pass."


@check(15, "nothing left", "When an ask has ended, no thread, socket, file or cursor of it is left.")
def nothing_left(bench: Bench) -> Iterator[str]:
    """After plain asks, after one that was cut off in the middle, and after a fault."""
    for where, run in (*usual(bench), *_cut(bench)):
        yield from (f"{where} left {what} behind: close it, best in a `with`." for what in run.left)
        unclosed = [line for line in run.said.warned if line.startswith("unclosed")]
        yield from (f"{where} let go of something open ({line.split(' ')[1]}) without closing it." for line in unclosed)
        if run.seen.open_now > 0:
            yield f"{where} left {run.seen.open_now} connections to the source open."


def _cut(bench: Bench) -> Iterator[tuple[str, Run]]:
    def stop(run: Run, visit: Any, number: int) -> None:
        visit.over.set()

    yield "fetch, stopped at its first finding,", bench.fetch(passing=stop)
    for fault in bench.seed.faults[-2:]:
        yield f"fetch, at a source where {fault},", bench.fetch(twist=Twist(fault=fault, at=1))
