"""The two lock files hold what every pyproject.toml asks for: a version in range, a hash, and no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
MEMBERS = ("connectors/*", "examples/county")
PROJECTS = [file for part in (".", *MEMBERS) for file in sorted(ROOT.glob(f"{part}/pyproject.toml"))]
LOCKS = ("requirements.lock", "requirements-test.lock")
OURS = {canonicalize_name(tomllib.loads(file.read_text("utf-8"))["project"]["name"]) for file in PROJECTS}


def blocks(lock: str) -> list[str]:
    """One text for each locked package: its line with the hashes that follow."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def locked(lock: str) -> dict[str, str]:
    """Name to version, of every package that the lock names for this or another machine."""
    found = {}
    for block in blocks(lock):
        name, version = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", block).groups()
        found[canonicalize_name(name)] = version
    return found


def asked(file: Path) -> list[tuple[str, Requirement]]:
    """Every requirement of one project, with the lock in which it must be: the tests' own only in the second."""
    data = tomllib.loads(file.read_text("utf-8"))
    project = data["project"]
    runs = [*project.get("dependencies", ())]
    tests = [*data["build-system"]["requires"]]
    for extra in project.get("optional-dependencies", {}).values():
        tests += extra
    for group in data.get("dependency-groups", {}).values():
        tests += group
    return [("requirements.lock", Requirement(one)) for one in runs] + [
        ("requirements-test.lock", Requirement(one)) for one in (*runs, *tests)
    ]


@pytest.mark.parametrize("file", PROJECTS, ids=lambda file: file.parent.name)
def test_every_requirement_is_locked_in_its_range(file):
    wanted = asked(file)
    assert wanted
    for lock, need in wanted:
        name = canonicalize_name(need.name)
        if name in OURS:
            continue
        versions = locked(lock)
        assert name in versions, f"{need} is not in {lock}"
        assert need.specifier.contains(versions[name], prereleases=True), f"{need}, but {lock} has {versions[name]}"


def test_the_projects_of_this_repository_are_in_no_lock():
    for lock in LOCKS:
        assert not OURS & set(locked(lock))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_has_a_hash_and_no_line_an_address(lock):
    lines = blocks(lock)
    assert len(lines) > 15
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", line), line
        assert re.search(r" --hash=sha256:[0-9a-f]{64}(\s|$)", line), line
        assert not re.search(r"--hash=(?!sha256:[0-9a-f]{64}(\s|$))", line), line
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"https?:|\w+\.(org|com|net|io)\b|--(extra-)?index|--find-links", text)


def test_what_runs_is_locked_alike_for_running_and_for_testing():
    runs, tests = (locked(lock) for lock in LOCKS)
    assert runs.items() <= tests.items()
    assert "pytest" not in runs


def test_beside_the_connectors_lies_nothing_that_is_no_distribution():
    """Each folder there is installed: the bytecode of a loose file makes one that cannot be, and nothing installs."""
    found = {path.name for path in (ROOT / "connectors").iterdir() if not (path / "pyproject.toml").is_file()}
    assert found == set()
