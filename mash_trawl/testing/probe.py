"""Stands between the engine's haul and the connector: hands everything through, and keeps what passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mash_trawl.errors import TrawlError
from mash_trawl.model.grant import Grant
from mash_trawl.sources.haul import FetchHaul, FindHaul
from mash_trawl.sources.kinds import Connector
from mash_trawl.transports.door import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What came out of a connector: kept as text, because an exception holds on to everything that it saw.

    `texts` are its own, then those of the exceptions behind it.
    """

    kind: str
    ours: bool
    texts: tuple[str, ...]

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """All that it says."""
        texts, seen, waiting = [], set[int](), [error]
        while waiting:
            one = waiting.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            texts.append(f"{one!s} {one!r} {getattr(one, '__notes__', '')}")
            behind = (one.__cause__, None if one.__suppress_context__ else one.__context__)
            waiting += [held for held in behind if held is not None]
        return cls(kind=type(error).__name__, ours=isinstance(error, TrawlError), texts=tuple(texts))


Passing = Callable[[int], None]
"""Called with the number of each item (from 1) before the engine sees it."""


class Probe:
    """Takes the place of the class where the engine makes an instance and asks it."""

    def __init__(self, connector: type[Connector], passing: Passing) -> None:
        self._connector, self._passing = connector, passing
        self.doors: list[Door] = []
        self.items: list[Any] = []
        self.error: Raised | None = None
        self.shown: list[str] = []
        self.keeping = True
        self.count = 0

    def __call__(self, opener: Callable[[Sequence[Grant]], Door], keep: Any = None) -> Probe:
        """What `put` makes of a connector class."""

        def open_(grants: Sequence[Grant]) -> Door:
            door = opener(grants)
            self.doors.append(door)
            return door

        self._instance = self._connector(open_, keep)
        return self

    def asks_each(self, step: str) -> bool:
        """As the class says."""
        return self._connector.asks_each(step)

    def find_many(self, asks: Any) -> Iterator[Any]:
        """The connector's candidates."""
        return self._handed(lambda: self._instance.find_many(asks))

    def fetch_many(self, asks: Any) -> Iterator[Any]:
        """The connector's findings."""
        return self._handed(lambda: self._instance.fetch_many(asks))

    def _handed(self, begin: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        items: Any = None
        try:
            items = begin()
            for item in items:
                self.count += 1
                if self.keeping:
                    self.items.append(item)
                self._passing(self.count)
                yield item
        except GeneratorExit:
            raise
        except BaseException as error:
            self.error = Raised.of(error)
            raise
        finally:
            if self.keeping:
                self.shown += [repr(self._instance), str(self._instance)]
            close = getattr(items, "close", None)
            if close is not None:
                close()


class FindOnly(FindHaul):
    """The engine's haul, that forgets what it took: for measuring memory."""

    def keep(self, key: str, value: Any) -> None:
        """Nothing is kept."""


class FetchOnly(FetchHaul):
    """The same for findings."""

    def take(self, item: object) -> None:
        """Nothing is kept, nor sifted."""
        self.rows += 1
