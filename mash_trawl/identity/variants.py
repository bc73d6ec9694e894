"""What is known of names: read once from `data/`, one readable file for each group of languages.

Each line there says what kind it is, and each file says where it comes from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from mash_trawl.identity.frequencies import commonest
from mash_trawl.model.folding import fold

Kind = Literal["spelling", "short", "sometimes"]
Part = Literal["shared", "dropped", "beginning", "woman", "man", "before", "particle", "own", "several"]
KINDS = ("spelling", "short", "sometimes", "family")
PARTS = ("shared", "dropped", "beginning", "woman", "man", "before", "particle", "own", "several")
_Lines = frozenset[int]
_NO_LINES: _Lines = frozenset()
_CAREFUL: tuple[Kind, ...] = ("spelling", "sometimes", "short")


@lru_cache(maxsize=1)
def read_lines() -> tuple[tuple[str, int, str, tuple[str, ...]], ...]:
    """Every line of every file: file, line number, kind and folded names. Raises ValueError for an unknown kind."""
    from importlib.resources import files

    found: list[tuple[str, int, str, tuple[str, ...]]] = []
    folder = files("mash_trawl.identity").joinpath("data")
    for file in sorted((item for item in folder.iterdir() if item.name.endswith(".txt")), key=lambda item: item.name):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            kind, _, names = line.split("#")[0].partition(":")
            if not kind.strip():
                continue
            if kind not in KINDS + PARTS:
                raise ValueError(f"{file.name} line {number}: no such kind of line")
            found.append((file.name, number, kind, tuple(fold(name.replace("_", " ")) for name in names.split())))
    return tuple(found)


@lru_cache(maxsize=1)
def _groups() -> dict[str, dict[str, _Lines]]:
    """For each kind, each known name with the lines that hold it, counted over all files."""
    found: dict[str, dict[str, set[int]]] = {kind: {} for kind in KINDS}
    for at, (_, _, kind, names) in enumerate(read_lines()):
        for name in names if kind in KINDS else ():
            found[kind].setdefault(name, set()).add(at)
    return {kind: {name: frozenset(lines) for name, lines in held.items()} for kind, held in found.items()}


@lru_cache(maxsize=1)
def _full() -> dict[str, _Lines]:
    """For each full name the lines of short forms that begin with it, or with another spelling of it."""
    found: dict[str, set[int]] = {}
    spelling = _groups()["spelling"]
    for at, (_, _, kind, names) in enumerate(read_lines()):
        for name in names if kind == "short" else ():
            if name == names[0] or not spelling.get(name, _NO_LINES).isdisjoint(spelling.get(names[0], _NO_LINES)):
                found.setdefault(name, set()).add(at)
    return {name: frozenset(lines) for name, lines in found.items()}


@lru_cache(maxsize=len(PARTS))
def parts(kind: Part) -> frozenset[str]:
    """The words of one kind of data/parts.txt."""
    return frozenset(name for _, _, held, names in read_lines() if held == kind for name in names)


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """Titles and religious names that stand as a middle or family name, of women and of men."""
    return parts("woman") | parts("man")


@lru_cache(maxsize=1)
def beginnings() -> tuple[str, ...]:
    """Beginnings that names of brothers and sisters have in common, the longest first."""
    return tuple(sorted(parts("beginning"), key=lambda text: (-len(text), text)))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(name for held in _groups().values() for name in held)


@lru_cache(maxsize=16384)
def kind_of_variant(one: str, other: str) -> Kind | None:
    """How two folded names are used for one another, the more careful kind first; None when they share no line.

    Two short forms of one name (Beth, Liz) are only sometimes used for one another: sisters can bear both.
    """
    if one not in _known() or other not in _known():
        return None
    groups = _groups()
    for kind in _CAREFUL:
        held = groups[kind]
        lines = held.get(one, _NO_LINES) & held.get(other, _NO_LINES)
        if lines and kind == "short":
            full = _full().get(one, _NO_LINES) | _full().get(other, _NO_LINES)
            return "sometimes" if lines.isdisjoint(full) else "short"
        if lines:
            return kind
    return None


@lru_cache(maxsize=16384)
def is_name(given: str) -> bool:
    """True for a given name that some list holds; a slip of the keys is none."""
    return given in _known() or given in parts("own") or given in commonest().given


def is_plain_short_form(one: str, other: str) -> bool:
    """True where one is a short form of the other and of no other name: Tom of Thomas. Alex is one of several."""
    lines = [_groups()["short"].get(name, _NO_LINES) for name in (one, other)]
    several = not parts("several").isdisjoint((one, other))
    return not several and kind_of_variant(one, other) == "short" and 1 in map(len, lines)


def is_same_family_name(one: str, other: str) -> bool:
    """True for a family name in Irish and in English, and for one that is written in several ways (Choudhury)."""
    if one not in _known() or other not in _known():
        return False
    groups = _groups()
    return any(
        not held.get(one, _NO_LINES).isdisjoint(held.get(other, _NO_LINES))
        for held in (groups["family"], groups["spelling"])
    )


def is_shared(given: str) -> bool:
    """True for a first part that several children of one family bear: Mohammed, Abdul."""
    return given in parts("shared")
