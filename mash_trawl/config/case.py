"""The case file, read and cross-checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from mash_trawl.config.case_checks import check_case
from mash_trawl.config.files import read_tree
from mash_trawl.config.problems import Found
from mash_trawl.config.read import validate
from mash_trawl.config.tree import Tree, from_plain, unfit, walk
from mash_trawl.model.case import Case


def load_case(source: str | FilePath | Mapping[str, Any]) -> Case:
    """A case from a YAML or JSON file, or the same content as a dict.

    Raises Misconfigured with every problem at once: unknown keys, wrong types, impossible dates, check digits of
    NHS numbers and UPNs, ids used twice or not in the case. No problem ever repeats a value.
    """
    if not isinstance(source, Mapping):
        tree = read_tree(source)
        return validate(Case, tree, check_case(tree))
    tree = from_plain(source, "case")
    return validate(Case, tree, [*_unfit(tree), *check_case(tree)])


def _unfit(tree: Tree) -> Iterator[Found]:
    """Texts with control characters: in a file its reader finds them."""
    for path, value in walk(tree.data):
        if isinstance(value, str) and (what := unfit(value)):
            yield Found(path=path, what=what, do="Remove it.")
