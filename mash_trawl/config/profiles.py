"""Profiles: found by name, a local overlay over a national base, validated as one document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from mash_trawl.config.files import read_tree
from mash_trawl.config.problems import nearest
from mash_trawl.config.read import validate
from mash_trawl.config.tree import Mark, Path, Tree
from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.model.profile import Profile

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PACKAGE = FilePath(__file__).resolve().parent.parent
MAX_PARENTS = 8


def load_profile(name: str, hub_dir: FilePath | None = None) -> Profile:
    """The profile of this name, with everything that it extends.

    Looked for in the hub's `profiles/`, then in the package. A file may extend its own name: that is an overlay of
    the next one found. Raises Misconfigured: no such profile, a parent that is missing, a circle, any bad value.
    """
    from mash_trawl.model.profile import Profile

    tree = _inherited(name, _folders(hub_dir))
    return validate(Profile, tree)


def profile_names(hub_dir: FilePath | None = None) -> tuple[str, ...]:
    """Every profile that can be loaded here, sorted."""
    found = {file.stem for folder in _folders(hub_dir) for file in folder.glob("*.yaml") if _NAME.fullmatch(file.stem)}
    return tuple(sorted(found))


def _folders(hub_dir: FilePath | None) -> list[FilePath]:
    """Where profiles lie, nearest first: the hub's own, the installed package's, and the checkout's beside it."""
    folders = [hub_dir / "profiles"] if hub_dir else []
    folders += [_PACKAGE / "profiles", _PACKAGE.parent / "profiles"]
    return [folder for folder in folders if folder.is_dir()]


def _files(name: str, folders: list[FilePath]) -> list[FilePath]:
    if not _NAME.fullmatch(name):
        return []
    return [folder / f"{name}.yaml" for folder in folders if (folder / f"{name}.yaml").is_file()]


def _inherited(name: str, folders: list[FilePath]) -> Tree:
    """The profile's own tree over its parent's, over its parent's, and so on."""
    files = _files(name, folders)
    if not files:
        known = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
        raise Misconfigured(Problem(where="profile", what="there is no profile of this name.", do=nearest(name, known)))
    chain: list[Tree] = []
    used: list[FilePath] = []
    file: FilePath | None = files[0]
    while file is not None:
        tree = read_tree(file)
        chain.append(tree)
        used.append(file)
        file = _parent(tree, file, used, folders)
    merged = chain[-1]
    for tree in reversed(chain[:-1]):
        merged = overlay(merged, tree)
    return merged


def _parent(tree: Tree, file: FilePath, used: list[FilePath], folders: list[FilePath]) -> FilePath | None:
    """The file that this one extends."""
    if not isinstance(tree.data, dict) or tree.data.get("extends") is None:
        return None
    where = tree.where(("extends",))
    name = tree.data["extends"]
    files = _files(name, folders) if isinstance(name, str) else []
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
    for stale in [known for known in marks if known[: len(path)] == path]:
        del marks[stale]
    return over
