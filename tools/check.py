"""Everything that reads the code without running it: ruff, mypy --strict and the import rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32", "mash_trawl"),
)


def main() -> int:
    """Run every check, even after one has failed; the exit code is the number of failures."""
    failed = 0
    for check in CHECKS:
        failed += subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False).returncode != 0
    linter = Path(sys.executable).with_name("lint-imports")
    failed += subprocess.run([str(linter)], cwd=ROOT, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
