"""What the kit asks of a seed: a small system of the author's own shape, on this machine, with invented people."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.seen import Seen, Twist

SECRET = "kit-canary-secret-7f3a"  # noqa: S105 - invented, and searched for where it may not be
"""Stands among the connection settings; whatever shows it leaks secrets."""


class Seed(ABC):
    """One system. `start` builds it in a folder; `behind` lets it be asked, watched, and be as bad as a twist says.

    `kinds` are those of the connectors it can serve; `selects` is False where a whole file is read whatever is asked;
    `turns`: it can give its rows in another order; `twice`: a copy of this process can ask it as well, at once.
    `cast` and `facts` are what it says of its people, if it does.
    """

    kinds: ClassVar[frozenset[str]]
    faults: ClassVar[tuple[str, ...]] = ()
    pages: ClassVar[bool] = False
    retries: ClassVar[bool] = False
    grows: ClassVar[bool] = True
    selects: ClassVar[bool] = True
    turns: ClassVar[bool] = False
    twice: ClassVar[bool] = False
    cast: Cast | None = None
    facts: Facts | None = None

    def missing(self) -> str:
        """Why it cannot be built on this machine; empty when it can."""
        return ""

    @abstractmethod
    def start(self, folder: Path) -> None:
        """Build it in a folder of its own."""

    def stop(self) -> None:
        """Take it down."""
        return

    @abstractmethod
    def connect(self) -> Mapping[str, str]:
        """The settings that lead to it, as a hub file would have them, secrets resolved."""

    def places(self) -> frozenset[tuple[str, int]]:
        """Host and port of everything that may be connected to."""
        return frozenset()

    def prepare(self, twist: Twist) -> None:
        """Before a run: whatever has to lie ready for this twist."""
        return

    @abstractmethod
    @contextmanager
    def behind(self, twist: Twist, seen: Seen) -> Iterator[None]:
        """While the block runs, behave as the twist says and note everything in `seen`."""
        yield

    def settle(self) -> None:
        """Wait until it has done what it was asked: its own memory, in the same process, is not the connector's."""
        return

    @abstractmethod
    def state(self) -> str:
        """A digest of what it holds: the same before and after, if nobody wrote."""
