"""Matching: what it costs, and how well it decides where the truth is known.

Latency and import are `matching`; the county's families and the seven origins of names, which are ours, are
`matching_decided`. What others made (FEBRL4 beside Splink, pseudopeople's households) is `matching_others`.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypedDict

from benchmarks.matching_county import county
from benchmarks.matching_origins import ORIGINS, group
from benchmarks.matching_table import Tally
from benchmarks.measure import ROOT, Figure, here, in_turns
from mash_trawl.identity import match
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate
from mash_trawl_county.build import draw
from mash_trawl_county.people import Human

FAMILIES, ORIGIN_FAMILIES, RUNS = 2_000, 200, 60
IMPORTS = "import time; at = time.perf_counter(); import mash_trawl.identity; print(time.perf_counter() - at)"


def figures(_folder: Path, rounds: int) -> list[Figure]:
    """Latency and import."""
    return [*latency(max(rounds, RUNS)), importing(rounds)]


def decided(_folder: Path, _rounds: int) -> list[Figure]:
    """How well it decides: the county at 2,000 families, and the origins. Takes minutes."""
    return [*origins(ORIGIN_FAMILIES), *whole_county(FAMILIES)]


def latency(runs: int) -> list[Figure]:
    """One person against 50 and 500 records of the county, explanation and all; the floor compares for equality."""
    humans = list(draw(seed=1, families=250).people().values())
    records = [_candidate(human) for human in humans][:500]
    person = Person(id="p1", **_facts(humans[0]))
    gc.collect()
    gc.freeze()  # the families that were drawn are no part of what is measured; else each collection walks them
    made = []
    for size, goal in ((50, 5), (500, 50)):
        some = records[:size]
        took = sorted(_seconds(partial(match, person, some)) for _ in range(runs))
        ours, floor = in_turns(
            [partial(here, partial(match, person, some)), partial(here, partial(_equal, person, some))], 15
        )
        title = f"one person against {size} candidates, explained"
        made += [
            Figure(what=f"{title}: p50", ours=took[runs // 2] * 1000, unit="ms"),
            Figure(what=f"{title}: p95", ours=took[round(runs * 0.95) - 1] * 1000, unit="ms", goal=f"<= {goal} ms"),
            Figure(what=f"{title}: CPU, against equality", ours=ours.cpu * 1e3, floor=floor.cpu * 1e3, unit="ms"),
        ]
    gc.unfreeze()
    return made


def importing(rounds: int) -> Figure:
    """Importing `identity` in a fresh process."""
    took = []
    for _ in range(max(rounds, 3)):
        done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, capture_output=True, text=True, check=True)
        took.append(float(done.stdout))
    return Figure(what="import of identity", ours=sorted(took)[len(took) // 2] * 1000, unit="ms", goal="<= 300 ms")


def whole_county(families: int) -> Iterator[Figure]:
    """All six systems of the county together."""
    whole = Tally()
    for _, tally in county(families):
        whole.plus(tally)
    yield from quality(f"county of {families:,} families", whole)


def origins(families: int) -> Iterator[Figure]:
    """How far apart the groups are; and the share of each that needs nobody to decide."""
    tallies = {name: group(name, families) for name in ORIGINS}
    yield spread("missed", {name: 1 - tally.recall for name, tally in tallies.items()})
    yield spread("wrong", {name: tally.wrong_auto / tally.queries for name, tally in tallies.items()})
    for name, tally in tallies.items():
        yield Figure(what=f"{name} names: found without asking anybody", ours=tally.auto_recall * 100, unit="%")


def spread(what: str, rates: Mapping[str, float]) -> Figure:
    """The highest rate less the lowest, in points."""
    apart = (max(rates.values()) - min(rates.values())) * 100
    return Figure(what=f"{len(rates)} origins of names, {what}: apart", ours=apart, unit="points", goal="<= 1 point")


def quality(what: str, tally: Tally) -> list[Figure]:
    """The figures of one measuring, each with its goal, and what keys and guards leave for any weights to reach."""
    return [
        Figure(what=f"{what}: queries", ours=tally.queries, unit=""),
        Figure(what=f"{what}: wrong people accepted", ours=tally.wrong_auto, unit="", goal="0"),
        Figure(what=f"{what}: found without asking", ours=tally.auto_recall, unit="of those held", goal=">= .90"),
        Figure(what=f"{what}: found or for a person", ours=tally.recall, unit="of those held", goal=">= .995"),
        Figure(what=f"{what}: for a person", ours=tally.review_share * 100, unit="% of queries", goal="<= 10 %"),
        Figure(what=f"{what}: candidates each time", ours=tally.each, unit="", goal="<= 1.5"),
        Figure(what=f"{what}: found by no key", ours=1 - tally.found / max(tally.held, 1), unit="of those held"),
        Figure(what=f"{what}: without asking, at most", ours=tally.auto_ceiling, unit="of those held"),
        Figure(what=f"{what}: the same if all that is only alike were sure", ours=tally.agreement_ceiling,
               unit="of those held"),
        Figure(what=f"{what}: found or for a person, at most", ours=tally.ceiling, unit="of those held"),
        Figure(what=f"{what}: for a person at least, for .995", ours=tally.least_review(0.995) * 100, unit="%"),
    ]  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    at = time.perf_counter()
    work()
    return time.perf_counter() - at


def _equal(person: Person, records: list[Candidate]) -> list[Candidate]:
    """The least that could be called matching."""
    return [one for one in records if one.names == person.names and one.born == person.born]


class _Facts(TypedDict):
    """What a person of a case and a record of a source both say."""

    names: tuple[Name, ...]
    born: PartialDate
    addresses: tuple[Address, ...]


def _facts(human: Human) -> _Facts:
    home = human.home
    return {
        "names": (Name(given=(human.given,), family=human.family),),
        "born": PartialDate.of(human.born),
        "addresses": (Address(lines=(home.line,), postcode=home.postcode, uprn=home.uprn),) if home else (),
    }


def _candidate(human: Human) -> Candidate:
    return Candidate(ref=human.id, **_facts(human))
