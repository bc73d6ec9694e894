"""Checks 21 and 22: every finding leads back to a record, and every code is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mash_trawl.model.base import to_plain
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.checks.days import INSTANT, form_of
from mash_trawl.testing.checks.shape import identity, usable
from mash_trawl.testing.checks.together import Group, groups
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

_SENTENCE = re.compile(r"(?:[^\W\d_]{2,}\s+){2,}[^\W\d_]{2,}")
_FLAGS = frozenset({"y", "n", "yes", "no", "t", "f", "true", "false", "0", "1"})
_CODE = "ZZ-KIT"
_HONEST = {"unknown", "not_stated", "not_rated", "restricted"}


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
    tried, told = list[str](), set[str]()
    for column, values in base.seen.columns().items():
        if column in bench.options.not_codes:
            bench.remarks.append(f"{column} is not taken for a code: {bench.options.not_codes[column]}")
        elif _codelike(values, keys):
            tried.append(column)
    for group in groups(bench, tried):
        alone = len(group.columns) == 1 or not _all_told(group, told)
        for column in group.columns if alone else ():
            run = group.ask({column: _CODE})
            if any(_CODE in repr(to_plain(item)) for item in run.items):
                told.add(column.lower())
            yield from _lost(f"with a `{column}` that nobody knows", group.plain, run)
    for place, places in _unseen(bench, told, keys):
        tried.append(place)
        run = bench.fetch(None, places, twist=Twist(stored={place: _CODE}))
        yield from _lost(f"with a `{place}` that nobody knows", bench.once("fetch", None, places), run)
    if not tried:
        raise Skip("no column of this seed looks like a code")


def _all_told(group: Group, told: set[str]) -> bool:
    """Is each of these codes told, and nothing else of any record changed? Then they are `told`."""
    codes = {column: f"{_CODE}-{number}" for number, column in enumerate(group.columns, start=1)}
    run = group.ask(codes)
    before = {identity(item): to_plain(item) for item in group.plain.items}
    after = {identity(item): to_plain(item) for item in run.items}
    changed = [str(value) for name, plain in after.items() for value in _changed(before.get(name), plain)]
    if not group.whole(run, group.plain.items) or set(after) != set(before):
        return False
    if not all(_CODE in value for value in changed):
        return False
    told |= {column.lower() for column, code in codes.items() if any(code in value for value in changed)}
    return True


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
    short = all(0 < len(text) <= 16 and " " not in text.strip() and not INSTANT.fullmatch(text) for text in texts)
    flags = all(text.strip().lower() in _FLAGS for text in texts)
    return short and not flags and not keys & set(texts) and not all(text.isdigit() for text in texts)


def _lost(where: str, base: Run, run: Run) -> Iterator[str]:
    if run.failure:
        yield f"fetch {where} ends as `{run.failure}`: one row may cost only itself."
        return
    told = {str(getattr(item, "ref", "")) for item in run.items if _CODE in repr(to_plain(item))}
    gone = {identity(item) for item in base.items} - {identity(item) for item in run.items}
    if len([record for record in gone if record[1] not in told]) > run.haul.quarantined:
        yield f"fetch {where} drops the record and says nothing: show the code as it stands, or count the row."
        return
    before = {identity(item): to_plain(item) for item in base.items}
    for item in run.items:
        plain = to_plain(item)
        changed = list(_changed(before.get(identity(item)), plain))
        if changed and _CODE not in repr(plain) and not run.haul.quarantined:
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
