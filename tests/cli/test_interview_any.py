"""Whatever is typed: every question stays answerable, and what is saved is a case that the profile understands."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mash_trawl.cli.interview import hold
from mash_trawl.cli.interview_case import ask_case
from mash_trawl.cli.interview_referral import Desk
from mash_trawl.config.case import load_case
from mash_trawl.config.case_gaps import case_gaps
from mash_trawl.config.profiles import load_profile
from mash_trawl.config.write import case_text
from mash_trawl.consent import decide
from mash_trawl.consent.check import problems
from mash_trawl.model.case import Case

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
PROFILES = {name: load_profile(name) for name in ("children_in_need", "early_help", "front_door")}
TYPED = (
    "", "unknown", "back", "?", "17/05/2014", "about 1988", "2030", "now", "yesterday", "09:10", "3/12/2026",
    "2014-02-30", "about March 2027",
    "Aisha", "Khan", "943 476 5919", "943 476 5918", "NB1 4QT", '"Back"', '"', "99", "0", "-1",
    "\x1b[31m", "ä" * 50, "housing", "all", "none", "H801200001001", "2005", "2021",
)  # fmt: skip


class Typist:
    """Types by drawn numbers: mostly one of the choices, a yes or a no; then `finish` and `save` until it is over."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        self.ending = ["finish", "save", "abandon"] * 3
        self.told: list[str] = []

    def say(self, line: str = "") -> None:
        self.told = [] if line == "" else [*self.told, line]

    def listen(self) -> str:
        if not self.numbers:
            return self.ending.pop(0)
        number = self.numbers.pop(0)
        choices = sum(line[:4].strip().isdigit() for line in self.told)
        if any(line.startswith("Save this case") for line in self.told) or number % 15 == 0:
            return TYPED[number % len(TYPED)]
        if choices:
            some = {number % choices + 1, number // 7 % choices + 1} if any("several" in it for it in self.told) else {
                number % choices + 1}  # fmt: skip
            return ", ".join(map(str, sorted(some)))
        if any("yes or no" in line for line in self.told):
            return ("yes", "no")[number % 2]
        return TYPED[number % len(TYPED)]


def review(draft: Mapping[str, Any]) -> tuple[Case, tuple[str, ...]]:
    case = load_case(draft)
    return case, tuple(gap.missing for gap in case_gaps(case, PROFILES[case.profile]))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), most=st.integers(0, 300))
def test_no_answers_whatever_end_in_anything_but_a_case_or_nothing(seed: int, most: int) -> None:
    drawn = random.Random(seed)
    numbers = [drawn.randrange(10_000) for _ in range(most)]
    desk = Desk(profiles={name: item.title for name, item in PROFILES.items()}, load=PROFILES.__getitem__,
                clock=lambda: NOW, taken=lambda ident: False, new_id="case-20261103-abcdef")  # fmt: skip
    case = hold(lambda: ask_case(desk, review, lambda case: ""), Typist(numbers))
    event("saved" if case else "abandoned")
    event(f"agreements {len(case.consents) if case else 0}, powers {len(case.gateways) if case else 0}")
    if case is not None:
        profile = PROFILES[case.profile]
        assert problems(case, profile) == ()
        assert load_case_text(case) == case
        decide(case, profile, NOW)


def load_case_text(case: Case) -> Case:
    from mash_trawl.config.read import validate
    from mash_trawl.config.yamltext import parse_yaml

    return validate(Case, parse_yaml(case_text(case), "case"))
