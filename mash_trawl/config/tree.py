"""Plain data with the place of every part of it, so that a problem can point at its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NoReturn

from mash_trawl.errors import Misconfigured, Problem

Path = tuple[str | int, ...]
MAX_DEPTH = 32
MAX_PARTS = 50_000
MOST_PROBLEMS = 100
"""No more problems than these are kept; whoever mends a hundred looks again anyway."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
_HALF = re.compile("[\ud800-\udfff]")
_LEAVES = frozenset({str, int, bool, type(None)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Line and column, both counted from 1, of a file."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tree:
    """What a file or a host program gave. `marks` is empty for data that never was a file.

    `names` are the field names that may be said aloud; any other key could be somebody's name put in the wrong
    place, and is shown as `*`. `sha256` is the digest of the very bytes that were read (empty: it was no file).
    """

    name: str
    data: Any
    marks: Mapping[Path, Mark] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    faults: tuple[Problem, ...] = ()
    keys: Mapping[Path, Mark] = field(default_factory=dict)
    sha256: str = ""

    def naming(self, names: frozenset[str]) -> Tree:
        """The same tree, with these field names known."""
        return replace(self, names=names)

    def where(self, path: Path, *, key: bool = False) -> str:
        """`file:line:column` of the part (or its key), or of the nearest part around it; its path for plain data."""
        if key and (mark := self.keys.get(path)):
            return str(mark)
        for length in range(len(path), -1, -1):
            if mark := self.marks.get(path[:length]):
                return str(mark)
        words = "".join(self._step(step) for step in path).lstrip(".")
        return f"{self.name}: {words}" if words else self.name

    def _step(self, step: str | int) -> str:
        if isinstance(step, int):
            return f"[{step}]"
        return f".{step}" if step in self.names else ".*"


class Builder:
    """Builds a tree from a stream of parts, without recursion, and collects every problem on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._marks: dict[Path, Mark] = {}
        self._key_marks: dict[Path, Mark] = {}
        self._root: list[Any] = []
        self._stack: list[tuple[Any, Path]] = []
        self._keys: list[str | None] = []
        self._parts = 0

    def open(self, container: dict[str, Any] | list[Any], line: int, column: int) -> None:
        """A mapping or a list begins."""
        if len(self._stack) >= MAX_DEPTH:
            self.stop(line, column, "the file is nested too deeply", f"At most {MAX_DEPTH} levels can be read.")
        path = self._put(container, line, column)
        self._stack.append((container, path))
        self._keys.append(None)

    def close(self) -> None:
        """The innermost mapping or list ends."""
        self._stack.pop()
        self._keys.pop()

    def scalar(self, value: Any, line: int, column: int) -> None:
        """A key where a mapping waits for one, else a value."""
        if isinstance(value, str) and (what := unfit(value)):
            self.complain(line, column, what)
        if self.awaits_key:
            self._key(value, line, column)
        else:
            self._put(value, line, column)

    @property
    def awaits_key(self) -> bool:
        """True where the next scalar is a key."""
        return bool(self._stack) and isinstance(self._stack[-1][0], dict) and self._keys[-1] is None

    def complain(self, line: int, column: int, what: str, do: str = "") -> None:
        """Note a problem and go on."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(self._problem(line, column, what, do))

    def stop(self, line: int, column: int, what: str, do: str = "") -> NoReturn:
        """A problem after which nothing can be read: raise it, with those noted before."""
        raise Misconfigured(*self.problems, self._problem(line, column, what, do))

    def _problem(self, line: int, column: int, what: str, do: str) -> Problem:
        return Problem(where=f"{self.name}:{line}:{column}", what=f"{what}.", do=do)

    def tree(self) -> Tree:
        """The finished tree, with everything noted on the way."""
        faults = tuple(self.problems)
        return Tree(name=self.name, data=self._root[0], marks=self._marks, faults=faults, keys=self._key_marks)

    def _key(self, value: Any, line: int, column: int) -> None:
        mapping, path = self._stack[-1]
        text = "" if value is None else str(value)
        if not text:
            self.complain(line, column, "a key is empty")
        if text in mapping:
            first = self._key_marks[(*path, text)]
            self.complain(line, column, "this key stands here twice", f"It is also in line {first.line}; keep one.")
        mapping[text] = None
        self._keys[-1] = text
        self._key_marks[(*path, text)] = Mark(file=self.name, line=line, column=column)

    def _put(self, value: Any, line: int, column: int) -> Path:
        self._parts += 1
        if self._parts > MAX_PARTS:
            self.stop(line, column, "the file holds too many parts", f"At most {MAX_PARTS} can be read.")
        if not self._stack:
            self._root.append(value)
            self._marks[()] = Mark(file=self.name, line=line, column=column)
            return ()
        container, path = self._stack[-1]
        if isinstance(container, list):
            container.append(value)
            here: Path = (*path, len(container) - 1)
        else:
            key = self._keys[-1] or ""
            container[key] = value
            self._keys[-1] = None
            here = (*path, key)
        self._marks[here] = Mark(file=self.name, line=line, column=column)
        return here


def unfit(text: str) -> str:
    """Why a text cannot stand in a document; empty if it can."""
    if _CONTROL.search(text):
        return "a control character stands in the text"
    if _HALF.search(text):
        return "half a character stands in the text (a lone surrogate)"
    return ""


def from_plain(data: Any, name: str) -> Tree:
    """A tree of what a host program gave: dicts with text keys, lists, text, integers, booleans, dates, None.

    Raises Misconfigured for anything else, for cycles and for more than `MAX_DEPTH` levels.
    """
    for path, value in walk(data):
        if len(path) > MAX_DEPTH:
            raise Misconfigured(Problem(where=name, what="the data is nested too deeply (or contains itself)."))
        if type(value) in _LEAVES:
            continue
        if isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                raise Misconfigured(Problem(where=name, what="a key is not text."))
        elif not isinstance(value, str | int | date | list | tuple | type(None)):
            do = "Give text, whole numbers, yes/no values, dates, lists and dicts only."
            raise Misconfigured(Problem(where=name, what=f"a value is of type {type(value).__name__}.", do=do))
    return Tree(name=name, data=data)


def walk(data: Any) -> Iterator[tuple[Path, Any]]:
    """Every part with its path, outside in, in reading order; without recursion."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if type(value) in _LEAVES or len(path) > MAX_DEPTH:
            continue
        inner: list[tuple[Path, Any]] = []
        if isinstance(value, Mapping):
            inner = [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, list | tuple):
            inner = [((*path, index), item) for index, item in enumerate(value)]
        waiting.extend(reversed(inner))
