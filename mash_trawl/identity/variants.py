"""Given names that are used for one another: read once from variants.txt, in which each line says what kind it is."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from mash_trawl.identity.normalise import fold

Kind = Literal["spelling", "short", "sometimes"]
_Groups = dict[str, dict[str, frozenset[int]]]


@lru_cache(maxsize=1)
def _groups() -> _Groups:
    """For each kind, each known name with the numbers of the lines that hold it."""
    found: dict[str, dict[str, set[int]]] = {"spelling": {}, "short": {}, "sometimes": {}, "shared": {}}
    text = files("mash_trawl.identity").joinpath("variants.txt").read_text("utf-8")
    for number, line in enumerate(text.splitlines()):
        kind, _, names = line.split("#")[0].partition(":")
        for name in names.split():
            found[kind].setdefault(fold(name.replace("_", " ")), set()).add(number)
    return {kind: {name: frozenset(lines) for name, lines in held.items()} for kind, held in found.items()}


@lru_cache(maxsize=4096)
def kind_of_variant(one: str, other: str) -> Kind | None:
    """How two folded names are used for one another, the more careful kind first; None when they share no line."""
    groups = _groups()
    kinds: tuple[Kind, ...] = ("spelling", "sometimes", "short")
    for kind in kinds:
        held = groups[kind]
        if held.get(one, frozenset()) & held.get(other, frozenset()):
            return kind
    return None


def is_shared(given: str) -> bool:
    """True for a first part that several children of one family bear: Mohammed, Abdul."""
    return given in _groups()["shared"]
