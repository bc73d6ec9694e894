"""Pairs that somebody who does not program can read: three outcomes, each with its reason.

A line of facts in difficult_pairs.yaml becomes a person of the case, or a record that a source holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mash_trawl.identity import match
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import Match, MatchPolicy
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate

FILE = Path(__file__).with_name("difficult_pairs.yaml")
FACTS = re.compile(r"(born|at|nhs|upn|flag|also|key|beside) (.+)")
PLAIN = ("female", "male", "sex unknown", "social care", "search cut off")
HOSTILE = re.compile(r"<(?:(\d+) x )?(?:U\+([0-9A-F]{4})|(.))>")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One line of the file. `beside` are names of others whom the source holds, alike in all else."""

    about: str
    said: tuple[str, str]
    here: Person
    there: Candidate
    beside: tuple[Candidate, ...] = ()
    policy: MatchPolicy = field(default_factory=MatchPolicy)
    truncated: bool = False
    expect: str
    because: str

    @property
    def id(self) -> str:
        """How the test names it."""
        return f"{self.about}: {' <> '.join(self.said)}"[:120]

    def decided(self) -> Match:
        """What the program says of the record."""
        found = match(self.here, [self.there, *self.beside], self.policy, truncated=self.truncated)
        return next(item for item in found if item.ref == self.there.ref)

    def turned(self) -> Match:
        """The same with the case's and the source's facts in each other's place."""
        here = Person(id="p1", **_shared(self.there))
        there = Candidate(ref="there", **_shared(self.here))
        return next(iter(match(here, [there], self.policy, truncated=self.truncated)))


def pairs() -> Iterator[Pair]:
    """Every pair of the file, in order."""
    book = yaml.safe_load(FILE.read_text("utf-8"))
    for group in book["groups"]:
        for here, there, expect, because in group["pairs"]:
            yield _pair(book, group, here, there, expect, because)


def _pair(book: Mapping[str, Any], group: Mapping[str, Any], here: str, there: str, expect: str, because: str) -> Pair:
    both = _facts(group.get("both", ""))
    ours, theirs = both | _facts(here), both | _facts(there)
    record = Candidate(ref="" if "key" in theirs else "there", **_person(book, theirs))
    beside = (
        replace(record, ref="beside", names=(_name(theirs["beside"]),)),
    ) if "beside" in theirs else ()  # fmt: skip
    return Pair(
        about=group["about"], said=(here, there), here=Person(id="p1", **_person(book, ours)), there=record,
        beside=beside, policy=_policy(book, social_care="social care" in theirs),
        truncated="search cut off" in theirs, expect=expect, because=because,
    )  # fmt: skip


def _policy(book: Mapping[str, Any], *, social_care: bool) -> MatchPolicy:
    """What the profile says: the places where many live, and whether the 15th stands for an unknown day."""
    shared = [_place(book["places"][place]) for place in book["many live at"]]
    listed = tuple(code for place in shared for code in (place.uprn, place.postcode) if code)
    return MatchPolicy(social_care_dates=social_care, shared_addresses=listed)


def _facts(line: str) -> dict[str, str]:
    """The facts of one line by what they tell."""
    found: dict[str, str] = {}
    for fact in filter(None, (part.strip() for part in line.split(";"))):
        told = FACTS.fullmatch(fact)
        if fact in PLAIN:
            found["sex" if fact in PLAIN[:3] else fact] = fact.removeprefix("sex ")
        elif told:
            found[told[1]] = told[2]
        elif "/" in fact:
            found["name"] = fact
        else:
            raise ValueError(f"no such fact: {fact}")
    return found


def _person(book: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    names = [_name(facts["name"])] if facts.get("name", "/").strip() != "/" else []
    if "also" in facts:
        told, _, use = facts["also"].rpartition(" ")
        names.append(replace(_name(told), use=use))
    places = [] if facts.get("at", "nowhere") == "nowhere" else facts["at"].split(" + ")
    born = facts.get("born", "unknown")
    numbers = {"nhs_number": facts.get("nhs"), "upn": facts.get("upn")}
    return {
        "names": tuple(names),
        "born": None if born == "unknown" else PartialDate.parse(born),
        "sex": facts.get("sex", "unknown"),
        "addresses": tuple(_place(book["places"][place]) for place in places),
        "identifiers": {kind: book["numbers"].get(said, hostile(said)) for kind, said in numbers.items() if said},
        "restrictions": (facts["flag"],) if "flag" in facts else (),
    }


def _name(told: str) -> Name:
    given, _, family = told.rpartition("/")
    parts = tuple(hostile(part.strip()) for part in given.split(" + ") if part.strip())
    return Name(given=parts, family=hostile(family.strip()) or None)


def _place(told: str) -> Address:
    lines, postcode, uprn = (part.strip() for part in told.split("|"))
    return Address(
        lines=tuple(line.strip() for line in lines.split(",") if line.strip()), postcode=postcode or None,
        uprn=uprn or None,
    )  # fmt: skip


def hostile(text: str) -> str:
    """`<500 x a>` written out, `<U+202E>` as the sign."""
    return HOSTILE.sub(lambda m: (chr(int(m[2], 16)) if m[2] else m[3]) * int(m[1] or 1), text)


def _shared(one: Person | Candidate) -> dict[str, Any]:
    names = ("names", "born", "sex", "identifiers", "addresses", "restrictions")
    return {name: getattr(one, name) for name in names}


ALL = list(pairs())


@pytest.mark.parametrize("pair", ALL, ids=lambda pair: pair.id)
def test_a_difficult_pair_is_decided_as_was_written_beforehand(pair):
    found = pair.decided()
    assert found.outcome == pair.expect, f"{pair.because} {found.bits} {[guard.id for guard in found.guards]}"


def test_it_is_no_matter_which_of_the_two_is_the_case():
    turned = [pair for pair in ALL if not pair.beside and pair.there.ref and pair.turned().outcome != pair.expect]
    assert [pair.id for pair in turned] == []


def test_there_are_enough_of_each_outcome_and_no_pair_stands_twice():
    assert len(ALL) >= 200
    assert min(Counter(pair.expect for pair in ALL).values()) >= 40
    assert {pair.expect for pair in ALL} == {"auto", "review", "no_match"}
    assert len({(pair.about, pair.said) for pair in ALL}) == len(ALL)
    assert all(len(pair.because) > 10 for pair in ALL)
