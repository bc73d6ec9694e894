"""Saying something under one's own signature, and hearing what was said: statements for commands and host programs.

`say` checks the role before it asks for a key, and writes statement and ledger entry in one transaction: either both
are durable, or nothing was said.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Protocol

from mash_trawl.audit.acting import require
from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Clock, Ledger
from mash_trawl.audit.statements import Faulty, checked, entry_for, read_statement, sign, to_sign
from mash_trawl.config.approvals import HUB_FILE, approved_now
from mash_trawl.config.masking import masked
from mash_trawl.consent.household import covered
from mash_trawl.declared import check_declarable
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.case import Case
from mash_trawl.model.consent import Consent, GatewayUse
from mash_trawl.model.hub import HubFile
from mash_trawl.model.person import Person
from mash_trawl.model.roles import SIGNS
from mash_trawl.model.statement import (
    KINDS,
    Approval,
    Checked,
    Countersignature,
    Emergency,
    Identified,
    Kind,
    Reply,
    Said,
    Statement,
    Withdrawal,
    person_mark,
)
from mash_trawl.product.disputes import check_dispute
from mash_trawl.store import custody as custody_rows
from mash_trawl.store import statements as rows
from mash_trawl.store.engine import Store
from mash_trawl.vault.custody import Custody
from mash_trawl.vault.parts import stamp
from mash_trawl.vault.pinned import pinned_signing_key
from mash_trawl.vault.readers import ReaderKey

Unlocked = Callable[[], ReaderKey]
"""Gives the actor's own private key; it may ask for a passphrase."""


class House(Protocol):
    """What it takes to say and to hear: an open hub has it."""

    @property
    def folder(self) -> Path: ...
    @property
    def store(self) -> Store: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def custody(self) -> Custody: ...
    @property
    def settings(self) -> HubFile: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def clock(self) -> Clock: ...


def fresh_id() -> str:
    """An opaque id for a statement."""
    return secrets.token_hex(8)


def hear(house: House, case: str | None) -> tuple[tuple[Checked, ...], tuple[Faulty, ...]]:
    """The statements that count about a case, or (None) about the hub itself, oldest first; and those that do not."""
    keys = cache(partial(pinned_signing_key, house.store))
    return checked(house.store, house.ledger, house.settings, keys, case)


def cases_spoken_of(house: House) -> tuple[str, ...]:
    """The cases that the ledger knows a statement about, but for the destroyed ones; sorted."""
    with house.store.read() as connection:
        gone = {stone.case_id for stone in custody_rows.tombstones(connection)}
    entries = house.ledger.rows(rows.SIGNED)
    return tuple(sorted({row.private["case"] for row in entries if row.private is not None} - gone))


def kind_of(said: Said) -> Kind:
    """The kind of statement that a value is."""
    return next(kind for kind, cls in KINDS.items() if type(said) is cls)


def say(
    house: House, said: Said, unlock: Unlocked, *, case: Case | None = None, content: bytes | None = None,
    new_id: Callable[[], str] = fresh_id,
) -> Statement:  # fmt: skip
    """Sign this as the actor and make it durable, together with its ledger entry. Returns the statement.

    `content` is an Approval's file, kept to show later what changed. Raises Refused, and nothing was said:
    `role_missing`, `not_enrolled`, `not_your_decision`, `own_emergency`, `unknown_emergency`, `emergency_declined`,
    `unknown_profile`, `not_an_approver`, `unknown_consent`, `not_yet`, `unknown_person`, `bad_dispute`, `not_your_key`,
    `no_such_dispute`, `case_destroyed`, `locked`, `reader_key_changed`, `ledger_not_writable`, `clock_behind`.
    """
    actor, kind = house.actor, kind_of(said)
    require(house.ledger, actor, SIGNS[kind], house.settings)
    try:
        _check_maker(house)
        said = _whole(house, said, case)
        _check_said(house, said, case)
        check_dispute(said, hear(house, case.id)[0] if case else ())
        people = _marks(house, said, case)
        if isinstance(said, Emergency) and case is not None:
            _check_emergency(house, said, case, people)
    except Refused as refusal:
        house.ledger.write(Entry("statement.refused", actor.id, {"kind": kind, "why": refusal.why}))
        raise
    key = _own_key(house, unlock)
    if content is not None and isinstance(said, Approval):
        said, content = _keeping(said, content)
    statement = Statement(
        id=new_id(), kind=kind, hub=house.settings.name, by=actor.id, at=house.clock(), said=said,
        case=None if case is None else case.id, people=people, roles=tuple(actor.roles),
    )  # fmt: skip
    _keep(house, statement, key, content)
    return statement


