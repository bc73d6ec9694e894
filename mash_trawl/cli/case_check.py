"""`case check`: what the referrer left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mash_trawl.cli.main import EXIT_INCOMPLETE, say

if TYPE_CHECKING:
    from mash_trawl.config.case_gaps import CaseGap
    from mash_trawl.model.case import Case
    from mash_trawl.model.hub import HubFile
    from mash_trawl.model.profile import Profile


@click.command("check")
@click.argument("case", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; no names.")
@click.option("--names", is_flag=True, help="Say names beside the ids: for a letter to the referrer, who knows them.")
@click.pass_context
def command(ctx: click.Context, case: str, as_json: bool, names: bool) -> int:
    """What the referrer of CASE left out, as a list to send back. Sends nothing. Ends 0: nothing is missing; 3."""
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.place import command_for, hub_folder
    from mash_trawl.config.case import load_case

    folder = hub_folder(ctx.obj)
    found = load_case(find_case(folder, case))
    gaps = gaps_of(found, folder)
    if as_json:
        click.echo(json.dumps(as_plain(found, gaps), indent=2, ensure_ascii=False))
    else:
        tell(found, gaps, names, command_for(ctx))
    return EXIT_INCOMPLETE if gaps else 0


def gaps_of(case: Case, folder: Path) -> list[CaseGap]:
    """What is missing in the case, judged by its profile, by what the hub's sources search by, and by its drafts."""
    from mash_trawl.config.case_gaps import case_gaps
    from mash_trawl.config.hubfile import load_hub_file

    profile = profile_of(case, folder)
    twins = tuple(same_referrals(case, folder))
    return case_gaps(case, profile, unsearchable(case, search_keys(load_hub_file(folder), folder)), twins)


def same_referrals(case: Case, folder: Path) -> Iterator[str]:
    """The ids of the hub's other cases that tell the same referral. Only drafts that hold one of its names are read."""
    from mash_trawl.cli.find_case import drafts
    from mash_trawl.config.case import load_case
    from mash_trawl.config.case_twice import same_referral
    from mash_trawl.errors import Misconfigured

    words = [name.family for person in case.people for name in person.names if name.family]
    for file in drafts(folder) if words else ():
        with suppress(Misconfigured, OSError):
            if words[0].encode() in file.read_bytes() and same_referral(case, other := load_case(file)):
                yield other.id


def profile_of(case: Case, folder: Path) -> Profile:
    """The case's profile; Misconfigured when it does not know what the case names."""
    from mash_trawl.config.profiles import load_profile
    from mash_trawl.consent.check import problems
    from mash_trawl.errors import Misconfigured

    profile = load_profile(case.profile, folder)
    if unknown := problems(case, profile):
        raise Misconfigured(*unknown)
    return profile


def search_keys(settings: HubFile, folder: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    """By which facts each source of the hub searches; a source that cannot be asked at all is not told here."""
    from mash_trawl.sources.registry import Registry

    return {item.name: item.search_keys for item in Registry.build(settings, folder).describe() if item.search_keys}


def unsearchable(case: Case, keys: Mapping[str, Sequence[tuple[str, ...]]]) -> dict[str, list[str]]:
    """For each person the sources at which no search key of theirs is filled."""
    from mash_trawl.identity.plan import plan_queries

    return {
        person.id: [name for name, wanted in keys.items() if not plan_queries(person, wanted, lambda: "").queries]
        for person in case.people
    }


def as_plain(case: Case, gaps: Sequence[CaseGap]) -> dict[str, object]:
    """The published JSON shape: ids, roles, codes and fixed sentences."""
    from mash_trawl.model.base import to_plain

    roles = {person.id: list(person.roles) for person in case.people}
    missing = [{"roles": roles.get(gap.person, [])} | _whole(gap) for gap in gaps]
    return {"case": to_plain(case.id), "missing": missing}


def _whole(gap: CaseGap) -> dict[str, str]:
    return {name: getattr(gap, name) for name in ("person", "code", "missing", "matters", "blocks")}


def tell(case: Case, gaps: Sequence[CaseGap], names: bool, begins: str) -> None:
    """The list as it can be pasted into a reply, on standard output."""
    from mash_trawl.render.safe import visible

    for line in as_words(case, gaps, names):
        click.echo(visible(line))
    if gaps:
        say(f"{len(gaps)} things are missing. The case may be planned and run all the same.")
        change = f"{begins} case change {case.id}"
        say(f"What comes in later: `{change}`, or `{change} {case.people[0].id}` for one person.")


def as_words(case: Case, gaps: Sequence[CaseGap], names: bool = False) -> Iterator[str]:
    """Person by person: what is missing, why it matters, what cannot be asked without it."""
    if not gaps:
        yield f"Case {case.id}: nothing is missing."
        return
    yield f"Case {case.id}: please tell us what you can of the following. Write `unknown` where it is not known."
    for ident in ("", *(person.id for person in case.people)):
        mine = [gap for gap in gaps if gap.person == ident]
        if not mine:
            continue
        yield ""
        yield who(case, ident, names) if ident else "About the referral"
        for gap in mine:
            yield f"  - {gap.missing}: {gap.matters}."
            if gap.blocks:
                yield f"      Without it we cannot ask, or not fully: {gap.blocks}."


def who(case: Case, ident: str, names: bool = False) -> str:
    """A person by id and roles; with the name where the reader knows it anyway."""
    person = case.person(ident)
    roles = ", ".join(role.replace("_", " ") for role in person.roles)
    first = person.names[0] if names and person.names else None
    name = " ".join([*first.given, first.family or ""]).strip() if first else ""
    return f"{ident} {name} ({roles})" if name else f"{ident} ({roles})"
