"""`sources`: which may be asked now; suspend one at once, and let it be asked again. Both are signed statements."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.statement import Checked, Said


@click.group("sources")
def command() -> None:
    """The agency systems: list, suspend, resume."""


@command.command("list")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def list_sources(ctx: click.Context, plain: bool, as_json: bool) -> None:
    """Every source: whether it may be asked, and who suspended it, when and why."""
    from mash_trawl.cli.place import open_hub
    from mash_trawl.render.source_tables import source_tables
    from mash_trawl.render.tables import draw

    rows = standing(open_hub(ctx))
    if as_json:
        click.echo(json.dumps({"sources": rows}, indent=2, ensure_ascii=False))
        return
    draw(source_tables(rows), sys.stdout, simple=plain)


def _about_one(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of `suspend` and `resume`."""
    options = (
        click.argument("name", metavar="SOURCE"),
        click.option("--reason", required=True, help="Why; goes into the signed statement. No personal data."),
        click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="Your own key file."),
        click.option("--yes", "sure", is_flag=True, help=f"Sign that you {kind} it without asking again."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.pass_context,
    )

    def dressed(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            function = option(function)
        return function

    return dressed


@command.command("suspend")
@_about_one("suspend")
def suspend(ctx: click.Context, name: str, reason: str, key: Path | None, sure: bool, as_json: bool) -> None:
    """Ask SOURCE nothing from now on, in every case: no new request leaves, also in trawls that are under way."""
    from mash_trawl.model.statement import Suspension

    _say(ctx, Suspension(source=name, reason=reason.strip()), key, sure, as_json)


@command.command("resume")
@_about_one("resume")
def resume(ctx: click.Context, name: str, reason: str, key: Path | None, sure: bool, as_json: bool) -> None:
    """Let a suspended SOURCE be asked again."""
    from mash_trawl.model.statement import Resumption

    _say(ctx, Resumption(source=name, reason=reason.strip()), key, sure, as_json)


def _say(ctx: click.Context, said: Said, key: Path | None, sure: bool, as_json: bool) -> None:
    from mash_trawl.cli.main import say as tell
    from mash_trawl.cli.place import command_for, open_hub
    from mash_trawl.cli.signing import sign_all

    hub = open_hub(ctx)
    hub.require("suspend")
    name, reason = _checked(hub, said, command_for(ctx))
    stop = type(said).__name__ == "Suspension"
    words = f"The source {name} is {'not to be asked from now on' if stop else 'to be asked again'}."
    (made,) = sign_all(hub, [(said, (words, f"Reason: {reason}"))], None, key=key, sure=sure)
    row = next(row for row in standing(hub) if row["name"] == name)
    if as_json:
        signed = {"statement": made.id, "by": made.by, "at": made.at.isoformat(), "reason": reason}
        click.echo(json.dumps({"source": name, "state": row["state"], "why": row["why"]} | signed, indent=2))
        return
    tell(f"Signed, statement {made.id}. {_after(name, row, command_for(ctx))}")


def _after(name: str, row: dict[str, Any], begins: str) -> str:
    if row["state"] == "open":
        return f"{name} may be asked again. What was not asked meanwhile is asked by the next run."
    if row["state"] == "suspended" and row["by"] != "hub.yaml":
        resume = f"{begins} sources resume {name} --reason TEXT"
        return f"{name} is suspended in every case. `{resume}` lets it be asked again."
    return f"{name} cannot be asked all the same: {row['why'].replace('_', ' ')}."


def _checked(hub: Hub, said: Any, begins: str) -> tuple[str, str]:
    """Name and reason; Misconfigured for an unknown source, Refused for one that is so already."""
    name, reason = str(said.source), str(said.reason)
    if name not in hub.registry.names:
        do = f"Use one of: {', '.join(hub.registry.names)}."
        raise Misconfigured(Problem(where="SOURCE", what="this hub has no source of this name.", do=do))
    if not reason:
        raise Misconfigured(Problem(where="--reason", what="the reason is empty.", do="Say why, in a sentence."))
    held = _suspensions(hub)
    if type(said).__name__ == "Suspension" and name in held:
        by = held[name].statement.by
        raise Refused(
            "suspended_already", f"{name} is suspended already, by {by}", f"`{begins} sources list` says why."
        )
    if type(said).__name__ == "Resumption" and name not in held:
        in_file = hub.settings.source(name).suspended is not None
        do = "Take `suspended:` out of hub.yaml." if in_file else f"`{begins} sources list` says how it stands."
        raise Refused("not_suspended", f"nobody suspended {name} by a statement", do)
    return name, reason


def _suspensions(hub: Hub) -> dict[str, Checked]:
    from mash_trawl.said import heard, suspended

    return suspended(heard(hub, None))


def standing(hub: Hub) -> list[dict[str, Any]]:
    """Each source as the published JSON shape has it. What hub.yaml suspends is `by` hub.yaml."""
    from mash_trawl.sources.breaker import Breakers

    held, breakers = _suspensions(hub), Breakers.of(hub.store, hub.clock)
    rows = [_row(item.name, item.agency, item.why, held.get(item.name), hub) for item in hub.registry.describe()]
    for row in rows:
        failures, until = breakers.standing(row["name"])
        row["failures"] = failures
        row["left_alone_until"] = until.isoformat() if until else None
    return rows


def _row(name: str, agency: str, why: str, held: Checked | None, hub: Hub) -> dict[str, Any]:
    said: Any = held.statement.said if held else None
    in_file = hub.settings.source(name).suspended
    state = "suspended" if held or in_file is not None else "not_connected" if why else "open"
    return {
        "name": name,
        "agency": agency,
        "state": state,
        "why": "suspended" if held else why or None,
        "by": held.statement.by if held else "hub.yaml" if in_file is not None else None,
        "at": held.statement.at.isoformat() if held else None,
        "reason": said.reason if held else in_file,
    }
