"""PostgreSQL: writers take turns by an advisory lock, and a server that falls silent is given up in time.

The driver itself waits for ever on a server that is frozen while its connection stands; `_Bounded` does not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from mash_trawl.log import never_rows
from mash_trawl.store.wait import WAIT

if TYPE_CHECKING:
    import psycopg

_TURN = 0x6D617368  # "mash": the key of the writers' lock; PostgreSQL keeps such keys per database


def engine(address: URL) -> Engine:
    """An engine on this server; ImportError when the driver is missing."""
    milliseconds = int(WAIT * 1000)
    own = f"-c lock_timeout={milliseconds} -c synchronous_commit=on -c client_encoding=UTF8"
    made = create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        logging_name=never_rows("mash_trawl_store"),
        isolation_level="READ COMMITTED",
        pool_timeout=WAIT,
        max_overflow=50,
        connect_args={
            "connect_timeout": int(WAIT),
            "tcp_user_timeout": milliseconds,
            "options": f"{address.query.get('options', '')} {own}",
        },
    )
    connect = _bounded()
    event.listen(made, "do_connect", lambda _dialect, _record, positional, named: connect(*positional, **named))
    return made


def take_turn(connection: Connection, wait: float) -> None:
    """Wait up to `wait` seconds for the writers' lock, which is held until the transaction ends."""
    if wait < WAIT * 0.9:
        milliseconds = str(max(int(wait * 1000), 1))
        connection.execute(text("SELECT set_config('lock_timeout', :ms, true)"), {"ms": milliseconds})
    connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def _bounded() -> Callable[..., psycopg.Connection[Any]]:
    """How to connect so that no single statement waits longer than `WAIT` for a silent server."""
    import psycopg
    from psycopg.waiting import Ready

    class _Bounded(psycopg.Connection[Any]):
        def wait(self, gen: Any, *how: Any, **named: Any) -> Any:
            return super().wait(self._until_silent(gen), *how, **named)

        def _until_silent(self, gen: Any) -> Any:
            """Hand on what the driver's own generator says; end it when nothing came for too long."""
            heard = time.monotonic()
            try:
                state = yield next(gen)
                while True:
                    if state != Ready.NONE:
                        heard = time.monotonic()
                    elif time.monotonic() - heard > WAIT:
                        self.close()
                        raise psycopg.OperationalError("the server does not answer")
                    state = yield gen.send(state)
            except StopIteration as end:
                return end.value

    return _Bounded.connect
