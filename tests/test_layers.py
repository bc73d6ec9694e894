"""Imports point one way: the rules of docs/architecture.md, checked by import-linter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("sqlalchemy", "requests", "pyodbc", "pydantic", "cryptography", "rich")


def test_imports_point_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["plan", "--help"]])
def test_help_loads_none_of_the_heavy_libraries(arguments):
    code = (
        "import sys\nfrom mash_trawl.cli.main import main\nmain(sys.argv[1:])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_page_for_connector_authors_loads_none_of_the_heavy_libraries():
    code = f"import sys, mash_trawl.api; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("file", sorted((ROOT / "connectors").glob("*/mash_trawl_*/*.py")), ids=lambda file: file.stem)
def test_connectors_import_only_the_page_for_their_authors(file):
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    ours = {name for name in names if name.split(".")[0] == "mash_trawl"}
    assert ours <= {"mash_trawl.api", "mash_trawl.testing"}


def test_only_consent_mints_grants():
    """And the conformance kit: for its own gate, and for the one test person whom a signed hub file names."""
    users = [
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "mash_trawl").rglob("*.py")
        if "_mint" in file.read_text("utf-8").replace("mint_grants", "")
    ]
    for_tests = ["mash_trawl/testing/bench.py", "mash_trawl/testing/live.py"]
    assert sorted(users) == ["mash_trawl/consent/grants.py", "mash_trawl/model/grant.py", *for_tests]
