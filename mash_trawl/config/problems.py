"""From a failed validation to sentences that help: built from the place and the kind of error, never its message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails, ValidationError

from mash_trawl.config.adapters import Schema, Shape
from mash_trawl.config.tree import MOST_PROBLEMS, Path, Tree
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.base import Unreadable

_EXPECTED = {
    "string_type": "text",
    "string_unicode": "text without broken characters",
    "whole_number": "a whole number",
    "int_type": "a whole number",
    "yes_no": "yes or no",
    "instant": "an instant such as 2026-11-03T09:20:00+00:00",
    "exact_day": "one exact day such as 2026-11-10",
    "tuple_type": "a list",
    "list_type": "a list",
    "frozen_set_type": "a list",
    "set_type": "a list",
    "dict_type": "a group of `key: value` lines",
    "mapping_type": "a group of `key: value` lines",
    "dataclass_type": "a group of `key: value` lines",
    "model_attributes_type": "a group of `key: value` lines",
}
_DO = {
    "string_type": "Write one text, not a list or a group; in JSON put it in quotes.",
    "tuple_type": "Write [one, two], or each on its own line after a dash.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One problem at a path; `branch` is set if it came from one choice of several (the length of the path there).

    Either `what` is the sentence, or `must` says what the field must be; `key`: point at the key, not its value.
    """

    path: Path
    what: str = ""
    do: str = ""
    must: str = ""
    branch: int | None = None
    key: bool = False


def from_validation(error: ValidationError, shape: Shape, tree: Tree) -> list[Found]:
    """Every error of a validation, alternatives joined ("must be `all` or a list")."""
    details = error.errors(include_url=False)
    return _joined([_found(item, shape, tree.data) for item in details])


def report(found: Iterable[Found], tree: Tree) -> None:
    """Raise Misconfigured with all of them, and the tree's own faults, in reading order; nothing if there is none."""
    unique: dict[tuple[str, str], tuple[Any, Problem]] = {}
    for problem in tree.faults:
        unique[(problem.where, problem.what)] = (_order(problem.where), problem)
    for item in found:
        what = item.what or f"{_label(item.path, tree)} must be {item.must}"
        problem = Problem(where=tree.where(item.path, key=item.key), what=_sentence(what), do=item.do)
        unique.setdefault((problem.where, problem.what), (_order(problem.where), problem))
    problems = [problem for _, problem in sorted(unique.values(), key=lambda pair: pair[0])]
    if len(problems) > MOST_PROBLEMS:
        rest = Problem(where=tree.name, what=f"{len(problems) - MOST_PROBLEMS} more problems are not listed.")
        problems = [*problems[:MOST_PROBLEMS], rest]
    if problems:
        raise Misconfigured(*problems)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def _order(where: str) -> tuple[str, int, int]:
    """File, line and column; plain data keep the order in which they were found."""
    found = re.fullmatch(r"(.*):(\d+):(\d+)", where, re.DOTALL)
    return (found[1], int(found[2]), int(found[3])) if found else ("", 0, 0)


def nearest(given: object, allowed: Iterable[str]) -> str:
    """`Did you mean ...?` naming an allowed word, or the whole list; never what was given."""
    words = list(allowed)
    folded = {word.casefold(): word for word in words}
    close = get_close_matches(given.casefold(), list(folded), n=1, cutoff=0.6) if isinstance(given, str) else []
    if close:
        return f"Did you mean `{folded[close[0]]}`?"
    return f"Allowed: {', '.join(words)}." if words else ""


def _label(path: Path, tree: Tree) -> str:
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    return f"`{name}`" if name in tree.names else "this"


