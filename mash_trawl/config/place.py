"""Whether a hub's folder can be believed: what others may exchange is not what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import is_anothers, others_may_change, others_may_exchange, others_may_read, owner_of


def check_place(folder: Path) -> None:
    """Misconfigured when other accounts could change the hub's folder or its hub.yaml: then they decide who is asked.

    What a link leads to counts, and the folder that this lies in. Administrators (root) are no others. Nothing here is
    said of a folder that others can only read: `init` and `check` see to that; nor of one without a hub.yaml.
    """
    file = folder / "hub.yaml"
    try:
        if not file.is_file():
            return
        real = file.resolve()
        places = dict.fromkeys((folder.resolve(), real.parent))
        problems = [*(one for place in places for one in _of_folder(place)), *_of_file(real)]
    except OSError:
        what = "this account cannot see whose this is, or who may change it."
        raise Misconfigured(Problem(where=str(file), what=what, do="Work as the account that it belongs to.")) from None
    if problems:
        raise Misconfigured(*problems)


def _of_folder(folder: Path) -> Iterator[Problem]:
    where = str(folder)
    if is_anothers(folder):
        yield _anothers(folder, "this folder")
    if others_may_change(folder):
        what, do = "other accounts can change this folder.", "Take their rights away (chmod 700)."
        yield Problem(where=where, what=what, do=do)
    if others_may_exchange(folder):
        what, do = "a folder above it can be changed by every account.", "Take their rights away, or move the hub."
        yield Problem(where=where, what=what, do=do)


def _of_file(file: Path) -> Iterator[Problem]:
    if is_anothers(file):
        yield _anothers(file, "this file")
    if others_may_read(file.parent) and others_may_change(file):
        what, do = "other accounts can change this file.", "Take their rights away (chmod 600)."
        yield Problem(where=str(file), what=what, do=do)


def _anothers(path: Path, this: str) -> Problem:
    what = f"{this} belongs to another account ({owner_of(path)}), which can change it."
    return Problem(where=str(path), what=what, do="Work as that account, or give it to this one.")
