"""What differs between two profiles, in words, and whether it lets more be asked or less."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from mash_trawl.config.profile_diff import beneath, changes, side
from mash_trawl.errors import Misconfigured

Told = Callable[[str], list[str]]
HEAD = "extends: front_door\n"
DIGEST = "3f" * 32
LOWERED = (
    f"lowered_by: {{as_of: 2026-11-01, file_digest: {DIGEST}, bands: [{{from_bits: 8, reviewed: 2995, wrong: 0}}]}}"
)
BY = f", lowered_by as_of 2026-11-01, file_digest {DIGEST}, bands from_bits 8, reviewed 2995, wrong 0"
MATCHING = (
    "{}matching is population 300000, auto_per_million {}, review_per_million 10000, lead_millibits {}, "
    "social_care_dates no{}; it was nothing. 2:11"
)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What an overlay of the front door changes, as `DIRECTION what line:column`."""

    def teller(text: str) -> list[str]:
        (tmp_path / "profiles").mkdir(exist_ok=True)
        (tmp_path / "profiles" / "front_door.yaml").write_text(HEAD + text)
        over = side("front_door", tmp_path)
        base = beneath(over, tmp_path)
        assert base is not None
        found = [item for item in changes(base, over) if item.path != "extends"]
        return [f"{item.direction} {item.what} {item.where.partition('.yaml:')[2]}".strip() for item in found]

    return teller


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: North\n", "title is North; it was Front door. 2:8"),
        ("scope: {levels: [2, 3, 4]}\n", "NARROWER scope levels drops 1. 2:17"),
        ("scope: {level_needed: yes}\n", "NARROWER scope level needed is yes; it was no. 2:23"),
        ("decides: no\n", "NARROWER decides is no; it was yes. 2:10"),
        ("matching: {lead_millibits: 9000}\n", MATCHING.format("", 999_000, 9_000, "")),
        (f"matching: {{auto_per_million: 996109, {LOWERED}}}\n", MATCHING.format("WIDER ", 996_109, 7_000, BY)),
        ("gateways: {S47: {levels: [3, 4]}}\n", "WIDER gateway S47: levels adds 3. 2:26"),
        ("gateways: {S47: {levels: []}}\n", "WIDER gateway S47: levels drops 4, and is empty now. 2:26"),
        ("gateways: {CARE42: {levels: [4]}}\n", "NARROWER gateway CARE42: levels adds 4. 2:29"),
        ("gateways: {S17: {health: with_reason}}\n", "WIDER gateway S17: health is with_reason; it was never. 2:26"),
        ("gateways: {S47: {health: when_named}}\n", "gateway S47: health is when_named; it was with_reason. 2:26"),
        ("gateways: {S17: {consent: not_needed}}\n", "WIDER gateway S17: consent is not_needed; it was sought. 2:27"),
        ("gateways: {S47: {consent: needed}}\n", "NARROWER gateway S47: consent is needed; it was not_needed. 2:27"),
        ("gateways: {S17: {opens: {police: all}}}\n", "WIDER gateway S17: opens police is all; it was "
         "safeguarding, domestic_abuse, missing. 2:34"),
        ("gateways: {S17: {opens: {health: [gp_summary]}}}\n", "WIDER gateway S17: opens health is new: gp_summary. "
         "2:34"),
        ("gateways: {S47: {opens: {police: [missing]}}}\n", "NARROWER gateway S47: opens police is missing; it was "
         "all. 2:34"),
        ("gateways: {S47: {requires: [grounds]}}\n", "WIDER gateway S47: requires drops decided_by. 2:28"),
        ("gateways: {S47: {whom: {child_under: 16}}}\n", "NARROWER gateway S47: whom child under is 16; it was 18. "
         "2:38"),
        ("gateways: {S47: {whom: {unborn: yes}}}\n", "WIDER gateway S47: whom unborn is yes; it was no. 2:33"),
        ("gateways: {16LA: {in_force_from: 2027-01-01}}\n", "WIDER gateway 16LA: in force from is 2027-01-01; it was "
         "nothing. 2:34"),
        ("gateways: {S47: {in_force_until: 2027-01-01}}\n", "NARROWER gateway S47: in force until is 2027-01-01; it "
         "was nothing. 2:34"),
        ("gateways: {CARE42: {limbs: {fourth: Another}}}\n", "NARROWER gateway CARE42: limbs fourth is new: Another. "
         "2:37"),
        ("agencies: {police: {ages: {from: 18}}}\n", "NARROWER agency police: ages is from 18; it was nothing. 2:27"),
        ("agencies: {damp: {title: Damp}}\n", "WIDER agency damp is new. 2:18"),
        ("agencies: {police: {categories: {custody: {title: Custody}}}}\n", "WIDER category police.custody is new. "
         "2:43"),
        ("agencies: {police: {categories: {intelligence: {by_consent: yes}}}}\n", "WIDER category "
         "police.intelligence: by consent is yes; it was no. 2:61"),
        ("agencies: {housing: {categories: {asb: {lookback: 90d}}}}\n", "NARROWER category housing.asb: lookback is "
         "90d; it was nothing. 2:51"),
        ("consent: {presumed_from: 15}\n", "consent presumed from is 15; it was 16. 2:26"),
        ("consent: {life: 30d}\n", "NARROWER consent life is 30d; it was nothing. 2:17"),
        ("restrictions: {staff_interest: {effect: mask_household}}\n", "WIDER restriction staff_interest: effect is "
         "mask_household; it was review. 2:41"),
        ("concerns: {damp: Damp}\n", "concern damp is new: Damp. 2:18"),
        ("obligations: []\n", "WIDER obligations drops minimise, and is empty now. 2:14"),
        ("rag: {red: {hours: 2}}\n", "colour red: hours is 2; it was 4. 2:20"),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words_with_its_direction_and_its_line(told: Told, text: str, said: str) -> None:
    assert said in told(text)