def _check_maker(house: House) -> None:
    """An actor whom a program vouches for may not stand in hub.yaml; but nobody else's word is kept."""
    if all(person.id != house.actor.id for person in house.settings.people):
        what = "only somebody who stands in hub.yaml can sign"
        raise Refused("not_enrolled", what, "Have them enrolled: `mash-trawl keys enrol`.")


def _check_said(house: House, said: Said, case: Case | None) -> None:
    """What can be seen to be wrong before anybody types a passphrase."""
    about_hub = kind_of(said) in ("approval", "suspension", "resumption")
    if about_hub != (case is None):
        raise ValueError("an approval, suspension or resumption is about the hub, all else about a case")
    if isinstance(said, GatewayUse) and said.decided_by != house.actor.id:
        what = f"this decision says that {said.decided_by} made it, and it can only be signed by whoever made it"
        raise Refused("not_your_decision", what, "Let them sign it, or draft a decision of your own.")
    if isinstance(said, Withdrawal) and case is not None:
        _check_withdrawal(house, said)
    if isinstance(said, Countersignature) and case is not None:
        _check_countersignature(house, said, case)
    if isinstance(said, Approval):
        _check_approver(house)


def _whole(house: House, said: Said, case: Case | None) -> Said:
    """A withdrawal with what it takes back copied into it: the record may be gone from the draft tomorrow."""
    if not isinstance(said, Withdrawal) or case is None:
        return said
    record = _record_of(house, said, case)[0]
    if record is None:
        raise Refused("unknown_consent", "this case has no agreement of this id", "`mash-trawl plan` shows the ids.")
    return replace(said, given_by=record.given_by, covers=record.covers, categories=record.categories)


def _record_of(house: House, said: Withdrawal, case: Case) -> tuple[Consent | None, Mapping[str, str]]:
    """The record that is withdrawn, and who its people were: as it was signed last, else as the draft has it."""
    for item in reversed(hear(house, case.id)[0]):
        signed = item.statement.said
        if isinstance(signed, Consent) and signed.id == said.consent:
            return signed, item.statement.people
    return next((consent for consent in case.consents if consent.id == said.consent), None), {}


def _check_withdrawal(house: House, said: Withdrawal) -> None:
    if said.at > house.clock():
        raise Refused("not_yet", "somebody can be recorded to have withdrawn only once they did", "Say when they did.")


def _check_emergency(house: House, said: Emergency, case: Case, people: Mapping[str, str]) -> None:
    with house.store.read() as connection:
        cases = rows.cases_with(connection, "emergency")
    spoken = (hear(house, other)[0] for other in cases)
    check_declarable(said, case, people, spoken, house.folder, house.clock())


def _check_countersignature(house: House, said: Countersignature, case: Case) -> None:
    found = [item.statement for item in hear(house, case.id)[0] if item.statement.id == said.emergency]
    if not found or found[0].kind != "emergency":
        raise Refused("unknown_emergency", "this case has no such emergency", "`mash-trawl decide CASE` lists them.")
    if found[0].by == house.actor.id:
        what = "an emergency is countersigned by somebody else than whoever declared it"
        raise Refused("own_emergency", what, "Ask another decider.")


def _chain(house: House) -> Approval | None:
    """The last approval of hub.yaml that counts."""
    return approved_now(hear(house, None)[0]).get(HUB_FILE)


def _check_approver(house: House) -> None:
    """Somebody whom the last approved hub.yaml does not name as an approver would sign for nothing."""
    chain = _chain(house)
    if chain is not None and house.actor.id not in chain.approvers:
        what = f"the last approved hub.yaml lets these approve the next one: {', '.join(chain.approvers) or 'nobody'}"
        raise Refused("not_an_approver", what, "Ask one of them.")


