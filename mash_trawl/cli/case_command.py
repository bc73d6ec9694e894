"""`case`: making a case, and looking after it. The parts are imported one by one, when they run."""

from __future__ import annotations

from importlib import import_module

import click

PARTS = {
    "new": ("mash_trawl.cli.case_new", "Make a case by answering questions. Nobody needs to write YAML."),
    "import": ("mash_trawl.cli.case_import", "Make a case from a filled referral form (XLSX) or from JSON."),
    "form": ("mash_trawl.cli.case_form", "Write an empty referral form (XLSX), for those who refer."),
    "check": ("mash_trawl.cli.case_check", "What the referrer left out, as a list to send back."),
    "change": ("mash_trawl.cli.case_change", "Change the referral, people and relationships by answering questions."),
    "person": ("mash_trawl.cli.case_person", "Add a person: typed in, or one whom an agency mentioned."),
    "consent": ("mash_trawl.cli.case_consent", "Add an agreement or a refusal, or note that one was withdrawn."),
    "power": ("mash_trawl.cli.case_power", "Add a decision to rely on a legal power."),
    "cite": ("mash_trawl.cli.case_cite", "Choose the clauses of the threshold document that the level rests on."),
    "keyworker": ("mash_trawl.cli.case_keyworker", "Say who works with the family from now on."),
    "list": ("mash_trawl.cli.case_list", "The cases of this hub: ids, profile, priority, newest product; no names."),
}


class Parts(click.Group):
    """Knows the names of its commands, and imports one only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PARTS:
            return None
        command: click.Command = import_module(PARTS[cmd_name][0]).command
        if ctx.resilient_parsing:  # the shell wants to know what could follow
            command = import_module("mash_trawl.cli.complete").teach(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in PARTS.items()])


@click.group("case", cls=Parts)
def command() -> None:
    """Make a case, check what is missing in it, add people to it."""
