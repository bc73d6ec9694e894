"""What a database library works out for each new engine, worked out once for a seed, whose tables do not change.

Every run still opens its own connection, and its own pool is thrown away behind it. Kept are only the statements as
they were compiled, by the library's own key, and the columns of a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Spared:
    """Engines by address, and tables by engine and name."""

    def __init__(self) -> None:
        self._engines: dict[str, Any] = {}
        self._tables: dict[tuple[Any, str], Any] = {}

    @contextmanager
    def work(self) -> Iterator[None]:
        """Inside, the transport is handed what it made before."""
        from mash_trawl.transports import sql, sql_connect  # not before it is needed: a driver costs much to import

        connect: Any = sql_connect
        session: Any = sql
        make, look_up = connect.engine, session.look_up

        def engine(settings: Any, *more: Any) -> Any:
            key = repr(sorted(settings.items()))
            if key not in self._engines:
                self._engines[key] = make(settings, *more)
            return self._engines[key]

        def found(connection: Any, wanted: str) -> Any:
            key = connection.engine, wanted
            if key not in self._tables:
                self._tables[key] = look_up(connection, wanted)
            return self._tables[key]

        connect.engine, session.look_up = engine, found
        try:
            yield
        finally:
            connect.engine, session.look_up = make, look_up
