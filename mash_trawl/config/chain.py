"""The files behind a profile: its own, the one it extends, and so on, each found by name and held to its pin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from mash_trawl.config.files import read_text
from mash_trawl.config.problems import nearest
from mash_trawl.config.tree import Mark, Path, Tree, walk
from mash_trawl.config.yamltext import parse_yaml
from mash_trawl.errors import Misconfigured, Problem

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
PACKAGE = FilePath(__file__).resolve().parent.parent
MAX_PARENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Chain:
    """A profile's files, nearest first, and the one document that they make. `folders` are where they were found."""

    files: tuple[FilePath, ...]
    trees: tuple[Tree, ...]
    tree: Tree
    folders: tuple[FilePath, ...]

    def version(self, start: int = 0) -> str:
        """The version that the file at this place has: its own, else that of what it extends; empty if none says."""
        for tree in self.trees[start:]:
            said = tree.data.get("version") if isinstance(tree.data, dict) else None
            if isinstance(said, str):
                return said
        return ""


def split_pin(written: str) -> tuple[str, str]:
    """`early_help@2026.1` as name and version; the version is empty where nothing is pinned."""
    name, _, version = written.partition("@")
    return name, version


def read_chain(written: str, folders: Sequence[FilePath], where: str = "profile") -> Chain:
    """Everything behind the profile that is written so, in folders that are given nearest first.

    Raises Misconfigured: no such profile (`where` is who named it), a parent that is missing, a circle, a version that
    is not the pinned one.
    """
    name, _ = split_pin(written)
    found = profile_files(name, folders)
    if not found:
        known = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
        raise Misconfigured(Problem(where=where, what="there is no profile of this name.", do=nearest(name, known)))
    chain = read_chain_from(found[0], folders)
    _hold_to_pins([(where, written, chain.version())])
    return chain


def read_chain_from(file: FilePath, folders: Sequence[FilePath]) -> Chain:
    """Everything behind a profile that lies in this very file. Raises Misconfigured as `read_chain`."""
    trees: list[Tree] = []
    used: list[FilePath] = []
    parent: FilePath | None = file
    while parent is not None:
        tree = _tree(parent)
        trees.append(tree)
        used.append(parent)
        parent = _parent(tree, parent, used, folders)
    merged = trees[-1]
    for tree in reversed(trees[:-1]):
        merged = overlay(merged, tree)
    chain = Chain(files=tuple(used), trees=tuple(trees), tree=merged, folders=tuple(folders))
    _hold_to_pins(
        [(tree.where(("extends",)), tree.data["extends"], chain.version(n)) for n, tree in enumerate(trees[:-1], 1)]
    )
    return chain


def _tree(file: FilePath) -> Tree:
    """A profile's file as it lies there now; what was parsed before is not parsed again. Nobody changes a tree."""
    text, sha256 = read_text(file)
    return replace(_parsed(text, str(file)), sha256=sha256)


@lru_cache(maxsize=32)
def _parsed(text: str, name: str) -> Tree:
    """Profiles hold no personal data: their text may be kept as long as the process lives."""
    return parse_yaml(text, name)


def profile_folders(hub_dir: FilePath | None) -> list[FilePath]:
    """Where profiles lie, nearest first: the hub's own, the installed package's, and the checkout's beside it."""
    folders = [hub_dir / "profiles"] if hub_dir else []
    folders += [PACKAGE / "profiles", PACKAGE.parent / "profiles"]
    return [folder for folder in folders if folder.is_dir()]


def profile_files(name: str, folders: Sequence[FilePath]) -> list[FilePath]:
    """Every file of this name, nearest first."""
    if not NAME.fullmatch(name):
        return []
    return [folder / f"{name}.yaml" for folder in folders if (folder / f"{name}.yaml").is_file()]


def _hold_to_pins(named: Sequence[tuple[str, str, str]]) -> None:
    """Each is who names a profile, how, and the version that is there: a pin must be that version."""
    problems = []
    for where, written, there in named:
        name, pin = split_pin(written)
        if "@" in written and (pin != there or not pin):
            known = VERSION.fullmatch(there) is not None
            what = f"{name} is not there in the pinned version: " + (f"it is {there}." if known else "it states none.")
            do = f"Look at what changed (`profile diff`), then write {name}@{there}; or bring the old version back."
            problems.append(
                Problem(where=where, what=what, do=do if known else "Give it a `version`, or drop the pin.")
            )
    if problems:
        raise Misconfigured(*problems)


def _parent(tree: Tree, file: FilePath, used: list[FilePath], folders: Sequence[FilePath]) -> FilePath | None:
    """The file that this one extends."""
    if not isinstance(tree.data, dict) or tree.data.get("extends") is None:
        return None
    where = tree.where(("extends",))
    name, _ = split_pin(tree.data["extends"]) if isinstance(tree.data["extends"], str) else ("", "")
    files = profile_files(name, folders)
    if name == file.stem:
        files = files[files.index(file) + 1 :] if file in files else files
    if not files:
        known = [item.stem for folder in folders for item in folder.glob("*.yaml") if item.stem != file.stem]
        raise Misconfigured(
            Problem(
                where=where,
                what="the profile that this one extends is not there.",
                do=nearest(name, sorted(set(known))),
            )
        )
    if files[0] in used:
        raise Misconfigured(Problem(where=where, what="these profiles extend each other in a circle."))
    if len(used) > MAX_PARENTS:
        raise Misconfigured(Problem(where=where, what=f"more than {MAX_PARENTS} profiles extend each other."))
    return files[0]


def overlay(base: Tree, over: Tree) -> Tree:
    """`over` laid on `base`: groups are merged key by key, anything else (a list too) replaces what was there."""
    marks: dict[Path, Mark] = dict(base.marks)
    data = _merge(base.data, over.data, (), marks, over.marks)
    return replace(
        over,
        data=data,
        marks={**marks, **over.marks},
        faults=(*base.faults, *over.faults),
        keys={**base.keys, **over.keys},
    )


def _merge(base: Any, over: Any, path: Path, marks: dict[Path, Mark], new: Mapping[Path, Mark]) -> Any:
    if over is None:
        return base
    if isinstance(base, dict) and isinstance(over, dict):
        keys = list(dict.fromkeys((*base, *over)))
        return {key: _merge(base.get(key), over.get(key), (*path, key), marks, new) for key in keys}
    for stale, _ in walk(base):
        marks.pop((*path, *stale), None)
    return over
