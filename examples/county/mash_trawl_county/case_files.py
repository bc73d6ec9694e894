"""Many cases of one county: which families, which patterns, written as case files with their truth beside them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from mash_trawl_county.situations import LOCAL_PROFILE, PATTERNS, Situation, situation
from mash_trawl_county.truth import Truth, case_row, write_lines

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The same text from libyaml where PyYAML was built with it: about ten times as fast."""


def situations(built: Built, count: int, seed: int) -> list[Situation]:
    """So many cases: half of families about which something is hard, each family once while there are enough."""
    chance = random.Random(f"cases {seed}")
    drawn = [family for family in built.families if family.id.startswith("F")]
    hard = [family for family in drawn if HARD & set(built.marks.get(family.id, ()))]
    chosen = _some(chance, hard, count // 2)
    taken = {family.id for family in chosen}
    chosen += _some(chance, [family for family in drawn if family.id not in taken] or drawn, count - len(chosen))
    patterns = chance.choices(list(PATTERNS), [weight for weight, _ in PATTERNS.values()], k=count)
    return [
        situation(number, pattern, family, chance)
        for number, (pattern, family) in enumerate(zip(patterns, chosen, strict=True), start=1)
    ]


HARD = frozenset(
    ("twins", "half_siblings", "father_and_son", "lodgers", "adopted", "hidden", "unborn", "namesake_same_day",
     "namesake", "same_day", "alias", "died")
)  # fmt: skip
"""Marks of a family that make a right trawl hard."""


def _some(chance: random.Random, families: list[Any], count: int) -> list[Any]:
    if count <= len(families):
        return chance.sample(families, count)
    return chance.choices(families, k=count) if families else []


def write_case_files(folder: Path, built: Built, made: list[Situation]) -> None:
    """`cases/*.yaml`, the local profile that some of them name, and `cases.jsonl`."""
    truth = Truth(built)
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    (folder / "profiles").mkdir(exist_ok=True)
    (folder / "profiles" / "north_front_door.yaml").write_text(LOCAL_PROFILE, "utf-8")
    for one in made:
        (folder / "cases" / f"{one.ident}.yaml").write_text(case_text(one.file()), "utf-8")
    write_lines(folder / "cases.jsonl", (case_row(truth.case(one)) for one in made))


def case_text(case: Mapping[str, Any]) -> str:
    """A case file with the line that says that its people are synthetic."""
    told = yaml.dump(dict(case), Dumper=DUMPER, sort_keys=False, allow_unicode=True)
    return f"# Synthetic: nobody in this file exists.\n{told}"
