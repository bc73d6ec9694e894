"""Close a version to everybody: something in it turned out to be about somebody else. Nothing of it is deleted.

What opens it stays under the case key, as evidence, and goes with the case. The mark is part of the digest that fastens
the case's rows, so that nobody takes it away in the database. No command opens a closed version again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Refused
from mash_trawl.model.incident import Closing, Handled, How
from mash_trawl.store import custody as rows
from mash_trawl.store import notices
from mash_trawl.store.closing import close_versions
from mash_trawl.vault.casekeys import CLOSED, fasten, gone, open_case
from mash_trawl.vault.parts import Parts, settled_root

TO_TAKE_BACK = "take_back"
"""What a version is opened for that is only looked through for a record that is somebody else's."""
_HOW: dict[str, How] = {"read": "opened", "grant": "passed_on", TO_TAKE_BACK: "looked_through"}


def close(parts: Parts, record: str, versions: Collection[int], statement: str, actor: str) -> tuple[int, ...]:
    """See `Custody.close`."""
    with parts.store.begin() as connection:
        root = settled_root(parts, connection)
        sealed = {row.version: row for row in rows.records(connection, record)}
        if not versions or not sealed.keys() >= set(versions):
            raise Refused("unknown_record", "this hub did not seal this record")
        newest = sealed[max(sealed)]
        case = rows.case_key_of(connection, newest.case_id)
        if case is None:
            raise gone(connection, newest)
        key = open_case(connection, root, case)
        if newest.version in versions:
            raise Refused("newest_version", "only a version that another one follows can be closed")
        wanted = tuple(sorted(version for version in versions if sealed[version].state != CLOSED))
        if not wanted:
            return ()
        close_versions(connection, record, wanted)
        fastened = fasten(connection, root, case, key)
        public = {"record": record, "versions": list(wanted), "statement": statement, "fastening": fastened.fastening}
        parts.ledger.write_in(connection, Entry("record.closed", actor, public, {"case": newest.case_id}))
    return wanted


def refuse_closed(row: rows.RecordRow, latest: int) -> None:
    """Refused("closed") for a version that was closed: why, and which one to read."""
    if row.state == CLOSED:
        what = f"version {row.version} of this record holds something about somebody else, so it is closed to everybody"
        raise Refused("closed", what, f"Read version {latest}.")


def closings(parts: Parts, record: str) -> tuple[Closing, ...]:
    """See `Custody.closings`."""
    entries = parts.ledger.rows("record.closed", f'"record":"{record}"')
    return tuple(
        Closing(version=version, statement=row.public["statement"], by=row.actor, at=row.at)
        for row in entries
        for version in row.public["versions"]
    )


def handled(parts: Parts, record: str, versions: Collection[int]) -> tuple[Handled, ...]:
    """See `Custody.handled`."""
    with parts.store.read() as connection:
        sealed = [row for row in rows.records(connection, record) if row.version in versions]
        letters = notices.tellings(connection, "made", sealed[0].case_id) if sealed else []
    known = [*_in_hand(parts, record, versions), *(_printed(parts, sealed, letters) if sealed else ())]
    return tuple(sorted(known, key=lambda one: (one.at, one.how, one.who)))


def _in_hand(parts: Parts, record: str, versions: Collection[int]) -> Iterator[Handled]:
    holding = f'"record":"{record}"'
    for row in parts.ledger.rows("record.read", holding):
        if row.public["version"] in versions:
            how = _HOW.get(row.public["purpose"], "opened")
            yield Handled(how=how, who=row.public["reader"], at=row.at, version=row.public["version"])
    for row in parts.ledger.rows("record.exported", holding):
        said = row.public
        if said["version"] in versions:
            yield Handled(
                how="exported", who=said["reader"], at=row.at, version=said["version"], form=said["format"],
                copy=said["copy"],
            )  # fmt: skip


def _printed(
    parts: Parts, sealed: Sequence[rows.RecordRow], letters: Sequence[notices.TellingRow]
) -> Iterator[Handled]:
    """Sheets about the case, and letters to its family, since the first of these versions: one may say too much."""
    since = datetime.fromisoformat(min(row.sealed_at for row in sealed))
    for row in parts.ledger.rows("record.printed"):
        mine = row.private is not None and row.private["case"] == sealed[0].case_id
        if mine and row.at >= since and row.public["what"] != "incident":
            yield Handled(how="printed", who=row.actor, at=row.at, form=row.public["what"])
    for letter in letters:
        if (at := datetime.fromisoformat(letter.at)) >= since:
            yield Handled(how="printed", who=letter.actor, at=at, form=f"family-{letter.kind}")
