"""What is asked on paper: the requests and returns of a case as the ledger has them, and when they are due.

No request is kept anywhere else: what was asked of whom stands in the ledger, and the file itself is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mash_trawl.audit.ledger import Ledger, Row
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.profile import Profile
from mash_trawl.model.request import Returned
from mash_trawl.model.statement import person_mark
from mash_trawl.product.due import due
from mash_trawl.sources.again import Delta, Memory
from mash_trawl.sources.by_person import OnPaper, Written, pairs_owed

WRITTEN, TAKEN, NOT_TAKEN = "request.written", "return.taken", "return.refused"
"""The kinds of row that tell of it."""
SEAL = b"mash_trawl information request\n"
"""What the hub signs before the bytes of a request, so that its signature means nothing else."""
_OPEN = "not_searched"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Owed(Private):
    """What one source owes for one case: categories by person, by its newest request."""

    case: str
    source: str
    newest: Written
    people: dict[str, tuple[str, ...]]


def paper_of(
    ledger: Ledger, case: Case, profile: Profile, delta: Delta, memory: Memory | None, more: Sequence[Returned] = ()
) -> OnPaper:
    """Everything on paper about a case: what was asked, what an earlier version took in, and what is taken in now.

    The ledger is read only where somebody may be asked on paper, or was.
    """
    if not delta.people and not (memory and memory.returns):
        return OnPaper()
    marks = {person.id: person_mark(person) for person in case.people}
    returned = (*(memory.returns if memory else ()), *more)
    return OnPaper(
        due=due(case.referral.received_at, case.referral.rag, profile),
        written=tuple(_asked_of(one, marks) for one in written(ledger, case.id)),
        returned=tuple(_said_of(one, marks) for one in returned),
    )


def _asked_of(one: Written, marks: Mapping[str, str]) -> Written:
    """Without those who were somebody else when it was written: an id of the draft can be given to another person."""
    return replace(one, asked={who: kinds for who, kinds in one.asked.items() if one.marks.get(who) == marks.get(who)})


def _said_of(one: Returned, marks: Mapping[str, str]) -> Returned:
    same = {who for who, mark in one.marks.items() if marks.get(who) == mark}
    stated = tuple(said for said in one.stated if said.person in same)
    known, not_sure = (tuple(who for who in group if who in same) for group in (one.known, one.not_sure))
    return replace(one, stated=stated, known=known, not_sure=not_sure)


def written(ledger: Ledger, case: str) -> Iterator[Written]:
    """The requests of a case, oldest first."""
    return (_written(row) for row in _of(ledger, WRITTEN, case))


def owed_of(ledger: Ledger) -> tuple[Owed, ...]:
    """What is owed on paper over all cases, oldest request first. A destroyed case owes nothing."""
    cases = dict.fromkeys(row.private["case"] for row in ledger.rows(WRITTEN) if row.private is not None)
    return tuple(one for case in cases for one in owed_for(ledger, case))


def owed_for(ledger: Ledger, case: str) -> Iterator[Owed]:
    """What is owed on paper for one case, by source."""
    asked = tuple(written(ledger, case))
    pairs = pairs_owed(asked, said_before(ledger, case))
    for source in dict.fromkeys(pair[0] for pair in pairs):
        newest = [one for one in asked if one.source == source][-1]
        people = {person: categories for (name, person), categories in pairs.items() if name == source}
        yield Owed(case=case, source=source, newest=newest, people=people)


def said_before(ledger: Ledger, case: str) -> frozenset[tuple[str, str, str]]:
    """The (source, person, category) to which a return gave an answer: records, a search, a refusal."""
    return frozenset(
        (row.public["source"], person, category)
        for row in _of(ledger, TAKEN, case)
        for person, words in (row.private or {}).get("said", {}).items()
        for category, word in words.items() if word != _OPEN
    )  # fmt: skip


def _of(ledger: Ledger, kind: str, case: str) -> Iterator[Row]:
    rows = ledger.rows(kind, holding=f'"mark":"{ledger.mark(case)}"')
    return (row for row in rows if row.private is not None and row.private["case"] == case)


def _written(row: Row) -> Written:
    wanted = row.public["due"]
    return Written(
        id=row.public["request"], source=row.public["source"], at=row.at, by=row.actor,
        due=datetime.fromisoformat(wanted) if wanted else None, sha256=row.public["sha256"],
        asked={person: tuple(kinds) for person, kinds in (row.private or {}).get("asked", {}).items()},
        marks=(row.private or {}).get("marks", {}),
    )  # fmt: skip
