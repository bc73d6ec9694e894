"""Matching on what others made: FEBRL4 beside Splink in one run, and households of pseudopeople's sample population.

Needs `python tools/evidence.py` once; what comes from there is printed by scripts that run in that environment alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from benchmarks.matching import quality as decisions
from benchmarks.matching_febrl import Pair, compared, folder, one_to_one, people, quality
from benchmarks.matching_households import Census, households, read
from benchmarks.matching_table import Tally
from benchmarks.measure import ROOT, Figure

PLACE = ROOT / ".venv-evidence"
MANY = 10_000
"""FEBRL4's shares are printed as parts of so many: ours and Splink's differ in the fourth place."""
YEARS, SEEDS = (2020, 2030), (1, 2)


def figures(room: Path, _rounds: int) -> list[Figure]:
    """Both; nothing where the environment was not made."""
    if not _python().exists():
        print("matching_others: run `python tools/evidence.py` first; nothing is measured.", file=sys.stderr)
        return []
    return [*febrl(room), *censuses(room)]


def _python() -> Path:
    return PLACE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _print_into(file: Path, script: str, *arguments: object) -> Path:
    """Run one script over there; what it prints is kept in a file. RuntimeError with its last words if it fails."""
    command = [_python(), ROOT / "benchmarks" / "evidence" / script, *arguments]
    with file.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [str(part) for part in command], stdout=out, stderr=subprocess.PIPE, check=False, cwd=file.parent
        )
    if done.returncode:
        raise RuntimeError(f"{script} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return file


def febrl(room: Path) -> Iterator[Figure]:
    """Each record in one pair at most. The floor is Splink's figure: a ratio of 1 is as good, above 1 is better."""
    found = subprocess.run([_python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    a, b = (folder(Path(found.stdout.strip())) / name for name in ("dataset4a.csv", "dataset4b.csv"))
    here, there = people(a), people(b)
    ours = quality(one_to_one(list(compared(here, there))), len(here))
    theirs = quality(one_to_one(_splink(_print_into(room / "splink.jsonl", "splink_febrl.py", a, b))), len(here))
    for what, name, goal in (
        ("true pairs compared", "retrieved", ""),
        ("recall at precision 1", "clean", ">= 9,940"),
        ("F1", "f1", ">= 9,975"),
    ):
        mine, other = getattr(ours, name) * MANY, getattr(theirs, name) * MANY
        yield Figure(what=f"FEBRL4: {what}; Splink beside it", ours=mine, floor=other, unit="in 10,000", goal=goal)


def _splink(file: Path) -> list[Pair]:
    pairs = []
    for line in file.read_text("utf-8").splitlines():
        one, other, bits = json.loads(line)
        here, there = (one, other) if one.endswith("org") else (other, one)
        pairs.append(Pair(here=here, there=there, millibits=round(bits * 1000), outcome=""))
    return pairs


def censuses(room: Path) -> Iterator[Figure]:
    """Two years, two seeds, each the source once; then the same people ten years later, for which no goal is set."""
    for year, seed in product(YEARS, SEEDS):
        census = Census(year=year, seed=seed)
        _print_into(room / census.file, "households.py", year, seed)
    whole = Tally()
    for year, (one, other) in product(YEARS, (SEEDS, SEEDS[::-1])):
        asked, source = (read(room, Census(year=year, seed=seed)) for seed in (one, other))
        whole.plus(households(asked, source))
    yield from decisions("households of a sample population", whole)
    later = households(read(room, Census(year=YEARS[0], seed=1)), read(room, Census(year=YEARS[1], seed=2)))
    yield Figure(what="the same ten years later: wrong people accepted", ours=later.wrong_auto, unit="", goal="0")
    yield Figure(what="the same ten years later: found or for a person", ours=later.recall, unit="of those held")
