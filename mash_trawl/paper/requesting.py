"""Asking a person on paper: what is granted, signed, in the ledger before it is written.

A request goes the way of every question: decided, granted, through the gate. Whoever calls writes the sheet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mash_trawl.audit.canonical import canonical
from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.config.case import load_case
from mash_trawl.consent import effective
from mash_trawl.consent.grants import mint_grants
from mash_trawl.deciding import may_ask, refuse_unapproved
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.grant import Grant
from mash_trawl.model.request import Request
from mash_trawl.model.statement import person_mark
from mash_trawl.paper.owed import SEAL, WRITTEN, Owed, owed_of, said_before
from mash_trawl.paper.sheet import Asking, asked_in, make_request
from mash_trawl.product.due import due
from mash_trawl.sources.by_person import asked_on_paper
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.person import PersonConnector
from mash_trawl.sources.registry import Registry
from mash_trawl.trawl_rows import About, decided, entry
from mash_trawl.vault.custody import no_passphrase
from mash_trawl.vault.opening import Unlock

if TYPE_CHECKING:
    from mash_trawl import trawl

PRINTED = "information-request"
"""What the list of plain papers calls a sheet; destroying the case says how many there are."""
CaseLike = Case | str | Path | Mapping[str, Any]


class Asker(Protocol):
    """An open hub, as far as somebody is asked on paper from it."""

    signer: Signer
    gate: Gate
    ledger: Ledger

    def require(self, act: str) -> None: ...
    def _parts(
        self, case: Case, out: Path | None, refresh: Sequence[str], unlock: Unlock, key: Path | None
    ) -> trawl.Parts: ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet(Private):
    """A request that may be written now: it stands in the ledger. `content` is what was signed, `key` who signed."""

    request: Request
    content: bytes
    signature: bytes
    key: str


class Requesting:
    """What an open hub can do to ask a person."""

    def make_request(self: Asker, case: CaseLike, source: str, *, again: bool = False) -> Sheet:
        """Ask on paper what is granted and not yet answered (`again`: also what was). The ledger has it on return.

        Whoever calls this writes the sheet (render/request_book.py, render/request_page.py) and hands it on. Raises
        Misconfigured for a source that is no person, Refused: `role_missing`, `not_approved`, `source_closed`,
        `not_permitted`, `nothing_owed`, `ledger_not_writable`, and what the gate says of a grant.
        """
        self.require("trawl")
        self.require("export")
        about = case if isinstance(case, Case) else load_case(case)
        parts = self._parts(about, None, (), no_passphrase, None)
        behind = parts.backing()
        refuse_unapproved(behind)
        connector = _person(parts.registry.closing(behind.closed), source)
        decisions = _of_source(may_ask(about, parts.profile, parts.registry, parts.clock(), behind), source)
        grants = mint_grants(decisions, decisions.at, parts.new_id)
        about = effective(about, behind, parts.profile)
        request = make_request(Asking(
            case=about, profile=parts.profile, decisions=decisions, grants=grants, connector=connector, at=decisions.at,
            source=parts.settings.source(source), by=parts.actor.id, mark=parts.ledger.mark(about.id),
            skip=frozenset() if again else _answered(parts, about, source),
            due=due(about.referral.received_at, about.referral.rag, parts.profile),
        ), parts.settings, parts.new_id)  # fmt: skip
        _refuse_empty(request, grants)
        content = canonical(to_plain(request))
        asked = _asked_of(decisions, request)
        rows = (*decided(about, asked, behind, _about(parts, request)), *_rows(parts, about, request, content))
        _through_the_gate(self.gate, grants, request, lambda: parts.ledger.write(*rows))
        return Sheet(
            request=request, content=content, signature=self.signer.sign(SEAL + content), key=self.signer.verifier.line
        )

    def owed_on_paper(self: Asker) -> tuple[Owed, ...]:
        """What is owed on requests that were written, over all cases, as the ledger has it. Opens no product."""
        self.require("trawl")
        return owed_of(self.ledger)


def _person(registry: Registry, name: str) -> type[PersonConnector]:
    """The connector of a source that is a person and may be asked now."""
    source = registry.source(name)
    if source.connector is None or not issubclass(source.connector, PersonConnector):
        people = [item.name for item in registry.describe() if item.kind == PersonConnector.kind]
        do = f"Use one of: {', '.join(people)}." if people else "See docs/asking-a-person.md."
        raise Misconfigured(Problem(where="SOURCE", what="this hub has no person of this name to ask.", do=do))
    if not asked_on_paper(source):
        raise Refused("source_closed", f"this source is not to be asked now ({str(source.why).replace('_', ' ')})")
    return source.connector


def _of_source(decisions: Decisions, source: str) -> Decisions:
    return replace(decisions, items=tuple(item for item in decisions if item.source == source))


def _asked_of(decisions: Decisions, request: Request) -> Decisions:
    """The decisions about those who stand on the sheet."""
    asked = {person.id for person in request.people}
    return replace(decisions, items=tuple(item for item in decisions if item.person in asked))


def _answered(parts: trawl.Parts, case: Case, source: str) -> frozenset[tuple[str, str]]:
    return frozenset(said[1:] for said in said_before(parts.ledger, case.id) if said[0] == source)


def _refuse_empty(request: Request, grants: Sequence[Grant]) -> None:
    if not grants:
        what = "nothing may be asked of this source about anybody of this case"
        raise Refused("not_permitted", what, "`mash-trawl plan` says what would unlock it.")
    if not request.lines:
        raise Refused("nothing_owed", "everything that may be asked was answered", "To ask again: --again.")


def _through_the_gate(gate: Gate, grants: Sequence[Grant], request: Request, write: Callable[[], object]) -> None:
    """The gate agrees to every grant of somebody on the sheet; then the rows are durable."""
    asked = {person.id for person in request.people}
    gate.admit(grants)
    try:
        for grant in grants:
            if grant.person in asked:
                gate.check([grant], request.source, "fetch" if grant.categories else "find")
        write()
    finally:
        gate.dismiss(grants)


def _rows(parts: trawl.Parts, case: Case, request: Request, content: bytes) -> Iterator[Entry]:
    """That it is asked, as of any source; that a plain paper is made; and what stands on it."""
    people = [person.id for person in request.people]
    categories = sorted({line.category for line in request.lines})
    public = {"trawl": request.id, "source": request.source, "step": "fetch", "people": len(people)}
    yield entry("source.asked", parts.actor, public | {"categories": categories}, case, people=people)
    yield Entry("record.printed", parts.actor.id, {"what": PRINTED, "format": "xlsx, html"}, {"case": case.id})
    about = {
        "request": request.id, "source": request.source, "mark": request.case, "people": len(people),
        "lines": len(request.lines), "categories": categories, "due": request.due, "to": request.to,
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    marks = {person: person_mark(case.person(person)) for person in people}
    asked = {person: list(kinds) for person, kinds in asked_in(request).items()}
    yield entry(WRITTEN, parts.actor, about, case, asked=asked, marks=marks)


def _about(parts: trawl.Parts, request: Request) -> About:
    return About(trawl=request.id, actor=parts.actor, policy=parts.policy, refresh=())