def _marks(house: House, said: Said, case: Case | None) -> dict[str, str]:
    """Who everybody is whom it is about.

    Of a withdrawal: who they were when the record was signed. It is heard also when the case has lost one of them.
    """
    if not isinstance(said, Withdrawal) or case is None:
        return {ident: person_mark(_person(case, ident)) for ident in dict.fromkeys(_covered(said, case))}
    now = {person.id: person_mark(person) for person in case.people}
    signed = _record_of(house, said, case)[1]
    return {ident: mark for ident in (said.given_by, *said.covers) if (mark := signed.get(ident) or now.get(ident))}


def _covered(said: Said, case: Case | None) -> Iterator[str]:
    """The ids of everybody whom it is about; where it says household, of those who belong to it now."""
    if isinstance(said, Consent) and case is not None:
        yield from (said.given_by, *covered(case, said))
    elif isinstance(said, GatewayUse):
        yield from said.covers
    elif isinstance(said, Emergency):
        for power in said.powers:
            yield from power.covers
    elif isinstance(said, Reply | Identified):
        yield said.person


def _person(case: Case | None, ident: str) -> Person:
    for person in case.people if case else ():
        if person.id == ident:
            return person
    raise Refused("unknown_person", "it is about somebody who is not in this case", "Look at the ids of its people.")


def _own_key(house: House, unlock: Unlocked) -> ReaderKey:
    """The actor's key, which must be the one that custody pinned for them; it is pinned now if it never was."""
    key = unlock()
    if key.reader == house.actor.id:
        house.custody.enrol(key.reader, house.actor.id)
        if pinned_signing_key(house.store, key.reader, key.public.key_id) == key.public.signing:
            return key
    about = {"kind": "key", "why": "not_your_key"}
    house.ledger.write(Entry("statement.refused", house.actor.id, about))
    raise Refused("not_your_key", "this is not the key that is pinned for you here", "Sign with your own key.")


def _keep(house: House, statement: Statement, key: ReaderKey, content: bytes | None) -> None:
    """Sign it, and make statement and ledger entry durable as one.

    The first approval of hub.yaml rests on nobody's before it, and the ledger says so (`first`).
    """
    body, signature = to_sign(statement), sign(statement, key.sign)
    try:
        same = read_statement(body) == statement
    except ValueError:
        same = False
    if not same:
        what = "what was said would not read back as it is; nothing was signed."
        raise Misconfigured(Problem(where="statement", what=what, do="Give every instant a time zone."))
    said = statement.said
    first = isinstance(said, Approval) and said.file == HUB_FILE and _chain(house) is None
    entry = entry_for(house.ledger, statement, body, signature, key.public.key_id, first=first)
    with house.store.begin() as connection:
        if statement.case is not None and custody_rows.tombstone_of(connection, statement.case) is not None:
            raise Refused("case_destroyed", "this case was destroyed", "A new reason to ask is a new case.")
        (n,) = house.ledger.write_in(connection, entry)
        row = rows.StatementRow(
            id=statement.id, n=n, kind=statement.kind, case_id=statement.case, maker=statement.by,
            at=stamp(statement.at), body=body, key_id=key.public.key_id, signature=signature,
        )  # fmt: skip
        rows.add(connection, row)
        if content is not None and isinstance(statement.said, Approval):
            rows.keep_text(connection, content)


def _keeping(said: Approval, content: bytes) -> tuple[Approval, bytes]:
    """The approval with the digest of what is kept of its file, so that nobody exchanges that afterwards."""
    if said.file == HUB_FILE:
        content = masked(content.decode("utf-8", "replace")).encode("utf-8")
    return replace(said, kept=hashlib.sha256(content).hexdigest()), content


def kept_text(house: House, approval: Approval) -> bytes | None:
    """What an approved file said then, without what could be secret; None when that was not kept.

    Refused("kept_text_altered") when it is not what the approval signed: it is shown to nobody as what it was.
    """
    with house.store.read() as connection:
        return rows.text_of(connection, approval.kept)
