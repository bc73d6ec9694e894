"""What the parts of a page are called by a web service. Loads nothing, because connector authors import it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How a service names the parts of a page: what it sends back, and what it wants to be sent.

    What it sends back may stand deeper: `data.people`. `items` may be `.`: the answer is the one item.
    """

    items: str = "items"
    total: str = "total"
    next: str = "next"
    next_cursor: str = "next_cursor"
    cursor: str = "cursor"
    offset: str = "offset"
