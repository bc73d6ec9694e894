"""`calibrate`: names, weights and thresholds from an authority's own tables; whether matching still goes as it went."""

from __future__ import annotations

import hashlib
import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mash_trawl.calibrate.drift import Moved
    from mash_trawl.calibrate.people_file import Told
    from mash_trawl.calibrate.proof import Band

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_APPROVED = "Look at `profile diff`, and let it be approved: until then nothing changes."
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.group("calibrate")
def command() -> None:
    """Matching measured on what the authority holds: counts only; nothing learnt here counts before it is approved."""


@command.command("frequencies")
@click.argument("people", type=_FILE, nargs=-1, required=True)
@click.option("--out", type=_OUT, required=True, help="The file to write; it must not be there yet.")
@click.option(
    "--smallest", type=click.IntRange(5), default=5, show_default=True, help="Leave out names of fewer people."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day on which the tables stood.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def frequencies(people: tuple[Path, ...], out: Path, smallest: int, as_of: datetime, as_json: bool) -> None:
    """Count how often names are borne in tables of PEOPLE (CSV), for a profile's `matching: frequencies:`."""
    from mash_trawl.calibrate.frequencies import count_names, document
    from mash_trawl.calibrate.people_file import Told, people_in
    from mash_trawl.cli.main import say

    told = Told()
    counted = count_names((person for file in people for person in people_in(file, told)), smallest)
    _write(out, document(counted, as_of.date().isoformat(), smallest))
    names = {"given": len(counted.given), "family": len(counted.family)}
    if as_json:
        click.echo(json.dumps({"file": str(out), "people": counted.people, "names": names} | _rows(told), indent=2))
        return
    say(f"Wrote {out}: {names['given']} given and {names['family']} family names of {counted.people} people.")
    say(_unread(told))
    if not any(names.values()):
        say(f"No name in it is borne by {smallest} people: with this file no name would count as common.")
    say(f"To use it, name it in a profile (`matching: frequencies:`). {_APPROVED}")


@command.command("weights")
@click.argument("here", type=_FILE)
@click.argument("there", type=_FILE)
@click.option("--out", type=_OUT, required=True, help="The file to write; it must not be there yet.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day on which the tables stood.")
@click.option("--at", default=None, help="The source or agency that the weights are for; without it, all.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same number draws the same strangers.")
@click.option("--strangers", type=click.IntRange(1000), default=200_000, show_default=True, help="Pairs to draw.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def weights(
    here: Path, there: Path, out: Path, as_of: datetime, at: str | None, seed: int, strangers: int, as_json: bool
) -> None:
    """Count how people of two tables agree, for a profile's `matching: weights:`.

    True pairs are those that share a valid NHS number in HERE and THERE (CSV); strangers are drawn at random.
    """
    from mash_trawl.calibrate.people_file import Told, people_in
    from mash_trawl.calibrate.weights import agreement, document, in_order
    from mash_trawl.cli.main import say

    told = Told()
    ours, theirs = (list(people_in(file, told, ("born", "nhs_number"))) for file in (here, there))
    found, dropped = in_order(agreement(ours, theirs, seed, strangers))
    pairs = (found or dropped)[0].pairs
    _write(out, document(found, as_of.date().isoformat(), at))
    if as_json:
        shown = {"file": str(out), "levels": len(found), "pairs": pairs,
                 "left_out": [{"field": one.field, "level": one.level} for one in dropped]}  # fmt: skip
        click.echo(json.dumps(shown | _rows(told), indent=2))
        return
    say(f"Wrote {out}: {len(found)} levels from {pairs} pairs that share an NHS number. {_unread(told)}")
    for one in dropped:
        say(f"Left out, the table's own stays: `{one.level}` of {one.field}, for weights fall from level to level.")
    say(f"To use them, put them into a profile (`matching: weights:`). {_APPROVED}")


@command.command("threshold")
@click.argument("decisions", type=_FILE)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day they were labelled.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def threshold(decisions: Path, as_of: datetime, as_json: bool) -> int:
    """Say what labelled DECISIONS (CSV: bits,first,second) prove of precision, band by band. Exit 3: not enough.

    Prints what a profile may say where a threshold below the built-in one is proved.
    """
    from mash_trawl.calibrate.labels import labelled
    from mash_trawl.calibrate.proof import bands, lowered, lowest_safe
    from mash_trawl.cli.main import EXIT_INCOMPLETE
    from mash_trawl.model.proof import NEEDED

    found = bands(labelled(decisions))
    safe = lowest_safe(found)
    profile = lowered(found, as_of.date().isoformat(), hashlib.sha256(decisions.read_bytes()).hexdigest())
    if as_json:
        rows = [
            {"from_bits": f"{one.floor / 1000:g}", "decisions": one.decisions, "right": one.right, "apart": one.apart,
             "at_least": f"{math.floor(one.bound * 1_000_000) / 1_000_000:.6f}"}
            for one in found
        ]  # fmt: skip
        shown = {"needed": f"{NEEDED}", "safe_from_bits": _bits(safe), "bands": rows, "profile": profile}
        click.echo(json.dumps(shown, indent=2))
    else:
        for line in _proof_lines(found, safe, profile):
            click.echo(line)
    return EXIT_INCOMPLETE if safe is None else 0


def _proof_lines(found: Sequence[Band], safe: int | None, profile: dict[str, Any] | None) -> Iterator[str]:
    """Each band with its bound, down to where it is proved, and the lines for a profile where that lowers anything."""
    from mash_trawl.model.proof import NEEDED

    for one in found:
        few = "" if one.enough else "; too few to look at"
        yield (
            f"from {one.floor / 1000:g} bits: {one.right} of {one.decisions} right, {one.apart} labelled apart; "
            f"precision is at least {math.floor(one.bound * 10_000) / 10_000:.4f} (95 %){few}"
        )
    if safe is None:
        yield f"No threshold may go down: the highest band does not prove a precision of {NEEDED}."
        return
    yield f"Precision of {NEEDED} is proved from {_bits(safe)} bits on."
    if profile is None:
        yield "No band below the built-in threshold is proved in one row with it: nothing is lowered."
        return
    low = profile["lowered_by"]["bands"][-1]["from_bits"]
    yield f"A profile may lower the threshold down to {low} bits. Guards stay. {_APPROVED}"
    yield _yaml({"matching": profile}).rstrip()


@command.command("drift")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Compare what came before this day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def drift_command(ctx: click.Context, since: datetime, as_json: bool) -> int:
    """Whether matching went otherwise since a day than before it: counts from the ledger. Exit 3: a share moved."""
    from mash_trawl.calibrate.drift import drift, tallies
    from mash_trawl.cli.main import EXIT_INCOMPLETE
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    rows = ((row.at, row.public) for kind in ("match.decided", "incident.noted") for row in hub.ledger.rows(kind))
    found = drift(tallies(rows, since.replace(tzinfo=UTC)))
    if as_json:
        shown = [
            {"source": one.source, "what": one.what, "moved": one.moved,
             "before": {"part": one.before.part, "of": one.before.of},
             "since": {"part": one.since.part, "of": one.since.of}}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps({"since": since.date().isoformat(), "shares": shown}, indent=2))
    else:
        for line in _drift_lines(found):
            click.echo(line)
    return EXIT_INCOMPLETE if any(one.moved for one in found) else 0


def _drift_lines(found: Sequence[Moved]) -> Iterator[str]:
    """Each share with something counted in it, before and since; a side without anything says so."""
    for one in found:
        if one.before.of or one.since.of:
            mark = "MOVED" if one.moved else "     "
            before, since = (f"{side.part} of {side.of}" if side.of else "nothing" for side in (one.before, one.since))
            yield f"{mark} {one.source}: {one.what}: before {before}, since {since}"
    if not found:
        yield "The ledger holds no match yet."
    elif not any(one.before.of and one.since.of for one in found):
        yield "Nothing can be compared: on one side of that day nothing was counted."


def _bits(millibits: int | None) -> str | None:
    return None if millibits is None else f"{millibits / 1000:g}"


def _rows(told: Told) -> dict[str, dict[str, int]]:
    return {"rows": {"read": told.read, "unreadable": told.unreadable}}


def _unread(told: Told) -> str:
    return f"{told.unreadable} rows could not be read." if told.unreadable else "Every row was read."


def _write(out: Path, plain: dict[str, Any]) -> None:
    """A new file, whole or not at all, for this account alone."""
    from mash_trawl.errors import Misconfigured, Problem

    text = _yaml(plain)
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8"))
    except OSError as problem:
        what = f"it cannot be written ({problem.strerror})."
        raise Misconfigured(Problem(where=out.name, what=what, do="Name a file that is not there yet.")) from None


def _yaml(plain: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)
