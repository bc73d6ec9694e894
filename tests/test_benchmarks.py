"""The benchmarks run, measure what they say, and write nothing unasked."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.matching_households import households

ROOT = Path(__file__).resolve().parents[1]


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


def test_the_floor_makes_the_same_calls_as_the_product(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from benchmarks import floor; from benchmarks.place import installed\n"
        "with installed(Path(sys.argv[1]), families=3) as place:\n"
        "    calls = place.plan['calls']\n"
        "    print(*sorted(calls), floor.gather(place.plan) > 10, min(map(len, calls.values())) > 3)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["health", "housing", "police", "True", "True"], done.stderr


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
