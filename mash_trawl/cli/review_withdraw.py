"""`review CASE --withdraw MATCH`: a record that was taken for a person of the case is somebody else's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import say

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.incident import Incident
    from mash_trawl.taking_back import TakenBack


def withdraw(
    hub: Hub, case: Case, match: str, *, discovered: str | None, reason: str, out: Path | None, key: Path | None,
    sure: bool, as_json: bool,
) -> None:  # fmt: skip
    """Sign it, seal a version without the record, close those that show it, say who had them; write the sheet."""
    from mash_trawl.cli.place import key_of
    from mash_trawl.cli.run_command import unlock_for_last
    from mash_trawl.cli.signing import confirm

    found_out, key = _found_out(discovered), key or key_of(hub, hub.actor.id)
    hub.require("identify")
    if out is not None:
        hub.require("print_sheet")
        _refuse_taken(out)
    if not sure:
        for line in _signed(match, reason, found_out):
            say(line)
        confirm(hub.actor.id, 1)
    unlock = unlock_for_last(hub, case.id, key, signs=True)
    done = hub.take_back(case, match, reason=reason, discovered_at=found_out, unlock=unlock, key=key)
    if out is not None:
        _write(hub, done.incident, out)
    if as_json:
        click.echo(json.dumps(as_plain(done, out), indent=2, ensure_ascii=False))
        return
    for line in (*_told(done, out), *_noted_before(done, found_out)):
        say(line)


def _found_out(text: str | None) -> datetime | None:
    """`2026-11-22T09:40` in UK time, or with its own offset; None: now."""
    from zoneinfo import ZoneInfo

    from mash_trawl.errors import Misconfigured, Problem

    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        do = "Write it like 2026-11-22T09:40 (UK time)."
        raise Misconfigured(Problem(where="--discovered", what="that is no date and time.", do=do)) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("Europe/London"))


def _signed(match: str, reason: str, found_out: datetime | None) -> Iterator[str]:
    from mash_trawl.model.shown import instant_words
    from mash_trawl.render.safe import visible

    when = "now" if found_out is None else instant_words(found_out.isoformat())
    yield f"You sign that the record {match} is somebody else's, found out {when}."
    yield f"  Why: {visible(reason)}"
    yield "A version without it is sealed, and every version that shows it is closed to all readers. Nobody is asked."


def _refuse_taken(out: Path) -> None:
    """Before anything is signed: the sheet's file is new, and its folder takes one."""
    from mash_trawl.cli.plain_copy import taken
    from mash_trawl.errors import Misconfigured, Problem

    if out.exists():
        raise Misconfigured(taken(out))
    if not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        what, do = "its folder is not there, or not yours to write in.", "Name another place. Nothing was signed."
        raise Misconfigured(Problem(where=str(out), what=what, do=do))


def _write(hub: Hub, incident: Incident, out: Path) -> None:
    from mash_trawl.cli.plain_copy import print_copy
    from mash_trawl.render.incident import incident_sheet, incident_text

    as_text = out.suffix == ".txt"
    content, form = (incident_text, "text") if as_text else (incident_sheet, "html")
    print_copy(hub, out, "incident", incident.case, lambda: content(incident), form)


def _told(done: TakenBack, out: Path | None) -> Iterator[str]:
    from mash_trawl.render.incident import HOW, both_clocks

    about = done.incident
    yield f"The record {about.match} counts as somebody else's. Version {about.version} holds nothing of it."
    closed = ", ".join(str(one.version) for one in about.closed)
    yield f"Closed to every reader: version {closed}." if closed else "No version had to be closed."
    if done.unseen:
        unseen = ", ".join(map(str, done.unseen))
        yield f"Version {unseen} could not be looked through, and is closed because it may show it."
    yield "Who had it in their hands:" if about.handled else "Nobody had it in their hands."
    for one in about.handled:
        version = "" if one.version is None else f", version {one.version}"
        copy = "" if one.copy is None else f", copy {one.copy} ({one.form}): to be recovered and deleted"
        yield f"  {HOW[one.how]}: {one.who}{version}{copy}, {both_clocks(one.at)}"
    yield f"72 hours from when it was found out end {both_clocks(about.notify_by)}."
    yield "Tell the data protection officer now: whether anybody must be told is theirs to decide."
    if out is not None:
        yield f"Wrote the incident sheet to {out}."


def _noted_before(done: TakenBack, found_out: datetime | None) -> Iterator[str]:
    """Where it was taken back before, the time that was noted then is the one that counts."""
    from mash_trawl.render.incident import both_clocks

    noted = done.incident.discovered_at
    if found_out is not None and found_out != noted:
        yield f"It was noted before as found out {both_clocks(noted)}; the time that you gave now was not noted."
        yield "If the authority was aware earlier, write it on the sheet: the 72 hours began then."


def as_plain(done: TakenBack, out: Path | None) -> dict[str, Any]:
    """The published JSON shape: ids and moments (UTC); nothing of what the record says."""
    from mash_trawl.model.base import to_plain

    about = done.incident
    plain: dict[str, Any] = to_plain(about)
    names = (
        "case",
        "match",
        "source",
        "people",
        "statements",
        "record",
        "version",
        "discovered_at",
        "closed",
        "handled",
    )
    told = {name: plain[name] for name in names} | {"notify_by": to_plain(about.notify_by)}
    path = None if done.path is None else str(done.path)
    sheet = None if out is None else str(out)
    return told | {"product": path, "sealed": done.sealed, "unseen": list(done.unseen), "sheet": sheet}
