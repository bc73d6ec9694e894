"""What it costs to start: help and version against bare Python, and with many plugins installed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.measure import Cost, Figure, in_turns, process

PLUGINS = 60
_WITH = (
    "import sys; sys.path.insert(0, {site!r}); from mash_trawl.__main__ import main; sys.argv[1:] = {words!r}; main()"
)


def figures(folder: Path, rounds: int) -> list[Figure]:
    """CPU of a whole process."""
    words = {"--help": ["--help"], "--version": ["--version"], "run --help": ["run", "--help"]}
    works = [partial(process, "-c", "pass"), partial(process, "-c", "import click")]
    works += [partial(process, "-m", "mash_trawl", *arguments) for arguments in words.values()]
    bare, click, *ours = in_turns(works, max(rounds, 9))
    goals = {"--help": "<= 10x", "--version": "<= 10x"}
    return [
        *(
            Figure(what=f"CPU of {name} over bare Python", ours=cost.cpu * 1000, floor=bare.cpu * 1000, unit="ms",
                   goal=goals.get(name, ""))
            for name, cost in (("`import click`", click), *zip(words, ours, strict=True))
        ),
        *_with_plugins(folder, rounds),
    ]  # fmt: skip


def _with_plugins(folder: Path, rounds: int) -> list[Figure]:
    """The same command with sixty plugins installed that nobody approved, each of which would import a library."""
    site, empty = folder / "site", folder / "empty"
    empty.mkdir()
    for number in range(PLUGINS):
        info = site / f"dummy_{number}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dummy-{number}\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[mash_trawl]\ndummy{number} = dummy_{number}:One\n", "utf-8")
        (site / f"dummy_{number}.py").write_text("import sqlalchemy\nOne = None\n", "utf-8")
    said = {"--help": (["--help"], "<= 1.05x"), "connectors list": (["connectors", "list"], "")}
    made: list[Figure] = []
    for name, (words, goal) in said.items():
        works = [partial(with_site, place, words) for place in (empty, site)]
        none, sixty = in_turns(works, max(rounds, 15))
        what = f"CPU of {name} with {PLUGINS} plugins installed, over none"
        made.append(Figure(what=what, ours=sixty.cpu * 1000, floor=none.cpu * 1000, unit="ms", goal=goal))
    return made


def with_site(site: Path, words: list[str]) -> Cost:
    """One command as a whole process that also sees what is installed in `site`."""
    return process("-c", _WITH.format(site=str(site), words=words))
