"""Addresses that must not be shown are taken out of everything before anything is composed.

A hidden address is hidden wherever it stands: in address fields, residences, households, explanations of matches,
record keys and free text, and also for others who live there, because one neighbour's record would give the place
away. So are the values that lead to it: GP practice, telephone, whom to contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from mash_trawl.model.answer import Answer, Coverage
from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Decisions
from mash_trawl.model.finding import Fact, Finding, Involvement, Relationship
from mash_trawl.model.hidden import NOTHING_HIDDEN, Hidden
from mash_trawl.model.match import Line
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate
from mash_trawl.product.hidden import candidates, find_hidden
from mash_trawl.product.places import loose_pattern, place_keys, sure_pattern

WITHHELD = "address withheld"
LEADS_THERE = "withheld"
"""Stands for a value that would lead to a hidden address."""
_PLACE_FIELDS = {"address", "addresses", "postcode", "uprn", "lines"}
_LOCATING = re.compile(
    r"(?:^|_)(?:gp|surgery|telephone|phone|mobile|landline|fax|email|e_mail|contact|address|postcode|uprn)(?:_|$)"
)
_CODES = {
    "person", "source", "agency", "category", "rule", "why", "profile", "case", "id", "roles", "restrictions",
    "field", "level", "connector", "by", "type", "basis", "obligations", "covers", "given_by", "rag", "concerns",
}  # fmt: skip
_KEYS = {"ref", "about", "cites", "from_", "to"}
_NAMES = {"practitioner", "recorded_by", "decided_by", "here", "there"}
"""Fields in which a town's name may be a person's: only what names the home itself is taken out of them."""
_WHOLE = Name | PartialDate | Coverage
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mask:
    """What is hidden: case person ids, source keys of people, and the patterns of every hidden place.

    `keys` gives the stand-in for each record or person key that holds a hidden place itself.
    """

    people: frozenset[str]
    refs: frozenset[tuple[str, str]]
    places: frozenset[str]
    sure: re.Pattern[str] | None = None
    loose: re.Pattern[str] | None = None
    keys: Mapping[str, str]

    def hides(self, address: Address) -> bool:
        """True if this is one of the hidden places, or stands in the same road or postcode."""
        if place_keys(address) & self.places:
            return True
        words = ", ".join([*address.lines, address.postcode or "", address.uprn or ""])
        return self.sure is not None and self.sure.search(words) is not None

    def apply(self, value: T) -> T:
        """The same value without any hidden place. If nobody is hidden it is returned as it is."""
        if not self.people and not self.refs and not self.places:
            return value
        result: T = self._walk(value, "", "")
        return result

    def _walk(self, value: Any, name: str, source: str) -> Any:
        if isinstance(value, _WHOLE):
            return value
        if type(value) is str:
            return self._text(value, name)
        if isinstance(value, Address):
            return Address(lines=(WITHHELD,), from_=value.from_, to=value.to) if self.hides(value) else value
        if isinstance(value, tuple):
            return tuple(self._walk(item, name, source) for item in value)
        if isinstance(value, Mapping):
            return {key: self._walk(item, key, source) for key, item in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            source = value.source if isinstance(value, Answer) else source
            bare = self._without_leads(value, source)
            return replace(
                bare, **{item.name: self._walk(getattr(bare, item.name), item.name, source) for item in fields(bare)}
            )
        return value

    def _text(self, text: str, name: str) -> str:
        if name in _CODES:
            return text
        if name in _KEYS:
            return self.keys.get(text, text)
        if self.sure is not None:
            text = self.sure.sub(WITHHELD, text)
        if self.loose is not None and name not in _NAMES:
            text = self.loose.sub(WITHHELD, text)
        return text

    def _without_leads(self, value: Any, source: str) -> Any:
        """Values of a hidden person that lead to them: telephone, GP practice, contacts."""
        if isinstance(value, Person | Candidate):
            hidden = value.id in self.people if isinstance(value, Person) else (source, value.ref) in self.refs
            kept = {key: item for key, item in value.identifiers.items() if not _LOCATING.search(key)}
            return replace(value, identifiers=kept) if hidden and len(kept) < len(value.identifiers) else value
        if isinstance(value, Fact | Involvement) and any((source, ref) in self.refs for ref in value.about):
            if isinstance(value, Involvement):
                return replace(value, contact=LEADS_THERE) if value.contact else value
            return replace(value, value=LEADS_THERE) if _LOCATING.search(value.name) else value
        return value


def find_mask(
    case: Case,
    decisions: Decisions,
    answers: Iterable[Answer],
    owner: Mapping[tuple[str, str], tuple[str, ...]],
    known: Hidden = NOTHING_HIDDEN,
) -> Mask:
    """Who is concerned, every place of theirs, and how those places may be written. `known`: hidden before."""
    given = tuple(answers)
    hidden = find_hidden(case, decisions, given, owner, known)
    sure = sure_pattern(hidden.places)
    leads = {
        finding.value
        for answer in given
        for finding in answer.findings
        if isinstance(finding, Fact)
        and _LOCATING.search(finding.name)
        and any((answer.source, ref) in hidden.refs for ref in finding.about)
    }
    return Mask(
        people=frozenset(hidden.people),
        refs=frozenset(hidden.refs),
        places=frozenset(key for place in hidden.places for key in place_keys(place)),
        sure=sure,
        loose=loose_pattern(hidden.places, leads),
        keys=_stand_ins(given, sure),
    )


def _stand_ins(answers: tuple[Answer, ...], sure: re.Pattern[str] | None) -> dict[str, str]:
    """A numbered stand-in for each key in which a hidden place stands; two keys never become one."""
    if sure is None:
        return {}
    keys = {one.ref for _, one in candidates(answers)}
    keys |= {key for answer in answers for finding in answer.findings for key in _keys(finding)}
    return {key: f"withheld-{number}" for number, key in enumerate(sorted(filter(sure.search, keys)), 1)}


def _keys(finding: Finding) -> Iterable[str]:
    yield finding.ref
    yield from finding.about
    if isinstance(finding, Relationship):
        yield from (finding.from_, finding.to)
    yield from getattr(finding, "cites", ())


def mask_lines(lines: Iterable[Line], hidden: bool) -> tuple[Line, ...]:
    """The explanation of a match, without either side of any address field if the person's address is hidden."""
    return tuple(
        replace(line, here=WITHHELD, there=WITHHELD) if hidden and line.field in _PLACE_FIELDS else line
        for line in lines
    )
