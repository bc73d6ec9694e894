"""Install what the tests need beyond Python packages: servers and a browser, where Debian's packages can be had.

As root on Debian everything is installed; elsewhere it says loudly what is missing and which tests will be skipped.
With CI=true a missing piece is an error, never a skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ROOT / "tests" / "servers"


@dataclass(frozen=True)
class Need:
    """One thing that some tests use: how to see that it is there, and the packages that bring it."""

    what: str
    packages: tuple[str, ...]
    files: tuple[str, ...]

    def met(self) -> bool:
        """True when one of the files is there (a glob under /, or a command's name)."""
        return any(shutil.which(name) if "/" not in name else any(Path("/").glob(name)) for name in self.files)


NEEDS = (
    Need("PostgreSQL server", ("postgresql",), ("usr/lib/postgresql/*/bin/initdb",)),
    Need("ODBC driver manager", ("unixodbc",), ("usr/lib/*/libodbc.so.2",)),
    Need("SQLite ODBC driver", ("libsqliteodbc",), ("usr/lib/*/odbc/libsqlite3odbc.so",)),
    Need("MariaDB server", ("mariadb-server",), ("mariadbd",)),
    Need("PostgreSQL ODBC driver", ("odbc-postgresql",), ("usr/lib/*/odbc/psqlodbcw.so",)),
    Need("FreeTDS ODBC driver", ("tdsodbc",), ("usr/lib/*/odbc/libtdsodbc.so",)),
    Need("MariaDB ODBC driver", ("odbc-mariadb",), ("usr/lib/*/odbc/libmaodbc.so",)),
    Need("Chromium", ("chromium",), ("chromium",)),
    Need("Node.js", ("nodejs", "npm"), ("node",)),
    Need("npm", ("npm",), ("npm",)),
    Need("systemd (its unit files are verified)", ("systemd",), ("systemd-analyze",)),
)


def install(missing: list[Need]) -> None:
    """Bring the packages, when this account may."""
    if not shutil.which("apt-get") or os.name != "posix" or os.geteuid() != 0:
        return
    names = sorted({package for need in missing for package in need.packages})
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    """Install what is missing; say what still is."""
    absent = [need for need in NEEDS if not need.met()]
    if absent:
        install(absent)
    node = SERVERS / "install.py"
    if node.exists() and shutil.which("npm"):
        subprocess.run([sys.executable, str(node)], cwd=SERVERS, check=False)
    missing = [need.what for need in NEEDS if not need.met()]
    for what in missing:
        print(f"MISSING: {what}. The tests that need it will be skipped.", file=sys.stderr)
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
