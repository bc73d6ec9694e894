"""How long anything waits for the database, and what is said when that was in vain."""

from __future__ import annotations

from mash_trawl.errors import Refused

WAIT = 2.0
"""Seconds that a caller waits for its turn, in this process and in the database together."""


def not_writable() -> Refused:
    """What is raised when a row cannot be made durable: nothing may happen without it."""
    return Refused("ledger_not_writable", "The ledger cannot be written, so nothing is asked, opened or changed.")


def not_readable() -> Refused:
    """What is raised when the database does not answer a reader."""
    return Refused("store_not_readable", "The hub's database cannot be read.")


def conflict() -> Refused:
    """What is raised when a change breaks a rule of the tables, such as a number used twice."""
    return Refused("store_conflict", "The database refuses this change: it contradicts what is stored.")
