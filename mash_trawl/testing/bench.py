"""The bench: one connector, one seed, and the engine's own gate, asking and haul around every run."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.duration import Duration
from mash_trawl.model.grant import Grant, Period
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings
from mash_trawl.model.query import FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.haul import FetchHaul, FindHaul, Haul, put
from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.capture import Said, listening
from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.census import census, left_behind
from mash_trawl.testing.guard import LANE, watching
from mash_trawl.testing.loading import authors
from mash_trawl.testing.probe import FetchOnly, Passing, Probe
from mash_trawl.testing.seeds import SECRET, Seed
from mash_trawl.testing.seen import STRAIGHT, Seen, Twist
from mash_trawl.testing.world import Backwards, Book, Clock, Forwards, Over, Shown

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
MOST_WALL = 6.0
"""Seconds that any run may take; a connector that is still at it then hangs."""
GENEROUS = Limits(deadline=Duration(seconds=20), rows=500, parallel=1, attempts=3)


@dataclass(slots=True, kw_only=True)
class Run:
    """One ask, from the outside: what came, what was said, what was asked, what was left behind."""

    step: str
    probe: Probe
    haul: Haul
    seen: Seen
    said: Said
    book: Book
    clock: Clock
    secrets: int = 0
    hung: bool = False
    left: list[str] = field(default_factory=list)

    @property
    def items(self) -> list[Any]:
        """The candidates or findings as the connector yielded them, whatever they are."""
        return [item[1] for item in self.probe.items if isinstance(item, tuple) and len(item) == 2]

    @property
    def failure(self) -> str | None:
        """The engine's code for how it ended; None for an answer."""
        return self.haul.failure

    @property
    def rows(self) -> int:
        """Rows that passed the gate's count."""
        return sum(door.tally.rows for door in self.probe.doors)


