"""The command group: names and one-line helps only; a command's module is imported when it runs.

`--help` and `--version` must stay quick, so this page imports little: click, and nothing that they do not need.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from mash_trawl import __version__
from mash_trawl.errors import Misconfigured, Refused, TrawlError
from mash_trawl.system import no_core_dump

COMMANDS = {
    "demo": "Build a synthetic county, trawl one family, seal the product, say what to do next.",
    "init": "Make a new hub: keys, database, commented hub.yaml; enrols this account.",
    "check": "Look the hub over: configuration, drivers, connectors, reachability, keys, clock, ledger, folder.",
    "schema": "Print the JSON Schema of profile, hub, source, case, product, agreement, threshold or dossier.",
    "profile": "What differs between two profiles; contradictions, and rules that nothing reaches, in one.",
    "case": "Make a case by answering questions or from a form; what is missing in it; add people to it.",
    "consent": "Sign what the family agreed to, refused or took back: add, withdraw.",
    "gateway": "Sign your decision to rely on a legal power: add.",
    "decide": "What in a case waits for a named person, and their signed answer; countersigning an emergency.",
    "dispute": "Note that the family or an agency disputes something in a product; it is shown beside the claim.",
    "review": "Records that may be somebody's of the case: side by side; confirm or reject them, signed.",
    "approve": "Sign that a configuration file may count as it is; without a file: what needs it.",
    "plan": "Every decision with its reason and what would unlock it. Sends nothing.",
    "explain": "How the decision about one person and one source came about, rule by rule. Sends nothing.",
    "run": "The trawl: ask, match, compose, seal.",
    "receive": "Take in a file that an agency sent by mail or on a disk: sealed, its clear copy deleted.",
    "request": "Write the request on paper to a source that is a person: a workbook and a page to fill in.",
    "return": "Take in what a person sent back to a request, and seal it into the next version.",
    "returns": "What people owe on paper over all cases: until when, how late, whom to ring. Sends nothing.",
    "batch": "Many cases: what is due, several at once, resumable after a kill; `batch status` tells of the last one.",
    "status": "Where a case stands: its clock, who owes an answer, whom to ring, what waits. Sends nothing.",
    "family": "Letters to a family: what will be asked, what was shared; what is held back and why. Sends nothing.",
    "open": "Open a sealed product: manifest and counts; content with --text or --json.",
    "view": "Show a sealed product in the browser of this machine, from memory.",
    "export": "Write a plain copy (html or json) of an opened product. It is listed; it cannot be destroyed.",
    "outcome": "Write a note for each record of one source: what came of it, whom to ring. Sends nothing.",
    "readers": "Who may open a product: list, grant, revoke.",
    "keys": "Who may act and read: init, enrol, list.",
    "hub": "The hubs that this account made or trusts: trust, forget, list.",
    "destroy": "Destroy every sealed copy of a case's products by destroying their key.",
    "sources": "Which systems may be asked now; suspend one at once, let it be asked again.",
    "dossier": "What a data protection officer and a Caldicott Guardian sign, from the live configuration.",
    "calibrate": "Matching measured on the authority's own tables: frequencies, weights, threshold, drift.",
    "connectors": "List the connectors and what they offer.",
    "audit": "Verify, show or export the ledger.",
    "completion": "Print the script that completes commands, case ids and sources in your shell.",
}
EXIT_MISCONFIGURED, EXIT_INCOMPLETE, EXIT_NOTHING_PERMITTED, EXIT_REFUSED, EXIT_STOPPED = 2, 3, 4, 5, 130


class LazyGroup(click.Group):
    """Knows the names of its commands, and imports one only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"mash_trawl.cli.{cmd_name}_command").command
        if ctx.resilient_parsing:  # the shell wants to know what could follow
            command = import_module("mash_trawl.cli.complete").teach(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--hub", "hub", type=click.Path(file_okay=False), help="The hub's folder.")
@click.version_option(__version__, prog_name="mash-trawl")
@click.pass_context
def group(ctx: click.Context, hub: str | None) -> None:
    """Gather what agencies hold about a family, lawfully and about the right people, into one sealed record."""
    from pathlib import Path

    ctx.obj = Path(hub) if hub else None


def say(line: str = "") -> None:
    """One line for people, on standard error, so that standard output stays for results."""
    click.echo(line, err=True)


def main(arguments: Sequence[str]) -> int:
    """Run one command; every error becomes one clear line and an exit code."""
    _private_process()
    if os.environ.get("_MASH_TRAWL_COMPLETE", "").startswith("powershell"):
        import_module("mash_trawl.cli.completion_command")  # it knows the shell that click does not
    try:
        done: Any = group.main(list(arguments), prog_name="mash-trawl", standalone_mode=False)
    except click.exceptions.Abort:
        say("Stopped.")
        return EXIT_STOPPED
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except KeyboardInterrupt:
        say("Stopped.")
        return EXIT_STOPPED
    except Misconfigured as problem:
        for item in problem.problems:
            say(f"error: {item}")
        return EXIT_MISCONFIGURED
    except Refused as problem:
        say(f"refused: {problem}")
        return EXIT_REFUSED
    except TrawlError as problem:
        say(f"error: {problem}")
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as problem:
        _unexpected(problem)
        return 1
    return done if isinstance(done, int) else 0


def _private_process() -> None:
    """What only a program of its own may set: new files for this account alone, and no core dump of keys."""
    os.umask(0o077)
    no_core_dump()


def _unexpected(problem: Exception) -> None:
    """Say where an unforeseen error arose, without its text or any value, which could be personal."""
    from pathlib import Path

    trace = problem.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
    say(f"error: {type(problem).__name__} at {place}. Nothing was sealed. Please report this line.")
