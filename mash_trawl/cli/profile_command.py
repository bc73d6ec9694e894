"""`profile diff` and `profile lint`: what differs between two profiles, and what cannot be right in one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE, say

if TYPE_CHECKING:
    from mash_trawl.config.profile_diff import Change, Side
    from mash_trawl.config.remarks import Remark


@click.group("profile")
def command() -> None:
    """The rules by which cases are decided: what differs between two of them, and what is wrong in one."""


@command.command("diff")
@click.argument("a")
@click.argument("b", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def diff(ctx: click.Context, a: str, b: str | None, as_json: bool) -> None:
    """What B changes against A, field by field: WIDER lets more be asked, NARROWER less.

    Each is a profile's name or the path of a profile's file. Without B: what the profile A changes in the one that it
    extends, so that a local overlay shows what is local.
    """
    from mash_trawl.config.profile_diff import beneath, changes, side
    from mash_trawl.errors import Misconfigured, Problem

    folder = _folder(ctx)
    was, now = side(a, folder), side(b, folder) if b else None
    if now is None:
        below = beneath(was, folder)
        if below is None:
            what = "this profile extends no other, so there is nothing to compare it with."
            raise Misconfigured(Problem(where=f"profile {was.profile.id}", what=what, do="Name two profiles."))
        was, now = below, was
    found = changes(was, now)
    if as_json:
        sides = {name: {"named": _shown(item), "profile": _version(item)} for name, item in (("a", was), ("b", now))}
        rows = [_plain_change(change, folder) for change in found]
        click.echo(json.dumps(sides | {"changes": rows}, indent=2, ensure_ascii=False))
        return
    say(f"From {_version(was)} ({_shown(was)}) to {_version(now)} ({_shown(now)}): {len(found)} differences.")
    for change in found:
        click.echo(f"{change.direction:9} {change.what} ({_near(change.where, folder)})")


@command.command("lint")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def lint(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> int:
    """Look for contradictions, rules that nothing reaches, and kinds of record that nothing opens. Exit 3: some found.

    Without a NAME: all that the hub lists, or all that come with the program. With a hub, also whether somebody there
    may decide, and whether its agreements take in what the profiles open.
    """
    from mash_trawl.config.hubfile import load_hub_file
    from mash_trawl.config.lint import lint_agreements, lint_profile
    from mash_trawl.config.profiles import profile_names
    from mash_trawl.config.remarks import SEVERITIES
    from mash_trawl.hub import system_clock
    from mash_trawl.model.moments import local

    folder = _folder(ctx)
    settings = load_hub_file(folder) if folder else None
    chosen = names or (settings.profiles if settings else profile_names())
    today = local(system_clock()).date()
    found = {name: lint_profile(name, today, folder, settings) for name in chosen}
    if folder and settings and not names:
        found["agreements"] = lint_agreements(settings, folder, today)
    remarks = [(name, remark) for name, said in found.items() for remark in said]
    if as_json:
        rows = [_plain_remark(name, remark, folder) for name, remark in remarks]
        click.echo(json.dumps({"looked_at": list(found), "findings": rows}, indent=2, ensure_ascii=False))
        return EXIT_INCOMPLETE if remarks else 0
    for name, remark in remarks:
        click.echo(f"{remark.severity:8} {name}: {remark.what} {remark.do} ({_near(remark.where, folder)})")
    count = {severity: sum(item.severity == severity for _, item in remarks) for severity in SEVERITIES}
    told = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in count.items())
    say(f"{', '.join(found)}: {told}.")
    return EXIT_INCOMPLETE if remarks else 0


def _folder(ctx: click.Context) -> Path | None:
    """The hub that was named or stands here; none is needed, since profiles come with the program too."""
    from mash_trawl.cli.place import hub_folder
    from mash_trawl.errors import Misconfigured

    try:
        return hub_folder(ctx.obj).resolve()
    except Misconfigured:
        if ctx.obj is not None or os.environ.get("MASH_TRAWL_HUB"):
            raise
        return None


def _shown(item: Side) -> str:
    """How a profile was named; the one beneath an overlay by its file's name."""
    return Path(item.named).name if Path(item.named).is_absolute() else item.named


def _version(item: Side) -> str:
    return f"{item.profile.id}@{item.profile.version}"


def _near(where: str, folder: Path | None) -> str:
    """The place as short as it is clear: from the hub's folder, or the package's."""
    from mash_trawl.config.chain import profile_folders

    for home in (folder, *(place.parent for place in profile_folders(None))):
        if home and where.startswith(f"{home}{os.sep}"):
            return where.removeprefix(f"{home}{os.sep}")
    return where


def _plain_change(change: Change, folder: Path | None) -> dict[str, str]:
    """The published JSON shape of one difference."""
    return {
        "path": change.path,
        "what": change.what,
        "direction": change.direction.lower(),
        "where": _near(change.where, folder),
    }


def _plain_remark(name: str, remark: Remark, folder: Path | None) -> dict[str, str]:
    """The published JSON shape of one finding."""
    return {
        "about": name,
        "severity": remark.severity,
        "code": remark.code,
        "where": _near(remark.where, folder),
        "what": remark.what,
        "do": remark.do,
    }
