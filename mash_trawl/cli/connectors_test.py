"""`connectors test`: the conformance kit without pytest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.stopping import stoppable

if TYPE_CHECKING:
    from mash_trawl.testing.kit import Report
    from mash_trawl.testing.mutants import Score

EXIT_UNTESTED, EXIT_FAILED = 2, 3
_MARKS = {"passed": "ok  ", "failed": "FAIL", "skipped": "skip"}


def test(what: str, seed: str | None, *, as_json: bool, mutants: bool) -> int:
    """Run the kit and say what it found; the exit code. Raises Misconfigured for what cannot be tested."""
    from mash_trawl.testing.target import targets

    with stoppable():
        found = targets(what, seed)
        reports = [one.run() for one in found]
        scores = [one.mutants() for one in found] if mutants else []
    if as_json:
        click.echo(json.dumps(plain(reports, scores), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(line for report in reports for line in told(report)))
        for one in scores:
            click.echo("\n".join(told_twins(one)))
        for line in left_open(Path(what)):
            click.echo(line)
    missed = any(twin.outcome == "missed" for one in scores for twin in one)
    return EXIT_FAILED if missed else exit_code(reports)


def exit_code(reports: Sequence[Report]) -> int:
    """3 when a check failed, else 2 when one of them could not be tested at all, else 0."""
    if any(report.count("failed") for report in reports):
        return EXIT_FAILED
    return 0 if all(report.tested for report in reports) else EXIT_UNTESTED


def left_open(file: Path) -> Iterator[str]:
    """Where a mapping still says FILL_IN: what its author alone knows is why a fresh one is red."""
    if file.suffix in (".yaml", ".yml"):
        lines = file.read_text("utf-8").splitlines()
        left = [str(number) for number, line in enumerate(lines, start=1) if "FILL_IN" in line or ".fill_in" in line]
        if left:
            yield f"{file}: still to fill in: line{'s' if len(left) > 1 else ''} {', '.join(left)}."


def page(what: str) -> int:
    """Print the page that describes the connector."""
    from mash_trawl.testing.describe import page as made
    from mash_trawl.testing.kit import real_class
    from mash_trawl.testing.target import connector_of

    click.echo(made(real_class(connector_of(what))), nl=False)
    return 0


def told(report: Report) -> Iterator[str]:
    """One line for each check, and one for each thing it found."""
    for result in report.results:
        tail = f": {result.reason}" if result.reason else ""
        yield f"{_MARKS[result.outcome]} {result.number:2d} {result.name}{tail}"
        yield from (f"        {finding}" for finding in result.findings)
    yield from (f"note: {said}" for said in (report.note, *report.remarks) if said)
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in ("passed", "failed", "skipped"))
    spent = f"{report.milliseconds / 1000:.2f} s ({report.processor / 1000:.2f} s of processor time)"
    yield f"{report.connector}: {counts}, in {spent}"


def told_twins(scores: Sequence[Score]) -> Iterator[str]:
    """What became of the faulty twins."""
    asked = [one for one in scores if not one.outcome.startswith("not asked")]
    for one in scores:
        if one.outcome != "caught":
            mark = "MISS" if one.outcome == "missed" else "skip"
            yield f"{mark} {one.number:2d} a twin that {one.name}: {one.outcome}"
    yield f"faulty twins: {sum(one.outcome == 'caught' for one in asked)} of {len(asked)} caught"


def plain(reports: Sequence[Report], scores: Sequence[Sequence[Score]]) -> list[dict[str, Any]]:
    """The same for a program."""
    rows = []
    for place, report in enumerate(reports):
        row: dict[str, Any] = {
            "connector": report.connector, "green": report.green, "milliseconds": report.milliseconds,
            "processor_milliseconds": report.processor, "remarks": list(report.remarks),
            "checks": [
                {"number": one.number, "name": one.name, "outcome": one.outcome, "findings": list(one.findings),
                 "reason": one.reason, "milliseconds": one.milliseconds}
                for one in report.results
            ],
        }  # fmt: skip
        if scores:
            row["twins"] = [{"name": one.name, "number": one.number, "outcome": one.outcome} for one in scores[place]]
        rows.append(row)
    return rows
