"""How agreements stand on a day: ends are exclusive, a foretold signature is none, and what is left out is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from mash_trawl.config.agreement_state import standing, uncovered
from mash_trawl.config.agreements import Paper, read_agreement
from mash_trawl.config.profiles import load_profile
from mash_trawl_county.agreement import agreement_text

DOOR = load_profile("front_door")
START, END = date(2026, 4, 1), date(2027, 4, 1)
Made = Callable[..., Paper]


@pytest.fixture
def made(write: Callable[..., Path]) -> Made:
    """An agreement of police and housing for the front door, from START to END."""

    def maker(**change: object) -> Paper:
        plain: dict[str, object] = {"parties": ("police", "housing"), "purposes": ("front_door",)}
        plain |= {"start": str(START), "end": str(END)}
        return read_agreement(write(agreement_text(**(plain | change))))  # type: ignore[arg-type]  # texts and tuples

    return maker


def codes(papers: tuple[Paper, ...], today: date) -> list[str]:
    return [remark.code for remark in standing(papers, [DOOR], today)]


def test_a_hub_without_an_agreement_asks_nothing_and_is_told_so() -> None:
    (remark,) = standing((), [DOOR], START)
    assert (remark.code, remark.severity) == ("agreement.none", "warning")
    assert "nothing is asked" in remark.what


def test_it_holds_from_its_first_day_to_the_day_before_its_end(made: Made) -> None:
    agreement = made().agreement
    days = [START - timedelta(days=1), START, END - timedelta(days=1), END]
    assert [agreement.in_force(day) for day in days] == [False, True, True, False]


def test_its_end_is_told_as_long_before_as_the_profile_warns(made: Made) -> None:
    warned = timedelta(seconds=DOOR.warn_before.seconds)
    papers = (made(),)
    assert codes(papers, END - warned - timedelta(days=1)) == []
    assert codes(papers, END - warned) == ["agreement.lapsing"]
    assert codes(papers, END - timedelta(days=1)) == ["agreement.lapsing"]
    assert codes(papers, END) == ["agreement.lapsed"]


def test_before_its_first_day_it_is_not_in_force_and_nobody_has_signed(made: Made) -> None:
    before = codes((made(),), START - timedelta(days=1))
    assert before == ["agreement.not_begun", "agreement.unsigned", "agreement.unsigned"]


def test_a_party_that_has_not_signed_is_named(made: Made) -> None:
    (remark,) = standing((made(signed=("police",)),), [DOOR], START)
    assert remark.code == "agreement.unsigned" and remark.what.startswith("housing has not signed")
    assert remark.where.endswith("a.yaml:6:19")


def test_what_no_agreement_takes_in_is_named_agency_by_agency(made: Made) -> None:
    known = tuple(DOOR.agencies["police"].categories)
    asked = ("police", "housing", "education")
    assert dict(uncovered((made(),), DOOR, asked, START)) == {"education": tuple(DOOR.agencies["education"].categories)}
    assert dict(uncovered((made(),), DOOR, ("police",), END)) == {"police": known}
    assert dict(uncovered((made(signed=("housing",)),), DOOR, ("police",), START)) == {"police": known}
    assert dict(uncovered((made(purposes=("early_help",)),), DOOR, ("police",), START)) == {"police": known}
    assert dict(uncovered((), DOOR, ("police", "nobody"), START)) == {"police": known}


def test_two_agreements_may_take_in_together_what_neither_does_alone(write: Callable[..., Path]) -> None:
    text = agreement_text(parties=("housing",), purposes=("front_door",), start=str(START), end=str(END))
    one = read_agreement(write(text.replace("housing: all", "housing: [tenancy, asb]"), "one.yaml"))
    two = read_agreement(write(text.replace("housing: all", "housing: [homelessness]"), "two.yaml"))
    assert dict(uncovered((one,), DOOR, ("housing",), START)) == {"housing": ("homelessness",)}
    assert dict(uncovered((one, two), DOOR, ("housing",), START)) == {}


def test_a_review_that_is_due_and_a_purpose_of_another_hub_are_notes(write: Callable[..., Path]) -> None:
    text = agreement_text(purposes=("front_door", "other"), start=str(START), end=str(END))
    paper = read_agreement(write(text + "review_on: 2026-10-01\n"))
    assert [item.code for item in standing((paper,), [DOOR], date(2026, 9, 30))] == ["agreement.purpose"]
    found = list(standing((paper,), [DOOR], date(2026, 10, 1)))
    assert [(item.code, item.severity) for item in found] == [
        ("agreement.review", "note"), ("agreement.purpose", "note"),
    ]  # fmt: skip


def test_a_party_that_the_profile_does_not_know_is_told(made: Made) -> None:
    (remark,) = standing((made(parties=("police", "huosing")),), [DOOR], START)
    assert remark.code == "agreement.unknown" and remark.do == "Did you mean `housing`?"
