"""`connectors test NAME --live`: the kit at a source of the hub itself."""

from __future__ import annotations

import json

import click


def ask_live(ctx: click.Context, name: str, *, as_json: bool) -> int:
    """Ask about the source's own test person; the exit code. Raises Misconfigured or Refused."""
    from mash_trawl.cli.connectors_test import exit_code, plain, told
    from mash_trawl.cli.place import open_hub
    from mash_trawl.errors import Misconfigured, Problem
    from mash_trawl.said import refuse_closed
    from mash_trawl.testing.kit import Report
    from mash_trawl.testing.live import live

    hub = open_hub(ctx)
    hub.require("test_source")
    if name not in hub.registry.names:
        do = f"Use one of: {', '.join(hub.registry.names)}."
        raise Misconfigured(Problem(where="NAME", what="this hub has no source of this name.", do=do))
    source = hub.registry.source(name)
    where = f"source {name}"
    if source.settings is None or source.connector is None or source.why is not None:
        why = source.why.value.replace("_", " ") if source.why else "it has no connector"
        raise Misconfigured(Problem(where=where, what=f"it cannot be asked: {why}."))
    person = source.settings.test_person
    if person is None:
        do = "Write `test_person:` under it in hub.yaml: somebody who does not exist, with `ref` and facts."
        raise Misconfigured(Problem(where=where, what="hub.yaml names nobody to test it with.", do=do))
    refuse_closed(hub, source.settings)
    report = Report(connector=name, results=live(hub.gate, name, source.connector, person), milliseconds=0)
    click.echo(json.dumps(plain([report], []), indent=2) if as_json else "\n".join(told(report)))
    return exit_code([report])
