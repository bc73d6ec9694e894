"""One trawl of a case at a time, over all threads, processes and machines that share the hub's database."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy import Connection

from mash_trawl.errors import Refused
from mash_trawl.model.shown import instant_words
from mash_trawl.store import lease
from mash_trawl.store.engine import Store
from mash_trawl.system import process_alive, process_started

Clock = Callable[[], datetime]
_RENEW = lease.LENGTH.total_seconds() / 3


class Turn:
    """A case held by this run. `stop` is set, and `overtaken` True, once another run has taken the case over."""

    def __init__(self, store: Store, case_id: str, token: int, clock: Clock, stop: threading.Event) -> None:
        self.overtaken = False
        self._store, self._case, self._token, self._clock, self._stop = store, case_id, token, clock, stop
        self._over = threading.Event()

    def still(self, connection: Connection) -> None:
        """Refused("fenced") when another run has taken the case meanwhile; inside the transaction that seals."""
        if not lease.stands(connection, self._case, self._token):
            raise self.fenced()

    def fenced(self) -> Refused:
        """This run is no longer the one that counts."""
        self.overtaken = True
        self._stop.set()
        return Refused("fenced", "another run took this case over meanwhile; nothing of this one counts")

    def keep(self) -> None:
        """Renew until the end. A hub that cannot be written for a while only makes the lease end by itself."""
        while not self._over.wait(_RENEW):
            with suppress(Refused), self._store.begin() as connection:
                if not lease.renew(connection, self._case, self._token, self._clock()):
                    self.fenced()
                    return

    def end(self) -> None:
        """Give the case back."""
        self._over.set()
        with suppress(Refused), self._store.begin() as connection:
            lease.give_back(connection, self._case, self._token, self._clock())


@contextmanager
def case_turn(store: Store, case_id: str, actor: str, clock: Clock, stop: threading.Event) -> Iterator[Turn]:
    """Hold a case for one run. Refused("case_busy"), which says who holds it, since when and where.

    A holder whose process on this machine has ended is not waited for; one on another machine counts until its lease
    ends. `stop` is set when this run is overtaken (it was suspended, or the clock jumped).
    """
    mine = lease.Holder(
        id=secrets.token_hex(8), actor=actor, host=socket.gethostname(), process=os.getpid(),
        process_started=process_started(os.getpid()),
    )  # fmt: skip
    with store.begin() as connection:
        before = lease.held(connection, case_id)
        if before is not None and before.counts(clock()) and not _ended(before.holder):
            raise _busy(before)
        token = lease.take(connection, case_id, mine, clock())
    turn = Turn(store, case_id, token, clock, stop)
    try:
        threading.Thread(target=turn.keep, name="lease", daemon=True).start()
        yield turn
    finally:
        turn.end()


def _ended(holder: lease.Holder) -> bool:
    here = holder.host == socket.gethostname()
    return here and not process_alive(holder.process, holder.process_started)


def _busy(held: lease.Held) -> Refused:
    """Who is at it. Process and host are told, because the colleague may be the reader's own other window."""
    since = instant_words(held.taken_at.astimezone(UTC).isoformat())
    who = held.holder
    return Refused(
        "case_busy",
        f"{who.actor} has been trawling this case since {since} (process {who.process} on {who.host})",
        "Wait for it, or stop it there.",
    )
