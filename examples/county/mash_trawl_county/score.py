"""`python -m mash_trawl_county.score`: trawl many cases of the county and compare with the ground truth.

The county is drawn, written and served, a hub is made beside it, every case is trawled through the library, and the
sealed product is opened again and measured. Beside it stands an exact-match script on the same county. Exit code 1 when
a record about another person, a forbidden record or a forbidden call was counted, or recall is below 0.97.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mash_trawl_county.baseline import ExactMatch
from mash_trawl_county.build import draw
from mash_trawl_county.case_files import situations
from mash_trawl_county.measures import Measures, compared, misses, of_baseline, of_product
from mash_trawl_county.score_place import Place, place
from mash_trawl_county.situations import Situation
from mash_trawl_county.systems import SYSTEMS
from mash_trawl_county.truth import Truth
from mash_trawl_county.witness import Heard, hear, witnessed

GOAL = 0.97


@dataclass(slots=True, kw_only=True)
class Score:
    """The sums of a run, and how long its parts took (seconds)."""

    product: Measures = field(default_factory=Measures)
    baseline: Measures = field(default_factory=Measures)
    patterns: dict[str, Measures] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    people: int = 0
    witnessed: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the run reached its goals."""
        made = self.product
        harm = made.wrong + made.forbidden_records + made.forbidden_calls + made.unexplained
        return not harm and made.recall_with_review >= GOAL


def score(root: Path, *, families: int, cases: int, seed: int, told: Callable[[str], None] = lambda _: None) -> Score:
    """Do it all under `root`, an empty folder of this account's own."""
    made, began = Score(), time.monotonic()
    built = draw(seed, families)
    truth, chosen = Truth(built), situations(built, cases, seed)
    made.people, made.seconds["draw"] = len(truth.people), time.monotonic() - began
    script, began = ExactMatch(built, truth), time.monotonic()
    for one in chosen:
        right = truth.case(one)
        made.baseline.add(of_baseline(right, SYSTEMS, script.run(one.file()), truth))
    made.seconds["script"], began = time.monotonic() - began, time.monotonic()
    with place(root, built) as where:
        made.seconds["write and serve"], began = time.monotonic() - began, time.monotonic()
        _trawl_all(made, where, chosen, truth, told)
    made.seconds["trawl"] = time.monotonic() - began
    return made


def _trawl_all(made: Score, where: Place, chosen: list[Situation], truth: Truth, told: Callable[[str], None]) -> None:
    """One case after another, so that every question belongs to one case for certain."""
    with witnessed(where.running.servers(), where.databases(), where.traces()) as witness:
        made.witnessed = (*witness.servers, *witness.statements, *witness.traces)
        for number, one in enumerate(chosen, start=1):
            right, file = truth.case(one), one.file()
            witness.take()
            result = where.hub.run(file)
            heard = hear(right, file, truth, witness.take())
            case = of_product(right, truth, where.hub.open(result.path, reason="scoring"))
            _note(case, heard, right.id)
            made.product.add(case)
            made.patterns.setdefault(one.pattern, Measures()).add(case)
            told(f"{number}/{len(chosen)}")


def _note(case: Measures, heard: Heard, ident: str) -> None:
    case.pairs_asked, case.forbidden_calls = len(heard.asked), len(heard.forbidden)
    case.unexplained = heard.unexplained
    case.faults += [f"{ident} {system} {person}: was asked about" for system, person in sorted(heard.forbidden)]


def table(made: Score) -> Iterator[str]:
    """The score in lines to read."""
    yield f"{made.product.cases} cases in a county of {made.people} people. Systems: {', '.join(SYSTEMS)}."
    yield f"Calls witnessed by the systems themselves: {', '.join(made.witnessed)}."
    yield ""
    yield f"{'':36}{'mash_trawl':>18}{'exact match':>18}"
    for what, one, other in compared(made.product, made.baseline):
        yield f"{what:36}{one:>18}{other:>18}"
    yield ""
    yield f"{'pattern':22}{'cases':>6}{'expected':>10}{'found':>8}{'review':>8}{'missed':>8}"
    for pattern, had in sorted(made.patterns.items()):
        missed = len(had.missed)
        yield f"{pattern:22}{had.cases:>6}{had.expected:>10}{had.found:>8}{had.in_review:>8}{missed:>8}"
    if lost := misses(made.product):
        yield "Missed: " + ", ".join(f"{system} {count}" for system, count in sorted(lost.items())) + "."
    yield from (f"FAULT: {fault}" for fault in made.product.faults)
    yield ", ".join(f"{what} {took:.1f} s" for what, took in made.seconds.items()) + "."


def main(arguments: list[str] | None = None) -> int:
    """Score and print; the exit code says whether the goals were reached."""
    parser = argparse.ArgumentParser(prog="python -m mash_trawl_county.score", description=__doc__)
    parser.add_argument("--families", type=int, default=1000)
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="an empty folder in which county, hub and keys stay")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with _folder(options.out) as root:
        made = score(root, families=options.families, cases=options.cases, seed=options.seed)
    print(json.dumps(plain(made), indent=1) if options.json else "\n".join(table(made)))
    return 0 if made.good else 1


def plain(made: Score) -> dict[str, Any]:
    """The score as JSON."""
    return {
        "people": made.people, "systems": list(SYSTEMS), "witnessed": list(made.witnessed), "good": made.good,
        "mash_trawl": made.product.plain(), "exact_match": made.baseline.plain(),
        "patterns": {name: one.plain() for name, one in sorted(made.patterns.items())},
        "seconds": {what: round(took, 2) for what, took in made.seconds.items()},
    }  # fmt: skip


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    """The folder that was asked for, or a temporary one that goes with the run."""
    with tempfile.TemporaryDirectory() if out is None else nullcontext(str(out)) as name:
        root = Path(name).resolve()
        root.mkdir(parents=True, exist_ok=True)
        yield root


if __name__ == "__main__":
    sys.exit(main())
