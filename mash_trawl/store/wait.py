"""How long anything waits for the database, and what is said when that was in vain."""

from __future__ import annotations

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.store.trouble import Trouble

WAIT = 2.0
"""Seconds that a caller waits for its turn, in this process and in the database together."""


def not_writable(cause: Trouble | None = None) -> Refused:
    """What is raised when a row cannot be made durable: nothing may happen without it."""
    said = "The ledger cannot be written, so nothing is asked, opened or changed"
    if cause is None:
        return Refused("ledger_not_writable", f"{said}.")
    return Refused("ledger_not_writable", f"{said}: {cause.what}.", cause.do)


def not_readable(cause: Trouble) -> Refused:
    """What is raised when the database does not answer a reader."""
    return Refused("store_not_readable", f"The hub's database cannot be read: {cause.what}.", cause.do)


def not_opened(cause: Trouble) -> Refused | Misconfigured:
    """What is raised when there is no beginning: a mistake in hub.yaml, or trouble that no edit of it mends."""
    if cause.mistake:
        what = f"it cannot be opened: {cause.what}."
        return Misconfigured(Problem(where="database", what=what, do=cause.do))
    return Refused("store_not_readable", f"The hub's database cannot be opened: {cause.what}.", cause.do)


def conflict() -> Refused:
    """What is raised when a change breaks a rule of the tables, such as a number used twice."""
    return Refused("store_conflict", "The database refuses this change: it contradicts what is stored.")
