"""Taking in what a person returns on paper.

A return is believed only where its request is this hub's own and about this case; it is read as a whole or not at all,
and only as far as what it answers may still be asked for. What came is sealed at once into the next version of the
product; no copy of it stays in the hub.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.audit.entry import Entry
from mash_trawl.audit.signing import Signer
from mash_trawl.before import delta_now, sources_now
from mash_trawl.config.case import load_case
from mash_trawl.config.read import read_value
from mash_trawl.config.return_file import open_return
from mash_trawl.config.return_form import Filled, filled
from mash_trawl.deciding import may_ask
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.moments import local
from mash_trawl.model.request import Request, Returned
from mash_trawl.model.statement import person_mark
from mash_trawl.paper.owed import NOT_TAKEN, SEAL, TAKEN, written
from mash_trawl.product.due import late_words
from mash_trawl.product.plain import list_words
from mash_trawl.sources.again import Memory
from mash_trawl.sources.by_person import Written
from mash_trawl.sources.refusals import permitted
from mash_trawl.trawl_rows import entry
from mash_trawl.vault.custody import no_passphrase
from mash_trawl.vault.opening import Unlock

if TYPE_CHECKING:
    from mash_trawl import trawl

_STANDS = ("failed", "stale")
"""Why something would be asked again whose earlier answer can be shown until then."""
CaseLike = Case | str | Path | Mapping[str, Any]
Said = tuple[str, str]
"""Person and category."""


class Taker(Protocol):
    """An open hub, as far as a return is taken in."""

    signer: Signer

    def require(self, act: str) -> None: ...
    def _parts(
        self, case: Case, out: Path | None, refresh: Sequence[str], unlock: Unlock, key: Path | None
    ) -> trawl.Parts: ...
    def _walk(self, case: Case, parts: trawl.Parts) -> trawl.Result: ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Taken(Private):
    """What came of a return. `left_out`: what it answers and may no longer be asked for; nothing of that was read.

    `owed` are the questions to which it gave no answer, or that nobody searched.
    """

    request: Request
    returned: Returned
    result: trawl.Result
    left_out: tuple[Said, ...] = ()
    owed: tuple[Said, ...] = ()


class Returning:
    """What an open hub can do with what a person sends back."""

    def take_return(
        self: Taker, case: CaseLike, source: str, path: str | Path, *, received_at: datetime | None = None,
        unlock: Unlock = no_passphrase, key: Path | None = None,
    ) -> Taken:  # fmt: skip
        """Take in a filled request (.xlsx, or the page's .json), and seal it into the next version; nobody is asked.

        `received_at` is when it came, where that was before now. Raises Misconfigured with every problem of the file,
        each with its cell; Refused, and nothing of it was read: `not_our_request`, `another_case`, `another_source`,
        `unknown_request`, `somebody_else`, `not_permitted`, `taken_before`, `run_first`, `not_yet`, `role_missing`.
        """
        self.require("trawl")
        about = case if isinstance(case, Case) else load_case(case)
        desk = _Desk(
            parts=self._parts(about, None, (), unlock, key), case=about, source=source, signer=self.signer,
            walk=self._walk,
        )  # fmt: skip
        try:
            at = desk.when(received_at)
            came = open_return(Path(path), desk.genuine)
            allowed = desk.allowed(came.request)
            said = filled(came, local(at).date())
            digest = hashlib.sha256(canonical(to_plain(said))).hexdigest()
            memory = desk.memory(digest)
        except (Refused, Misconfigured) as problem:
            desk.refuse(problem.why if isinstance(problem, Refused) else "unreadable")
            raise
        return desk.take(came.request, _returned(desk, came.request, said, allowed, at, digest), said, memory)

    def requests(self: Taker, case: CaseLike) -> tuple[Written, ...]:
        """The requests that were written for a case, oldest first, as the ledger has them."""
        about = case if isinstance(case, Case) else load_case(case)
        parts = self._parts(about, None, (), no_passphrase, None)
        return tuple(written(parts.ledger, about.id))


def _returned(
    desk: _Desk, request: Request, said: Filled, allowed: frozenset[Said], at: datetime, digest: str
) -> Returned:
    """What of a return may be read."""
    people = {person for person, _ in allowed}
    referral, wanted = desk.case.referral, datetime.fromisoformat(request.due) if request.due else None
    return Returned(
        request=request.id, source=request.source, at=at, by=said.by, digest=digest, coverage=said.coverage,
        late_words=late_words(wanted, at, referral.rag, desk.parts.profile) if wanted else "",
        marks={person: person_mark(desk.case.person(person)) for person in sorted(people)},
        known=tuple(person for person in said.known if person in people),
        not_sure=tuple(person for person in said.not_sure if person in people),
        stated=tuple(one for one in said.stated if (one.person, one.category) in allowed),
    )  # fmt: skip


def run_first(case: str, source: str, first: Sequence[str]) -> Refused:
    """Sources were not asked yet, or something about them is new: what they hold would be missing beside the return."""
    has = "has" if len(first) == 1 else "have"
    what = f"{list_words(first)} {has} to be asked first, or the next version would show less than it could"
    do = f"Ask with `mash-trawl run {case}`, then `mash-trawl return {case} {source} FILE` again."
    return Refused("run_first", what, do)


@dataclass(slots=True, kw_only=True, repr=False)
class _Desk:
    """One return under way. `request` is the id of the request in it, once it was found genuine."""

    parts: trawl.Parts
    case: Case
    source: str
    signer: Signer
    walk: Callable[[Case, trawl.Parts], trawl.Result]
    request: str = ""

    def when(self, received_at: datetime | None) -> datetime:
        """When it came."""
        now = self.parts.clock()
        if received_at is not None and received_at > now:
            raise Refused("not_yet", "a return cannot have come later than now", "Say when it came.")
        return (received_at or now).replace(microsecond=0)

    def genuine(self, content: bytes, signature: bytes) -> Request:
        """The request, where this hub signed it, for this case and source, and its ledger knows it."""
        if not self.signer.verifier.verify(SEAL + content, signature):
            what = "the request in this file was not written by this hub, or was changed"
            raise Refused("not_our_request", what, "Ask for the file that was sent, filled in.")
        request = read_value(Request, parse_canonical(content), "request")
        if request.case != self.parts.ledger.mark(self.case.id):
            raise Refused("another_case", "this is the return of another case", "Name the case that it belongs to.")
        if request.source != self.source:
            raise Refused("another_source", f"this is the return of {request.source}", "Name that source.")
        self.request, digest = request.id, hashlib.sha256(content).hexdigest()
        if (request.id, digest) not in ((one.id, one.sha256) for one in written(self.parts.ledger, self.case.id)):
            raise Refused("unknown_request", "the ledger knows no such request about this case", "Ask again.")
        return request

    def allowed(self, request: Request) -> frozenset[Said]:
        """What of it may still be asked for, about people who are who they were."""
        (one,) = (one for one in written(self.parts.ledger, self.case.id) if one.id == request.id)
        same = {person.id for person in self.case.people if one.marks.get(person.id) == person_mark(person)}
        if not same & set(one.asked):
            what = "everybody on this request is somebody else in the case by now (name or date of birth)"
            raise Refused("somebody_else", what, "Write a new request, with who they are.")
        decisions = may_ask(
            self.case, self.parts.profile, self.parts.registry, self.parts.clock(), self.parts.backing()
        )
        found: set[Said] = set()
        for person in same:
            about = decisions.about(request.source, person)
            may = {"content": permitted(about, "content"), "existence": permitted(about, "existence")}
            may["existence"] |= may["content"]
            found |= {(person, line.category) for line in request.lines
                      if line.person == person and line.category in may[line.mode]}  # fmt: skip
        if not found:
            what = "what this return answers may no longer be asked for, so nothing of it was read"
            raise Refused("not_permitted", what, "`mash-trawl plan` says why. Delete the file, or send it back.")
        return frozenset(found)

    def memory(self, digest: str) -> Memory | None:
        """What the last version kept. Refused when this very return is in it, or somebody has to be asked first."""
        parts, behind = self.parts, self.parts.backing()
        last = parts.last(self.case.id)
        memory = last.memory if last else None
        if memory and any(one.digest == digest and one.request == self.request for one in memory.returns):
            raise Refused("taken_before", "this return was taken in before, and nothing in it is new")
        registry = parts.registry.closing(behind.closed)
        decisions = may_ask(self.case, parts.profile, parts.registry, parts.clock(), behind)
        sources = sources_now(parts.settings, registry, parts.profile)
        delta = delta_now(self.case, decisions, behind.spoken, memory, sources, ())
        if first := tuple(dict.fromkeys(ask.source for ask in delta.asks if ask.why not in _STANDS)):
            raise run_first(self.case.id, self.source, first)
        return memory

    def refuse(self, why: str) -> None:
        """The ledger has it that a return was not taken in, before that is said."""
        about = {"source": self.source, "why": why, "mark": self.parts.ledger.mark(self.case.id)}
        about |= {"request": self.request} if self.request else {}
        self.parts.ledger.write(entry(NOT_TAKEN, self.parts.actor, about, self.case))

    def take(self, request: Request, returned: Returned, said: Filled, memory: Memory | None) -> Taken:
        """Seal it into the next version. The ledger has it before that what came, and after it that it is taken in."""
        earlier = [one for one in (memory.returns if memory else ()) if one.request == request.id]
        self.parts.ledger.write(self._came(request, [*earlier, returned]))
        result = self.walk(self.case, replace(self.parts, quiet=True, returned=(returned,)))
        self.parts.ledger.write(self._taken(request, returned, result))
        read = {(one.person, one.category) for one in returned.stated}
        answered = {(one.person, one.category) for one in said.stated}
        open_ = {(one.person, one.category) for one in returned.stated if one.said == "not_searched"}
        lines = [(line.person, line.category) for line in request.lines]
        return Taken(
            request=request, returned=returned, result=result,
            left_out=tuple(one for one in lines if one in answered - read),
            owed=tuple(one for one in lines if one not in answered or one in open_),
        )  # fmt: skip

    def _came(self, request: Request, returns: Sequence[Returned]) -> Entry:
        """The closing row of the ask: of which kinds something came, of all returns to this request."""
        asked = self.parts.ledger.rows("source.asked", holding=f'"trawl":"{request.id}"')
        number = next(row.n for row in asked)
        stated = [one for returned in returns for one in returned.stated]
        refused = bool(stated) and all(one.said == "refused" for one in stated)
        kind, why = ("source.refused", "custodian_said_no") if refused else ("source.answered", "answered")
        public = {
            "trawl": request.id, "source": request.source, "step": "fetch", "ask": number, "why": why,
            "rows": sum(len(one.findings) for one in stated),
        }  # fmt: skip
        came = {person: sorted({one.category for one in stated if one.person == person and one.findings})
                for person in dict.fromkeys(one.person for one in stated)}  # fmt: skip
        held = {person: kinds for person, kinds in came.items() if kinds}
        return entry(kind, self.parts.actor, public, self.case, **({"came": held} if held else {}))

    def _taken(self, request: Request, returned: Returned, result: trawl.Result) -> Entry:
        words: dict[str, dict[str, str]] = {}
        for one in returned.stated:
            words.setdefault(one.person, {})[one.category] = one.said
        public = {
            "request": request.id, "source": request.source, "mark": request.case, "stated": len(returned.stated),
            "of": len(request.lines), "late": bool(returned.late_words), "record": result.sealed.record,
            "version": result.sealed.version,
        }  # fmt: skip
        return entry(TAKEN, self.parts.actor, public, self.case, said=words)