def _found(item: ErrorDetails, shape: Shape, data: Any) -> Found:
    path, schema, branch = _follow(item["loc"], shape)
    kind, context = item["type"], item.get("ctx", {})
    if kind == "unexpected_keyword_argument":
        known = [field["validation_alias"] for field in _fields(shape, schema)]
        return Found(path=path, what="this key is not known here", do=nearest(path[-1], known), branch=branch, key=True)
    if kind in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return _missing(path, data, branch)
    if kind in ("literal_error", "enum", "union_tag_invalid", "union_tag_not_found"):
        words = re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags", "")))
        words = words or re.findall(r"\w+", str(context.get("expected", "")))
        given = item.get("input")
        given = given.get("type") if isinstance(given, Mapping) and kind.startswith("union") else given
        path = (*path, "type") if kind.startswith("union") else path
        must = f"`{words[0]}`" if len(words) == 1 else "one of the words allowed here"
        return Found(path=path, must=must, do=nearest(given, words) if len(words) > 1 else "", branch=branch)
    if item.get("input") is None and not isinstance(context.get("error"), Unreadable):
        return Found(
            path=path, what="this is empty", do="Write the value, or leave the line out.", branch=branch, key=True
        )
    return _plain_kind(kind, context, path, branch)


def _plain_kind(kind: str, context: Mapping[str, Any], path: Path, branch: int | None) -> Found:
    cause = context.get("error")
    if isinstance(cause, Unreadable):
        return Found(path=path, must=cause.must, do=cause.do, branch=branch)
    if kind == "offset_missing":
        do = "Write +00:00 (winter) or +01:00 (summer) after the time, or Z."
        return Found(path=path, what="the time has no offset from UTC", do=do, branch=branch)
    if kind == "impossible_instant":
        return Found(path=path, what="there is no such day or time", do="Mend the date.", branch=branch)
    if kind in _EXPECTED:
        return Found(path=path, must=_EXPECTED[kind], do=_DO.get(kind, ""), branch=branch)
    return Found(path=path, what="this is not written as the field needs it", branch=branch)


def _missing(path: Path, data: Any, branch: int | None) -> Found:
    """A needed key that is not there, or is there without a value."""
    name = path[-1]
    inside = data
    for step in path[:-1]:
        inside = inside[step]
    if isinstance(inside, Mapping) and name in inside:
        return Found(
            path=path, what=f"`{name}` is empty, and is needed", do="Write its value.", branch=branch, key=True
        )
    return Found(path=path[:-1], what=f"`{name}` is missing here", do=f"Add `{name}: ...`.", branch=branch)


def _fields(shape: Shape, schema: Schema) -> list[Schema]:
    bare = shape.bare(schema)
    fields: list[Schema] = shape.bare(bare["schema"])["fields"] if bare["type"] == "dataclass" else []
    return fields


def _follow(loc: tuple[str | int, ...], shape: Shape) -> tuple[Path, Schema, int | None]:
    """From pydantic's location to a path in the data: without the names of union choices and key marks.

    Also returns the schema of the innermost group reached, and where the last choice of a union was made.
    """
    path: list[str | int] = []
    schema, group, branch = shape.schema, shape.schema, None
    for step in loc:
        bare = shape.bare(schema)
        kind = bare["type"]
        if step == "[key]":
            continue
        if kind == "union":
            schema, branch = bare["choices"][int(step)][0], len(path)
            continue
        if kind == "tagged-union":
            schema = bare["choices"][step]
            continue
        path.append(step)
        if kind == "dataclass":
            group = bare
            field = next((item for item in _fields(shape, bare) if item["validation_alias"] == step), None)
            if field is None:
                break
            schema = field["schema"]
        elif kind == "dict":
            schema = bare["values_schema"]
        elif kind in ("tuple", "list", "set", "frozenset"):
            inner = bare["items_schema"]
            schema = inner if isinstance(inner, dict) else inner[min(int(step), len(inner) - 1)]
    return tuple(path), group, branch


def _joined(found: list[Found]) -> list[Found]:
    """Choices of one union that failed at the same place become one sentence; a choice that got further wins."""
    result: list[Found] = []
    for item in found:
        if item.branch is None:
            result.append(item)
            continue
        root = item.path[: item.branch]
        rivals = [other for other in found if other.branch == item.branch and other.path[: item.branch] == root]
        if len(item.path) == item.branch and any(len(other.path) > item.branch for other in rivals):
            continue
        same = [other for other in rivals if other.path == item.path and other.must]
        if item.must and same[0] is not item:
            continue
        must = " or ".join(dict.fromkeys(other.must for other in same)) or item.must
        do = item.do if len(same) < 2 else ""
        result.append(replace(item, do=do, must=must if item.must else ""))
    return result
