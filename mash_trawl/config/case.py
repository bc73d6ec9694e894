"""The case file, read and cross-checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from mash_trawl.config.case_checks import check_case
from mash_trawl.config.files import read_tree
from mash_trawl.config.read import validate
from mash_trawl.config.tree import from_plain
from mash_trawl.model.case import Case


def load_case(source: str | FilePath | Mapping[str, Any]) -> Case:
    """A case from a YAML or JSON file, or the same content as a dict.

    Raises Misconfigured with every problem at once: unknown keys, wrong types, impossible dates, check digits of
    NHS numbers and UPNs, ids used twice or not in the case. No problem ever repeats a value.
    """
    tree = from_plain(source, "case") if isinstance(source, Mapping) else read_tree(source)
    return validate(Case, tree, check_case(tree))