@dataclass(slots=True, kw_only=True)
class Straight:
    """A call without the engine: what was seen and said, and how it ended (an exception's name, `hung`, or blank)."""

    seen: Seen = field(default_factory=Seen)
    said: Said = field(default_factory=Said)
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an author may say beside connector and source (docs/connector-testing.md)."""

    skips: Mapping[int, str] = field(default_factory=dict)
    search_paths: tuple[str, ...] = ()
    not_codes: Mapping[str, str] = field(default_factory=dict)
    not_dates: Mapping[str, str] = field(default_factory=dict)
    shared_tables: Mapping[str, str] = field(default_factory=dict)


class Bench:
    """Everything that a check may use. `start` before, `stop` after."""

    def __init__(
        self, connector: type[Connector], seed: Seed, cast: Cast, facts: Facts, options: Options | None = None,
        declared: type[Connector] | None = None,
    ) -> None:  # fmt: skip
        self.connector, self.seed, self.cast, self.facts = connector, seed, cast, facts
        self.options, self.declared = options or Options(), declared or connector
        self.resolved = 0
        self.remarks: list[str] = []
        self.stuck = False
        self.beside: subprocess.Popen[str] | None = None
        self.wall = MOST_WALL
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._known: dict[Any, Run] = {}
        self._places: dict[str, tuple[str, ...] | None] = {}
        self._numbers = 0

    def start(self) -> None:
        """Build the seed. Misconfigured where it cannot be built as its author wrote it."""
        self._folder = tempfile.TemporaryDirectory(prefix="mash-trawl-kit-")
        self.folder = Path(self._folder.name)
        try:
            with authors("the seed"):
                self.seed.start(self.folder)
        except Misconfigured:
            self._folder.cleanup()
            raise
        self.began = self.seed.state()

    def stop(self) -> None:
        """Take the seed down, and whatever still runs."""
        if self.beside is not None and self.beside.poll() is None:
            self.beside.kill()
            self.beside.communicate()
        self.seed.stop()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def canaries(self) -> tuple[str, ...]:
        """What may stand nowhere: the facts of the child, and the invented secret."""
        return (*self.facts.canaries, SECRET)

    # what is asked

    def queries(self) -> dict[tuple[str, ...], PersonQuery]:
        """A query for each search key that the facts of the child fill."""
        held = self.facts.query
        keys = [key for key in self.connector.search_keys if all(name in held for name in key)]
        return {key: self.query(key, **{name: held[name] for name in key}) for key in keys}

    def query(self, key: Iterable[str], **values: Any) -> PersonQuery:
        """A query of its own id."""
        self._numbers += 1
        return PersonQuery(id=f"q{self._numbers}", person="p1", by=tuple(key), **values)

    def grant(
        self, categories: Iterable[str] | None = None, *, since: date | None = None, until: date | None = None,
        periods: Mapping[str, Period] | None = None, source: str | None = None, expires: datetime | None = None,
        walk: type[frozenset[str]] = Backwards,
    ) -> Grant:  # fmt: skip
        """A grant as consent mints it, which only the gate of its own run knows."""
        every = self.connector.offers if categories is None else categories
        self._numbers += 1
        return Grant(
            Grant._mint, id=f"g{self._numbers}", source=source or self.connector.name, person="p1",
            categories=walk(every), since=since, until=until, expires_at=expires or NOW + timedelta(hours=1),
            periods=periods or {},
        )  # fmt: skip

    def where(self, column: str) -> tuple[str, ...] | None:
        """The categories whose rows have this column; None when it is read for all of them."""
        if column not in self._places:
            every = sorted(self.connector.offers)
            found = tuple(one for one in every if column in self.once("fetch", None, (one,)).seen.columns())
            self._places[column] = found if 0 < len(found) < len(every) else None
        return self._places[column]

    # how it is asked

    def find(self, key: tuple[str, ...] | PersonQuery, **how: Any) -> Run:
        """Ask `find` once, by a key of the child's facts or by a query."""
        query = key if isinstance(key, PersonQuery) else self.queries()[key]
        grant = how.pop("grant", None) or self.grant()
        return self.run("find", [FindAsk(query=query, grant=grant)], FindHaul([query]), **how)

    def fetch(self, ref: str | None = None, categories: Iterable[str] | None = None, **how: Any) -> Run:
        """Ask `fetch` once; everything on the child unless told otherwise."""
        asked = ref or self.cast.child
        window = {name: how.pop(name) for name in ("since", "until", "periods") if name in how}
        grant = how.pop("grant", None) or self.grant(categories, **window)
        wanted = [(grant, frozenset({asked}))]
        haul = FetchOnly(wanted) if how.pop("forget", False) else FetchHaul(wanted)
        return self.run("fetch", [FetchAsk(ref=asked, grant=grant)], haul, **how)

    def once(self, step: str, *what: Any) -> Run:
        """The plain run of a kind, made once for all checks."""
        if (step, *what) not in self._known:
            self._known[step, *what] = self.find(*what) if step == "find" else self.fetch(*what)
        return self._known[step, *what]

    def again(self, step: str, *what: Any) -> Run:
        """The same as `once` a second time, the categories walked the other way; made once for all checks."""
        mark = ("again", step, *what)
        if mark not in self._known:
            find = step == "find"
            self._known[mark] = self.find(*what) if find else self.fetch(*what, grant=self.grant(walk=Forwards))
        return self._known[mark]

    def once_with(self, step: str, twist: Twist, *what: Any) -> Run:
        """The run of a kind at a twisted source, made once for all checks."""
        mark = (step, repr(twist), *what)
        if mark not in self._known:
            self._known[mark] = self.find(*what, twist=twist) if step == "find" else self.fetch(*what, twist=twist)
        return self._known[mark]

    def run(
        self, step: Any, asks: Any, haul: Haul, *, twist: Twist = STRAIGHT, limits: Limits = GENEROUS,
        passing: Callable[[Run, Visit, int], None] | None = None,
    ) -> Run:  # fmt: skip
        """One ask by the engine's own road: gate, visit, door, transport, haul. Ends by itself or is given up."""
        seen, clock, book = Seen(), Clock(), Book()
        self.seed.prepare(twist)
        visit = self.visit(clock, book, limits)
        grants = [ask.grant for ask in asks]
        visit.gate.admit(grants)
        probe = Probe(self.connector, self._passing(lambda: made, visit, passing))
        made = Run(step=step, probe=probe, haul=haul, seen=seen, said=Said(), book=book, clock=clock)
        probe.keeping = not isinstance(haul, FetchOnly)
        if self.stuck:
            made.hung, haul.failure = True, "hung"
            return made
        with listening() as made.said:
            before = census()
            with self.seed.behind(twist, seen), watching(seen, self.seed.places(), self.folder):
                self._in_time(made, lambda: put(visit, probe, step, grants, asks, haul))  # type: ignore[arg-type]  # stands for a class
                visit.end()
            made.left = [] if made.hung else left_behind(before)
        made.secrets = self.resolved
        return made

    def straight(self, act: Callable[[], object], places: frozenset[tuple[str, int]] = frozenset()) -> Straight:
        """Call a connector without the engine between, where the engine itself would not even begin."""
        made = Straight()
        if self.stuck:
            made.ended = "hung"
            return made
        with listening() as made.said, self.seed.behind(STRAIGHT, made.seen), watching(made.seen, places, self.folder):
            error = self._on_lane(act)
        made.ended = "hung" if self.stuck else type(error).__name__ if error else ""
        return made

    def _passing(
        self, made: Callable[[], Run], visit: Visit, told: Callable[[Run, Visit, int], None] | None
    ) -> Passing:
        return (lambda number: told(made(), visit, number)) if told else (lambda number: None)

    def _in_time(self, made: Run, ask: Callable[[], object]) -> None:
        """What comes of an ask. A mistake of the kit's own is raised where the run was begun."""
        error = self._on_lane(ask)
        if self.stuck:
            made.hung, made.haul.failure = True, "hung"
        elif isinstance(error, Refused):
            made.haul.failure = made.haul.failure or "stopped"
        elif error is not None:
            raise error

    def _on_lane(self, act: Callable[[], object]) -> BaseException | None:
        """On a thread, as in a lane; one that does not end is given up, and nothing more is asked of it."""
        raised: list[BaseException] = []

        def lane() -> None:
            try:
                act()
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=lane, name=LANE, daemon=True)
        thread.start()
        thread.join(self.wall)
        self.stuck = self.stuck or thread.is_alive()
        return raised[0] if raised else None

    def visit(self, clock: Clock, book: Book, limits: Limits = GENEROUS) -> Visit:
        """A visit through a real gate, whose settings are those of the seed."""
        settings = dict(self.seed.connect())
        self.resolved = 0

        def resolve(reference: str) -> Shown:
            self.resolved += 1
            return Shown(settings[reference.removeprefix("kit:")])

        source = SourceSettings(
            name=self.connector.name, agency=self.connector.agency, connector=self.connector.name,
            connect={name: f"kit:{name}" for name in settings}, limits=limits,
        )  # fmt: skip
        hub = HubFile(
            version=1, name="kit", profiles=(), root_keys=RootKeys(paths=()), reader_keys="", signing_key="",
            sources=(source,),
        )  # fmt: skip
        gate = Gate.build(book, hub, resolve=resolve, clock=lambda: NOW, monotonic=clock, actor="kit", base=self.folder)
        visit = Visit(gate, source.name, case="kit", trawl="", broken=lambda _: None)
        visit.over = Over(clock)
        return visit
