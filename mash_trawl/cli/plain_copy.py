"""A plain copy for the case file: a new file for this account alone, known to the ledger before it holds a word."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.hub import Hub


def print_copy(hub: Hub, to: Path, what: str, case: str, content: Callable[[], str], form: str = "html") -> None:
    """Write a sheet about a case (`record.printed` in the ledger). Needs the role for sheets; the file must be new.

    `form` is what it is written as: `html` or `text`.
    """
    from mash_trawl.audit.entry import Entry

    hub.require("print_sheet")
    with new_private(to) as file:
        try:
            text = content()
            hub.ledger.write(Entry("record.printed", hub.actor.id, {"what": what, "format": form}, {"case": case}))
            file.write(text)
        except BaseException:
            to.unlink(missing_ok=True)
            raise


def new_private(to: Path) -> IO[str]:
    """A new, empty file for this account alone, before anything is listed; Misconfigured when it cannot be made."""
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Misconfigured(taken(to)) from None
    except OSError as problem:
        what = f"it cannot be written ({problem.strerror})."
        raise Misconfigured(Problem(where=str(to), what=what, do="Name another place.")) from None
    return os.fdopen(handle, "w", encoding="utf-8", newline="\n")


def taken(to: Path) -> Problem:
    """The file is there already."""
    return Problem(where=str(to), what="the file exists.", do="Name a new file.")
