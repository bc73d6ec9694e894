"""What `check` sees of signed statements: those that do not count, files not approved, emergencies that wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mash_trawl.cli.doctor import Seen
from mash_trawl.cli.place import command_for
from mash_trawl.system import shell_word

if TYPE_CHECKING:
    from mash_trawl.hub import Hub


def look_at_what_was_said(hub: Hub) -> Iterator[Seen]:
    """Statements, approvals, emergencies."""
    yield from look_at_statements(hub)
    yield from look_at_approvals(hub)
    yield from look_at_emergencies(hub)


def look_at_statements(hub: Hub) -> Iterator[Seen]:
    """Every signed statement of every case that is not destroyed counts; what does not is named."""
    from mash_trawl.audit.statements import DAMAGE
    from mash_trawl.errors import Refused
    from mash_trawl.saying import cases_spoken_of, hear

    number, fine = 0, True
    try:
        for case in (None, *cases_spoken_of(hub)):
            spoken, faults = hear(hub, case)
            number += len(spoken)
            for fault in faults:
                fine = False
                damaged = fault.why in DAMAGE
                do = "Stop, keep the files, tell the data-protection officer." if damaged else "Look at hub.yaml."
                yield Seen(level="wrong" if damaged else "warning", where="statements", what=fault.words, do=do)
    except Refused as refusal:
        fine = False
        yield Seen(level="wrong", where="statements", what=str(refusal))
    if fine:
        yield Seen(level="ok", where="statements", what=f"{number} signed, all of them count")


def look_at_approvals(hub: Hub) -> Iterator[Seen]:
    """Whether every file counts as it stands, in a hub that wants it."""
    from mash_trawl.config.approvals import read_policy
    from mash_trawl.errors import Refused
    from mash_trawl.said import approvals_wanted, unapproved

    try:
        if not approvals_wanted(hub):
            what = "not looked at: this hub believes the case file, and products say so"
            yield Seen(level="ok", where="approvals", what=what)
            return
        missing = unapproved(hub, [read_policy(name, hub.folder) for name in hub.settings.profiles])
    except Refused as refusal:
        yield Seen(level="wrong", where="approvals", what=str(refusal))
        return
    for name in missing:
        what = "not approved as it stands: what rests on it is not asked."
        do = f"`{command_for(hub.folder)} approve {shell_word(name)}`."
        yield Seen(level="cannot be asked", where=f"file {name}", what=what, do=do)
    if not missing:
        yield Seen(level="ok", where="approvals", what="every file that decisions rest on is approved as it stands")


def look_at_emergencies(hub: Hub) -> Iterator[Seen]:
    """Runs that no decider has countersigned; the letters about them are written if they were not.

    Whoever runs `check` is told of them, whatever their role, and also where the letters cannot be written.
    """
    from mash_trawl.errors import Refused
    from mash_trawl.model.shown import instant_words
    from mash_trawl.urgent import tell, waiting

    try:
        found = tell(hub)
    except Refused as refusal:
        yield Seen(level="wrong", where="emergencies", what=str(refusal))
        found = waiting(hub)
    for one in found:
        decide = f"{command_for(hub.folder)} decide {shell_word(one.case)}"
        do = f"A decider looks (`{decide}`) and signs: `{decide} --countersign --reason TEXT`."
        end = instant_words(one.until.isoformat())
        if one.over:
            what = f"an emergency of {one.by} was not countersigned by {end}; nothing more is asked."
            yield Seen(level="cannot be asked", where=f"case {one.case}", what=what, do=do)
        else:
            what = f"an emergency of {one.by} must be countersigned by {end}."
            yield Seen(level="warning", where=f"case {one.case}", what=what, do=do)
