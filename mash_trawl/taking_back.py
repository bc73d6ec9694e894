"""Taking back: a record that was taken for a person of the case is somebody else's.

The steps can be cut short anywhere; the same call again finishes them: 1. the actor signs that the record is not theirs
(from then on no run shows it). 2. The ledger notes the incident. 3. A new version is sealed without it; nobody is asked
anything. 4. Every version that shows it is closed to all readers, in one transaction. 5. Who had those in their hands
is read from the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from mash_trawl import trawl
from mash_trawl.audit.acting import require
from mash_trawl.audit.entry import Entry
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.identity.verdicts import check_reason
from mash_trawl.looking_through import Look, Taken
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.incident import Incident
from mash_trawl.model.person import Person
from mash_trawl.model.statement import Identified, Statement
from mash_trawl.said import OpenHouse, heard
from mash_trawl.saying import Unlocked, say
from mash_trawl.vault.custody import KnownRecord, no_passphrase
from mash_trawl.vault.opening import Unlock
from mash_trawl.vault.parts import stamp


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TakenBack(Private):
    """What came of it. `path` is the version to read now; `sealed`: it was made now.

    `unseen`: versions closed now that could not be looked through (their file is gone, or they are not the actor's).
    """

    incident: Incident
    path: Path | None
    sealed: bool
    unseen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hands(Private):
    """What the actor takes it back with: their own key, opened or signed with; and the parts of a quiet run."""

    key: Path | None
    unlock: Unlock
    own_key: Unlocked
    parts: trawl.Parts


class Hub(OpenHouse, Protocol):
    """An open hub, as far as something is taken back in it."""

    def _own_key(self, unlock: Unlock, key: Path | None) -> Unlocked: ...
    def _parts(
        self, case: Case, out: Path | None, refresh: Sequence[str], unlock: Unlock, key: Path | None
    ) -> trawl.Parts: ...


class TakingBack:
    """What an open hub can do about a record that was taken for the wrong person."""

    def take_back(
        self: Hub, case: Case | str | Path | Mapping[str, Any], match: str, *, reason: str,
        discovered_at: datetime | None = None, unlock: Unlock = no_passphrase, key: Path | None = None,
    ) -> TakenBack:  # fmt: skip
        """A record that was taken for a person of the case is somebody else's: `match` is its id (`housing:0a1b2c3d`).

        The actor signs it, a version without it is sealed without asking anybody, and every version that shows it is
        closed to all readers. Called again after it was cut short, it finishes; after that it changes nothing and
        tells the same. `discovered_at` is when it was found out (default: now), from which the 72 hours of Article
        33 are counted. Misconfigured for a match that no version shows; Refused as `say`, `start` and `Custody.open`
        do, and then nothing was closed.
        """
        require(self.ledger, self.actor, "identify", self.settings)
        about = case if isinstance(case, Case) else load_case(case)
        parts = self._parts(about, None, (), unlock, key)
        hands = Hands(key=key, unlock=unlock, own_key=self._own_key(unlock, key), parts=parts)
        return take_back(self, about, match, hands, reason=reason, discovered_at=discovered_at)


def take_back(
    house: OpenHouse, case: Case, match: str, hands: Hands, *, reason: str, discovered_at: datetime | None
) -> TakenBack:
    """See `TakingBack.take_back`."""
    found_out = _found_out(house, reason, discovered_at)
    newest = house.custody.newest(case.id)
    looked = Look(house, newest, match, hands.unlock, hands.key)
    said = _said(house, case, looked)
    shown = looked.through(_made_since(house, newest.record, said))
    taken = set().union(*shown.values(), (_taken(one) for one in said))
    if not taken:
        raise Misconfigured(_unknown(looked))
    fresh = [
        say(house, _not_theirs(one, reason, found_out), hands.own_key, case=_with(case, one.person))
        for one in sorted(taken - {_taken(one) for one in said})
    ]
    unseen = looked.unseen | (looked.unseen_since if fresh else set())
    said = (*said, *fresh)
    _note(house, case, match, said)
    anew = bool(shown.get(newest.version)) or looked.could_retell(taken, {one.id for one in said})
    if anew:
        _compose_again(case, hands.parts)
    now = house.custody.newest(case.id)
    wrong = sorted((shown.keys() | unseen) - {now.version})
    if wrong:
        house.custody.close(now.record, wrong, said[-1].id, house.actor.id)
    incident = _incident(house, case, looked, said, now)
    return TakenBack(incident=incident, path=now.path, sealed=anew, unseen=tuple(sorted(unseen)))


def _with(case: Case, person: str) -> Case:
    """The case with this person, of whom nothing is known where the draft has lost them: the record was taken for them.

    The statement then has nobody's mark, so that the record is left to a person for whoever bears the id later.
    """
    if any(one.id == person for one in case.people):
        return case
    return replace(case, people=(*case.people, Person(id=person)))


def _found_out(house: OpenHouse, reason: str, at: datetime | None) -> datetime:
    """When it was found out: now, unless somebody says when. Misconfigured for what cannot be signed."""
    now = house.clock()
    check_reason(reason, "--reason")
    if at is not None and (at.tzinfo is None or at > now):
        what = "that is later than now." if at.tzinfo else "it has no time zone."
        raise Misconfigured(Problem(where="--discovered", what=what, do="Say when it was found out."))
    return (at or now).astimezone(UTC)


def _said(house: OpenHouse, case: Case, looked: Look) -> tuple[Statement, ...]:
    """The last words about this record, where they are that it was taken for somebody and is not theirs."""
    last: dict[Taken, Statement] = {}
    for one in heard(house, case.id):
        said = one.statement.said
        if isinstance(said, Identified) and looked.is_wanted(said.source, said.ref):
            last[_taken(one.statement)] = one.statement
    return tuple(one for one in last.values() if not _of(one).same and _of(one).discovered_at is not None)


def _made_since(house: OpenHouse, record: str, said: Collection[Statement]) -> frozenset[int]:
    """The versions that the ledger has after the first of these words; its order is no clock's."""
    ids = {one.id for one in said}
    first = min(
        (row.n for row in house.ledger.rows("statement.signed") if row.public["statement"] in ids), default=None
    )
    sealed = house.ledger.rows("record.sealed", f'"record":"{record}"')
    return frozenset(row.public["version"] for row in sealed if first is not None and row.n > first)


def _of(statement: Statement) -> Identified:
    if not isinstance(statement.said, Identified):
        raise TypeError("this statement says of no record whose it is")
    return statement.said


def _taken(statement: Statement) -> Taken:
    said = _of(statement)
    return Taken(said.person, said.source, said.ref)


def _not_theirs(taken: Taken, reason: str, found_out: datetime) -> Identified:
    return Identified(
        person=taken.person, source=taken.source, ref=taken.ref, same=False, reason=reason.strip(),
        discovered_at=found_out,
    )  # fmt: skip


def _note(house: OpenHouse, case: Case, match: str, said: Sequence[Statement]) -> None:
    """One row for each statement, once: before anything is sealed or closed because of it.

    The source's own key and the reason stand in the statement alone, which goes with the case; the ledger stays.
    """
    noted = {row.public["statement"] for row in house.ledger.rows("incident.noted")}
    for one in said:
        found_out = _of(one).discovered_at
        if one.id in noted or found_out is None:
            continue
        public = {"statement": one.id, "source": _of(one).source, "discovered_at": stamp(found_out)}
        private = {"case": case.id, "person": _of(one).person, "match": match}
        house.ledger.write(Entry("incident.noted", house.actor.id, public, private))


def _compose_again(case: Case, parts: trawl.Parts) -> None:
    """The next version, of what is kept. What stops it is told with what was done before, and what was not."""
    try:
        trawl.run(case, replace(parts, quiet=True))
    except Refused as refusal:
        what = f"{str(refusal).rstrip('.')}. It is signed whose the record is not, but no version is closed yet"
        raise Refused(refusal.why, what, "Put that right, and take it back again.") from None


def _incident(house: OpenHouse, case: Case, looked: Look, said: Collection[Statement], now: KnownRecord) -> Incident:
    ids, every = {one.id for one in said}, _ever_said(house, case, looked)
    closed = tuple(one for one in house.custody.closings(now.record) if one.statement in every)
    first = min(said, key=lambda one: one.at)
    found_out = [at for one in said if (at := _of(one).discovered_at) is not None]
    return Incident(
        case=case.id, match=looked.wanted, source=_of(first).source,
        people=tuple(sorted({_of(one).person for one in said})),
        statements=tuple(sorted(ids)), by=first.by, noted_at=first.at, discovered_at=min(found_out), record=now.record,
        version=now.version, closed=closed,
        handled=house.custody.handled(now.record, {one.version for one in closed}),
    )  # fmt: skip


def _ever_said(house: OpenHouse, case: Case, looked: Look) -> frozenset[str]:
    """Every statement that took this record back: two people can do so at once, and versions are closed for one."""
    return frozenset(
        one.statement.id
        for one in heard(house, case.id)
        if isinstance(said := one.statement.said, Identified)
        and said.discovered_at is not None
        and looked.is_wanted(said.source, said.ref)
    )


def _unknown(looked: Look) -> Problem:
    """Which records the versions show: their ids, and for whom they were taken."""
    what = "no version of this case that can be opened took a record of this id for anybody."
    ids = sorted({f"{looked.names(one.source, one.ref)} ({one.person})" for one in looked.shown})
    return Problem(where="MATCH", what=what, do=f"Taken were: {', '.join(ids) or 'none'}.")
