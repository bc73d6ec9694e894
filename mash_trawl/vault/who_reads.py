"""Who may read a case: whose reading is over, and to whom its next version is sealed.

One rule for both: what counts of a reader is their newest grant, whichever version it is on, and a revocation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Refused
from mash_trawl.store import custody as rows
from mash_trawl.vault.casekeys import BY_GRANT, BY_ROLE
from mash_trawl.vault.parts import Parts, stamp

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How somebody reads the next version: `role` BY_ROLE or BY_GRANT, and until when (exclusive; None: no end)."""

    role: str
    not_after: str | None


def next_readers(parts: Parts, connection: Connection, record: str, today: Sequence[str]) -> dict[str, Reading]:
    """Who may open the next version: the hub's readers of today, and whoever was let in by hand, with their ends.

    Whoever came in only as a reader of the hub stays only while they are one. Refused("not_a_reader") when nobody is
    left.
    """
    newest = _newest(connection, record)
    over = _over(parts, record, newest)
    by_hand = {reader for reader, grant in newest.items() if grant.role == BY_GRANT}
    kept = {reader: _reading(newest.get(reader)) for reader in by_hand.union(today) - over}
    if not kept:
        raise Refused("not_a_reader", "everybody who could read this record was revoked", "Enrol another reader.")
    return kept


def refuse_over(parts: Parts, case_id: str, reader: str) -> None:
    """See `Custody.refuse_over`."""
    with parts.store.read() as connection:
        key = rows.case_key_of(connection, case_id)
        newest = _newest(connection, key.record_id) if key else {}
    if key is not None and reader in _over(parts, key.record_id, newest):
        about = {"reader": reader, "record": key.record_id, "why": "reading_over"}
        parts.ledger.write(Entry("record.read.refused", reader, about, {"case": case_id}))
        what = "this case's product was taken away from you, or your time for it is over; so nothing is asked for you"
        raise Refused("reading_over", what, "Ask one of its readers for `readers grant`.")


def _newest(connection: Connection, record: str) -> dict[str, rows.GrantRow]:
    """The newest grant of everybody who has one; rows come in the order of versions."""
    return {grant.reader_id: grant for grant in rows.grants(connection, record)}


def _over(parts: Parts, record: str, newest: dict[str, rows.GrantRow]) -> frozenset[str]:
    """Whom only a new grant lets in again. Revoking takes away every row, so whoever has one was let in since."""
    now = stamp(parts.now())
    ended = {reader for reader, grant in newest.items() if grant.not_after is not None and grant.not_after <= now}
    revoked = {row.public["reader"] for row in parts.ledger.rows("grant.revoked") if row.public["record"] == record}
    return frozenset(ended | (revoked - newest.keys()))


def _reading(grant: rows.GrantRow | None) -> Reading:
    return Reading(role=grant.role, not_after=grant.not_after) if grant else Reading(role=BY_ROLE, not_after=None)
