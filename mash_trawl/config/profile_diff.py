"""What differs between two profiles: field by field, in words, with the place in the file that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path as FilePath
from typing import Any

from mash_trawl.config.chain import Chain, profile_folders, read_chain, read_chain_from
from mash_trawl.config.profiles import profile_of_chain
from mash_trawl.config.widening import Direction, Steps, of_change, of_gone, of_new
from mash_trawl.model.base import file_name, to_plain
from mash_trawl.model.profile import Profile

_GROUPS = {
    "agencies": "agency", "gateways": "gateway", "restrictions": "restriction", "pr_bases": "basis of responsibility",
    "levels": "level", "concerns": "concern", "retention": "retention", "routing": "route", "meetings": "meeting",
    "rag": "colour",
}  # fmt: skip
_SETS = {
    "levels", "roles", "child_roles", "concerns", "requires", "recipients", "deciders", "binds", "obligations",
    "relies_on", "kinds", "natures", "who", "holidays", "days", "opens", "existence",
}  # fmt: skip
"""Lists in which the order says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: how it was named, the profile, and the chain for file and line."""

    named: str
    profile: Profile
    chain: Chain

    def where(self, path: Steps) -> str:
        """The place of this part, or of what is around it."""
        return self.chain.tree.where(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: `path` with dots, `what` in words, its direction (empty: cannot be told), and where it stands."""

    path: str
    what: str
    direction: Direction
    where: str


def side(named: str, hub_dir: FilePath | None = None) -> Side:
    """A profile by its name (with a pin if need be), or a profile's file by its path. Raises Misconfigured."""
    if named.endswith((".yaml", ".yml")) or "/" in named or "\\" in named:
        file = FilePath(named)
        chain = read_chain_from(file, [file.resolve().parent, *profile_folders(hub_dir)])
    else:
        chain = read_chain(named, profile_folders(hub_dir))
    return Side(named=named, profile=profile_of_chain(chain, hub_dir), chain=chain)


def beneath(over: Side, hub_dir: FilePath | None = None) -> Side | None:
    """What this profile is laid over; None where it extends nothing."""
    if len(over.chain.files) < 2:
        return None
    chain = read_chain_from(over.chain.files[1], over.chain.folders)
    return Side(named=str(over.chain.files[1]), profile=profile_of_chain(chain, hub_dir), chain=chain)


def changes(was: Side, now: Side) -> tuple[Change, ...]:
    """Everything that differs, in the order of a profile's fields. The threshold document is compared by its levels."""
    found = []
    for path, old, new in _differences(was.profile, now.profile, ()):
        if path[0] == "document":
            continue
        shown = now if new is not _GONE else was
        what, direction = _in_words(path, old, new)
        found.append(Change(path=".".join(path), what=what, direction=direction, where=shown.where(path)))
    return tuple(found)


_GONE: Any = object()
"""In place of a value: the name is not there on this side."""


def _differences(was: Any, now: Any, path: Steps) -> Iterator[tuple[Steps, Any, Any]]:
    if type(was) is type(now) and is_dataclass(was) and not hasattr(was, "to_text"):
        for field in fields(was):
            inner = (*path, file_name(field.name))
            yield from _differences(getattr(was, field.name), getattr(now, field.name), inner)
    elif isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*was, *now)):
            if key in was and key in now:
                yield from _differences(was[key], now[key], (*path, key))
            else:
                yield (*path, key), was.get(key, _GONE), now.get(key, _GONE)
    elif not _alike(was, now, path):
        yield path, was, now


def _alike(was: Any, now: Any, path: Steps) -> bool:
    if isinstance(was, tuple) and isinstance(now, tuple) and _unordered(path):
        return set(was) == set(now)
    return bool(was == now)


def _unordered(path: Steps) -> bool:
    return path[-1] in _SETS or (len(path) > 1 and path[-2] in _SETS)


def _in_words(path: Steps, was: Any, now: Any) -> tuple[str, Direction]:
    subject, field = _subject(path)
    if was is _GONE:
        return f"{_joined(subject, field)} is new{_value(now)}.", of_new(path)
    if now is _GONE:
        return f"{_joined(subject, field)} is gone{_value(was)}.", of_gone(path)
    direction = of_change(path, was, now)
    if isinstance(was, tuple) and isinstance(now, tuple) and _unordered(path):
        added, dropped = _listed(now, was), _listed(was, now)
        said = [f"adds {added}"] if added else []
        said += [f"drops {dropped}"] if dropped else []
        rest = "" if now else ", and is empty now"
        return f"{_joined(subject, field)} {' and '.join(said)}{rest}.", direction
    return f"{_joined(subject, field)} is {_text(now)}; it was {_text(was)}.", direction


def _subject(path: Steps) -> tuple[str, str]:
    """Whose field it is (`gateway S47`, `category police.arrest`), and the field."""
    if len(path) > 3 and path[0] == "agencies" and path[2] == "categories":
        return f"category {path[1]}.{path[3]}", " ".join(path[4:])
    if len(path) > 2 and path[0] == "consent" and path[1] == "pr_bases":
        return f"{_GROUPS['pr_bases']} {path[2]}", " ".join(path[3:])
    if len(path) > 1 and path[0] in _GROUPS:
        return f"{_GROUPS[path[0]]} {path[1]}", " ".join(path[2:])
    return "", " ".join(path)


def _joined(subject: str, field: str) -> str:
    return ": ".join(part for part in (subject, field.replace("_", " ")) if part)


def _listed(these: tuple[Any, ...], others: tuple[Any, ...]) -> str:
    return ", ".join(_text(item) for item in these if item not in others)


def _value(value: Any) -> str:
    """What a new or lost entry says, where that is short."""
    plain = to_plain(value)
    return f": {_text(value)}" if isinstance(plain, str | list | int) and plain != "" else ""


def _text(value: Any) -> str:
    if value is None or value == () or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value)
    plain = to_plain(value)
    if isinstance(plain, dict):
        return ", ".join(f"{key} {_text(item)}" for key, item in plain.items()) or "nothing"
    if isinstance(plain, list):
        return "; ".join(_text(item) for item in plain)
    return str(plain)
