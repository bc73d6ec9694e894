"""`explain`: the whole way to one decision, step by step. Acts on nothing and sends nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.decision import Decision, Decisions
    from mash_trawl.model.derivation import Derivation
    from mash_trawl.model.profile import Profile


@click.command("explain")
@click.argument("case_text", metavar="CASE")
@click.argument("person", metavar="PERSON")
@click.argument("source", metavar="SOURCE")
@click.option("--category", help="Only this one, for example health.gp_summary.")
@click.option("--html", "html", type=click.Path(dir_okay=False, path_type=Path), help="Write a sheet for the file.")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: ids, no names.")
@click.pass_context
def command(
    ctx: click.Context, case_text: str, person: str, source: str, category: str | None, html: Path | None,
    plain: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show how the decision about PERSON (their id in CASE) and SOURCE came about, rule by rule. Sends nothing."""
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import open_hub
    from mash_trawl.consent import derive

    hub = open_hub(ctx)
    case = living_case(hub, case_text)
    plan, profile = hub.plan(case), hub.profile_of(case)
    chosen = _chosen(plan.decisions, case, hub, person, source, category)
    found = tuple(derive(case, profile, item, backing=plan.backing) for item in chosen)
    if html is not None:
        from mash_trawl.cli.decision_sheets import print_explain

        print_explain(hub, case, plan, found, html)
    if as_json:
        click.echo(json.dumps(as_plain(plan.decisions, profile, found), indent=2, ensure_ascii=False))
    if as_json or html is not None:
        return
    from mash_trawl.product.plain import person_name
    from mash_trawl.render.explain_tables import explain_tables
    from mash_trawl.render.tables import draw

    names = {one.id: person_name(one) for one in case.people}
    draw(explain_tables(found, plan.decisions, profile, names), sys.stdout, simple=plain)


def _chosen(
    decisions: Decisions, case: Case, hub: Hub, person: str, source: str, category: str | None
) -> tuple[Decision, ...]:
    """The decisions that are asked about; Misconfigured for a person, a source or a category that is not there."""
    _known("PERSON", person, [one.id for one in case.people], "the case has nobody with this id.")
    _known("SOURCE", source, list(hub.registry.names), "this hub has no source of this name.")
    about = decisions.about(source, person)
    if not about:
        what = "this source offers nothing that the case's profile knows."
        raise Misconfigured(Problem(where="SOURCE", what=what, do="Look at `mash-trawl connectors list`."))
    if category is None:
        return about
    _known("--category", category, [item.category for item in about], "this source does not offer this category.")
    return tuple(item for item in about if item.category == category)


def _known(where: str, given: str, known: list[str], what: str) -> None:
    if given not in known:
        raise Misconfigured(Problem(where=where, what=what, do=f"Use one of: {', '.join(known)}."))


def as_plain(decisions: Decisions, profile: Profile, found: Collection[Derivation]) -> dict[str, Any]:
    """The published JSON shape: no names."""
    first = next(iter(found)).decision
    return {
        "case": decisions.case,
        "profile": profile.id,
        "profile_version": profile.version,
        "at": decisions.at.isoformat(),
        "person": first.person,
        "source": first.source,
        "agency": first.agency,
        "categories": [_category(item) for item in found],
    }


def _category(found: Derivation) -> dict[str, Any]:
    item = found.decision
    return {
        "category": item.category,
        "decision": item.outcome.value,
        "mode": item.mode,
        "rule": item.rule,
        "reason": item.reason,
        "unlock": item.unlock,
        "why": item.why,
        "basis": item.basis,
        "obligations": list(item.obligations),
        "since": item.since.isoformat() if item.since else None,
        "expires_at": item.expires_at.isoformat() if item.expires_at else None,
        "steps": [{"step": one.step, "mark": one.mark, "says": one.says} for one in found.steps],
    }
