"""What checks 5 to 7 and 9 look at in the questions themselves: nothing wrong may come out and too much still be asked.

Only of databases: a statement can always say what it wants; a web service may not be able to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mash_trawl.model.query import Candidate
from mash_trawl.sources.periods import outside
from mash_trawl.sources.sieve import FINDINGS
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.cast import DIFFERS

_LIMIT = re.compile(
    r"^\s*select\s+(?:distinct\s+)?top\b|\b(?:limit\s+\d+|fetch\s+(?:first|next)\s+\d+\s+rows?\s+only)[\s;]*$", re.I
)
_SHORT = 2
"""A key of so few digits may be any number."""


def database(bench: Bench) -> bool:
    """Is it asked in SQL?"""
    return bool(bench.seed.kinds & {"sql", "odbc"})


def other_tables(bench: Bench) -> Iterator[str]:
    """A table that one category alone stands in may not be read for another."""
    found = {one: _tables(bench.once("fetch", None, (one,))) for one in sorted(bench.connector.offers)}
    common = set[str]().union(*(_tables(bench.once("find", key)) for key in bench.queries()))
    for other, needed in found.items():
        for one, read in found.items():
            alien = sorted(needed - common - set(bench.options.shared_tables))
            if one != other and len(alien) == 1 and needed < read and set(alien) < read - common:
                yield (
                    f"granted {one} alone, it also reads the table {alien[0]}, which is all that it needs for {other}. "
                    f"If both really stand in it, say so: `shared_tables = {{{alien[0]!r}: 'why'}}`."
                )


def _tables(run: Run) -> set[str]:
    return set[str]().union(*(asked.tables for asked in run.seen.asked))


def thrown_away(bench: Bench) -> Iterator[str]:
    """Rows of somebody else's that were read and then left out: they were asked for, whoever sees them."""
    if not database(bench):
        return
    roles = {ref: role for ref, role in bench.cast.roles().items() if not (ref.isdigit() and len(ref) <= _SHORT)}
    for key in bench.queries():
        run = bench.once("find", key)
        named = {item.ref for item in run.items if isinstance(item, Candidate)}
        far = {ref for ref, role in roles.items() if set(key) <= DIFFERS.get(role, frozenset())}
        if _others(bench, run, far - named):
            where = f"find by {' + '.join(key)}"
            yield f"{where} reads rows of people who agree in nothing, and leaves them out afterwards."
    run = bench.once("fetch")
    named = {name for item in run.items for name in _named(item)}
    if _others(bench, run, {ref for ref, role in roles.items() if role not in ("child", "merged")} - named):
        yield "fetch reads rows of other people, and leaves them out afterwards: say in the statement whose you want."


def _named(item: Any) -> Iterator[Any]:
    yield from getattr(item, "about", ())
    yield from (one.ref for one in getattr(item, "mentions", ()))
    yield from (end for end in (getattr(item, "from_", None), getattr(item, "to", None)) if isinstance(end, str))


def _others(bench: Bench, run: Run, refs: set[str]) -> bool:
    """Does a column that holds the child's key hold one of these as well?"""
    columns = [{str(value) for value in values} for values in run.seen.columns().values()]
    return any(bench.cast.child in held and refs & held for held in columns)


def limits_itself(bench: Bench) -> Iterator[str]:
    """A limit in the text of a statement is one that nobody is told of."""
    runs = [("fetch", bench.once("fetch")), *(("find", bench.once("find", key)) for key in bench.queries())]
    for step in sorted({step for step, run in runs if any(_LIMIT.search(asked.text) for asked in run.seen.asked)}):
        yield f"a statement of {step} ends in a limit of its own: what is behind it is lost and nobody is told."


def loses_some(plain: Run, run: Run, many: int) -> Iterator[str]:
    """As many findings for each row when there are many rows as when there are few; or one for each key."""
    few, rows, came = len(plain.items), plain.rows, run.probe.count
    alone = all(len(one.seen.asked) - _more(one) == 1 for one in (plain, run))
    if not rows or not alone or run.failure or run.rows != many or many % rows:
        return
    if few < came < few * (many // rows):
        yield f"of {many} rows it makes {came} findings, and of {rows} rows {few}: some are lost on the way."


def _more(run: Run) -> int:
    return sum(asked.more for asked in run.seen.asked)


def unbound_period(bench: Bench, after: Run) -> Iterator[str]:
    """The same question, whatever the days, and what lies outside left out afterwards.

    `after` is a run of all categories within another period: what was not asked again in it word for word is bound.
    """
    if not database(bench):
        return
    for category in sorted(bench.connector.offers):
        full = bench.once("fetch", None, (category,))
        if after.failure is None and not _core(full) <= _core(after):
            continue
        days = [day for day in map(_first, full.items) if day]
        if not days:
            continue
        since = max(days) + timedelta(days=1)
        run = bench.fetch(None, (category,), since=since)
        left = [item for item in full.items if type(item) in FINDINGS and outside(item, (since, None))]
        if left and run.failure is None and _core(run) == _core(full) and run.rows == full.rows:
            yield f"{category} is asked for with the same statement whatever the days: bind `grant.period(category)`."


def _core(run: Run) -> set[tuple[str, str]]:
    return {asked.key for asked in run.seen.asked}


def _first(item: Any) -> date | None:
    held = next((value for name in ("when", "from_", "since") if (value := getattr(item, name, None)) is not None
                 and not isinstance(value, str)), None)  # fmt: skip
    return held.earliest if held is not None else None


def letters_lost(bench: Bench, where: str, told: str, text: str, run: Run) -> Iterator[str]:
    """A name has to reach the source with all its letters; capitals, accents and signs may change."""
    letters = sum(sign.isalpha() for sign in text)
    if not database(bench) or not text.replace("-", "").isalpha() or not letters or run.failure:
        return
    bound = [value for asked in run.seen.asked for value in _texts(asked.values)]
    if bound and all(sum(sign.isalpha() for sign in value) < letters for value in bound):
        yield f"{where} asks with fewer letters than {told} has: somebody else is called that."


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)
