"""Checks 1 to 4: what a connector says of itself, and the shape, keys and order of what it yields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, get_type_hints

from mash_trawl.model.base import to_plain
from mash_trawl.model.duration import Duration
from mash_trawl.model.finding import Relationship
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.query import Candidate
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.plugins import problems_of
from mash_trawl.sources.sieve import FINDINGS, sound
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.fits import misfits
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_ALONE = "Ask this alone, with `self.find(...)` or `self.fetch(...)` in the contract's class, to see why."
_LOOK = {
    "server_error": "Is every table, file, path and column that it names in the seed, spelled like this?",
    "unreadable_answer": "Is what it reads of the shape that the seed has?",
}
OPEN = re.compile("fill_?in", re.IGNORECASE)
"""What a connector that was just made says where only its author knows."""
_CATEGORY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def plain_runs(bench: Bench) -> Iterator[tuple[str, Run]]:
    """Every usual ask: a find by each key, a fetch of everything."""
    for key in bench.queries():
        yield f"find by {' + '.join(key)}", bench.once("find", key)
    yield "fetch", bench.once("fetch")


def answered(where: str, run: Run) -> Iterator[str]:
    """A sentence if the ask did not come to an answer."""
    if run.hung:
        yield f"{where} did not end; see check 14."
    elif run.failure:
        kind = run.probe.error.kind if run.probe.error else "an error"
        yield f"{where} ended as `{run.failure}` ({kind}) on a source that works. {_LOOK.get(run.failure, _ALONE)}"


@check(1, "descriptor", "Its name, agency, offers and search keys say what the engine needs, and say it rightly.",
       always=True)  # fmt: skip
def descriptor(bench: Bench) -> Iterator[str]:
    """The five facts, checked as the hub checks them, and a little more."""
    kind = bench.connector
    for what, text in (("name", kind.name), ("agency", kind.agency), *(("category", str(one)) for one in kind.offers)):
        if OPEN.search(text):
            yield f"its {what} {text} still says what its author has to fill in."
    settings = SourceSettings(name=kind.name, agency=kind.agency, connector=kind.name)
    yield from (f"{problem.what} {problem.do}".strip() for problem in problems_of(kind, settings, "the connector"))
    if not _NAME.fullmatch(kind.name):
        yield f"its name {kind.name!r} is not in small letters, digits and underscores."
    if not isinstance(kind.offers, frozenset):
        yield "`offers` is not a frozenset: another object could change what it offers while it runs."
    wrong = sorted(str(offer) for offer in kind.offers if not _CATEGORY.fullmatch(str(offer)))
    yield from (f"it offers `{offer}`; write a category in full, as `housing.asb`." for offer in wrong)
    twice = [key for key, count in Counter(tuple(sorted(key)) for key in kind.search_keys).items() if count > 1]
    yield from (f"it lists the search key {' + '.join(key)} twice." for key in twice)
    if kind.lag is not None and not isinstance(kind.lag, Duration):
        yield "`lag` is not a Duration: write `Duration.parse('1d')`."
    if kind.batches and kind.find_many is Connector.find_many and kind.fetch_many is Connector.fetch_many:
        yield "it says `batches = True` and has neither `find_many` nor `fetch_many` of its own."
    if not bench.queries():
        yield "none of its search keys can be filled with the child's facts; the kit cannot ask it anything."


@check(2, "types", "Everything that it yields is exactly of the promised type, and no instant is without its zone.",
       always=True)  # fmt: skip
def types(bench: Bench) -> Iterator[str]:
    """As the engine sifts: what does not survive that is quarantined in a real trawl."""
    for where, run in plain_runs(bench):
        yield from answered(where, run)
        wanted = (Candidate,) if run.step == "find" else FINDINGS
        for item in run.probe.items:
            value = item[1] if isinstance(item, tuple) and len(item) == 2 else item
            yield from _instants(where, value)
            if sound(value, wanted) is None:
                yield f"{where} yielded a {type(value).__name__} that is not sound: {_worst(value, wanted)}"
            elif wrong := sorted(set(misfits(value))):
                yield f"{where} yielded a {type(value).__name__} whose `{wrong[0]}` is not of the promised type."
        for door in run.probe.doors:
            if door.tally.as_of is not None and not _with_zone(door.tally.as_of):
                yield f"{where} says its data stood at an instant without a time zone. Add the zone, or give the day."
        if run.haul.quarantined and not run.failure:
            yield (
                f"{where}: {run.haul.quarantined} rows of the seed could not be read. If the seed is right, the "
                "connector reads them wrongly; if a row is bad on purpose, give it to somebody who is not in the cast."
            )


def _with_zone(text: object) -> bool:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return False
    return len(str(text)) <= len("2026-11-03") or moment.tzinfo is not None


def _instants(where: str, value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, datetime):
        zone = "" if value.tzinfo else " without a time zone"
        yield f"{where} put an instant{zone} into `{name}`, which holds a day. Take the UK day of it."
    elif is_dataclass(value):
        for item in fields(value):
            yield from _instants(where, getattr(value, item.name, None), item.name)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _instants(where, one, name)


def _worst(value: Any, wanted: tuple[type, ...]) -> str:
    """Which field is to blame, by name; never what stands in it."""
    if type(value) not in wanted:
        return f"only {', '.join(kind.__name__ for kind in wanted)} may come, exactly, no subclass and nothing else."
    hints = get_type_hints(type(value))
    for item in fields(value):
        held = getattr(value, item.name, None)
        if hints.get(item.name) is str and (type(held) is not str or (item.name == "ref" and not held.strip())):
            return f"`{item.name}` is {'blank' if type(held) is str else type(held).__name__}; text is wanted."
    try:
        to_plain(value)
    except Exception as error:
        return f"it has no plain form ({type(error).__name__})."
    return "one of its fields holds another type than the contract says."


def identity(item: Any) -> tuple[str, str, str]:
    """What makes two findings the same record."""
    return type(item).__name__, str(getattr(item, "ref", "")), str(getattr(item, "category", ""))


@check(3, "references", "Each record has a key of the source's own, the same every time, and no two records share one.")
def references(bench: Bench) -> Iterator[str]:
    """Twice the same ask, and each category by itself."""
    first, again = bench.once("fetch"), bench.again("fetch")
    if not first.items:
        yield "fetch brought nothing on the child: the kit needs at least one finding. Is `cast.child` the right key?"
        return
    counted = Counter(identity(item) for item in first.items)
    for kind, count in ((found[0], count) for found, count in counted.items() if count > 1):
        yield f"{count} findings ({kind}) have one and the same `ref` in one category: make it unique in its table."
    if {identity(item) for item in again.items} != set(counted):
        yield "asked a second time, it gives the same records other keys: take `ref` from the source, count nothing."
    for category in sorted(bench.connector.offers):
        alone = {identity(item) for item in bench.once("fetch", None, (category,)).items}
        if alone - set(counted):
            yield f"fetched by itself, {category} has keys that it does not have beside other categories."
    for key in bench.queries():
        one, two = bench.once("find", key), bench.again("find", key)
        if {str(item.ref) for item in _people(one)} != {str(item.ref) for item in _people(two)}:
            yield f"find by {' + '.join(key)} names other keys when it is asked again."


def same_at_the_end(bench: Bench) -> Iterator[str]:
    """The plain fetch once more, when everything else was asked: what a connector keeps tells itself here."""
    if bench.stuck:
        return
    first, last = (sorted(map(repr, _seats(run))) for run in (bench.once("fetch"), bench.fetch()))
    if first != last:
        do = "Keep nothing between asks, neither in the class nor in its module."
        yield f"asked once more when all the rest was asked, fetch brings something else than at first. {do}"


def _people(run: Run) -> list[Candidate]:
    return [item for item in run.items if isinstance(item, Candidate)]


_OTHERWISE = (
    ("of a source that reads its rows from the end", Twist(backwards=True)),
    ("of a source that holds its rows otherwise", Twist(rewritten=True)),
)  # fmt: skip


@check(4, "order", "The same question is answered in the same order, whatever order the rows happen to have.")
def order(bench: Bench) -> Iterator[str]:
    """Again, and with a database that gives unordered rows from the end; one row alone has no order."""
    asks: list[tuple[str, list[Any]]] = [("find", [key]) for key in bench.queries()]
    for step, what in (*asks, ("fetch", [])):
        where = f"find by {' + '.join(what[0])}" if what else step
        first, again = bench.once(step, *what), bench.again(step, *what)
        if _seats(again) != _seats(first):
            yield f"{where}, asked again, comes in another order or with other values. Walk through `sorted(...)`."
        elif bench.seed.turns and max(first.rows, first.seen.drawn) > 1:
            yield from _turned(bench, where, first, what)


def _turned(bench: Bench, where: str, first: Run, key: list[Any]) -> Iterator[str]:
    for how, twist in _OTHERWISE:
        run = bench.find(*key, twist=twist) if key else bench.fetch(twist=twist)
        if _seats(run) != _seats(first):
            do = "Write an `order by` with a unique column."
            yield f"{where}, asked {how}, comes in another order or with other values. {do}"
            return


def _seats(run: Run) -> list[Any]:
    return [_seat(item) for item in run.items]


def _seat(item: Any) -> Any:
    if isinstance(item, Relationship):
        return identity(item), item.from_, item.to
    try:
        return identity(item), to_plain(item)
    except Exception:
        return identity(item), ""


def usable(bench: Bench) -> Run:
    """The plain fetch, or a reason to skip: without findings there is nothing to look at."""
    run = bench.once("fetch")
    if run.failure or not run.items:
        raise Skip("fetch brings nothing on the child of this seed (see check 3)")
    return run
