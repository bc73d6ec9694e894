"""Mutation testing of the consent room and the gate: does some test fail when a rule is changed?

`python tools/mutate.py` copies the tree into a temporary folder and works there alone. mutmut makes the changed
functions. The truth table is asked first, in one process that forks for each of them; whatever it lets pass, mutmut
gives to the other tests. Prints what survived; the exit code is 1 below the goal.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GOAL = 0.95
KILLED, SURVIVED, NO_TESTS, TIMEOUT = 1, 0, 33, 36
PATIENCE = 30
"""Seconds that one changed function may take for the whole table."""


def copy_of_the_tree(folder: Path) -> None:
    """What git knows and what it does not ignore; never what lies in `.venv` or in caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def generate() -> None:
    """Write the changed functions under `mutants/` of the working directory, without running anything."""
    from mutmut import __main__ as mutmut
    from mutmut.mutation.trampoline import set_mutant_under_test

    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.store_lines_covered_by_tests()
    mutmut.create_mutants(1)


def metas(folder: Path) -> dict[Path, dict[str, Any]]:
    """What mutmut keeps about each changed file."""
    return {file: json.loads(file.read_text("utf-8")) for file in sorted(folder.rglob("*.py.meta"))}


def results(folder: Path) -> dict[str, int | None]:
    """Changed function to how it ended; None: not tried yet."""
    return {name: code for meta in metas(folder).values() for name, code in meta["exit_code_by_key"].items()}


def screen(only: str, share: float) -> None:
    """Ask the truth table about every changed function; run with the copy's `mutants/` as working directory."""
    sys.path.insert(0, str(Path.cwd()))
    sys.path.insert(0, str(Path.cwd() / "tests/consent"))
    os.environ["MUTANT_UNDER_TEST"] = ""
    table = importlib.import_module("truth_sentences")
    # The first row of each rule comes first: it is also asked how it came about, and sees most.
    questions = sorted(table.questions(), key=lambda question: "steps" not in question[2])
    current = _quickly()
    reached = _reached(table, questions)
    package = importlib.import_module("mash_trawl.consent")
    names = [one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    kept = (value for name in names for value in vars(importlib.import_module(name)).values())
    caches = [value for value in kept if hasattr(value, "cache_clear")]
    gc.freeze()
    for file, meta in metas(Path("mash_trawl")).items():
        codes = meta["exit_code_by_key"]
        for name in codes:
            if codes[name] is None and ".consent." in name and _wanted(name, only, share):
                current[0] = name
                codes[name] = _tried(table, reached.get(name.rpartition("__mutmut_")[0], ()), caches)
                current[0] = ""
        file.write_text(json.dumps(meta, indent=4), "utf-8")


def _wanted(name: str, only: str, share: float) -> bool:
    """Whether this change is tried: all of them, or a share that is the same in every run."""
    return only in name and zlib.crc32(name.encode()) % 1000 < share * 1000


def _quickly() -> list[str]:
    """Which change is tried, in a list of one: mutmut asks the environment at every call, which costs most of a run."""
    from mutmut.mutation import trampoline

    current = [""]
    trampoline.get_mutant_under_test = lambda: current[0]
    return current


def _reached(table: ModuleType, questions: list[Any]) -> dict[str, list[Any]]:
    """Function to the questions that run through it: no other can see that it was changed."""
    found: dict[str, list[Any]] = {}
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name.endswith("__mutmut_orig"):
            called.add(f"{frame.f_globals['__name__']}.{frame.f_code.co_name.removesuffix('__mutmut_orig')}")

    for question in questions:
        called.clear()
        sys.setprofile(note)
        wrong = table.wrong(question)
        sys.setprofile(None)
        if wrong:
            sys.exit(f"the truth table is wrong before anything was changed: row {question[0]['row']}")
        for name in called:
            found.setdefault(name, []).append(question)
    return found


def _tried(table: ModuleType, questions: Sequence[Any], caches: list[Any]) -> int | None:
    """KILLED where the table saw it, TIMEOUT where it took too long, else None."""
    if not questions:
        return None
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        for cache in caches:
            cache.cache_clear()
        try:
            seen = any(table.wrong(question) for question in questions)
        except BaseException:
            seen = True
        os._exit(KILLED if seen else SURVIVED)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return TIMEOUT
    return KILLED if os.WEXITSTATUS(status) else None


def report(folder: Path, tried: Collection[str], seconds: float) -> int:
    """Print the figures; 1 where fewer were killed than the goal says."""
    codes = {name: code for name, code in results(folder / "mutants/mash_trawl").items() if name in tried}
    dead = sum(code not in (SURVIVED, NO_TESTS, None) for code in codes.values())
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    os.chdir(folder)
    for name in sorted(name for name, code in codes.items() if code in (SURVIVED, NO_TESTS, None)):
        lines = get_diff_for_mutant(name).splitlines()
        print(name, *(line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")), sep="\n    ")
    files = len({name.rpartition(".x")[0] for name in codes})
    print(f"{len(codes)} changes in {files} files, {dead} found out ({dead / len(codes):.1%}), {seconds:.0f} s")
    return 0 if dead / len(codes) >= GOAL else 1


def main() -> int:
    """Copy, change, ask the table, ask the tests, report."""
    parser = argparse.ArgumentParser(prog="python tools/mutate.py", description=__doc__)
    parser.add_argument("--only", default="", help="only changed functions whose name holds this")
    parser.add_argument("--share", type=float, default=1.0, help="try this share of the changes, 0.1 for a tenth")
    parser.add_argument("--table-only", action="store_true", help="do not give what is left to the other tests")
    parser.add_argument("--in", dest="folder", type=Path, help="work in this (new or kept) folder and keep it")
    parser.add_argument("--step", choices=("generate", "screen"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        generate() if options.step == "generate" else screen(options.only, options.share)
        return 0
    if not importlib.util.find_spec("mutmut"):
        sys.exit("mutmut is missing: python -m pip install mutmut==3.8.1 (docs/evidence.md)")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mash-trawl-mutants-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        copy_of_the_tree(folder)
        again = [sys.executable, str(Path(__file__)), "--only", options.only, "--share", str(options.share), "--step"]
        subprocess.run([*again, "generate"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*again, "screen"], cwd=folder / "mutants", check=True)
        codes = results(folder / "mutants/mash_trawl")
        tried = {name: code for name, code in codes.items() if _wanted(name, options.only, options.share)}
        left = [name for name, code in tried.items() if code is None]
        took = time.monotonic() - began
        print(
            f"{len(tried)} of {len(codes)} changes, {len(left)} of them not seen by the truth table, {took:.0f} s",
            flush=True,
        )
        if left and not options.table_only:
            command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *left]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return report(folder, tried, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
