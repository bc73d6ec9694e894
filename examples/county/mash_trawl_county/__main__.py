"""`python -m mash_trawl_county build DIR` draws a county; `serve DIR` serves it until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from mash_trawl_county.build import draw, write_cases, write_county
from mash_trawl_county.serving import served


def main(arguments: list[str] | None = None) -> int:
    """Build or serve; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mash_trawl_county", description=__doc__)
    parser.add_argument("act", choices=["build", "serve"])
    parser.add_argument("folder", type=Path, help="the county's folder (of a demo: mash-trawl-demo/county)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--families", type=int, default=60)
    options = parser.parse_args(arguments)
    if options.act == "build":
        built = draw(options.seed, options.families)
        write_county(options.folder, built)
        write_cases(options.folder / "cases", built)
        print(f"Drew {len(built.families)} synthetic families into {options.folder}.")
        return 0
    folder = options.folder if (options.folder / "police.json").exists() else options.folder / "county"
    if not (folder / "police.json").exists():
        print(f"There is no county in {options.folder}: build one first.", file=sys.stderr)
        return 2
    with served(folder) as running:
        print(f"police {running.police.base_url}\nhealth {running.health.base_url}\nStop with Ctrl-C.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
