"""`returns`: what people owe on paper, over all cases, and whom to ring."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import Private

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.hub import Contact
    from mash_trawl.paper.owed import Owed
    from mash_trawl.render.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reminder(Private):
    """One source that owes something for one case. `late` says by how much (empty: not late, or no due time).

    `categories` by person, as far as they may still be asked for.
    """

    case: str
    source: str
    request: str
    written_at: datetime
    by: str
    due: datetime | None
    late: str
    people: dict[str, tuple[str, ...]]
    ring: Contact | None


@click.command("returns")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, plain: bool, as_json: bool) -> int:
    """What people owe on requests that were written, the most pressing first. Opens no product, asks nobody.

    Ends with 0 when nothing is owed, 3 when something is.
    """
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    found = sorted(reminders(hub), key=lambda one: (one.due is None, one.due or one.written_at, one.case, one.source))
    if as_json:
        click.echo(json.dumps({"at": _utc(hub.clock()), "owed": [_plain(one) for one in found]}, indent=2))
    else:
        from mash_trawl.render.tables import draw

        draw([_table(found, hub.clock())], sys.stdout, simple=plain)
    return EXIT_INCOMPLETE if found else 0


def reminders(hub: Hub) -> Iterator[Reminder]:
    """What is owed, less what may no longer be asked for where the case's draft is here to tell."""
    contacts = {source.name: source.contact for source in hub.settings.sources}
    known: dict[str, dict[str, Any] | None] = {}
    for owed in hub.owed_on_paper():
        if owed.case not in known:
            known[owed.case] = _drafted(hub, owed.case)
        people, late = _still(owed, known[owed.case], hub.clock())
        if people:
            newest = owed.newest
            yield Reminder(
                case=owed.case, source=owed.source, request=newest.id, written_at=newest.at, by=newest.by,
                due=newest.due, late=late, people=people, ring=contacts.get(owed.source),
            )  # fmt: skip


def _drafted(hub: Hub, case_id: str) -> dict[str, Any] | None:
    """What the draft of a case says of it: its permits now, its colour and profile; None where no draft can be read."""
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.model.decision import Outcome

    try:
        case = living_case(hub, case_id)
        items = [item for item in hub.plan(case).decisions if item.outcome is Outcome.PERMIT]
        profile = hub.profile_of(case)
    except (Misconfigured, Refused):
        return None
    return {
        "permits": {(item.source, item.person, item.category) for item in items},
        "rag": case.referral.rag, "profile": profile,
    }  # fmt: skip


def _still(owed: Owed, draft: dict[str, Any] | None, now: datetime) -> tuple[dict[str, tuple[str, ...]], str]:
    """Who is still owed, and by how much it is late: in the case's own time, or by the clock where no draft tells."""
    from mash_trawl.model.moments import length_words
    from mash_trawl.product.due import late_words

    due = owed.newest.due
    if draft is None:
        seconds = int((now - due).total_seconds()) if due else 0
        return owed.people, length_words(seconds) if seconds > 0 else ""
    people = {
        person: left for person, kinds in owed.people.items()
        if (left := tuple(kind for kind in kinds if (owed.source, person, kind) in draft["permits"]))
    }  # fmt: skip
    return people, late_words(due, now, draft["rag"], draft["profile"]) if due else ""


def _table(found: list[Reminder], now: datetime) -> Table:
    from mash_trawl.model.moments import moment_words
    from mash_trawl.render.grouping import count
    from mash_trawl.render.tables import Table

    rows = tuple(
        (
            one.case, one.source, one.request, count(sum(map(len, one.people.values())), "answer"),
            moment_words(one.written_at, now),
            (f"{moment_words(one.due, now)}{f', {one.late} late' if one.late else ''}" if one.due else "no set time"),
            _ring(one.ring),
        )
        for one in found
    )  # fmt: skip
    unwritten = "What waits for a request that nobody wrote yet stands in `status CASE`."
    return Table(
        title="Owed on paper",
        columns=("Case", "Source", "Request", "Owed", "Written", "Due", "Whom to ring"),
        rows=rows,
        notes=(f"All times are UK time. {unwritten}",) if rows else (),
        empty=f"Nothing is owed on a request that was written. {unwritten}",
    )  # fmt: skip


def _ring(contact: Contact | None) -> str:
    parts = [part for part in (contact.name, contact.telephone, contact.email) if part] if contact else []
    return ", ".join(parts) or "no contact in hub.yaml"


def _plain(one: Reminder) -> dict[str, Any]:
    ring = {"name": one.ring.name, "telephone": one.ring.telephone, "email": one.ring.email} if one.ring else None
    return {
        "case": one.case, "source": one.source, "request": one.request, "written_at": _utc(one.written_at),
        "by": one.by, "due": _utc(one.due) if one.due else None, "late": one.late,
        "people": [{"person": person, "categories": list(kinds)} for person, kinds in one.people.items()],
        "ring": ring,
    }  # fmt: skip


def _utc(moment: datetime) -> str:
    from mash_trawl.model.base import to_plain

    return str(to_plain(moment))
