"""A worker: a process of its own that runs one connector for the engine. Started as `python -I -m` this module.

It knows no ledger, no consent, no other source and no host program. It loads what the engine names, asks up the line
before every effect, and sends rows as plain JSON. What a driver prints goes nowhere, so it cannot be taken for a frame.
"""

from __future__ import annotations

import builtins
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from mash_trawl.errors import Malformed, Misconfigured, Refused, Unavailable, WrongStatement
from mash_trawl.model.answer import Why
from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Event, Fact, Involvement, Relationship, Residence
from mash_trawl.model.query import Candidate, FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.keep import Keep
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.worker_facts import tell
from mash_trawl.sources.worker_far import FarDoor, Handle, Line, far_door
from mash_trawl.sources.worker_frames import Message
from mash_trawl.system.child import confine, end_with_all

IDLE = 600.0
"""Seconds without an order after which a worker ends itself."""
_TOGETHER, _ROOM = 100, 256 * 1024
"""Rows, and about how many bytes of them, in one frame."""
_WIDEST = 2 * 1024 * 1024
"""Bytes of one row as JSON; the engine would not take it, so it is only counted."""
_KINDS = {kind: kind.__name__ for kind in (Candidate, Event, Fact, Involvement, Relationship, Residence)}
_WARM = {
    "sql": ("mash_trawl.transports.sql",),
    "odbc": ("mash_trawl.transports.odbc", "pyodbc"),
    "http": ("mash_trawl.transports.http",),
    "fhir": ("mash_trawl.transports.fhir",),
    "files": ("mash_trawl.transports.files",),
    "sftp": ("mash_trawl.transports.sftp", "asyncssh"),
}
"""What a kind needs at its first session, loaded while nobody waits."""


def own_pipes() -> tuple[int, int]:
    """Take the two pipes for frames alone, and give everybody else in this process nothing to read or write."""
    pipes = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return pipes


class Desk:
    """Takes the engine's orders, one after the other."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._connectors: dict[str, type[Connector]] = {}
        self._keep = Keep()

    def serve(self) -> None:
        """Until the engine goes away, or wants nothing for a long time."""
        while (order := self._line.hear(IDLE)) is not None:
            {"load": self._load, "find": self._answer, "fetch": self._answer, "rest": self._rest}[order["do"]](order)

    def _load(self, order: Message) -> None:
        try:
            loaded = _loaded(order)
            facts = [tell(connector) for connector in loaded]
        except Misconfigured as error:
            told = [{"where": one.where, "what": one.what, "do": one.do} for one in error.problems]
            self._line.say({"say": "failed", "kind": "Misconfigured", "missing": False, "problems": told})
        except BaseException as error:
            missing = isinstance(error, ImportError)
            self._line.say({"say": "failed", "kind": _kind(error), "missing": missing, "problems": []})
        else:
            self._connectors = {connector.name: connector for connector in loaded}
            self._line.say({"say": "ready", "facts": facts})
            for name in {name for connector in loaded for name in _WARM.get(connector.kind, ())}:
                with suppress(ImportError):
                    importlib.import_module(name)
            importlib.import_module("mash_trawl.config.read")

    def _rest(self, _: Message) -> None:
        """Between two trawls nothing is kept."""
        self._keep.close()
        self._keep = Keep()

    def _answer(self, order: Message) -> None:
        self._line.say({"say": "begun"})
        doors: list[FarDoor] = []
        try:
            self._ask(order, doors)
        except BaseException as error:
            said: Message = {"say": "error", "kind": _kind(error), "why": ""}
            for ours in (Unavailable, Refused, Malformed):
                if isinstance(error, ours):
                    said |= {"kind": ours.__name__, "why": str(error.why)}
            if isinstance(error, Misconfigured) and not isinstance(error, WrongStatement):
                said |= {"kind": Unavailable.__name__, "why": str(Why.SETTINGS_REFUSED)}
            self._line.say(said | {"doors": [door.told() for door in doors]})
        else:
            self._line.say({"say": "end", "doors": [door.told() for door in doors]})

    def _ask(self, order: Message, doors: list[FarDoor]) -> None:
        def opener(grants: Sequence[Any]) -> FarDoor:
            door = far_door(self._line, self._line.ask({"say": "open", "grants": [grant.id for grant in grants]}))
            doors.append(door)
            return door

        connector = self._connectors[order["connector"]](opener, self._keep)
        grants: dict[str, Any] = {told["id"]: Handle.of(told) for told in order["grants"]}
        if order["do"] == "find":
            _send(connector.find_many([_find_ask(told, grants) for told in order["asks"]]), self._line.say)
        else:
            asks = [FetchAsk(ref=told["ref"], grant=grants[told["grant"]]) for told in order["asks"]]
            _send(connector.fetch_many(asks), self._line.say)


def _find_ask(told: Message, grants: dict[str, Any]) -> FindAsk:
    from mash_trawl.config.read import read_value

    return FindAsk(query=read_value(PersonQuery, told["query"]), grant=grants[told["grant"]])


def _loaded(order: Message) -> list[type[Connector]]:
    """The connectors of one approved plugin, or of one mapping; nothing else is imported on anybody's order."""
    if "mapping" in order:
        from mash_trawl.config.read import read_value
        from mash_trawl.model.mapping import MappingFile
        from mash_trawl.sources.mapping import class_of

        return [class_of(read_value(MappingFile, order["mapping"], "mapping"))]
    from mash_trawl.sources.plugins import connectors_at

    if order["place"] not in sys.path:
        sys.path.append(order["place"])
    return connectors_at(*(order[key] for key in ("place", "distribution", "plugin", "sha256")))


def _kind(error: BaseException) -> str:
    """The name of Python's own exception that it is: a name that a connector chose could say anything."""
    own = (kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind)
    return next(own, "Exception")


def _send(items: Iterable[Any], say: Callable[[Message], None]) -> None:
    """Every item as `[key, kind, plain]`, or None for what has no such form."""
    rows: list[Any] = []
    room = 0
    for item in items:
        row, size = _row(item)
        if rows and (len(rows) >= _TOGETHER or room + size > _ROOM):
            say({"say": "rows", "rows": rows})
            rows, room = [], 0
        rows.append(row)
        room += size
    if rows:
        say({"say": "rows", "rows": rows})


def _row(item: Any) -> tuple[list[Any] | None, int]:
    if type(item) is not tuple or len(item) != 2 or type(item[0]) is not str or type(item[1]) not in _KINDS:
        return None, 4
    try:
        row = [item[0], _KINDS[type(item[1])], to_plain(item[1])]
        size = len(json.dumps(row))
    except Exception:  # whatever a value raises when it is looked at, it is no row
        return None, 4
    return (row, size) if size <= _WIDEST else (None, 4)


def main() -> None:
    """Serve the engine at the other end of standard input and output."""
    pipes = own_pipes()
    confine(sys.argv[1:])
    Desk(Line(*pipes)).serve()
    end_with_all()


if __name__ == "__main__":
    main()