def test_another_order_of_a_list_is_no_difference(told: Told) -> None:
    assert told("scope: {levels: [4, 3, 2, 1]}\n") == []


def test_a_list_that_loses_one_and_gains_one_cannot_be_told(told: Told) -> None:
    assert told("gateways: {S17: {levels: [2, 4]}}\n") == ["gateway S17: levels adds 2 and drops 3. 2:26"]


@pytest.mark.parametrize(("a", "b"), [*permutations(["base", "early_help", "children_in_need", "front_door"], 2)])
def test_the_way_back_is_the_other_direction(a: str, b: str) -> None:
    there = {item.path: item.direction for item in changes(side(a), side(b))}
    back = {item.path: item.direction for item in changes(side(b), side(a))}
    opposite = {"WIDER": "NARROWER", "NARROWER": "WIDER", "": ""}
    assert there == {path: opposite[direction] for path, direction in back.items()}
    assert there


def test_a_profile_does_not_differ_from_itself() -> None:
    assert changes(side("front_door"), side("front_door")) == ()


def test_a_file_by_its_path_is_compared_with_the_packaged_one(tmp_path: Path) -> None:
    file = tmp_path / "front_door.yaml"
    file.write_text(HEAD + "title: North\n")
    assert [item.path for item in changes(side("front_door"), side(str(file)))] == ["title", "extends"]
    with pytest.raises(Misconfigured, match="no such file"):
        side(str(tmp_path / "nowhere.yaml"))


def test_only_a_profile_that_extends_another_has_one_beneath(tmp_path: Path) -> None:
    assert beneath(side("base")) is None
    below = beneath(side("early_help"))
    assert below is not None and below.profile.id == "base"


def test_what_is_gone_is_shown_where_it_stood() -> None:
    gone = next(item for item in changes(side("children_in_need"), side("early_help")) if item.what.endswith("gone."))
    assert "children_in_need.yaml:" in gone.where
