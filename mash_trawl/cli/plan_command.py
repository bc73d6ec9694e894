"""`plan`: what would be asked, what not, and what would unlock it."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mash_trawl.hub import Plan
    from mash_trawl.model.case import Case
    from mash_trawl.model.decision import Decision
    from mash_trawl.model.profile import Profile


@click.command("plan")
@click.argument("case_file", metavar="CASE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, case_file: Path, as_json: bool) -> None:
    """Show every decision for CASE, its reason and what would unlock it. Sends nothing."""
    from mash_trawl.cli.place import open_hub
    from mash_trawl.config.case import load_case
    from mash_trawl.render.safe import visible

    hub = open_hub(ctx)
    case = load_case(case_file)
    plan = hub.plan(case)
    if as_json:
        click.echo(json.dumps(as_plain(plan), indent=2, ensure_ascii=False))
        return
    for line in as_words(plan, case, hub.profile_of(case)):
        click.echo(visible(line))


def as_plain(plan: Plan) -> dict[str, object]:
    """The published JSON shape: no names."""
    keys = ("person", "source", "category", "rule", "reason", "unlock")
    rows = [{name: getattr(item, name) for name in keys} | {"decision": item.outcome.value} for item in plan.decisions]
    asks = [row for row in rows if row["decision"] == "PERMIT"]
    refusals = [row for row in rows if row["decision"] != "PERMIT"]
    return {"case": plan.case, "decisions": rows, "asks": asks, "refusals": refusals}


def as_words(plan: Plan, case: Case, profile: Profile) -> Iterator[str]:
    """The plan as a practitioner reads it: person by person, source by source, like reasons said once."""
    yield f"Plan for case {plan.case} under the profile {plan.decisions.profile}. Nothing has been sent."
    for person in case.people:
        mine = [item for item in plan.decisions if item.person == person.id]
        names = " ".join([*person.names[0].given, person.names[0].family or ""]).strip() if person.names else ""
        yield ""
        yield f"{person.id} {names or 'no name known'} ({', '.join(role.replace('_', ' ') for role in person.roles)})"
        for source, items in groupby(mine, key=lambda item: item.source):
            yield from _source_lines(source, list(items), profile)
    yield ""
    yield f"{len(plan.asks)} questions may be asked; {len(plan.refusals)} may not, or need a person's decision."


def _source_lines(source: str, items: Sequence[Decision], profile: Profile) -> Iterator[str]:
    said: dict[tuple[str, str, str, str], list[str]] = {}
    for item in items:
        title, phrases = _titles(item, profile)
        reason, unlock = (_instead(text, phrases) for text in (item.reason, item.unlock))
        said.setdefault((item.outcome.value, item.rule, reason, unlock), []).append(title)
    words = {"PERMIT": "may be asked about", "DENY": "may NOT be asked about", "REVIEW": "waits for a decision on"}
    for (outcome, rule, reason, unlock), titles in said.items():
        yield f"  {source} {words[outcome]}: {', '.join(titles)}"
        yield f"      because: {reason} [{rule}]"
        if unlock and outcome != "PERMIT":
            yield f"      to unlock: {unlock}"


def _titles(item: Decision, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """The category's title, and the phrases by which a reason may name it, longest first."""
    agency = profile.agencies.get(item.agency)
    category = agency.categories.get(item.category.partition(".")[2]) if agency else None
    if agency is None or category is None:
        return item.category, (item.category,)
    return category.title, (f"{agency.title}: {category.title}", category.title)


def _instead(text: str, phrases: Sequence[str]) -> str:
    """The reason with the category called `this`, so that one reason can stand for several categories."""
    for phrase in phrases:
        text = text.replace(f": {phrase}.", ".").replace(phrase, "this")
    return text
