"""What it costs to start: help and version against bare Python."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.measure import Figure, in_turns, process


def figures(_folder: Path, rounds: int) -> list[Figure]:
    """CPU of a whole process."""
    words = {"--help": ["--help"], "--version": ["--version"], "run --help": ["run", "--help"]}
    works = [partial(process, "-c", "pass"), partial(process, "-c", "import click")]
    works += [partial(process, "-m", "mash_trawl", *arguments) for arguments in words.values()]
    bare, click, *ours = in_turns(works, max(rounds, 9))
    goals = {"--help": "<= 10x", "--version": "<= 10x"}
    return [
        Figure(what=f"CPU of {name} over bare Python", ours=cost.cpu * 1000, floor=bare.cpu * 1000, unit="ms",
               goal=goals.get(name, ""))
        for name, cost in (("`import click`", click), *zip(words, ours, strict=True))
    ]  # fmt: skip
