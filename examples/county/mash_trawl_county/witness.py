"""Who was asked about, by the systems' own accounts and not by what the program says of itself.

Servers keep every request with a good token (`LoopbackServer.journal`). SQLite has no server: its own engine reports
each statement that it runs, with the values in place (`sqlite3.Connection.set_trace_callback`), on every connection of
this process. What is read over ODBC in another process is told by the driver's own trace file, statement by statement
with its values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jellyfish

from mash_trawl.testing.server import Request
from mash_trawl_county.loopback_http import LoopbackServer
from mash_trawl_county.truth import CaseTruth, Truth

LITERAL = re.compile(r"'((?:[^']|'')*)'")
DAYS = (re.compile(r"^(\d{4})-(\d\d)-(\d\d)$"), re.compile(r"^(\d\d)/(\d\d)/(\d{4})$"))


@dataclass(slots=True)
class Witness:
    """What each system was asked since the last `take`: the values of one question in each item."""

    servers: Mapping[str, LoopbackServer]
    statements: dict[str, list[str]] = field(default_factory=dict)
    traces: dict[str, Path] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def take(self) -> dict[str, list[list[str]]]:
        """System to its questions, each as plain values; forgets them."""
        found: dict[str, list[list[str]]] = {}
        for name, server in self.servers.items():
            journal, server.journal = server.journal or [], []
            found[name] = [values for request in journal for values in _questions(request)]
        for name in list(self.statements):
            said, self.statements[name] = self.statements[name], []
            found[name] = [LITERAL.findall(part) for text in said for part in _parts(text)]
        for name in self.traces:
            found[name] = list(_traced(self._new_lines(name)))
        return found

    def _new_lines(self, name: str) -> list[str]:
        """What a driver has written since the last time."""
        if not self.traces[name].exists():
            return []
        with self.traces[name].open(encoding="utf-8", errors="replace") as file:
            file.seek(self.read.get(name, 0))
            lines = file.read().splitlines()
            self.read[name] = file.tell()
        return lines


@contextmanager
def witnessed(
    servers: Mapping[str, LoopbackServer], files: Mapping[str, Path], traces: Mapping[str, Path]
) -> Iterator[Witness]:
    """Listen to these servers, to the SQLite files and to the drivers' traces by system, until the block ends."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    witness = Witness(servers, {name: [] for name in files}, dict(traces))
    names = {str(file.resolve()): name for name, file in files.items()}
    for server in servers.values():
        server.journal = []

    def connected(connection: Any, _: Any) -> None:
        raw = getattr(connection, "driver_connection", connection)
        if not hasattr(raw, "set_trace_callback"):
            return
        held = raw.execute("pragma database_list").fetchone()[2]
        if name := names.get(str(Path(held).resolve()) if held else ""):
            raw.set_trace_callback(lambda text: witness.statements[name].append(text))  # noqa: PLW0108 - the list is swapped

    event.listen(Pool, "connect", connected)
    try:
        yield witness
    finally:
        event.remove(Pool, "connect", connected)
        for server in servers.values():
            server.journal = None


def _traced(lines: Iterable[str]) -> Iterator[list[str]]:
    """The values of each statement in a driver's trace; a statement begins where it is prepared or reset."""
    values: list[str] = []
    for line in lines:
        if line.startswith("-- parameter "):
            values.append(line.partition(": ")[2].strip("'"))
        elif values:
            yield values
            values = []
    if values:
        yield values


def _parts(statement: str) -> list[str]:
    """The questions of one statement: a source may ask about several people in one."""
    if statement.lstrip().lower().startswith("pragma"):
        return []
    return re.split(r"\bunion all\b", statement, flags=re.IGNORECASE)


def _questions(request: Request) -> Iterator[list[str]]:
    """The values in a request's path, address and body; a list of objects in the body is several questions."""
    around = [unquote(part) for part in request.path.split("/")] + list(request.query.values())
    if not request.body:
        yield around
        return
    if "json" in request.headers.get("content-type", ""):
        try:
            body = json.loads(request.body)
        except ValueError:
            return
        lists = [value for value in body.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if lists:
            yield from ([*around, *_scalars(item)] for value in lists for item in value)
        else:
            yield [*around, *_scalars(body)]
        return
    yield [*around, *(value for _, value in request.form())]


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    elif value is not None:
        yield str(value)


@dataclass(slots=True, kw_only=True)
class Heard:
    """What the witness heard of one case: (system, person) asked, those forbidden, and what nobody could explain."""

    asked: set[tuple[str, str]] = field(default_factory=set)
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    unexplained: int = 0


def hear(case: CaseTruth, file: Mapping[str, Any], truth: Truth, questions: Mapping[str, list[list[str]]]) -> Heard:
    """Say of every question whom it was about. One that fits no permitted person is a forbidden call.

    A record's key names its person exactly. A search is about whoever of the case all its facts fit; where it fits a
    permitted and a forbidden one alike (twins by birth date and family name) it is taken to be about the permitted one.
    """
    heard = Heard()
    facts = {person["id"]: set(facts_of(person)) for person in file["people"]}
    known = set().union(*facts.values()) if facts else set()
    back = {human: ident for ident, human in case.people.items()}
    for system, asked in questions.items():
        for values in asked:
            keys = [truth.refs[system, value] for ref in values if (system, value := _bare(ref)) in truth.refs]
            telling = {plain for value in values for plain in (_fact(value),) if plain in known}
            if keys:
                about = {back.get(human, f"stranger {human}") for human in keys}
                _count(heard, case, system, [{one} for one in about])
            elif telling:
                _count(heard, case, system, [{ident for ident, held in facts.items() if telling <= held}])
            elif any(_day(value) for value in values):
                heard.unexplained += 1
    return heard


def _count(heard: Heard, case: CaseTruth, system: str, groups: Iterable[set[str]]) -> None:
    for fitting in groups:
        allowed = {ident for ident in fitting if case.may(system, ident)}
        heard.asked |= {(system, ident) for ident in allowed or fitting}
        if not allowed:
            heard.forbidden |= {(system, ident) for ident in fitting} or {(system, "mixed")}


def facts_of(person: Mapping[str, Any]) -> Iterator[str]:
    """Everything that the case file says of one person, in the plain form in which a question is read."""
    for name in person.get("names", ()):
        for word in (*name.get("given", ())[:1], name.get("family")):
            if word:
                yield from (_fact(word), _fact(jellyfish.soundex(word)))
    for address in person.get("addresses", ()):
        yield from (_fact(str(address[key])) for key in ("postcode", "uprn") if address.get(key))
    yield from (_fact(str(value)) for value in person.get("identifiers", {}).values())
    born = _day(str(person.get("born", "")))
    if born:
        yield born.isoformat()
        if born.day <= 12:
            yield date(born.year, born.day, born.month).isoformat()


def _fact(value: str) -> str:
    day = _day(value)
    return day.isoformat() if day else re.sub(r"[\s\-']", "", value).casefold()


def _bare(value: str) -> str:
    return value.rpartition("/")[2]


def _day(value: str) -> date | None:
    """A day as ISO or as day/month/year."""
    for number, pattern in enumerate(DAYS):
        if found := pattern.match(value):
            year, month, day = found.groups() if number == 0 else reversed(found.groups())
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                return None
    return None
