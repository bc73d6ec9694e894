"""The hub's outbox: letters about emergencies, for whatever the council uses to deliver them. They name a case."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mash_trawl.errors import Refused
from mash_trawl.vault import durable

OUTBOX, SENT = "outbox", "sent"


def outbox_of(folder: Path) -> Path:
    """Where the letters of a hub in this folder lie until they are delivered."""
    return folder / OUTBOX


def letter(outbox: Path, statement: str, *, over: bool) -> Path:
    """Where the letter about an emergency lies: named by the statement, which says nothing of anybody."""
    return outbox / f"{statement}{'-over' if over else ''}.txt"


def lies_here(outbox: Path, statement: str, *, over: bool) -> bool:
    """Whether the letter waits in the outbox, or was put into its folder `sent` by whoever delivered it."""
    path = letter(outbox, statement, over=over)
    return path.exists() or (outbox / SENT / path.name).exists()


def forget_letters(outbox: Path, statements: Iterable[str]) -> None:
    """Delete what still lies here about these emergencies; delivered copies are out of reach. Refused: `letter_stays`.

    Called before the rows are gone for good: cut short in between, it is done again.
    """
    paths = [letter(place, one, over=over) for one in statements for over in (False, True)
             for place in (outbox, outbox / SENT)]  # fmt: skip
    for path in paths:
        try:
            durable.remove(path)
        except OSError:
            what = "a letter about this case lies in the outbox and cannot be deleted"
            raise Refused("letter_stays", what, "Make the hub's outbox writable, destroy again.") from None
