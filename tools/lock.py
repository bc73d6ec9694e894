"""Write requirements.lock (what runs) and requirements-test.lock (what tests) anew: versions with hashes, no addresses.

Needs the package index. uv's own lock file holds addresses, so it is made, read and removed here.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXPORT = (
    "uv",
    "export",
    "--quiet",
    "--all-packages",
    "--no-emit-workspace",
    "--no-header",
    "--format",
    "requirements.txt",
)

LOCKS = {
    "requirements.lock": ("--no-default-groups",),
    "requirements-test.lock": ("--all-groups", "--all-extras"),
}


def main() -> int:
    """Write both files; the exit code is uv's."""
    lock = ROOT / "uv.lock"
    had = lock.exists()
    try:
        for name, parts in LOCKS.items():
            command = [sys.executable, "-m", *EXPORT, *parts, "--output-file", name]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    finally:
        if not had:
            lock.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
