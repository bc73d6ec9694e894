"""Whether a hub's folder can be believed: what others may exchange is not what was approved."""

from __future__ import annotations

from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import others_may_change, others_may_read


def check_place(folder: Path) -> None:
    """Misconfigured when other accounts could change the hub's folder or its hub.yaml: then they decide who is asked.

    Nothing here is said of a folder that others can only read: `init` and `check` see to that.
    """
    file = folder / "hub.yaml"
    if others_may_change(folder):
        what, do = "other accounts can change this folder.", "Take their rights away (chmod 700)."
        raise Misconfigured(Problem(where=str(folder), what=what, do=do))
    if others_may_read(folder) and others_may_change(file):
        what, do = "other accounts can change this file.", "Take their rights away (chmod 600)."
        raise Misconfigured(Problem(where=str(file), what=what, do=do))
