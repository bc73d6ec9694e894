"""Who is who: case people, and people whom agencies mentioned.

A source's key belongs to a case person only through an accepted match in that source; a source that is a person was
asked by the case's own ids, and said that it holds them. Everybody else is shown as found, one entry per source and
key; two entries are never merged, at most a hint says that they may be one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mash_trawl.model.answer import Answer
from mash_trawl.model.case import Case
from mash_trawl.model.finding import Relationship
from mash_trawl.model.query import Candidate
from mash_trawl.product.plain import agency_name, candidate_name, order_key, person_name

Key = tuple[str, str]
"""(source, the source's own key of a person)."""


def owners(answers: Iterable[Answer]) -> dict[Key, tuple[str, ...]]:
    """Which case people a source's key stands for. More than one only if a source matched two people to one record."""
    found: dict[Key, set[str]] = defaultdict(set)
    for answer in answers:
        for match in answer.matches:
            if match.outcome in ("auto", "confirmed"):
                found[(answer.source, match.ref)].add(answer.person)
        if answer.by_person is not None:
            found[(answer.source, answer.person)].add(answer.person)
    return {key: tuple(sorted(ids)) for key, ids in sorted(found.items())}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Known:
    """A description of one person by one source."""

    source: str
    agency: str
    candidate: Candidate


@dataclass(slots=True, kw_only=True, repr=False)
class Who:
    """The register of one product. `ids` gives the people behind a key; `known` every description of a person."""

    case: Case
    owner: Mapping[Key, tuple[str, ...]]
    agencies: dict[str, str] = field(default_factory=dict)
    known: dict[str, tuple[Known, ...]] = field(default_factory=dict)
    found: dict[Key, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)

    def ids(self, source: str, refs: Iterable[str]) -> tuple[str, ...]:
        """The people behind a source's keys, each once: case people in case order, then those found."""
        people = {ident for ref in refs for ident in self._one((source, ref))}
        return tuple(ident for ident in self.order if ident in people)

    def _one(self, key: Key) -> tuple[str, ...]:
        return self.owner.get(key) or ((self.found[key],) if key in self.found else ())

    @property
    def order(self) -> tuple[str, ...]:
        """Every person id: case people in case order, then those found."""
        return tuple(self.name)


def register(case: Case, answers: tuple[Answer, ...], owner: Mapping[Key, tuple[str, ...]]) -> Who:
    """Name everybody. Found people are numbered by source and key, so that the order of answers does not matter."""
    who = Who(case=case, owner=owner)
    described: dict[Key, dict[str, Known]] = defaultdict(dict)
    keys: set[Key] = set(owner)
    for answer in answers:
        who.agencies.setdefault(answer.source, answer.agency)
        for source, candidate in _described(answer):
            key = (source, candidate.ref)
            described[key][order_key(candidate)] = Known(source=source, agency=answer.agency, candidate=candidate)
        keys |= {(answer.source, ref) for ref in _refs(answer)}
    who.name.update({person.id: person_name(person) for person in case.people})
    gathered: dict[str, list[Known]] = defaultdict(list)
    number = 0
    for key in sorted(keys):
        views = [view for _, view in sorted(described[key].items())] if key in described else []
        for ident in owner.get(key, ()):
            gathered[ident].extend(views)
        if key not in owner:
            number += 1
            ident = _free(f"found-{number}", who.name)
            who.found[key] = ident
            gathered[ident].extend(views)
            who.name[ident] = _found_name(key, views, who.agencies[key[0]])
    who.known = {ident: tuple(views) for ident, views in gathered.items()}
    return who


def _described(answer: Answer) -> Iterable[tuple[str, Candidate]]:
    for match in answer.matches:
        if match.outcome in ("auto", "confirmed"):
            yield answer.source, match.candidate
    for finding in answer.findings:
        for candidate in finding.mentions:
            yield answer.source, candidate


def _refs(answer: Answer) -> Iterable[str]:
    for finding in answer.findings:
        yield from finding.about
        yield from (candidate.ref for candidate in finding.mentions)
        if isinstance(finding, Relationship):
            yield from (finding.from_, finding.to)


def _free(ident: str, taken: Mapping[str, str]) -> str:
    while ident in taken:
        ident += "-x"
    return ident


def _found_name(key: Key, views: list[Known], agency: str) -> str:
    for view in views:
        if candidate_name(view.candidate):
            return candidate_name(view.candidate)
    return f"Name not given ({agency_name(agency)} {key[1]})"
