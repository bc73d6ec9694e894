"""`plan`: what would be asked, what not, and what would unlock it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.running import Plan


@click.command("plan")
@click.argument("case_text", metavar="CASE")
@click.option("--html", "html", type=click.Path(dir_okay=False, path_type=Path), help="Write a sheet for the file.")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, case_text: str, html: Path | None, plain: bool, as_json: bool) -> None:
    """Show every decision for CASE (a file, or a case id), its reason and what would unlock it. Sends nothing."""
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import open_hub, steps_for

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    plan = hub.plan(case)
    if html is not None:
        from mash_trawl.cli.decision_sheets import print_plan

        print_plan(hub, case, plan, html)
    if as_json:
        click.echo(json.dumps(as_plain(plan), indent=2, ensure_ascii=False))
    if as_json or html is not None:
        return
    from mash_trawl.product.plain import person_name
    from mash_trawl.product.routing import ways
    from mash_trawl.render.plan_tables import plan_tables
    from mash_trawl.render.tables import draw
    from mash_trawl.render.ways import ways_tables

    names = {person.id: person_name(person) for person in case.people}
    profile = hub.profile_of(case)
    tables = plan_tables(plan.decisions, case, profile, names, steps_for(ctx, case_text))
    tables[1:1] = ways_tables(ways(case, profile, hub.clock()))
    draw(tables, sys.stdout, simple=plain)


def as_plain(plan: Plan) -> dict[str, object]:
    """The published JSON shape: no names."""
    keys = ("person", "source", "category", "rule", "reason", "unlock")
    rows = [{name: getattr(item, name) for name in keys} | {"decision": item.outcome.value} for item in plan.decisions]
    asks = [row for row in rows if row["decision"] == "PERMIT"]
    refusals = [row for row in rows if row["decision"] != "PERMIT"]
    return {"case": plan.case, "decisions": rows, "asks": asks, "refusals": refusals}
