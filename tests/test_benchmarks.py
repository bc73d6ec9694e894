"""The benchmarks run, measure what they say, and write nothing unasked."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import deciding, isolating, matching, rooms, starting
from benchmarks.__main__ import LONG, PARTS
from benchmarks.matching_households import households
from mash_trawl_county.build import draw, write_county

ROOT = Path(__file__).resolve().parents[1]


def _in_a_worker(folder: Path) -> list[object]:
    write_county(folder, draw(seed=1, families=3))
    return list(isolating.asks({"url": f"sqlite:///{(folder / 'housing.db').as_posix()}"}, 1))


SMALLEST: dict[str, Callable[[Path], list[object]]] = {
    "starting": lambda folder: [starting.with_site(folder, ["--help"])],
    "isolating": _in_a_worker,
    "deciding": lambda folder: list(deciding.figures(folder, 1)),
    "matching": lambda _: list(matching.latency(1)),
    "sealing": lambda folder: list(rooms.sealing(folder, 1)),
}
"""The least work that shows that a part still runs: what it measured."""


def test_one_part_is_measured_and_written_only_where_asked(tmp_path: Path) -> None:
    before = set(ROOT.iterdir())
    command = [sys.executable, "-m", "benchmarks", "--rounds", "1", "--only", "dates", "--only", "ledger"]
    out = tmp_path / "figures.json"
    done = subprocess.run([*command, "--out", str(out)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "cores" in done.stdout
    figures = json.loads(out.read_text("utf-8"))["figures"]
    assert len(figures) == 5
    assert all(figure["what"] in done.stdout and figure["ours"] > 0 for figure in figures)
    assert {item.name for item in ROOT.iterdir()} - {item.name for item in before} <= {".pytest_cache"}


@pytest.mark.parametrize("part", SMALLEST)
def test_a_part_still_runs(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (deciding, isolating, matching, rooms):
        monkeypatch.setattr(module, "in_turns", lambda works, _rounds: [work() for work in works])
    assert SMALLEST[part](tmp_path)


def test_every_part_that_does_not_take_minutes_is_run_here() -> None:
    elsewhere = {"dates", "ledger", "trawling"}
    assert PARTS.keys() == SMALLEST.keys() | elsewhere | LONG


def test_the_floor_makes_the_same_calls_as_the_product_and_a_case_is_measured(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from benchmarks import floor, trawling\n"
        "from benchmarks.place import installed; from mash_trawl.hub import Hub\n"
        "with installed(Path(sys.argv[1]), families=3) as place:\n"
        "    calls = place.plan['calls']\n"
        "    print(*sorted(calls), floor.gather(place.plan) > 10, min(map(len, calls.values())) > 3)\n"
        "    with Hub.open(place.hub) as hub:\n"
        "        print(trawling.one_case(hub, place).wall > 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["health", "housing", "police", "True", "True", "True"], done.stderr


def test_a_census_as_the_script_prints_it_can_be_read() -> None:
    """The script runs where the product is not installed, so it is read here and not run: what it prints, by name."""
    text = (ROOT / "benchmarks" / "evidence" / "households.py").read_text("utf-8")
    (printed,) = (
        ast.literal_eval(line.value)
        for line in ast.parse(text).body
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "WANTED"
    )
    known = {
        "simulant_id": "1", "household_id": "2", "first_name": "Synthea", "last_name": "Testfall", "age": "9",
        "date_of_birth": "05/17/2014", "street_number": "14", "street_name": "mill ln", "city": "northby",
        "housing_type": "Household", "sex": "Female",
    }  # fmt: skip
    child = {name: known.get(name) for name in printed}
    told = households([child], [child])
    assert (told.queries, told.wrong_auto) == (1, 0)
