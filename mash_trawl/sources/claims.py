"""Which record of a source was taken for whom: a record that was taken for two people is nobody's.

People of a case are asked about one by one, on several threads, so that the second claim may come after the first
record was fetched. The answers are therefore settled once more when the last line of the source has ended; then it
makes no difference who came first.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from mash_trawl.model.answer import Answer, Status

_STANDS = {
    Status.REFUSED_BY_CUSTODIAN, Status.TIMED_OUT, Status.NOT_PERMITTED, Status.CONSENT_MISSING, Status.PENDING_PERSON,
    Status.NOT_CONNECTED,
}  # fmt: skip
"""What is said of a person whatever their record: these go first in the order of statuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The answers without disputed records; how many records, people and findings that took away."""

    answers: tuple[Answer, ...]
    records: int
    people: tuple[str, ...]
    findings: int


class Claims:
    """The records of one visit. Safe in threads."""

    def __init__(self) -> None:
        self._people: dict[str, set[str]] = {}
        self._instead: dict[str, Answer] = {}
        self._lock = threading.Lock()

    def make(self, refs: Collection[str], instead: Answer) -> None:
        """Claim records for the person of `instead`, which is their answer if a record turns out to be disputed."""
        with self._lock:
            self._instead[instead.person] = instead
            for ref in refs:
                self._people.setdefault(ref, set()).add(instead.person)

    def disputed(self, person: str) -> bool:
        """Is a record of this person claimed for somebody else, as far as is known by now?"""
        with self._lock:
            return any(person in people for people in self._people.values() if len(people) > 1)

    def settle(self, answers: Iterable[Answer]) -> Settled:
        """Put what could be said without the record in place of every answer that rests on a disputed one."""
        with self._lock:
            disputed = [people for people in self._people.values() if len(people) > 1]
            people = tuple(sorted(frozenset().union(*disputed)))
        given = tuple(answers)
        kept = tuple(self._instead_of(answer) if answer.person in people else answer for answer in given)
        return Settled(answers=kept, records=len(disputed), people=people, findings=_lost(given, kept))

    def _instead_of(self, answer: Answer) -> Answer:
        if answer.status in _STANDS:
            return answer
        other = self._instead[answer.person]
        return replace(other, attempts=answer.attempts, milliseconds=answer.milliseconds)


def _lost(before: Sequence[Answer], after: Sequence[Answer]) -> int:
    return sum(answer.found for answer in before) - sum(answer.found for answer in after)
