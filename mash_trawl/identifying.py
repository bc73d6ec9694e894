"""Whose record is it? What a trawl left for a named person to decide, and what they say of it.

Everything is read from the newest version's sealed working copy: nobody is asked, and its opening is in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from mash_trawl.audit.acting import require
from mash_trawl.before import Last, read_last
from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.identity.verdicts import Judged, Verdicts, check_reason, may_be_linked, record_mark
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.match import Match, Verdict, match_id
from mash_trawl.model.query import Candidate
from mash_trawl.model.statement import Identified, Statement
from mash_trawl.product.mask import mask_lines
from mash_trawl.product.places import place_keys
from mash_trawl.said import heard
from mash_trawl.saying import House, say
from mash_trawl.sources.again import Kept
from mash_trawl.traces import Retold, retold
from mash_trawl.vault.custody import no_passphrase
from mash_trawl.vault.opening import Unlock
from mash_trawl.vault.readers import ReaderKey

State = Literal["waiting", "confirmed", "rejected"]
Since = Literal["", "record_changed", "person_changed", "looked_at_again"]
"""Why a record waits again of which somebody had said that it is this person's, or is not."""
CaseLike = Case | str | Path | Mapping[str, Any]
REASON = "review of possible matches"
_FLAGS = {"hidden_address", "witness_protection", "adoption", "gender_history", "restricted"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Possible(Private):
    """A record that may be somebody's of the case, with what is needed to decide, and no more.

    `match` holds the lines of the comparison and nothing else of the candidate. `state`: what was said of it since this
    version was made; it counts from the next run on. `others`: people of the case for whom it was taken as well.
    `address_withheld`: neither side's address is shown.
    """

    id: str
    source: str
    agency: str
    person: str
    match: Match
    version: int
    state: State = "waiting"
    verdict: Verdict | None = None
    since: Since = ""
    others: tuple[str, ...] = ()
    address_withheld: bool = False

    @property
    def ref(self) -> str:
        """The source's key of the record."""
        return self.match.ref


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Look(Private):
    """One look at what waits in a case: the newest version as its reader opened it, and what was said up to now."""

    case: Case
    last: Last | None
    said: Verdicts = field(default_factory=Verdicts)

    @property
    def possible(self) -> tuple[Possible, ...]:
        """What waits, in the order of sources and people; the likeliest record first. Only what the product counts."""
        if self.last is None:
            return ()
        counted = {(item.source, item.person) for item in self.last.product.possible}
        return tuple(
            self._possible(kept, match)
            for kept in self.last.memory.kept
            if (kept.answer.source, kept.answer.person) in counted
            for match in sorted(kept.answer.waiting, key=lambda match: (-match.millibits, match.ref))
        )

    def id_of(self, source: str, ref: str) -> str:
        """How people name this record; empty where nothing was sealed yet."""
        return match_id(source, ref, self.last.memory.secret) if self.last else ""

    def identified(self, person: str, source: str, ref: str, *, same: bool, reason: str) -> Identified:
        """What is to be signed of a record that waits.

        Misconfigured without a reason. Refused: `unknown_match`,
        `already_theirs`, `already_shown`, `no_key`, `never_linked`.
        """
        check_reason(reason, "reason")
        if not ref.strip():
            what = "the source gave no key for this record: nothing of it could be fetched, or told from another"
            raise Refused("no_key", what, "Ask the agency for the record's own number.")
        match, judged = self._match(source, person, ref), self.said.on(source, person, ref)
        if same:
            self._check_yes(source, person, ref, match, judged)
        elif match is None and judged is None:
            raise _unknown()
        elif match is not None and match in self._taken(source, person):
            what = "this record was taken for this person, and a version that can be opened shows it"
            do = "Take it back, which closes what shows it: `mash-trawl review CASE --withdraw MATCH`, `hub.take_back`."
            raise Refused("already_shown", what, do)
        mark = record_mark(match.candidate) if match is not None else ""
        return Identified(person=person, source=source, ref=ref, same=same, reason=reason.strip(), record=mark)

    def _check_yes(self, source: str, person: str, ref: str, match: Match | None, judged: Judged | None) -> None:
        """A record that was rejected and is not kept any more can only be looked at again: then there is no mark."""
        if match is None and (judged is None or judged.same):
            raise _unknown()
        if match is None:
            return
        if match in self._taken(source, person):
            raise Refused("already_theirs", "this record is taken for this person already", "There is nothing to sign.")
        others = [other for other in self._theirs(source, person) if other.ref != ref]
        if not may_be_linked([match, *others]):
            what = "one of two records of this source is restricted: that both are one person's is never recorded"
            raise Refused("never_linked", what, "Reject the other first, if that is not the one to go by.")

    def _match(self, source: str, person: str, ref: str) -> Match | None:
        there = (*self._waiting(source, person), *self._taken(source, person))
        return next((match for match in there if match.ref == ref), None)

    def _kept(self, source: str, person: str) -> Kept | None:
        return self.last.memory.of((source, person)) if self.last else None

    def _waiting(self, source: str, person: str) -> tuple[Match, ...]:
        kept = self._kept(source, person)
        return kept.answer.waiting if kept and self._told(source, person) else ()

    def _taken(self, source: str, person: str) -> tuple[Match, ...]:
        kept = self._kept(source, person)
        return kept.answer.matches if kept and self._told(source, person) else ()

    def _told(self, source: str, person: str) -> bool:
        """Whether the version tells at all that this person was looked for at this source."""
        told = self.last.product.answers if self.last else ()
        return any((one.source, one.person) == (source, person) for one in told)

    def _theirs(self, source: str, person: str) -> Iterator[Match]:
        """The records of one source that are this person's, by rule or by what was said up to now."""
        yield from (match for match in self._taken(source, person) if self.said.stands(source, match))
        for match in self._waiting(source, person):
            judged = self.said.on(source, person, match.ref)
            if judged is not None and judged.holds(match):
                yield match

    def _possible(self, kept: Kept, match: Match) -> Possible:
        source, person = kept.answer.source, kept.answer.person
        judged = self.said.on(source, person, match.ref) or self.said.gone.get((source, match.ref))
        hidden = self._hides(person, match.candidate)
        bare = replace(
            match, candidate=Candidate(ref=match.ref, restrictions=match.candidate.restrictions),
            lines=mask_lines(match.lines, hidden),
        )  # fmt: skip
        return Possible(
            id=self.id_of(source, match.ref), source=source, agency=kept.answer.agency, person=person, match=bare,
            version=self.last.memory.version if self.last else 0, state=_state(judged, match),
            verdict=judged.verdict if judged else None, since=_since(judged, match),
            others=self._others(source, person, match.ref), address_withheld=hidden,
        )  # fmt: skip

    def _others(self, source: str, person: str, ref: str) -> tuple[str, ...]:
        """Who else of the case this record was taken for by rule, or by somebody's word: so that it is nobody's."""
        return tuple(
            kept.answer.person
            for kept in (self.last.memory.kept if self.last else ())
            if kept.answer.source == source and kept.answer.person != person
            for match in (*kept.answer.waiting, *kept.answer.matches)
            if match.ref == ref and match.outcome in ("auto", "confirmed")
        )

    def _hides(self, person: str, candidate: Candidate) -> bool:
        """Whether an address on either side must not be shown: somebody's is hidden, or is that of somebody hidden."""
        hidden = self.last.memory.hidden if self.last else None
        own = self.case.person(person)
        if hidden is None or person in hidden.people or _FLAGS & {*own.restrictions, *candidate.restrictions}:
            return True
        places = {key for place in hidden.places for key in place_keys(place)}
        return any(place_keys(address) & places for address in (*own.addresses, *candidate.addresses))


def look(house: House, case: Case, unlock: Unlock, key: Path | None) -> Look:
    """Open the newest version as the actor, to see what waits. Refused when it cannot be opened, or by `role_missing`.

    Nothing waits in a case of which nothing was sealed.
    """
    require(house.ledger, house.actor, "read", house.settings)
    require(house.ledger, house.actor, "identify", house.settings)
    last = read_last(house.custody, case.id, house.actor.id, unlock, key, (), reason=REASON)
    return Look(case=case, last=last, said=Verdicts.of(case, heard(house, case.id)))


def chosen(possible: tuple[Possible, ...], wanted: str, person: str | None) -> Possible:
    """The one that this id names; Misconfigured when none does, or when it waits for two people and none is named."""
    found = [item for item in possible if item.id == wanted and person in (None, item.person)]
    if not found:
        raise Misconfigured(Problem(where="match", what="no record of this id waits.", do="List what waits first."))
    if len(found) > 1:
        people = ", ".join(item.person for item in found)
        raise Misconfigured(Problem(where="match", what=f"this record waits for {people}.", do="Name one of them."))
    return found[0]


def _state(judged: Judged | None, match: Match) -> State:
    if judged is None:
        return "waiting"
    if not judged.same:
        return "rejected" if judged.known else "waiting"
    return "confirmed" if judged.holds(match) else "waiting"


def _since(judged: Judged | None, match: Match) -> Since:
    """What makes an earlier word count no more."""
    if judged is None or (judged.known and not judged.same) or judged.holds(match):
        return ""
    if not judged.known:
        return "person_changed"
    return "record_changed" if judged.record else "looked_at_again"


def _unknown() -> Refused:
    what = "no such record waits in the newest version of this case, or was taken for this person"
    return Refused("unknown_match", what, "List what waits: `mash-trawl review CASE`.")


def people_of(case: Case, possible: tuple[Possible, ...]) -> Mapping[str, tuple[Possible, ...]]:
    """What waits, by person, in the order of the case."""
    found = {person.id: tuple(item for item in possible if item.person == person.id) for person in case.people}
    return {ident: items for ident, items in found.items() if items}


class _House(House, Protocol):
    """An open hub that can sign."""

    def _own_key(self, unlock: Unlock, key: Path | None) -> Callable[[], ReaderKey]: ...


class Identifying:
    """What an open hub can do about possible matches; `Hub` is one."""

    def possible(
        self: _House, case: CaseLike, *, unlock: Unlock = no_passphrase, key: Path | None = None
    ) -> tuple[Possible, ...]:
        """The records of which a named person has to say whose they are. Nothing is sent.

        The newest version is opened with the actor's reader key (`unlock` gives its passphrase, `key` its file), and
        the ledger says so. Raises Refused when it cannot be opened, or by `role_missing`.
        """
        return look(self, _loaded(case), unlock, key).possible

    def retold(
        self: _House, case: CaseLike, *, unlock: Unlock = no_passphrase, key: Path | None = None
    ) -> tuple[Retold, ...]:
        """Every decision about a match of this case as the ledger holds it, in order; opens the newest version too.

        Nothing of what is somebody else's by now, and only of whom the version tells that they were looked for.
        """
        seen = look(self, _loaded(case), unlock, key)
        if seen.last is None:
            return ()
        shown = {(one.source, one.person) for one in seen.last.product.answers}
        return tuple(retold(self.ledger, seen.case.id, seen.last.memory, seen.said, shown))

    def identify(
        self: _House, case: CaseLike, person: str, source: str, ref: str, *, same: bool, reason: str,
        unlock: Unlock = no_passphrase, key: Path | None = None,
    ) -> Statement:  # fmt: skip
        """Sign, as the actor, that this record of a source is this person of the case, or is not; and why.

        It counts from the next run on: a record that was confirmed is fetched then as far as that is permitted, one
        that was rejected never. A record that was taken for this person already is not rejected here but by
        `take_back`, which closes the versions that show it. Raises Refused (docs/reviewing.md says why), and then
        nothing was said.
        """
        about = _loaded(case)
        seen = look(self, about, unlock, key)
        said = seen.identified(person, source, ref, same=same, reason=reason)
        return say(self, said, self._own_key(unlock, key), case=about)


def _loaded(case: CaseLike) -> Case:
    return case if isinstance(case, Case) else load_case(case)
