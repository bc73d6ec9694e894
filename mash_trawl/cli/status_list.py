"""`status` without a case: one line for each draft that the hub keeps. No product is opened for it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import Private

if TYPE_CHECKING:
    from pathlib import Path

    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.standing import Standing
    from mash_trawl.render.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft(Private):
    """One case file: its standing, or why it has none (`destroyed`, `unreadable`)."""

    id: str
    standing: Standing | None = None
    fault: str = ""


def list_cases(hub: Hub, *, plain: bool, as_json: bool) -> int:
    """Print one line for each draft, the most pressing first; EXIT_INCOMPLETE when one of them owes anything."""
    from mash_trawl.cli.find_case import drafts

    known: dict[str, Profile] = {}
    found = sorted((_draft(hub, file, known) for file in drafts(hub.folder)), key=_pressing)
    if as_json:
        click.echo(json.dumps({"cases": [_as_plain(draft) for draft in found]}, indent=2, ensure_ascii=False))
    else:
        from mash_trawl.render.tables import draw

        draw([_table(found)], sys.stdout, simple=plain)
    return EXIT_INCOMPLETE if any(draft.standing and draft.standing.owing for draft in found) else 0


def _draft(hub: Hub, file: Path, known: dict[str, Profile]) -> Draft:
    from mash_trawl.cli.find_case import case_id
    from mash_trawl.cli.status_command import standing_of
    from mash_trawl.config.case import load_case

    ident = case_id(file) or file.stem
    try:
        case = load_case(file)
        return Draft(id=ident, standing=standing_of(hub, case, _profile(hub, case, known), look=False))
    except Misconfigured:
        return Draft(id=ident, fault="unreadable")
    except Refused as problem:
        return Draft(id=ident, fault=problem.why)


def _profile(hub: Hub, case: Case, known: dict[str, Profile]) -> Profile:
    """The case's profile, read once for the whole list. Misconfigured as `Hub.profile_of` is."""
    from mash_trawl.consent import problems

    if case.profile not in known:
        known[case.profile] = hub.profile_of(case)
    elif faults := problems(case, known[case.profile]):
        raise Misconfigured(*faults)
    return known[case.profile]


def _pressing(draft: Draft) -> tuple[int, float, str]:
    """The first due first; then those without a due time, then those without a standing."""
    if draft.standing is None:
        return (2, 0.0, draft.id)
    due = draft.standing.clock.due
    return (0, due.timestamp(), draft.id) if due else (1, 0.0, draft.id)


def _table(drafts: list[Draft]) -> Table:
    from mash_trawl.render.tables import Table

    return Table(
        title="Cases",
        columns=("Case", "Colour", "Due", "Product", "Open"),
        rows=tuple(_row(draft) for draft in drafts),
        empty="This hub keeps no case: `mash-trawl case new` makes one.",
    )


def _row(draft: Draft) -> tuple[str, ...]:
    told = draft.standing
    if told is None:
        words = {"unreadable": "cannot be read; see `mash-trawl case check`", "destroyed": "its records were destroyed"}
        return (draft.id, "", words.get(draft.fault, draft.fault.replace("_", " ")), "", "")
    product = f"version {told.version.version}" if told.version else "none yet"
    return (draft.id, told.clock.title or "not set", told.clock.words, product, _open(told))


def _open(told: Standing) -> str:
    if told.looked_up:
        return f"{len(told.open_pairs)} not asked" if told.open_pairs else "nothing is permitted"
    return "see `status` of the case"


def _as_plain(draft: Draft) -> dict[str, Any]:
    from mash_trawl.cli.status_command import clock_plain, version_plain

    told = draft.standing
    if told is None:
        return {"case": draft.id, "fault": draft.fault}
    return {
        "case": draft.id, "clock": clock_plain(told), "version": version_plain(told.version), "owing": told.owing,
        "open": len(told.open_pairs) if told.looked_up else None, "fault": "",
    }  # fmt: skip
