"""Signed statements: which bytes are signed, and which of those that are stored count.

A statement counts when its signature holds under its maker's pinned key, its entry is proved to lie in the ledger, it
is about this hub and this case, and its maker stands in hub.yaml with a role that may make it. All else is a fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.proving import proved
from mash_trawl.config.read import read_value
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import DOCUMENT, Private, file_name, to_plain
from mash_trawl.model.consent import Consent
from mash_trawl.model.hub import Enrolled, HubFile
from mash_trawl.model.moments import LONDON
from mash_trawl.model.roles import SIGNS, still_held, who_may
from mash_trawl.model.statement import (
    KINDS,
    Approval,
    Checked,
    Countersignature,
    Dispute,
    Emergency,
    Identified,
    Kind,
    Reply,
    Said,
    Statement,
    Suspension,
    Withdrawal,
)
from mash_trawl.store import statements as rows
from mash_trawl.store.custody import tombstone_of
from mash_trawl.store.engine import Store

MARK = b"mash-trawl/statement/v1\n"
"""What every signed statement begins with, so that no signature over anything else passes for one."""
CLOSE = timedelta(minutes=5)
"""How far the time that a statement gives itself may be from the time that the ledger gives it."""

Keys = Callable[[str, str], bytes | None]
"""Person and key fingerprint to the Ed25519 public key that custody pinned (vault/pinned.py)."""

Fault = Literal[
    "not_in_ledger", "row_missing", "unreadable", "not_this_case", "not_this_hub", "key_unknown", "signature_wrong",
    "time_differs", "maker_unknown", "maker_left", "role_missing",
]  # fmt: skip
FAULTS: Mapping[Fault, str] = {
    "not_in_ledger": "the ledger holds no entry for it",
    "row_missing": "the ledger says that it was signed, and it is gone",
    "unreadable": "what was stored is no statement",
    "not_this_case": "it was signed about another case",
    "not_this_hub": "it was signed in another hub, or the hub's name was changed since",
    "key_unknown": "its maker's key was never pinned here, or the pin was changed",
    "signature_wrong": "its signature does not hold",
    "time_differs": "it gives itself another time than the ledger does",
    "maker_unknown": "its maker does not stand in hub.yaml",
    "maker_left": "its maker had left",
    "role_missing": "its maker's roles may not make it",
}
"""Why a stored statement does not count, in words."""
DAMAGE: frozenset[Fault] = frozenset(
    {"not_in_ledger", "row_missing", "unreadable", "not_this_case", "not_this_hub", "key_unknown", "signature_wrong",
     "time_differs"}
)  # fmt: skip
"""Faults that come only from changing the database by hand. The others come from a change in hub.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Faulty(Private):
    """A statement that does not count, and why. `n` is its number in the ledger; `id` is empty when that is all."""

    id: str
    n: int
    why: Fault

    @property
    def words(self) -> str:
        """One sentence, without personal data."""
        return f"Statement {self.id or '?'} (ledger entry {self.n}) does not count: {FAULTS[self.why]}."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Head(Private):
    """A statement but for what was said, which is read as its kind."""

    __pydantic_config__ = DOCUMENT
    id: str
    kind: Kind
    hub: str
    by: str
    at: datetime
    case: str | None = None
    people: Mapping[str, str]
    roles: tuple[str, ...] = ()


def to_sign(statement: Statement) -> bytes:
    """The bytes that are signed and stored: the mark, and the statement as canonical JSON.

    Raises Refused `not_canonical` for what cannot be written so, for example text with half of a surrogate pair.
    """
    return MARK + canonical(_plain(statement))


