"""One case on the county: warm in one process, and cold as a whole process, each against the floor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import floor
from benchmarks.measure import Cost, Figure, here, in_turns, process
from benchmarks.place import Place, installed
from mash_trawl.hub import Hub


def figures(folder: Path, rounds: int) -> list[Figure]:
    """Wall and CPU, and what all of consent, gate, ledger, matching, product and sealing add in milliseconds."""
    with installed(folder) as place:
        calls = sum(map(len, place.plan["calls"].values()))
        warm = _lines(f"one case, warm, {calls} calls", _warm(place, rounds), "<= 1.25x CPU")
        cold = _lines(f"`run` as a cold process, {calls} calls", _cold(place, rounds), "added <= 900 ms")
    return [*warm, *cold]


def _warm(place: Place, rounds: int) -> list[Cost]:
    with Hub.open(place.hub) as hub:
        works = [partial(one_case, hub, place), partial(here, partial(floor.gather, place.plan))]
        return in_turns(works, rounds)


def one_case(hub: Hub, place: Place) -> Cost:
    """A new case in a hub that is open."""
    return here(partial(hub.run, place.another()))


def _cold(place: Place, rounds: int) -> list[Cost]:
    works = [partial(_command, place), partial(process, "-m", "benchmarks.floor", place.plan_file)]
    return in_turns(works, rounds)


def _command(place: Place) -> Cost:
    return process("-m", "mash_trawl", "--hub", place.hub, "run", place.another(), "--json", ends=(0, 3))


def _lines(what: str, costs: Sequence[Cost], goal: str) -> list[Figure]:
    ours, bare = costs
    goals = {"wall": "" if "CPU" in goal else goal, "CPU": goal if "CPU" in goal else ""}
    pairs = {"wall": (ours.wall * 1000, bare.wall * 1000), "CPU": (ours.cpu * 1000, bare.cpu * 1000)}
    lines = [
        Figure(what=f"{what}: {name}", ours=mine, floor=theirs, unit="ms", goal=goals[name])
        for name, (mine, theirs) in pairs.items()
    ]
    return lines + [
        Figure(what=f"{what}: {name} added", ours=mine - theirs, unit="ms") for name, (mine, theirs) in pairs.items()
    ]
