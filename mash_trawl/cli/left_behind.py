"""What destroying a case does not reach: its drafts, which are plain files with names, birth dates and the story."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.errors import Misconfigured, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case

WHAT_A_DRAFT_HOLDS = "names, birth dates, addresses and what the referral tells"


def drafts_of(hub: Hub, case: str) -> tuple[Path, ...]:
    """The hub's drafts of this case: those that state its id, and one that bears it as its name and cannot be read."""
    from mash_trawl.cli.find_case import case_id, drafts

    return tuple(file for file in drafts(hub.folder) if (case_id(file) or file.stem) == case)


def delete_drafts(hub: Hub, case: str, files: Sequence[Path]) -> None:
    """Delete them, after the ledger has it. Overwritten first, best effort: a flash disk may keep old blocks."""
    from mash_trawl.audit.entry import Entry
    from mash_trawl.vault import durable

    names = {"case": case, "files": [file.name for file in files]}
    hub.ledger.write(Entry("draft.deleted", hub.actor.id, {"files": len(files)}, names))
    for file in files:
        try:
            if not file.is_symlink():
                durable.blot(file)
            durable.remove(file)
        except OSError as problem:
            said = f"the draft {file} could not be deleted ({problem.strerror}); it still holds {WHAT_A_DRAFT_HOLDS}"
            raise Refused("draft_not_deleted", said, "Delete it by hand.") from None


def living_case(hub: Hub, text: str) -> Case:
    """The case that CASE names, to be worked on. Refused("case_destroyed"), also when its draft is gone by now."""
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.config.case import load_case

    try:
        file = find_case(hub.folder, text)
    except Misconfigured:
        refuse_destroyed(hub, text)
        raise
    case = load_case(file)
    refuse_destroyed(hub, case.id)
    return case


def refuse_destroyed(hub: Hub, case: str) -> None:
    """Refused("case_destroyed") when this is the id of a case that was destroyed here."""
    try:
        known = hub.custody.newest(case)
    except Refused as refusal:
        if refusal.why != "unknown_case":
            raise
        return
    if known.state == "destroyed":
        raise Refused(
            "case_destroyed",
            f"the case {case} was destroyed; the certificate is {hub.records / f'{known.record}.destroyed.note'}",
            "A new reason to ask is a new case, with an id of its own.",
        )
