"""Addresses that must not be shown are taken out of everything before anything is composed.

A hidden address is hidden wherever it stands: in address fields, residences, households, explanations of matches and
free text, and also for others who live there, because one neighbour's record would give the place away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from mash_trawl.model.answer import Answer
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.finding import Residence
from mash_trawl.model.match import Line
from mash_trawl.model.person import Address
from mash_trawl.model.query import Candidate

WITHHELD = "address withheld"
_HIDING = {"hidden_address", "witness_protection", "adoption"}
_PLACE_FIELDS = {"address", "addresses", "postcode", "uprn", "lines"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mask:
    """What is hidden: case person ids, source keys of people, and the pattern of every hidden place."""

    people: frozenset[str]
    refs: frozenset[tuple[str, str]]
    pattern: re.Pattern[str] | None
    places: frozenset[str]

    def hides(self, address: Address) -> bool:
        """True if this is one of the hidden places."""
        return bool(place_keys(address) & self.places)

    def apply(self, value: T) -> T:
        """The same value without any hidden place. Values that hold none are returned as they are."""
        if self.pattern is None:
            return value
        result: T = self._walk(value)
        return result

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Address):
            return Address(lines=(WITHHELD,), from_=value.from_, to=value.to) if self.hides(value) else value
        if isinstance(value, tuple):
            return tuple(self._walk(item) for item in value)
        if isinstance(value, Mapping):
            return {key: self._walk(item) for key, item in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            changed = {field.name: self._walk(getattr(value, field.name)) for field in fields(value)}
            return replace(value, **changed)
        return value

    def _text(self, text: str) -> str:
        found = self.pattern.sub(WITHHELD, text) if self.pattern is not None else text
        return text if found == text else type(text)(found)


def place_keys(address: Address) -> set[str]:
    """The keys by which two addresses are known to be one: the UPRN, and the postcode with the first line."""
    keys = {f"uprn:{address.uprn.strip().lstrip('0')}"} if address.uprn else set()
    if address.lines:
        line = " ".join(address.lines[0].casefold().split())
        code = "".join((address.postcode or "").casefold().split())
        keys.add(f"line:{line}|{code}")
    return keys


def find_mask(
    case: Case, decisions: Decisions, answers: Iterable[Answer], owner: Mapping[tuple[str, str], tuple[str, ...]]
) -> Mask:
    """Who is concerned (by obligation, by the case's or a source's restriction), and every place of theirs."""
    given = list(answers)
    people = {item.person for item in decisions if "mask_address" in item.obligations}
    people |= {person.id for person in case.people if _HIDING & set(person.restrictions)}
    refs: set[tuple[str, str]] = set()
    for source, candidate in _candidates(given):
        if _HIDING & set(candidate.restrictions):
            refs.add((source, candidate.ref))
            people |= set(owner.get((source, candidate.ref), ()))
    refs |= {key for key, ids in owner.items() if people & set(ids)}
    places = list(_places(case, given, people, refs))
    return Mask(
        people=frozenset(people),
        refs=frozenset(refs),
        pattern=_pattern(places),
        places=frozenset(key for place in places for key in place_keys(place)),
    )


def mask_lines(lines: Iterable[Line], hidden: bool) -> tuple[Line, ...]:
    """The explanation of a match, without either side of any address field if the person's address is hidden."""
    return tuple(
        replace(line, here=WITHHELD, there=WITHHELD) if hidden and line.field in _PLACE_FIELDS else line
        for line in lines
    )


def _candidates(answers: Iterable[Answer]) -> Iterable[tuple[str, Candidate]]:
    for answer in answers:
        for match in answer.matches:
            yield answer.source, match.candidate
        for finding in answer.findings:
            for candidate in finding.mentions:
                yield answer.source, candidate


def _places(case: Case, answers: Iterable[Answer], people: set[str], refs: set[tuple[str, str]]) -> Iterable[Address]:
    for person in case.people:
        if person.id in people:
            yield from person.addresses
    given = list(answers)
    for source, candidate in _candidates(given):
        if (source, candidate.ref) in refs:
            yield from candidate.addresses
    for answer in given:
        for finding in answer.findings:
            if isinstance(finding, Residence) and any((answer.source, ref) in refs for ref in finding.about):
                yield finding.address


def _pattern(places: Iterable[Address]) -> re.Pattern[str] | None:
    literals = {literal for place in places for literal in _literals(place)}
    if not literals:
        return None
    parts = sorted(literals, key=lambda part: (-len(part), part))
    return re.compile("|".join(parts), re.IGNORECASE)


def _literals(place: Address) -> Iterable[str]:
    if place.uprn:
        yield rf"(?<!\d)0*{re.escape(place.uprn.strip().lstrip('0'))}(?!\d)"
    if place.postcode and place.postcode.strip():
        letters = "".join(place.postcode.split())
        yield r"(?<!\w)" + r"\s*".join(re.escape(letter) for letter in letters) + r"(?!\w)"
    for number, line in enumerate(place.lines):
        words = line.replace(",", " ").split()
        if words and (number == 0 or any(letter.isdigit() for letter in line)) and len("".join(words)) >= 4:
            yield r"(?<!\w)" + r"[\s,]+".join(re.escape(word) for word in words) + r"(?!\w)"


__all__ = ["WITHHELD", "Mask", "find_mask", "mask_lines", "place_keys"]
