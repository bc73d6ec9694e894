"""`case import`: a filled referral form, or JSON, becomes a case of this hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.main import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mash_trawl.config.case_gaps import CaseGap
    from mash_trawl.errors import Problem
    from mash_trawl.model.case import Case


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the case here, not into the hub.")
@click.option("--profile", default="", help="The profile, where the form does not say it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; no names.")
@click.pass_context
def command(ctx: click.Context, file: Path, out: Path | None, profile: str, as_json: bool) -> None:
    """Make a case of FILE: the filled referral form (.xlsx), or the content of a case file as JSON (.json).

    Everything that is wrong is told at once, with its sheet and cell; then nothing is written. A case that exists is
    never replaced. What the referrer left out is listed.
    """
    from mash_trawl.cli.case_check import gaps_of, tell
    from mash_trawl.cli.place import command_for, hub_folder

    folder = hub_folder(ctx.obj)
    case, left_out = _read(file, profile or _only_profile(folder), "form" if as_json else str(file))
    gaps = gaps_of(case, folder)
    path = _write(case, folder, out)
    if as_json:
        click.echo(json.dumps(_plain(case, path, left_out, gaps), indent=2, ensure_ascii=False))
        return
    say(f"The case {case.id} is written to {path}.")
    for item in left_out:
        say(f"note: {item}")
    tell(case, gaps, names=False, begins=command_for(ctx))


def _read(file: Path, profile: str, name: str) -> tuple[Case, Sequence[Problem]]:
    """The case, and what the form says that a case cannot."""
    from mash_trawl.config.case import load_case
    from mash_trawl.config.referral_form import fill_in

    if file.suffix.lower() == ".json":
        return load_case(file), ()
    filled = fill_in(file, name=name, profile=profile)
    return load_case(filled.case), filled.left_out


def _only_profile(folder: Path) -> str:
    """The hub's profile, if it has but one."""
    from mash_trawl.config.hubfile import load_hub_file

    profiles = load_hub_file(folder).profiles
    return profiles[0] if len(profiles) == 1 else ""


def _write(case: Case, folder: Path, out: Path | None) -> Path:
    """Write the draft; Misconfigured when a case of this id has one, or the file exists."""
    from mash_trawl.cli.find_case import FOLDER, case_id, drafts
    from mash_trawl.config.write import replace_case, write_case
    from mash_trawl.errors import Misconfigured, Problem

    if out is not None:
        replace_case(out, case, over=None)
        return out
    near = case.id.casefold()
    if known := next((file for file in drafts(folder) if (case_id(file) or "").casefold() == near), None):
        do = "Change that case, or give this one another reference."
        raise Misconfigured(Problem(where=str(known), what="a case of this id has a draft already.", do=do))
    return write_case(folder / FOLDER, case)


def _plain(case: Case, path: Path, left_out: Sequence[Problem], gaps: Sequence[CaseGap]) -> dict[str, object]:
    """The published JSON shape: ids, places, codes and fixed sentences."""
    from mash_trawl.cli.case_check import as_plain

    notes = [{"where": item.where, "what": item.what, "do": item.do} for item in left_out]
    return {**as_plain(case, gaps), "file": str(path), "notes": notes}
