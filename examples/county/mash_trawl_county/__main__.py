"""`python -m mash_trawl_county`: draw a county, write it, write cases of its families, serve it until Ctrl-C.

`draw` only counts what a seed gives; `write` (or `build`) writes systems, truth and the demo cases; `cases` writes many
cases of the same county; `serve` serves a written one; `answer` fills in the request that lies in a folder, as the
demo's GP practice would.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections import Counter
from pathlib import Path

from mash_trawl_county.build import Built, draw, write_cases, write_county
from mash_trawl_county.case_files import situations, write_case_files
from mash_trawl_county.practice import answer
from mash_trawl_county.serving import served


def main(arguments: list[str] | None = None) -> int:
    """Draw, write, make cases or serve; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mash_trawl_county", description=__doc__)
    parser.add_argument("act", choices=["draw", "write", "build", "cases", "serve", "answer"])
    parser.add_argument("folder", type=Path, nargs="?", help="the county's folder (of a demo: mash-trawl-demo/county)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--families", type=int, default=60)
    parser.add_argument("--count", type=int, default=150, help="how many cases")
    options = parser.parse_args(arguments)
    if options.act != "draw" and options.folder is None:
        parser.error("say the county's folder")
    if options.act == "serve":
        return _serve(options.folder)
    if options.act == "answer":
        return _answer(options.folder)
    built = draw(options.seed, options.families)
    if options.act == "draw":
        print("\n".join(_counts(built)))
    elif options.act == "cases":
        made = situations(built, options.count, options.seed)
        write_case_files(options.folder, built, made)
        print(f"Wrote {len(made)} synthetic cases into {options.folder / 'cases'}.")
    else:
        write_county(options.folder, built)
        write_cases(options.folder / "cases", built)
        print(f"Drew {len(built.families)} synthetic families into {options.folder}.")
    return 0


def _counts(built: Built) -> list[str]:
    """What this county holds, in numbers."""
    systems = Counter(trace.system for trace in built.records)
    marks = Counter(mark for held in built.marks.values() for mark in held)
    retold = len({trace.incident for trace in built.records if trace.incident})
    return [
        f"{len(built.families)} families, {len(built.people())} people, {len(built.strangers)} of them strangers.",
        f"{len(built.records)} records; {retold} incidents that several agencies may tell.",
        "Records: " + ", ".join(f"{name} {count}" for name, count in sorted(systems.items())) + ".",
        "Families with: " + ", ".join(f"{name} {count}" for name, count in sorted(marks.items())) + ".",
    ]


def _answer(folder: Path) -> int:
    try:
        back = answer(folder)
    except FileNotFoundError:
        print(f"There is no request-*.xlsx in {folder}: `mash-trawl request` writes one.", file=sys.stderr)
        return 2
    print(f"The practice answered: {back}")
    return 0


def _serve(place: Path) -> int:
    folder = place if (place / "police.json").exists() else place / "county"
    if not (folder / "police.json").exists():
        print(f"There is no county in {place}: build one first.", file=sys.stderr)
        return 2
    with served(folder) as running:
        told = "\n".join(f"{name} {server.base_url}" for name, server in running.servers().items())
        print(f"{told}\nStop with Ctrl-C.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
