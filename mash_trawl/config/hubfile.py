"""The hub file, read and cross-checked."""

from __future__ import annotations

from pathlib import Path as FilePath

from mash_trawl.config.files import read_tree
from mash_trawl.config.hub_checks import check_hub
from mash_trawl.config.read import validate
from mash_trawl.model.hub import HubFile


def load_hub_file(path: str | FilePath) -> HubFile:
    """Read `hub.yaml` (or a directory that holds one). Raises Misconfigured with every problem.

    Relative paths in it start at the file; whether agencies and profiles exist is for those who load them.
    """
    path = FilePath(path)
    path = path / "hub.yaml" if path.is_dir() else path
    tree = read_tree(path)
    return validate(HubFile, tree, check_hub(tree, path.parent))
