"""Is a destroyed case dead in a backup too? Every key of it there is tried with every root there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mash_trawl.errors import Refused
from mash_trawl.store.custody import CaseKeyRow
from mash_trawl.store.custody_backup import case_keys_in
from mash_trawl.vault.casekeys import CASE_KEY, about_case
from mash_trawl.vault.root import Root, replicas
from mash_trawl.vault.wrapping import unwrap


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFinding:
    """A destroyed record in a backup: `dead` (its key is there and opens no more), `alive`, or `absent`."""

    record: str
    state: Literal["dead", "alive", "absent"]


def dead_in_backup(
    backup: Path | str, root_paths: Sequence[Path], destroyed: Iterable[tuple[str, str]]
) -> tuple[BackupFinding, ...]:
    """Try the keys of destroyed cases, given as (case id, record id), in a backup of the database.

    `alive` means that one of `root_paths` holds a root from before the destruction: a copy that should not be.
    """
    roots = [root for _, root in replicas(root_paths) if root]
    found = {row.case_id: row for row in case_keys_in(backup)}
    return tuple(_finding(record, found.get(case_id), roots) for case_id, record in destroyed)


def _finding(record: str, row: CaseKeyRow | None, roots: Sequence[Root]) -> BackupFinding:
    if row is None:
        return BackupFinding(record=record, state="absent")
    return BackupFinding(record=record, state="alive" if any(_opens(root, row) for root in roots) else "dead")


def _opens(root: Root, row: CaseKeyRow) -> bool:
    try:
        unwrap(root.key, row.wrapped, CASE_KEY, about_case(row))
    except Refused:
        return False
    return True
