"""The spine: the whole way through, readable in a minute.

case -> decide -> ask (find, match, fetch) -> compose -> seal; every step is in the ledger before its effect.
Walked again for the same case, only what is new, failed, stale or newly permitted is asked; the rest is carried over.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl.audit.ledger import Ledger
from mash_trawl.before import Last, delta_now, hidden_before, hidden_sources, sources_now, stands
from mash_trawl.config.approvals import Policy
from mash_trawl.consent import effective
from mash_trawl.consent.grants import mint_grants
from mash_trawl.consent.urgent import emergencies_now
from mash_trawl.deciding import Again, Heard, SaidMeanwhile, may_ask, refuse_unapproved, unread
from mash_trawl.errors import Refused, TrawlError
from mash_trawl.identity.plan import plan_queries
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.actor import Actor
from mash_trawl.model.answer import Answer
from mash_trawl.model.backing import Backing
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions, Outcome
from mash_trawl.model.hub import HubFile
from mash_trawl.model.product import Gap, Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.request import Returned
from mash_trawl.paper.owed import paper_of
from mash_trawl.product import compose, hidden_places
from mash_trawl.product.disputes import shape_of
from mash_trawl.product.match_ids import with_match_ids
from mash_trawl.product.notes import UNKNOWN, emergency_words, hidden_categories, notes
from mash_trawl.product.routing import of_profile
from mash_trawl.recognising import recognise_by
from mash_trawl.sources.again import Ask, Asked, Delta, Memory, digest_of_case, digest_of_decisions
from mash_trawl.sources.by_person import still_permitted, told_by_people
from mash_trawl.sources.carried import remember, together
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.identified import before_of_theirs, still_theirs
from mash_trawl.sources.lanes import Progress, ask
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.unasked import ask_nothing
from mash_trawl.store.engine import Store
from mash_trawl.store.statements import revision
from mash_trawl.store.turn import Turn, case_turn
from mash_trawl.traces import ClosedTraces, keys_with
from mash_trawl.trawl_rows import About, beginning, entry
from mash_trawl.vault.custody import Custody, Sealed
from mash_trawl.vault.wrapping import new_key

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_INTERRUPTIONS = 8
"""How often a product is composed again because somebody signed something meanwhile."""


class Stopped(TrawlError):
    """The user stopped the trawl; the ledger says so and nothing was sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The wired rooms that a trawl walks through. `out` is where the product goes (None: the hub's own folder).

    `quiet`: nobody is asked anything now; the next version is made of what is kept, as far as it still stands, and of
    what is `returned`.
    `backing` reads what stands behind the case now, `revision` a number that grows with every statement about it.
    """

    settings: HubFile
    policy: Policy
    registry: Registry
    ledger: Ledger
    custody: Custody
    gate: Gate
    actor: Actor
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    store: Store
    readers: Sequence[str]
    records: Path
    out: Path | None = None
    refresh: tuple[str, ...] = ()
    quiet: bool = False
    returned: tuple[Returned, ...] = ()
    last: Callable[[str], Last | None] = lambda _: None
    backing: Callable[[], Backing]
    revision: Callable[[], int]

    @property
    def profile(self) -> Profile:
        """The place's rules for this case."""
        return self.policy.profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a trawl ended with: the decisions, one answer for every (source, person), the product, the sealed file.

    `asked` lists what was asked now, and why. `unchanged`: nothing was asked and nothing is new, so the version that
    stands still stands, and no other was sealed.
    """

    decisions: Decisions
    answers: tuple[Answer, ...]
    product: Product
    sealed: Sealed
    asked: tuple[Ask, ...] = ()
    unchanged: bool = False

    @property
    def path(self) -> Path:
        """Where the sealed product lies."""
        return self.sealed.path

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What nobody could say: not asked, not answered, not covered."""
        return self.product.gaps

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """The (source, person) whose answer was carried over from an earlier version."""
        return tuple((answer.source, answer.person) for answer in self.answers if answer.carried_from is not None)


def run(case: Case, parts: Parts, *, progress: Progress | None = None, stop: threading.Event | None = None) -> Result:
    """Walk the whole way, as the only run of this case.

    Raises Stopped when `stop` was set, Refused when the ledger or custody says no, when another run holds the case
    (`case_busy`, `fenced`), or when the last version cannot be read (`last_version_not_readable`).
    """
    stop = stop or threading.Event()
    parts.custody.check_ready(case.id, parts.readers, parts.records, parts.out)
    with case_turn(parts.store, case.id, parts.actor.id, parts.clock, stop) as turn:
        since, backing = parts.revision(), parts.backing()
        refuse_unapproved(backing)
        parts = replace(parts, registry=parts.registry.closing(backing.closed))
        decisions = may_ask(case, parts.profile, parts.registry, parts.clock(), replace(backing, closed={}))
        case = effective(case, backing, parts.profile)
        last = parts.last(case.id)
        memory = last.memory if last else None
        sources = sources_now(parts.settings, parts.registry, parts.profile)
        delta = delta_now(case, decisions, backing.spoken, memory, sources, parts.refresh)
        delta, unasked = ask_nothing(delta, memory) if parts.quiet else (delta, ())
        paper = paper_of(parts.ledger, case, parts.profile, delta, memory, parts.returned)
        delta, told = told_by_people(decisions, delta, memory, parts.registry, paper)
        trawl = parts.new_id()
        parts.ledger.write(*beginning(case, decisions, delta, backing, About(
            trawl=trawl, actor=parts.actor, policy=parts.policy, refresh=parts.refresh
        )))  # fmt: skip
        try:
            said = Verdicts.of(case, backing.spoken)
            recognise = recognise_by(parts.settings, parts.profile, said, decisions, delta)
            match = ClosedTraces(recognise, trawl, new_key)
            result = _walk(case, decisions, delta, last, _Going(
                parts, turn, stop, trawl, progress, sources, since, backing, said, match, new_key().hex(),
                (*unasked, *told), paper.returned,
            ))  # fmt: skip
        except BaseException as problem:
            why = "stopped" if isinstance(problem, Stopped | KeyboardInterrupt) else type(problem).__name__
            _write(parts, "trawl.stopped", {"trawl": trawl, "why": why}, case)
            raise
        ended = {"record": result.sealed.record, "version": result.sealed.version, "unchanged": result.unchanged,
                 "asked": sum(one.attempts > 0 or one.carried_from is not None for one in result.answers)}  # fmt: skip
        _write(parts, "trawl.finished", {"trawl": trawl, **ended}, case)
        return result


@dataclass(frozen=True, slots=True)
class _Going:
    """A trawl under way."""

    parts: Parts
    turn: Turn
    stop: threading.Event
    trawl: str
    progress: Progress | None
    sources: Mapping[str, Asked]
    since: int
    backing: Backing
    said: Verdicts
    match: ClosedTraces
    secret: str
    unasked: tuple[Answer, ...]
    returned: tuple[Returned, ...]

    def again(self, case: Case) -> Again:
        """How everything is decided once more, with what was said meanwhile."""
        parts = self.parts
        return Again(case=case, profile=parts.profile, registry=parts.registry, clock=parts.clock,
                     backing=parts.backing, revision=parts.revision)  # fmt: skip


def _walk(case: Case, decisions: Decisions, delta: Delta, last: Last | None, going: _Going) -> Result:
    """Ask what has to be asked, join it with what stands, compose and seal."""
    parts = going.parts
    grants = mint_grants(delta.decisions, decisions.at, parts.new_id)
    came = ask(
        case, delta.decisions, grants, registry=parts.registry, gate=parts.gate, plan=plan_queries,
        match=going.match, clock=parts.clock, progress=going.progress, stop=going.stop, trawl=going.trawl,
        watch=going.again(case).watch(going.since),
    )  # fmt: skip
    if going.stop.is_set():
        raise going.turn.fenced() if going.turn.overtaken else Stopped("stopped: nothing was sealed")
    heard = Heard(came=(*came, *going.unasked), decisions=decisions, backing=going.backing, revision=going.since)
    for _ in range(MOST_INTERRUPTIONS):
        heard, rows = unread(heard, going.again(case), going.trawl)
        parts.gate.write(case.id, *rows)
        try:
            return _composed(case, heard, delta, last, going)
        except SaidMeanwhile:
            continue
    raise Refused("said_meanwhile", "somebody kept signing statements while the product was sealed", "Run it again.")


def _composed(case: Case, heard: Heard, delta: Delta, last: Last | None, going: _Going) -> Result:
    """Join what came with what stands, compose and seal. SaidMeanwhile when something was said before it was sealed."""
    parts, decisions, memory = going.parts, heard.decisions, last.memory if last else None
    said = Verdicts.of(case, heard.backing.spoken)
    memory, delta = before_of_theirs(memory, delta, said.stands)
    came = still_theirs(heard.came, said.stands)
    answers = _join(case, came, delta, memory, decisions, going)
    closed = hidden_categories(parts.profile)
    hidden = hidden_places(case, decisions, answers, closed, hidden_before(parts.custody, case.id, last))
    urgent = emergencies_now(case, parts.profile, parts.clock(), heard.backing)
    marks = tuple(emergency_words(one) for one in urgent)
    told = notes(parts.settings, hidden_sources(parts.registry, parts.profile, closed), heard.backing, marks)
    told += (UNKNOWN,) if hidden.unknown else ()
    now = Memory(
        case=digest_of_case(case), hidden=hidden,
        decided=digest_of_decisions(decisions, told, closed, parts.settings.sources, parts.settings.tls,
                                    *of_profile(case, parts.profile, decisions.at), *shape_of(heard.backing.spoken)),
        kept=remember(case, decisions, answers, memory, delta, going.sources, going.said.marks),
        secret=(memory.secret if memory else "") or going.secret,
        traces=keys_with(memory, going.match.keys, said), returns=still_permitted(going.returned, decisions),
    )  # fmt: skip
    same_keys = last is not None and now.traces == last.memory.traces
    if last and not delta.asks and same_keys and stands(last, now, answers, parts.out):
        return Result(decisions=decisions, answers=answers, product=last.product, sealed=last.sealed, unchanged=True)
    product = compose(
        case, decisions, answers, parts.settings.sources, notes=told, restricted=closed, hidden=hidden,
        profile=parts.profile, spoken=heard.backing.spoken,
    )  # fmt: skip
    product = with_match_ids(product, now.secret)
    sealed = _seal(case, heard, product, now, going)
    return Result(decisions=decisions, answers=answers, product=product, sealed=sealed, asked=delta.asks)


def _join(
    case: Case, came: Sequence[Answer], delta: Delta, memory: Memory | None, decisions: Decisions, going: _Going
) -> tuple[Answer, ...]:
    """One answer for every pair; a record that would be two people's is nobody's, and the ledger says so."""
    joined = together(came, delta, memory, decisions)
    for source, settled in joined.disputed:
        public = {"why": "one_record_for_several", "records": settled.records, "withdrawn": settled.findings}
        about = {"trawl": going.trawl, "source": source, "people": len(settled.people)}
        _write(going.parts, "match.decided", public | about, case, people=list(settled.people))
    return joined.answers


def _seal(case: Case, heard: Heard, product: Product, memory: Memory, going: _Going) -> Sealed:
    """Seal the product to its readers, if this run is still the one that counts and nothing was said since."""
    parts = going.parts
    permitted = [item for item in heard.decisions if item.outcome is Outcome.PERMIT]

    def still(connection: Connection) -> None:
        going.turn.still(connection)
        if revision(connection, case.id) != heard.revision:
            raise SaidMeanwhile("said_meanwhile")

    facts = {
        "audience": "full",
        "profile": case.profile,
        "basis": sorted({item.basis for item in permitted if item.basis}),
    }
    return parts.custody.seal(
        case.id, to_plain(product), readers=parts.readers, facts=facts, folder=parts.records, out=parts.out,
        actor=parts.actor.id, working=json.dumps(to_plain(memory)).encode("ascii"), still=still,
    )  # fmt: skip


def _write(parts: Parts, kind: str, public: Mapping[str, Any], case: Case, **private: Any) -> None:
    parts.ledger.write(entry(kind, parts.actor, public, case, **private))
