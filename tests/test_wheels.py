"""The wheels, as somebody else gets them: everything is in them, and the demo runs from nothing but them."""

from __future__ import annotations

import configparser
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mash_trawl import __version__
from mash_trawl.sources.installed import OURS

ROOT = Path(__file__).resolve().parents[1]
CONNECTORS = sorted(file.parent.name for file in (ROOT / "connectors").glob("*/pyproject.toml"))
MEMBERS = (".", *(f"connectors/{name}" for name in CONNECTORS), "examples/county")
PROFILES = ("base", "children_in_need", "early_help", "front_door")


def mappings(name: str) -> set[str]:
    """Every mapping of a connector's package, as it stands in the wheel."""
    package = f"mash_trawl_{name}"
    return {f"{package}/{file.name}" for file in (ROOT / "connectors" / name / package).glob("*.yaml")}


SCHEMAS = ("agreement", "case", "hub", "product", "profile", "source")
DATA = {
    "mash_trawl": {
        "mash_trawl/py.typed", "mash_trawl/identity/data/english.txt", "mash_trawl/render/templates/page.html",
        "mash_trawl/render/templates/page.css", "mash_trawl/forms/referral.xlsx",
        *(f"mash_trawl/profiles/{name}.yaml" for name in PROFILES),
        *(f"mash_trawl/profiles/schema/{name}.v1.json" for name in SCHEMAS),
    },
    **{f"mash_trawl_{name}": {f"mash_trawl_{name}/py.typed", *mappings(name)} for name in CONNECTORS},
    "mash_trawl_county": {"mash_trawl_county/py.typed"},
}  # fmt: skip
PROGRAM = """
from mash_trawl.config.profiles import load_profile, profile_names
import mash_trawl
print(mash_trawl.__file__)
print(*sorted(profile_names()))
print(*(load_profile(name).id for name in sorted(profile_names())))
"""


def run(*command: object, cwd: Path = ROOT, **env: str) -> str:
    """What a program of its own prints; its failure fails the test, with its words."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MASH_TRAWL"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel of every distribution, built with what is installed here."""
    folder = tmp_path_factory.mktemp("wheels")
    for member in MEMBERS:
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT / member)
    return sorted(folder.glob("*.whl"))


def test_every_wheel_holds_its_data_its_entry_point_and_its_licence(wheels: list[Path]) -> None:
    assert {file.name.split("-")[0] for file in wheels} == set(DATA)
    assert f"mash_trawl-{__version__}-py3-none-any.whl" in [file.name for file in wheels]
    for file in wheels:
        package = file.name.split("-")[0]
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            info = f"{package}-{file.name.split('-')[1]}.dist-info"
            assert names >= DATA[package] | {f"{package}/__init__.py", f"{info}/licenses/LICENSE"}
            assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
            assert {name.split("/")[0] for name in names} == {package, info}
            ours = [name for name in names if "/templates/" not in name]  # of new connectors, with their tests
            assert not [name for name in ours if "/tests/" in name or "/test_" in name]
            assert not [name for name in names if name.endswith((".pyc", ".db", ".key"))]
            points = configparser.ConfigParser()
            if f"{info}/entry_points.txt" in names:
                points.read_string(archive.read(f"{info}/entry_points.txt").decode())
        if package == "mash_trawl":
            assert dict(points["console_scripts"]) == {"mash-trawl": "mash_trawl.__main__:main"}
            assert dict(points["pytest11"]) == {"mash-trawl-kit": "mash_trawl.testing.plugin"}
        elif package == "mash_trawl_county":
            assert points.sections() == []
        else:
            assert set(points["mash_trawl"]) == OURS[package.replace("_", "-")]
            assert {value.partition(":")[0].partition(".")[0] for value in points["mash_trawl"].values()} == {package}


def test_the_demo_runs_from_the_wheels_alone_in_an_empty_folder(wheels: list[Path], tmp_path: Path) -> None:
    place, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if importlib.util.find_spec("uv"):
        run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, place)
        install: tuple[object, ...] = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python)
    else:
        run(sys.executable, "-m", "venv", place)
        install = (python, "-m", "pip", "install", "--quiet")
    run(*install, "--require-hashes", "-r", ROOT / "requirements.lock")
    run(*install, "--no-deps", *wheels)
    where, names, loaded = run(python, "-c", PROGRAM, cwd=empty).splitlines()
    assert Path(where).is_relative_to(place)
    assert names == loaded == " ".join(PROFILES)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    run(python, "-m", "mash_trawl", "demo", "--families", "3", cwd=empty, **home)
    assert [item.name for item in empty.iterdir()] == ["mash-trawl-demo"]
    assert len(list((empty / "mash-trawl-demo" / "hub" / "records").glob("*.mtr"))) == 1
    program = place / ("Scripts/mash-trawl.exe" if sys.platform == "win32" else "bin/mash-trawl")
    told = json.loads(run(program, "--hub", "mash-trawl-demo/hub", "connectors", "list", "--json", cwd=empty, **home))
    listed = {(row["distribution"], row["plugin"]) for row in told["connectors"] if len(row["sha256"]) == 64}
    assert listed == {(distribution, plugin) for distribution, plugins in OURS.items() for plugin in plugins}
