"""Build every wheel and install all with plain pip in a new environment, where nothing of the checkout is.

    python tools/wheels.py              # in a temporary folder, which goes afterwards
    python tools/wheels.py --keep DIR   # in DIR, which stays: wheels/, clean/ and what was made there

pip alone resolves what the wheels say they need (the test of the wheels takes the lock file instead), so it needs the
package index. Then, in an empty folder: `pip check`, `connectors list`, two connectors tested, the demo.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONNECTORS = sorted(file.parent for file in ROOT.glob("connectors/*/pyproject.toml"))
MEMBERS = (ROOT, *CONNECTORS, ROOT / "examples" / "county")
TESTED = ("housing", "early_help")
"""Connectors that are tested there, and whose seed is lent to them: a wheel brings no tests."""
BINARIES = "Scripts" if sys.platform == "win32" else "bin"


def run(*command: str | Path, cwd: Path) -> str:
    """What a program says, in an environment without anything of this one; its failure ends this script."""
    told = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MASH_TRAWL", "UV_"))}
    home = {"HOME": str(cwd), "XDG_CONFIG_HOME": str(cwd / "config")}
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, env=told | home, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}\n`{' '.join(words)}` ended with {done.returncode}.")
    return done.stdout


def promised() -> set[tuple[str, str]]:
    """Every connector that a distribution here says it brings: (distribution, name)."""
    found = set()
    for member in MEMBERS:
        told = tomllib.loads((member / "pyproject.toml").read_text("utf-8"))["project"]
        found |= {(told["name"], name) for name in told.get("entry-points", {}).get("mash_trawl", {})}
    return found


def built(place: Path) -> list[Path]:
    """The wheels, built with pip in an environment that has the build tool and no more."""
    venv.create(place / "building", with_pip=True)
    python = place / "building" / BINARIES / "python"
    run(python, "-m", "pip", "install", "--quiet", "hatchling", cwd=place)
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", place / "wheels")
    run(python, "-m", "pip", *build, *MEMBERS, cwd=place)
    return sorted((place / "wheels").glob("*.whl"))


def tried(place: Path, wheels: list[Path]) -> None:
    """Install them all where nothing else is, and use what is installed."""
    clean, empty = place / "clean", place / "empty"
    empty.mkdir(parents=True)
    venv.create(clean, with_pip=True)
    python, program = clean / BINARIES / "python", clean / BINARIES / "mash-trawl"
    run(python, "-m", "pip", "install", "--quiet", *wheels, cwd=empty)
    print(f"{len(wheels)} wheels installed with plain pip. {run(python, '-m', 'pip', 'check', cwd=empty).strip()}")
    where = Path(run(python, "-c", "import mash_trawl; print(mash_trawl.__file__)", cwd=empty).strip())
    listed = json.loads(run(program, "connectors", "list", "--json", cwd=empty))["connectors"]
    found = {(row["distribution"], row["plugin"]) for row in listed if row["installed"] and len(row["sha256"]) == 64}
    if not where.is_relative_to(clean.resolve()) or found != promised() or len(listed) != len(found):
        sys.exit(f"connectors list is not what the distributions promise: {sorted(found ^ promised())}, from {where}")
    print(f"connectors list: {len(found)} connectors of {len({name for name, _ in found})} distributions.")
    for name in TESTED:
        seed = empty / f"{name}.sql"
        seed.write_bytes((ROOT / "connectors" / name / "tests" / "seed.sql").read_bytes())
        score = run(program, "connectors", "test", name, "--seed", seed, cwd=empty)
        print(f"connectors test {name}: {score.strip().splitlines()[-1]}")
    run(program, "demo", "--families", "3", cwd=empty)
    sealed = list((empty / "mash-trawl-demo" / "hub" / "records").glob("*.mtr"))
    if len(sealed) != 1:
        sys.exit(f"The demo sealed {len(sealed)} products instead of one.")
    print("demo: one family trawled, one product sealed.")


def main() -> int:
    """Build, install, use; what fails says so and ends with 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder that does not exist yet, for all that is made")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True)
        place = options.keep.resolve()
        tried(place, built(place))
    else:
        with tempfile.TemporaryDirectory(prefix="mash-trawl-wheels-") as folder:
            place = Path(folder).resolve()
            tried(place, built(place))
    used = os.times()
    print(f"{used.user + used.system + used.children_user + used.children_system:.0f} s of CPU in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
