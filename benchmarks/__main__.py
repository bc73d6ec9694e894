"""`python -m benchmarks`: measure, print one table, write nothing unless `--out FILE` is said."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks import deciding, isolating, matching, matching_others, rooms, starting, trawling
from benchmarks.measure import Figure

PARTS = {
    "starting": starting.figures,
    "trawling": trawling.figures,
    "isolating": isolating.figures,
    "deciding": deciding.figures,
    "dates": rooms.dates,
    "matching": matching.figures,
    "matching_decided": matching.decided,
    "matching_others": matching_others.figures,
    "ledger": rooms.ledger,
    "sealing": rooms.sealing,
}


LONG = frozenset({"matching_decided", "matching_others"})
"""Minutes each: measured only where `--only` names them."""


def machine() -> str:
    """What these figures were measured on, as far as it matters for reading them."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{load}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def table(figures: list[Figure]) -> str:
    """The figures as aligned lines."""
    rows = [("what", "ours", "floor", "ratio", "goal"), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="medians of so many (default 7)")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part; may be repeated")
    parser.add_argument("--out", type=Path, help="also write the figures here, as JSON")
    options = parser.parse_args()
    figures: list[Figure] = []
    print(f"{machine()}; medians of {options.rounds}; ours and the floor take turns.", flush=True)
    with tempfile.TemporaryDirectory(prefix="trawl-bench-") as folder:
        for name in options.only or [part for part in PARTS if part not in LONG]:
            room = Path(folder) / name
            room.mkdir()
            figures += PARTS[name](room, options.rounds)
            print(f"measured: {name}", file=sys.stderr)
    print(table(figures))
    print("On a busy machine wall times mean little and CPU times wander by a third; compare ratios, and run it again.")
    if options.out:
        told = {"machine": machine(), "rounds": options.rounds, "figures": [asdict(figure) for figure in figures]}
        options.out.write_text(json.dumps(told, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
