"""The bundled twins: at least one for each check."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mash_trawl.errors import Refused, TrawlError
from mash_trawl.model.base import to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.mutants import Ask, Many, Mutant, counter, each, pretending, twin

Make = Callable[[type[Connector]], type[Connector]]


def _fetch(answer: Many) -> Make:
    return lambda real: twin(real, fetch=answer)


def _find(answer: Many) -> Make:
    return lambda real: twin(real, find=answer)


def _before(act: Callable[[Any, Any], object]) -> Many:
    """Does something first, with itself and what is asked."""

    def answer(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
        act(self, asks[0])
        yield from ask(asks)

    return answer


def _after(act: Callable[[Any], object]) -> Many:
    """Does something with each item."""

    def change(item: Any) -> Iterator[Any]:
        act(item)
        yield item

    return each(change)


def _twice(item: Any) -> Iterator[Any]:
    yield item
    yield item


def _unsteady(real: type[Connector]) -> type[Connector]:
    number = counter()
    return twin(real, fetch=each(lambda item: [replace(item, ref=f"{item.ref}.{number()}")]))


def _shuffled(real: type[Connector]) -> type[Connector]:
    number = counter()

    def answer(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
        held = list(ask(asks))
        return iter(held if number() % 2 else held[::-1])

    return twin(real, fetch=answer)


def _all_and_filters(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
    granted = asks[0].grant.categories
    wide = pretending(categories=lambda one: one.offers)(self, ask, asks)
    return (pair for pair in wide if pair[1].category in granted)


def _older(item: Any) -> Iterator[Any]:
    yield item
    yield replace(item, ref=f"{item.ref}x", born=PartialDate.of(date(1950, 1, 1)))


def _apostrophe(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
    if any("'" in str(value) for value in asks[0].query.fields.values()):
        raise ValueError("bad character")
    return ask(asks)


def _door(self: Any, ask: Any) -> Any:
    return self._opener((ask.grant,))


def _writes(self: Any, ask: Any) -> None:
    """Writes to whatever the source is."""
    connect = _door(self, ask).connect
    if "folder" in connect:
        Path(connect["folder"], "kit-was-here.txt").write_text("x", encoding="utf-8")
    elif "http" in connect.get("url", ""):
        place = urlsplit(connect["url"])
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=2)) as line:
            line.request("PUT", "/kit", body="{}")
            line.getresponse().read()
    else:
        path = connect.get("database") or connect["url"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as db, suppress(sqlite3.Error), db:
            db.execute("create table kit_was_here(a)")
        Path(path).with_suffix(".kit").touch()


def _elsewhere(self: Any, ask: Any) -> None:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=0.1).close()


def _cached(real: type[Connector]) -> type[Connector]:
    """Gives what it remembers when it is refused."""
    held: list[Any] = []

    def answer(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
        try:
            for pair in ask(asks):
                held.append(pair)
                yield pair
        except Refused:
            yield from held

    return twin(real, find=answer, fetch=answer)


def _temp_file(item: Any) -> None:
    with tempfile.NamedTemporaryFile("w", prefix="kit-twin-", delete=True) as file:
        file.write("rows")


def _names(ask: Any) -> str:
    return " ".join(str(value) for value in ask.query.fields.values())


def _raises_with_values(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
    raise ValueError(f"cannot read {_names(asks[0])}")
    yield  # makes it a generator


def _hangs(self: Any, ask: Any) -> None:
    threading.Event().wait(3.0)


def _thread(self: Any, ask: Any) -> None:
    threading.Thread(target=threading.Event().wait, args=(5.0,), name="twin", daemon=True).start()


def _file(real: type[Connector]) -> type[Connector]:
    held: list[Any] = []
    return twin(real, fetch=_before(lambda self, ask: held.append(Path(os.devnull).open("rb"))))


def _swallows(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
    try:
        yield from ask(asks)
    except Exception:
        return


def _stubborn(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
    for _ in range(9):
        try:
            yield from list(ask(asks))
            return
        except TrawlError:
            continue
    yield from ask(asks)


def _hoards(real: type[Connector]) -> type[Connector]:
    held: list[bytes] = []

    def rows(items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            held.append(bytes(2000))
            yield item

    return twin(real, rows=rows)


def _month_first(value: Any) -> Any:
    """The same value with day and month exchanged wherever both could be either."""
    if isinstance(value, PartialDate) and value.exact and value.earliest and value.earliest.day <= 12:
        day = value.earliest
        return PartialDate.of(date(day.year, day.day, day.month))
    if isinstance(value, tuple):
        return tuple(_month_first(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: _month_first(getattr(value, item.name)) for item in fields(value)
                                 if item.name != "type"})  # fmt: skip
    return value


def _counted(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
    for number, (key, item) in enumerate(ask(asks), 1):
        yield key, replace(item, ref=f"nr~{number}")


def _knows_only(real: type[Connector]) -> type[Connector]:
    """Drops whatever holds a text that its first answers did not hold."""
    known: set[str] = set()
    asked = counter()

    def answer(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[Any]:
        learning = asked() <= 1 + len(real.offers)
        for key, item in ask(asks):
            texts = {value for value in to_plain(item).values() if isinstance(value, str)}
            known.update(texts if learning else ())
            if texts <= known:
                yield key, item

    return twin(real, fetch=answer)


def _naive(item: Any) -> list[Any]:
    return [replace(item, recorded_on=datetime(2020, 1, 1))]


MUTANTS: tuple[Mutant, ...] = tuple(
    Mutant(number=number, name=name, make=make)
    for number, name, make in (
        (1, "offers another agency's category", lambda real: twin(real, offers=real.offers | {"kit-other.x"})),
        (1, "searches by a field that there is not", lambda real: twin(real, search_keys=(("shoe_size",),))),
        (2, "yields dictionaries", _fetch(each(lambda item: [to_plain(item)]))),
        (2, "puts an instant without a zone where a day belongs", _fetch(each(_naive))),
        (3, "yields every record twice", _fetch(each(_twice))),
        (3, "numbers its records anew each time", _unsteady),
        (4, "answers in any order", _shuffled),
        (5, "asks for everything and filters", _fetch(_all_and_filters)),
        (5, "yields what was not granted", _fetch(pretending(categories=lambda self: self.offers))),
        (6, "takes no notice of the period", _fetch(pretending(
            period=lambda self: lambda category: (None, None), since=lambda self: None, until=lambda self: None))),
        (7, "stops at a number of rows of its own", lambda real: twin(real, rows=lambda items: islice(items, 20))),
        (8, "brings somebody with another birthday", _find(each(_older))),
        (8, "brings records about others", _fetch(each(lambda item: [replace(item, about=("kit-other",))]))),
        (9, "breaks on an apostrophe", _find(_apostrophe)),
        (10, "writes to the source", _fetch(_before(_writes))),
        (11, "calls another host", _fetch(_before(_elsewhere))),
        (12, "answers a refusal from memory", _cached),
        (13, "logs whom it is asked about", _find(_before(
            lambda self, ask: logging.getLogger("twin").debug("asked for %s", _names(ask))))),
        (13, "prints whom it is asked about", _find(_before(lambda self, ask: sys.stdout.write(_names(ask))))),
        (13, "warns with a name", _find(_before(lambda self, ask: warnings.warn(_names(ask), stacklevel=1)))),
        (13, "raises with a name", _find(_raises_with_values)),
        (13, "keeps rows in a temporary file", _fetch(_after(_temp_file))),
        (14, "hangs", _fetch(_before(_hangs))),
        (15, "leaves a thread", _fetch(_before(_thread))),
        (15, "leaves a file open", _file),
        (16, "takes every error for an empty answer", lambda real: twin(real, find=_swallows, fetch=_swallows)),
        (17, "reads the first page only", lambda real: twin(real, rows=lambda items: islice(items, 2))),
        (18, "tries again by itself", lambda real: twin(real, find=_stubborn, fetch=_stubborn)),
        (19, "keeps every row", _hoards),
        (20, "reads the month first", _fetch(each(lambda item: [_month_first(item)]))),
        (21, "counts records in place of naming them", _fetch(_counted)),
        (22, "drops codes that it does not know", _knows_only),
        (23, "loads a driver when it is imported", lambda real: twin(real, __module__="pydantic")),
        (24, "says nothing of itself", lambda real: twin(real, __doc__="")),
    )
)  # fmt: skip
