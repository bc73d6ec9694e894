"""Checks 20 to 22: days are read as they are meant, every finding leads back to a record, every code is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from mash_trawl.model.base import to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.checks.shape import identity, usable
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%y",
         "%m/%d/%Y")  # fmt: skip
MARK, SWAPPED = date(2011, 4, 3), date(2011, 3, 4)

_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?")
_SENTENCE = re.compile(r"(?:[^\W\d_]{2,}\s+){2,}[^\W\d_]{2,}")
_FLAGS = frozenset({"y", "n", "yes", "no", "t", "f", "true", "false", "0", "1"})
_HONEST = {"unknown", "not_stated", "not_rated", "restricted"}


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
        for column, values in base.seen.columns().items():
            if column in bench.options.not_dates:
                bench.remarks.append(f"{column} is not taken for a date: {bench.options.not_dates[column]}")
                continue
            how = form_of(values)
            if how:
                tried += 1
                yield from _day(bench, step, key, base, column, how)
            elif any(isinstance(value, str) and _INSTANT.fullmatch(value) for value in values):
                tried += 1
                yield from _instant(bench, step, key, column, next(v for v in values if isinstance(v, str)))
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
    bad_text = MARK.strftime(how).replace("2011", "2014").replace("04", "02").replace("03", "31").replace("Apr", "Feb")
    bad_text = bad_text.replace("April", "February")
    bad = _ask(bench, step, key, column, bad_text)
    yield from _told(f"{step}, with a `{column}` that no calendar has,", base, good, bad, bad_text)
    empty = _ask(bench, step, key, column, " ")
    if empty.failure:
        yield f"{step} ends as `{empty.failure}` when a `{column}` is blank: a day may be unknown."
    elif len(empty.items) + empty.haul.quarantined < len(good.items):
        yield f"{step} drops a record whose `{column}` is blank, and says nothing: a day may be unknown."


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
    found = _INSTANT.fullmatch(sample)
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


@check(21, "provenance", "Every finding and candidate leads back to a record of the source.", always=True)
def provenance(bench: Bench) -> Iterator[str]:
    """Its key is made of what stands in the record, and tells nothing of the person."""
    for key in bench.queries():
        yield from _leads(bench, f"find by {' + '.join(key)}", bench.once("find", key))
    yield from _leads(bench, "fetch", bench.once("fetch"))


def _leads(bench: Bench, where: str, run: Run) -> Iterator[str]:
    held = {str(value).strip() for _, cells in run.seen.rows for value in cells.values() if value not in (None, "")}
    for item in run.items:
        ref = str(getattr(item, "ref", ""))
        kind = type(item).__name__
        if not ref.strip():
            yield f"{where} yielded a {kind} without a `ref`."
            continue
        if held and not _made_of(ref, held):
            yield f"{where} yielded a {kind} whose `ref` holds no value of its record: nobody could find it again."
        if any(word.lower() in ref.lower() for word in bench.facts.canaries):
            yield f"{where} yielded a {kind} whose `ref` holds a name, number or birthday: keys stand in logs."
        if _SENTENCE.search(ref):
            yield f"{where} yielded a {kind} whose `ref` holds words: it changes when somebody mends a letter."
        if where == "fetch" and not getattr(item, "about", ()):
            yield f"{where} yielded a {kind} that is `about` nobody."


def _made_of(ref: str, held: set[str]) -> bool:
    parts = {ref, *re.split(r"[:/#|]", ref)}
    return any(part in held for part in parts if part) or any(len(value) > 2 and value in ref for value in held)


@check(22, "codes", "Each local code is translated, or told as it stands: one that nobody knows is never lost.")
def codes(bench: Bench) -> Iterator[str]:
    """Column by column, a code that nobody knows is put into what the source sends."""
    base = usable(bench)
    keys = {part for item in base.items for part in _keys(item)}
    tried, told = 0, set[str]()
    for column, values in base.seen.columns().items():
        if column in bench.options.not_codes:
            bench.remarks.append(f"{column} is not taken for a code: {bench.options.not_codes[column]}")
            continue
        if not _codelike(values, keys):
            continue
        tried += 1
        places = bench.where(column)
        run = bench.fetch(None, places, twist=Twist(values={column: "ZZ-KIT"}))
        if any("ZZ-KIT" in repr(to_plain(item)) for item in run.items):
            told.add(column.lower())
        yield from _lost(
            f"with a `{column}` that nobody knows", bench.once("fetch", None, places) if places else base, run
        )
    for place, places in _unseen(bench, told, keys):
        tried += 1
        run = bench.fetch(None, places, twist=Twist(stored={place: "ZZ-KIT"}))
        yield from _lost(f"with a `{place}` that nobody knows", bench.once("fetch", None, places), run)
    if not tried:
        raise Skip("no column of this seed looks like a code")


def _unseen(bench: Bench, told: set[str], keys: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Codes that a statement reads and that did not show: it turned them into something itself, or joined by them."""
    given = {name.lower() for name in bench.once("fetch").seen.columns()}
    held = getattr(bench.seed, "column", None)
    for category in sorted(bench.connector.offers) if held else ():
        run = bench.once("fetch", None, (category,))
        for table, column in sorted(set[tuple[str, str]]().union(*(asked.reads for asked in run.seen.asked))):
            if column and column in given and column not in told and column not in bench.options.not_codes:
                values = held(table, column) if held else []
                if run.items and _codelike(values, keys | set(bench.cast.roles())):
                    yield f"{table}.{column}", (category,)


def _keys(item: Any) -> Iterator[str]:
    for text in (getattr(item, "ref", ""), *getattr(item, "about", ())):
        yield str(text)
        yield from re.split(r"[:/#|]", str(text))


def _codelike(values: list[Any], keys: set[str]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    if not texts or len(texts) != len(values) or form_of(values):
        return False
    short = all(0 < len(text) <= 16 and " " not in text.strip() and not _INSTANT.fullmatch(text) for text in texts)
    flags = all(text.strip().lower() in _FLAGS for text in texts)
    return short and not flags and not keys & set(texts) and not all(text.isdigit() for text in texts)


def _lost(where: str, base: Run, run: Run) -> Iterator[str]:
    if run.failure:
        yield f"fetch {where} ends as `{run.failure}`: one row may cost only itself."
        return
    told = {str(getattr(item, "ref", "")) for item in run.items if "ZZ-KIT" in repr(to_plain(item))}
    gone = {identity(item) for item in base.items} - {identity(item) for item in run.items}
    if len([record for record in gone if record[1] not in told]) > run.haul.quarantined:
        yield f"fetch {where} drops the record and says nothing: show the code as it stands, or count the row."
        return
    before = {identity(item): to_plain(item) for item in base.items}
    for item in run.items:
        plain = to_plain(item)
        changed = list(_changed(before.get(identity(item)), plain))
        if changed and "ZZ-KIT" not in repr(plain) and not run.haul.quarantined:
            if not {str(value) for value in changed} & _HONEST:
                yield f"fetch {where} reads it as another code: show it as it stands, count the row, or say `unknown`."
            return


def _changed(before: Any, after: Any) -> Iterator[Any]:
    """The values that differ, as they are now."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {*before, *after}:
            yield from _changed(before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _changed(one, other)
    elif before != after:
        yield after
