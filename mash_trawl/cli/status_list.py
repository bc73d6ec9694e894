"""`status` without a case: one line for each case that the hub keeps or has sealed. No product is opened for it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import Private

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile
    from mash_trawl.model.standing import Standing, Version
    from mash_trawl.render.tables import Table

_FAULTS = {"destroyed": "its records were destroyed"}
_NO_DRAFT = "no draft here, so its clock is not known"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Listed(Private):
    """One case: its standing, or why it has none (`unreadable`, `destroyed`, `no_draft`, or a refusal's code).

    `file` is its draft; None when a product was sealed and no draft is here.
    """

    id: str
    file: Path | None = None
    standing: Standing | None = None
    version: Version | None = None
    fault: str = ""


def list_cases(ctx: click.Context, hub: Hub, *, plain: bool, as_json: bool) -> int:
    """Print one line for each case, the most pressing first. Ends as `status --no-open` of each of them would."""
    from mash_trawl.cli.find_case import drafts
    from mash_trawl.cli.status_command import exit_code

    known: dict[str, Profile] = {}
    drafted = [_draft(hub, file, known) for file in drafts(hub.folder)]
    there = {item.id for item in drafted if item.fault != "unreadable"}
    sealed = [Listed(id=ident, version=version, fault="no_draft") for ident, version in undrafted(hub, there)]
    found = sorted([*drafted, *sealed], key=_pressing)
    if as_json:
        click.echo(json.dumps({"cases": [_as_plain(item) for item in found]}, indent=2, ensure_ascii=False))
    else:
        from mash_trawl.render.tables import draw

        draw([_table(found, ctx)], sys.stdout, simple=plain)
    return exit_code(item.standing for item in found if item.fault != "destroyed")


def undrafted(hub: Hub, drafted: Collection[str]) -> Iterator[tuple[str, Version]]:
    """The cases that were trawled from elsewhere, with their newest version; those that were destroyed are not told."""
    from mash_trawl.cli.status_command import newest_version
    from mash_trawl.store import custody

    with hub.store.read() as connection:
        sealed = {row.case_id: row.state for row in custody.records(connection)}
    for ident in sorted(ident for ident, state in sealed.items() if ident not in drafted and state != "destroyed"):
        version = newest_version(hub, ident)
        if version is not None:
            yield ident, version


def tell_undrafted(hub: Hub, ident: str, version: Version, *, plain: bool, as_json: bool) -> int:
    """Print what custody knows of a case without a draft here. What is owed cannot be said: EXIT_INCOMPLETE."""
    from mash_trawl.render.tables import Table, draw

    listed = Listed(id=ident, version=version, fault="no_draft")
    if as_json:
        click.echo(json.dumps(_as_plain(listed), indent=2, ensure_ascii=False))
    else:
        from mash_trawl.render.standing import version_lines

        notes = (
            f"Case {ident}: no draft of it is in {hub.folder / 'cases'}. All times are UK time.",
            *version_lines(version, hub.clock()),
            "Its clock and what may be asked stand in the case: name its file to see them.",
        )
        draw([Table(title="", notes=notes)], sys.stdout, simple=plain)
    return EXIT_INCOMPLETE


def _draft(hub: Hub, file: Path, known: dict[str, Profile]) -> Listed:
    from mash_trawl.cli.find_case import case_id
    from mash_trawl.cli.status_command import standing_of
    from mash_trawl.config.case import load_case

    ident = case_id(file) or file.stem
    try:
        case = load_case(file)
        told = standing_of(hub, case, _profile(hub, case, known), look=False)
        return Listed(id=ident, file=file, standing=told, version=told.version)
    except Misconfigured:
        return Listed(id=ident, file=file, fault="unreadable")
    except Refused as problem:
        return Listed(id=ident, file=file, fault=problem.why)


def _profile(hub: Hub, case: Case, known: dict[str, Profile]) -> Profile:
    """The case's profile, read once for the whole list. Misconfigured as `Hub.profile_of` is."""
    from mash_trawl.consent import problems

    if case.profile not in known:
        known[case.profile] = hub.profile_of(case)
    elif faults := problems(case, known[case.profile]):
        raise Misconfigured(*faults)
    return known[case.profile]


def _pressing(item: Listed) -> tuple[int, float, str]:
    """What cannot be read first; the first due; those without a due time; those whose clock has stopped; the rest."""
    name = item.file.name if item.file else item.id
    if item.fault:
        return ({"no_draft": 4, "destroyed": 5}.get(item.fault, 0), 0.0, name)
    clock = item.standing.clock if item.standing else None
    if clock is None or clock.due is None:
        return (2, 0.0, name)
    return (3 if clock.state in ("in_time", "late") else 1, clock.due.timestamp(), name)


def _table(found: list[Listed], ctx: click.Context) -> Table:
    from mash_trawl.cli.place import command_for
    from mash_trawl.render.tables import Table

    twice = {ident for ident, times in Counter(item.id for item in found).items() if times > 1}
    return Table(
        title="Cases",
        columns=("Case", "Colour", "Due", "Product", "Open"),
        rows=tuple(_row(item, item.id in twice) for item in found),
        notes=tuple(_notes(found, ctx)),
        empty=f"This hub keeps no case: `{command_for(ctx)} case new` makes one.",
    )


def _notes(found: list[Listed], ctx: click.Context) -> Iterator[str]:
    """The command for each draft that cannot be read: by its file, for its id may be that of another one."""
    from mash_trawl.cli.place import steps_for

    for item in found:
        if item.fault == "unreadable" and item.file is not None:
            check = steps_for(ctx, item.file).say("case check")
            yield f"{item.file.name} cannot be read; what is wrong with it: {check}."
    if found:
        yield "All times are UK time."


def _row(item: Listed, twice: bool) -> tuple[str, ...]:
    told, file = item.standing, item.file
    if told is not None and file is not None:
        name = f"{item.id} ({file.name})" if twice else item.id
        product = f"version {told.version.version}" if told.version else "none yet"
        return (name, told.clock.title or "not set", told.clock.words, product, _open(told))
    if file is None:
        return (item.id, "", _NO_DRAFT, _sealed(item), "not known")
    if item.fault == "unreadable":
        return (file.name, "", "cannot be read, see above", "", "")
    return (item.id, "", _FAULTS.get(item.fault, item.fault.replace("_", " ")), "", "")


def _sealed(item: Listed) -> str:
    from mash_trawl.model.moments import clock_words, local

    if item.version is None:
        return ""
    at = local(item.version.sealed_at)
    return f"version {item.version.version}, sealed {at.day} {at:%B %Y} at {clock_words(at)}"


def _open(told: Standing) -> str:
    if told.looked_up:
        return f"{len(told.open_pairs)} not asked" if told.open_pairs else "nothing is permitted"
    return "see the status of the case"


def _as_plain(item: Listed) -> dict[str, Any]:
    from mash_trawl.cli.status_command import clock_plain, version_plain

    told, file = item.standing, item.file.name if item.file else None
    if told is None:
        return {"case": item.id, "file": file, "fault": item.fault, "version": version_plain(item.version)}
    return {
        "case": item.id, "file": file, "clock": clock_plain(told), "version": version_plain(told.version),
        "owing": told.owing, "open": len(told.open_pairs) if told.looked_up else None, "fault": "",
    }  # fmt: skip