def _plain(value: Any) -> Any:
    """Plain data that reads back equal: fields at their default are left out, an empty list that says something not."""
    if is_dataclass(value) and not hasattr(value, "to_text"):
        kept = ((field, getattr(value, field.name)) for field in fields(value))
        return {
            file_name(field.name): _plain(item) for field, item in kept if item is not None and item != field.default
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return to_plain(value)


def sign(statement: Statement, key: Callable[[bytes], bytes]) -> bytes:
    """The Ed25519 signature over the statement; `key` signs bytes (`ReaderKey.sign`)."""
    return key(to_sign(statement))


def verify(body: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the signature over these bytes is that of this public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True


def digest(body: bytes, signature: bytes) -> str:
    """What the ledger says of a statement: SHA-256(signature || body).

    With the signature in it nobody can guess at what was said once the row is destroyed, for they would have to
    guess the signature too.
    """
    return hashlib.sha256(signature + body).hexdigest()


def read_statement(body: bytes) -> Statement:
    """The statement in signed bytes. ValueError for anything that `to_sign` would not have written so."""
    try:
        plain = parse_canonical(body.removeprefix(MARK))
        said = read_value(KINDS[plain["kind"]], plain.pop("said"), "statement: said")
        head = read_value(_Head, plain, "statement")
        read = Statement(**{field.name: getattr(head, field.name) for field in fields(head)}, said=said)
        same = to_sign(read) == body
    except (Misconfigured, Refused, KeyError, TypeError, AttributeError):
        same = False
    if not same:
        raise ValueError("these bytes are no statement") from None
    return read


def entry_for(
    ledger: Ledger, statement: Statement, body: bytes, signature: bytes, key_id: str, *, first: bool = False
) -> Entry:
    """The ledger entry that goes with a statement, in the same transaction. `first`: nothing vouches for its maker.

    Its open part has the mark of the case (`Ledger.mark`), by which a row that was taken away is missed even when
    the private part, which names the case, is gone too.
    """
    public = {"statement": statement.id, "kind": statement.kind, "sha256": digest(body, signature), "key": key_id}
    more = _more(statement) | ({"first": True} if first else {})
    if statement.case is None:
        return Entry(rows.SIGNED, statement.by, public | more)
    about = {"mark": ledger.mark(statement.case)}
    return Entry(rows.SIGNED, statement.by, public | more | about, {"case": statement.case})


def _more(statement: Statement) -> dict[str, Any]:
    """What stands in the open of statements about the hub itself, which are about nobody."""
    plain = to_plain(statement.said) if statement.case is None else {}
    return {name: plain[name] for name in ("file", "source") if name in plain}


def checked(
    store: Store, ledger: Ledger, settings: HubFile, keys: Keys, case: str | None
) -> tuple[tuple[Checked, ...], tuple[Faulty, ...]]:
    """The statements that count about a case, or (None) about the hub itself, oldest first; and those that do not.

    Raises Refused `store_not_readable` or `ledger_damaged`: then nothing is known, and nothing may rest on it.
    """
    with store.read() as connection:
        stored = rows.statements(connection, case)
        entries = proved(connection, ledger, [row.n for row in stored])
        mark = None if case is None else ledger.mark(case)
        gone = case is not None and tombstone_of(connection, case) is not None
        taken = [] if gone else rows.missed(connection, case, mark)
    faults = [Faulty(id="", n=n, why="row_missing") for n in taken]
    spoken: list[Checked] = []
    for row in stored:
        found = _check(row, entries.get(row.n), mark, settings, keys)
        if isinstance(found, Checked):
            spoken.append(found)
        else:
            faults.append(Faulty(id=row.id, n=row.n, why=found))
    return tuple(spoken), tuple(sorted(faults, key=lambda fault: fault.n))


def _check(
    row: rows.StatementRow, entry: Mapping[str, Any] | None, mark: str | None, settings: HubFile, keys: Keys
) -> Checked | Fault:
    """The statement with the roles of its maker, or the first reason for which it does not count."""
    if entry is None or entry["kind"] != rows.SIGNED or entry["actor"] != row.maker:
        return "not_in_ledger"
    said = entry["pub"]
    if (said["statement"], said["sha256"], said["key"]) != (row.id, digest(row.body, row.signature), row.key_id):
        return "not_in_ledger"
    try:
        statement = read_statement(row.body)
    except ValueError:
        return "unreadable"
    if (statement.id, statement.kind, statement.by) != (row.id, row.kind, row.maker):
        return "unreadable"
    if statement.case != row.case_id or said.get("mark") != mark:
        return "not_this_case"
    if statement.hub != settings.name:
        return "not_this_hub"
    public = keys(statement.by, row.key_id)
    if public is None:
        return "key_unknown"
    if not verify(row.body, row.signature, public):
        return "signature_wrong"
    return _by_whom(statement, datetime.fromisoformat(entry["at"]), settings)


def _by_whom(statement: Statement, noted: datetime, settings: HubFile) -> Checked | Fault:
    """Whether its maker could make it when they did. `noted` is the ledger's time, which nobody chooses.

    What only takes away outlives its maker's place in hub.yaml, and so does an approval, whose makers have a chain of
    their own: else striking somebody out of the file would open what they had closed. Roles are those that the maker
    acted in, as far as hub.yaml still gives them.
    """
    if abs(statement.at - noted) > CLOSE:
        return "time_differs"
    person = next((one for one in settings.people if one.id == statement.by), None)
    fault = _unfit(person, statement, noted, settings)
    if fault and not _lasts(statement.said):
        return fault
    roles = frozenset() if fault or person is None else still_held(statement.roles, person.roles, settings.roles)
    return Checked(statement=statement, roles=roles)


def _lasts(said: Said) -> bool:
    """Whether it counts whatever becomes of its maker. They could make it when it was signed, or it were not here."""
    match said:
        case Countersignature():
            return not said.agrees
        case Reply():
            return not said.yes
        case Identified():
            return not said.same
        case _:  # without roles an agreement opens nothing and still narrows; an emergency only stops
            return isinstance(said, Consent | Withdrawal | Suspension | Approval | Emergency | Dispute)


def _unfit(person: Enrolled | None, statement: Statement, noted: datetime, settings: HubFile) -> Fault | None:
    """Why somebody who stands so in hub.yaml may not have said this."""
    if person is None:
        return "maker_unknown"
    if _had_left(person, max(statement.at, noted)):
        return "maker_left"
    roles = still_held(statement.roles, person.roles, settings.roles)
    return "role_missing" if roles.isdisjoint(who_may(SIGNS[statement.kind], settings.roles)) else None


def _had_left(person: Enrolled, moment: datetime) -> bool:
    """Whether the day on which they left had begun: from local midnight on."""
    return person.left is not None and moment.astimezone(UTC).astimezone(LONDON).date() >= person.left
