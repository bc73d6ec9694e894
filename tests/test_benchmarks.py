"""The benchmarks run, measure what they say, and write nothing unasked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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
