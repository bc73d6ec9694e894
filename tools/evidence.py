"""Make an environment for what the evidence on matching needs beside the product: pseudopeople, Splink, FEBRL.

    python tools/evidence.py            # .venv-evidence, from requirements-evidence.lock, every file with its hash
    python tools/evidence.py --lock     # write the lock file anew (needs the package index)

The product never runs there: `python -m benchmarks --only matching_others` starts single scripts in it and reads what
they print.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements-evidence.lock"
COMPILE = ("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
           "--no-header", "--no-annotate", "--no-emit-index-url")  # fmt: skip


def main() -> int:
    """Make the environment, or the lock file that it is made from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv-evidence", help="where the environment goes")
    parser.add_argument("--lock", action="store_true", help=f"write {LOCK} anew and do no more")
    options = parser.parse_args()
    if options.lock:
        command = [sys.executable, "-m", *COMPILE, "requirements-evidence.in", "--output-file", LOCK]
        return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL).returncode
    python = options.venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(options.venv, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK]
    return subprocess.run(install, cwd=ROOT, check=True).returncode


if __name__ == "__main__":
    sys.exit(main())
