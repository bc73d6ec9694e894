"""Faulty twins of a connector: the same class with one fault each. A kit that does not notice them proves nothing.

A twin wraps what the connector yields, or the session that it reads through; so there is one for any connector.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mash_trawl.model.grant import Grant
from mash_trawl.model.query import FetchAsk, FindAsk
from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.bench import Options
from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.kit import checks, make_bench, real_class, run_check
from mash_trawl.testing.seeds import Seed

Ask = Callable[[Sequence[Any]], Iterator[tuple[str, Any]]]
Many = Callable[[Any, Ask, Sequence[Any]], Iterator[tuple[str, Any]]]
"""How a twin answers: itself, what the connector would answer, and what is asked."""
WALL = 1.0
"""Seconds that a twin may hang."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault: what it does, and the check that has to notice."""

    name: str
    number: int
    make: Callable[[type[Connector]], type[Connector]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of one twin. `outcome`: caught, missed, or the reason why the check does not apply."""

    name: str
    number: int
    outcome: str


class Pretended:
    """Looks like a grant and says more than it; the door still wants the real one."""

    def __init__(self, real: Grant, **said: Any) -> None:
        self.real, self._said = real, said

    def __getattr__(self, name: str) -> Any:
        said = self.__dict__.get("_said", {})
        return said[name] if name in said else getattr(self.real, name)


class Through:
    """A session whose rows pass a function first."""

    def __init__(self, session: Any, how: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        self._session, self._how = session, how

    def __getattr__(self, name: str) -> Any:
        held = getattr(self._session, name)
        if name not in ("rows", "select", "pages", "search") and not (name == "read" and self._reads_files()):
            return held
        return lambda *given, **named: self._how(held(*given, **named))

    def _reads_files(self) -> bool:
        return type(self._session).__module__.endswith(".files")


def twin(
    real: type[Connector], *, find: Many | None = None, fetch: Many | None = None,
    rows: Callable[[Iterator[Any]], Iterator[Any]] | None = None, **facts: Any,
) -> type[Connector]:  # fmt: skip
    """A subclass with other answers, with a session that is tampered with, or with other facts about itself."""
    body: dict[str, Any] = {"__doc__": real.__doc__, "__module__": __name__, **facts}
    if find is not None:
        body |= _asked("find", real, find)
    if fetch is not None:
        body |= _asked("fetch", real, fetch)

    @contextmanager
    def open_(self: Any, *grants: Any) -> Iterator[Any]:
        genuine = [grant.real if isinstance(grant, Pretended) else grant for grant in grants]
        with real.open(self, *genuine) as session:
            yield Through(session, rows) if rows else session

    body["open"] = open_
    made: type[Connector] = type(f"{real.__name__}Twin", (real,), body)
    return made


def _asked(step: str, real: type[Connector], answer: Many) -> dict[str, Any]:
    """The method that the engine calls: the one for many if the connector has its own, else the one for one."""
    if not real.asks_each(step):
        many = getattr(real, f"{step}_many")
        return {f"{step}_many": lambda self, asks: answer(self, lambda held: many(self, held), asks)}
    one = getattr(real, step)

    def plainly(self: Any, asks: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        for ask in asks:
            what, key = (ask.query, ask.query.id) if step == "find" else (ask.ref, ask.ref)
            for item in one(self, what, ask.grant):
                yield key, item

    def changed(self: Any, what: Any, grant: Any) -> Iterator[Any]:
        ask = FindAsk(query=what, grant=grant) if step == "find" else FetchAsk(ref=what, grant=grant)
        for pair in answer(self, lambda asks: plainly(self, asks), [ask]):
            yield pair[1] if isinstance(pair, tuple) else pair

    return {step: changed}


def each(change: Callable[[Any], Iterable[Any]]) -> Many:
    """A twin that changes each item by itself."""

    def answer(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        for key, item in ask(asks):
            for other in change(item):
                yield key, other

    return answer


def pretending(**said: Any) -> Many:
    """A twin that asks as if the grant said this."""

    def answer(self: Any, ask: Ask, asks: Sequence[Any]) -> Iterator[tuple[str, Any]]:
        def told(grant: Any) -> Any:
            return Pretended(grant, **{name: value(self) for name, value in said.items()})

        return ask([FetchAsk(ref=one.ref, grant=told(one.grant)) for one in asks])

    return answer


def score(
    connector: type[Connector], seed: Seed, *, cast: Cast | None = None, facts: Facts | None = None,
    options: Options | None = None, only: Iterable[str] | None = None,
) -> tuple[Score, ...]:  # fmt: skip
    """Every bundled twin of the connector, each before the check that has to notice it."""
    from mash_trawl.testing.mutant_list import MUTANTS

    real, known, found = real_class(connector), checks(), []
    wanted = [mutant for mutant in MUTANTS if only is None or mutant.name in only]
    if why := seed.missing():
        return tuple(Score(name=one.name, number=one.number, outcome=f"not asked: {why}") for one in wanted)
    for mutant in wanted:
        bench = make_bench(mutant.make(real), seed, cast, facts, options or Options())
        bench.wall = WALL
        try:
            result = run_check(bench, known[mutant.number])
        finally:
            bench.stop()
        outcome = {"failed": "caught", "passed": "missed"}.get(result.outcome, f"not asked: {result.reason}")
        found.append(Score(name=mutant.name, number=mutant.number, outcome=outcome))
    return tuple(found)


def counter() -> Callable[[], int]:
    """A number more each time."""
    numbers = itertools.count(1)
    return lambda: next(numbers)
