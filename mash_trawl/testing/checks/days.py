"""Check 20: days are read as they are meant; one that cannot be read is shown, and never dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from mash_trawl.model.base import to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.checks.shape import identity, usable
from mash_trawl.testing.checks.together import Group, groups
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%y",
         "%m/%d/%Y")  # fmt: skip
MARK, SWAPPED = date(2011, 4, 3), date(2011, 3, 4)
INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?")
_YEARS = tuple(year for year in range(MARK.year, 1968, -1) if year not in (2003, 2004))
"""Of columns that are tried together, each has its own; none that has the digits of the month or the day."""


def dates_of(value: Any) -> Iterator[PartialDate]:
    """Every partial date in a value, however deep; plain days as well."""
    if isinstance(value, PartialDate):
        yield value
    elif isinstance(value, date):
        yield PartialDate.of(value if not isinstance(value, datetime) else value.date())
    elif is_dataclass(value):
        for item in fields(value):
            yield from dates_of(getattr(value, item.name, None))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from dates_of(one)


def _days_in(item: Any) -> set[date | None]:
    return {held.earliest for held in dates_of(item)}


def form_of(values: list[Any]) -> str:
    """How a column writes days; empty when it holds none. One value that fits several forms is settled by the rest."""
    texts = [value for value in values if isinstance(value, str)]
    if not texts or len(texts) != len(values):
        return ""
    return next((form for form in FORMS if all(_fits(text, form) for text in texts)), "")


@lru_cache(maxsize=4096)
def _fits(text: str, form: str) -> bool:
    try:
        return 1850 < datetime.strptime(text.strip(), form).year < 2200
    except ValueError:
        return False


@check(20, "dates", "Days are read day first where they are written so; one that cannot be read is shown, not dropped.")
def dates(bench: Bench) -> Iterator[str]:
    """Column by column, another day is put into what the source sends: a good one, none, and one that cannot be."""
    usable(bench)
    tried = 0
    for step in ("find", "fetch"):
        key = next(iter(bench.queries()), None)
        if step == "find" and key is None:
            continue
        base = bench.once("find", key) if step == "find" else bench.once("fetch")
        written: dict[str, str] = {}
        for column, values in base.seen.columns().items():
            if column in bench.options.not_dates:
                bench.remarks.append(f"{column} is not taken for a date: {bench.options.not_dates[column]}")
                continue
            how = form_of(values)
            if how:
                tried += 1
                written[column] = how
            elif any(isinstance(value, str) and INSTANT.fullmatch(value) for value in values):
                tried += 1
                yield from _instant(bench, step, key, column, next(v for v in values if isinstance(v, str)))
        for group in groups(bench, written, key if step == "find" else None):
            if len(group.columns) == 1 or not _all_well(group, written):
                for column in group.columns:
                    yield from _day(bench, step, key, base, column, written[column])
    if not tried:
        raise Skip(
            "no column of this seed holds days as text (a driver that gives real dates cannot write them wrongly)"
        )


def _ask(bench: Bench, step: str, key: Any, column: str, text: str) -> Run:
    twist = Twist(values={column: text})
    return bench.find(key, twist=twist) if step == "find" else bench.fetch(None, bench.where(column), twist=twist)


def _day(bench: Bench, step: str, key: Any, base: Run, column: str, how: str) -> Iterator[str]:
    good = _ask(bench, step, key, column, MARK.strftime(how))
    days = {held.earliest for item in good.items for held in dates_of(item)}
    if SWAPPED in days and MARK not in days:
        yield f"{step} reads `{column}` month first: {MARK.strftime(how)} is 3 April."
        return
    if MARK not in days:
        return
    year = _ask(bench, step, key, column, "2011")
    made_up = (held.exact and held.edtf.startswith("2011-") for item in year.items for held in dates_of(item))
    if not year.failure and any(made_up):
        yield f"{step} makes a certain day of a `{column}` that holds a year alone: a partial date stays partial."
    bad_text = _impossible(MARK.replace(year=2014), how)
    bad = _ask(bench, step, key, column, bad_text)
    yield from _told(f"{step}, with a `{column}` that no calendar has,", base, good, bad, bad_text)
    empty = _ask(bench, step, key, column, " ")
    if empty.failure:
        yield f"{step} ends as `{empty.failure}` when a `{column}` is blank: a day may be unknown."
    elif len(empty.items) + empty.haul.quarantined < len(good.items):
        yield f"{step} drops a record whose `{column}` is blank, and says nothing: a day may be unknown."


def _impossible(mark: date, how: str) -> str:
    """31 February of the year of a mark."""
    text = mark.strftime(how).replace("04", "02").replace("03", "31")
    return text.replace("April", "February").replace("Apr", "Feb")


def _all_well(group: Group, written: Mapping[str, str]) -> bool:
    """Is nothing the matter with any of these columns? Each has a day of its own, so that it is seen which came."""
    there = {held.earliest.year for item in group.plain.items for held in dates_of(item) if held.earliest}
    years = [year for year in _YEARS if year not in there]
    if len(years) < len(group.columns):
        return False
    marks = {column: MARK.replace(year=year) for column, year in zip(group.columns, years, strict=False)}
    good = group.ask({column: mark.strftime(written[column]) for column, mark in marks.items()})
    days = set[Any]().union(*map(_days_in, good.items))
    swapped = {date(mark.year, mark.day, mark.month) for mark in marks.values()}
    if not group.whole(good, group.plain.items) or days & swapped:
        return False
    shown = {column: mark for column, mark in marks.items() if mark in days}
    impossible = {column: _impossible(mark, written[column]) for column, mark in shown.items()}
    return not shown or _kept(group, good, shown, impossible)


def _kept(group: Group, good: Run, shown: Mapping[str, date], impossible: Mapping[str, str]) -> bool:
    """Does a year stay a year, does each day that is none come in its own words, and does a blank one cost nothing?"""
    year = group.ask({column: str(mark.year) for column, mark in shown.items()})
    begins = tuple(f"{mark.year}-" for mark in shown.values())
    made_up = (held.exact and held.edtf.startswith(begins) for item in year.items for held in dates_of(item))
    if not group.heard(year) or any(made_up):
        return False
    own = {column: {identity(item) for item in good.items if mark in _days_in(item)} for column, mark in shown.items()}
    return _accounted(group, good, group.ask(dict(impossible)), own, impossible) and _accounted(
        group, good, group.ask(dict.fromkeys(shown, " ")), own, {}
    )


def _accounted(group: Group, good: Run, run: Run, own: Mapping[str, set[Any]], words: Mapping[str, str]) -> bool:
    """Of each column: are its records all there, in these words, or else all counted as rows that cannot be read?"""
    now = {identity(item): repr(to_plain(item)) for item in run.items}
    gone = {identity(item) for item in good.items} - set(now)
    if not group.heard(run) or len(now) != len(run.items) or len(gone) != run.haul.quarantined:
        return False
    kept = {column: all(one in now and words.get(column, "") in now[one] for one in records)
            for column, records in own.items()}  # fmt: skip
    return all(kept[name] or own[name] <= gone for name in own)


def _told(where: str, base: Run, good: Run, bad: Run, text: str) -> Iterator[str]:
    if bad.failure:
        yield f"{where} ends as `{bad.failure}`: one row that cannot be read may cost only itself."
        return
    if len(bad.items) + bad.haul.quarantined < len(good.items):
        yield f"{where} drops the record and says nothing: count it (`session.tally.quarantined += 1`)."
        return
    unknown = any(held.precision == "unknown" for item in bad.items for held in dates_of(item))
    shown = any(text in repr(to_plain(item)) for item in bad.items)
    if not bad.haul.quarantined and not unknown and not shown:
        yield f"{where} reads it as no day or as another day: keep it unknown with its own words, or count the row."


def _instant(bench: Bench, step: str, key: Any, column: str, sample: str) -> Iterator[str]:
    """Half an hour before midnight in universal time in June is the next day in the United Kingdom."""
    found = INSTANT.fullmatch(sample)
    if found is None or not found[4]:
        return
    run = _ask(bench, step, key, column, "2020-06-30T23:30:00Z")
    days = {held.earliest for item in run.items for held in dates_of(item)}
    if date(2020, 6, 30) in days and date(2020, 7, 1) not in days:
        yield f"{step} reads `{column}` 2020-06-30T23:30:00Z as 30 June: in the United Kingdom it was 1 July."
    bad = _ask(bench, step, key, column, "2014-02-31T10:00:00Z")
    if run.items and bad.failure:
        yield f"{step} ends as `{bad.failure}` when a `{column}` cannot be read: one row may cost only itself."
    elif len(bad.items) + bad.haul.quarantined < len(run.items):
        yield f"{step} drops a record whose `{column}` cannot be read, and says nothing."
