"""What a transport is opened with: the gate's answer to a grant. Only `sources/gate.py` makes real doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.extract import Extracts


@dataclass(slots=True, kw_only=True)
class Tally:
    """What happened behind one door; the lane reads it when the iterator has ended.

    `complete` becomes False when a transport has no proof that the rows are all; `truncated` when the row budget
    was reached. `skipped` lists search keys that this source turned out unable to search by (nothing was asked).
    `as_of` is the ISO day or instant at which the source says its data stood.
    """

    requests: int = 0
    pages: int = 0
    retries: int = 0
    rows: int = 0
    quarantined: int = 0
    complete: bool = True
    truncated: bool = False
    as_of: str | None = None
    skipped: list[tuple[str, ...]] = field(default_factory=list)


class Door(Protocol):
    """Address, secret and limits of one source for one ask, and the gate's word before every request.

    `connect` holds resolved settings (secrets included): it is never logged, printed or put in an error. Relative
    paths in it start at `base`, the hub's directory.
    """

    source: str
    step: str
    connect: Mapping[str, str]
    base: Path
    limits: Limits
    tls: Tls
    proxy: str | None
    tally: Tally
    extracts: Extracts | None
    """Of a source whose files are sent: where its extracts are read; None for any other."""

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Ask the gate before each request, page and retry; returns the seconds that are left (> 0).

        A retry (`attempt` > 1) is a ledger row, durable on return. Raises Refused (withdrawn, expired, closed) or
        Unavailable(`deadline`).
        """
        ...

    def row(self) -> bool:
        """Count one row; False once the budget is used up (the transport stops and marks `truncated`)."""
        ...

    def wait(self, seconds: float) -> None:
        """Sleep, unless the deadline or a stop comes first (then raises Unavailable)."""
        ...
