"""Information-sharing agreements: read strictly, every slip at its line, and held against the profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mash_trawl.cli.new_hub import EXAMPLE_TEXT
from mash_trawl.config.agreements import agreement_problems, read_agreement, read_agreements
from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured
from mash_trawl_county.agreement import AGREEMENT, agreement_text

GOOD = """\
version: 1
id: north
edition: "3"
title: North agreement
parties: [police, housing]
purposes: [front_door]
categories: {police: [safeguarding], housing: all}
from: 2026-04-01
to: 2027-04-01
signatories:
  - {party: police, role: Delegate, on: 2026-03-01}
"""


def test_an_agreement_says_who_shares_what_for_which_purpose_and_until_when(write: Callable[..., Path]) -> None:
    paper = read_agreement(write(GOOD, "agreements/north.yaml"))
    agreement = paper.agreement
    assert (agreement.id, agreement.edition, agreement.parties) == ("north", "3", ("police", "housing"))
    assert agreement.categories == {"police": ("safeguarding",), "housing": "all"}
    assert (agreement.from_, agreement.to) == (date(2026, 4, 1), date(2027, 4, 1))
    assert [item.party for item in agreement.signatories] == ["police"]
    assert paper.name == "north.yaml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: 2027-04-01", "to: 2026-04-01", "9:5 the agreement ends before it begins."),
        ("to: 2027-04-01", "to: 2026-02-01", "9:5 the agreement ends before it begins."),
        ("[police, housing]", "[]", "5:10 no agency is named."),
        ("[police, housing]", "[police, housing, police]", "5:28 this agency is named twice."),
        ("[front_door]", "[]", "6:11 no profile is named."),
        ("[front_door]", "[front_door, front_door]", "6:24 this profile is named twice."),
        ("{police: [safeguarding], h", "{polcie: [safeguarding], h", "7:14 this agency is no party of the agreement."),
        ("[safeguarding]", "[]", "7:22 no category is named."),
        (
            "{party: police",
            "{party: polcie",
            "11:13 who signs here is no party of the agreement. Did you mean `police`?",
        ),
        ("on: 2026-03-01}", "on: 2027-04-01}", "11:41 this was signed when the agreement was over."),
        ("on: 2026-03-01}", "on: 2026-03}", "11:41 `on` must be one exact day"),
        ("version: 1", "version: 2", "1:10 `version` must be `1`"),
        ('edition: "3"\n', "", "1:1 `edition` is missing here."),
        ("title:", "titel:", "4:1 this key is not known here. Did you mean `title`?"),
    ],
)
def test_each_slip_is_told_at_its_line(
    write: Callable[..., Path], complaints: Callable[..., list[str]], old: str, new: str, said: str
) -> None:
    assert old in GOOD
    found = complaints(read_agreement, write(GOOD.replace(old, new, 1)))
    assert any(line.startswith(said) for line in found), found


def test_a_party_signs_once(write: Callable[..., Path], complaints: Callable[..., list[str]]) -> None:
    twice = GOOD + "  - {party: police, role: Another, on: 2026-03-02}\n"
    assert complaints(read_agreement, write(twice))[0].startswith("12:13 this party has signed above.")


def test_a_hub_reads_the_agreements_that_it_names_and_no_other(write: Callable[..., Path], hub_text: str) -> None:
    folder = write(hub_text + "agreements: [agreements/north.yaml]\n", "hub.yaml").parent
    write(GOOD, "agreements/north.yaml")
    write(GOOD.replace("id: north", "id: south"), "agreements/south.yaml")
    assert [item.agreement.id for item in read_agreements(load_hub_file(folder), folder)] == ["north"]
    assert read_agreements(replace(load_hub_file(folder), agreements=()), folder) == ()


def test_a_file_that_is_missing_or_wrong_is_never_an_agreement_less(write: Callable[..., Path], hub_text: str) -> None:
    text = hub_text + "agreements: [agreements/a.yaml, agreements/b.yaml, agreements/c.yaml, agreements/d.yaml]\n"
    folder = write(text, "hub.yaml").parent
    write(GOOD, "agreements/a.yaml")
    write(GOOD.replace("version: 1", "version: 9"), "agreements/b.yaml")
    write(GOOD, "agreements/d.yaml")
    with pytest.raises(Misconfigured) as caught:
        read_agreements(load_hub_file(folder), folder)
    told = [f"{Path(item.where).name} {item.what}" for item in caught.value.problems]
    assert told == [
        "b.yaml:1:10 `version` must be `1`.",
        "c.yaml there is no such file.",
        "d.yaml:2:5 the agreement in agreements/a.yaml has this id too.",
    ]


def test_a_hub_names_an_agreement_once(
    write: Callable[..., Path], hub_text: str, complaints: Callable[..., list[str]]
) -> None:
    path = write(hub_text + "agreements: [a.yaml, a.yaml]\n", "hub.yaml")
    assert complaints(load_hub_file, path) == ["18:22 this agreement is listed twice. Keep one."]


def test_what_the_profile_does_not_know_is_told_with_the_line(write: Callable[..., Path]) -> None:
    wrong = GOOD.replace("police, housing", "police, housing, huosing").replace("[safeguarding]", "[safegarding]")
    paper = read_agreement(write(wrong))
    profile = load_profile("front_door")
    party, category = agreement_problems(paper.agreement, profile, paper.tree)
    assert party.where.endswith("a.yaml:5:28") and party.do == "Did you mean `housing`?"
    assert category.where.endswith("a.yaml:7:23") and "no category of this name at police" in category.what
    assert [item.where for item in agreement_problems(paper.agreement, profile)] == [
        "agreement north: parties", "agreement north: categories",
    ]  # fmt: skip


def test_an_agreement_for_other_purposes_is_not_held_against_a_profile(write: Callable[..., Path]) -> None:
    wrong = read_agreement(write(GOOD.replace("police, housing", "police, housing, huosing"))).agreement
    assert agreement_problems(wrong, load_profile("early_help")) == ()


def test_the_county_s_agreement_and_the_example_are_good_ones(write: Callable[..., Path]) -> None:
    for text in (AGREEMENT, EXAMPLE_TEXT, agreement_text(signed=())):
        agreement = read_agreement(write(text)).agreement
        for purpose in set(agreement.purposes) - {"north_front_door"}:
            assert agreement_problems(agreement, load_profile(purpose)) == ()
    assert read_agreement(write(EXAMPLE_TEXT)).agreement.signatories == ()
