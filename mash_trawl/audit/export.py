"""The ledger as plain files, so that anybody can check it without this program (examples/verify_ledger.py does)."""

from __future__ import annotations

from pathlib import Path

from mash_trawl.audit.signing import Verifier
from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.store import ledger as rows
from mash_trawl.store.engine import Store

ENTRIES = "entries.jsonl"
CHECKPOINT = "checkpoint"
KEY = "key.pub"


def export(store: Store, folder: Path, verifier: Verifier) -> int:
    """Write every entry (one canonical line each), the newest checkpoint and the public key; returns the entry count.

    Private parts stay behind: an entry shows only their salted hash. Raises Misconfigured when one of the files is
    already there or the folder cannot be written, Refused `ledger_empty` when there is nothing to export.
    """
    with store.read() as connection:
        newest = rows.newest_checkpoint(connection)
        if newest is None:
            raise Refused("ledger_empty", "The ledger has no entry yet.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / ENTRIES).open("xb") as file:
                for stored in rows.entries(connection):
                    file.write(stored.entry + b"\n")
            _write_new(folder / CHECKPOINT, newest.note)
            _write_new(folder / KEY, verifier.line + "\n")
        except OSError as problem:
            what = f"the ledger cannot be exported here ({problem.strerror})."
            raise Misconfigured(Problem(where=str(folder), what=what, do="Name a new or empty folder.")) from None
    return newest.size


def _write_new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
