"""The hub file, read and cross-checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath

from mash_trawl.config.chain import profile_folders, read_chain, split_pin
from mash_trawl.config.files import read_tree
from mash_trawl.config.hub_checks import check_hub
from mash_trawl.config.read import validate
from mash_trawl.config.tree import Tree
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.hub import HubFile


def load_hub_file(path: str | FilePath) -> HubFile:
    """Read `hub.yaml` (or a directory that holds one). Raises Misconfigured with every problem.

    Relative paths in it start at the file; whether agencies and profiles exist is for those who load them. A profile
    listed with its version (`early_help@2026.1`) must be there in that version; it is told by its bare name then.
    """
    return read_hub_file(path)[0]


def read_hub_file(path: str | FilePath) -> tuple[HubFile, str]:
    """The same, with the digest of the very bytes that were read: what is approved is what is run with."""
    path = FilePath(path)
    path = path / "hub.yaml" if path.is_dir() else path
    tree = read_tree(path)
    hub = validate(HubFile, tree, check_hub(tree, path.parent))
    return replace(hub, profiles=_unpinned(hub.profiles, tree, path.parent)), tree.sha256


def _unpinned(profiles: tuple[str, ...], tree: Tree, folder: FilePath) -> tuple[str, ...]:
    """The bare names, once every pinned version was looked at."""
    problems: list[Problem] = []
    for place, written in enumerate(profiles):
        if "@" in written:
            try:
                read_chain(written, profile_folders(folder), tree.where(("profiles", place)))
            except Misconfigured as wrong:
                problems += wrong.problems
    if problems:
        raise Misconfigured(*problems)
    return tuple(split_pin(written)[0] for written in profiles)
