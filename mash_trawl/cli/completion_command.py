"""`completion`: the script that teaches a shell to complete this program's commands."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $at)
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = $line.ToString().Substring(0, [Math]::Min($at, $line.ToString().Length))
    $env:COMP_WORD = $word
    try {
        & %(prog_name)s | ForEach-Object {
            $kind, $value, $help = $_ -split "`t", 3
            if ($kind -eq 'plain') {
                $shown = if ($help) { $help } else { $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $shown)
            }
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_WORD
    }
}
"""


@add_completion_class
class PowerShellComplete(ShellComplete):
    """Windows PowerShell and PowerShell 7, which click does not know by itself. Never run on Windows by us."""

    name = "powershell"
    source_template = POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words of the line before the one that is being typed, and that one."""
        import os

        from click.shell_completion import split_arg_string

        words, word = split_arg_string(os.environ.get("COMP_WORDS", "")), os.environ.get("COMP_WORD", "")
        before = words[1:-1] if word and words and words[-1] == word else words[1:]
        return before, word

    def format_completion(self, item: CompletionItem) -> str:
        """One line: what kind of completion, the value, a help."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL; put its output where your shell reads it at its start.

    bash: mash-trawl completion bash >> ~/.bashrc; PowerShell: mash-trawl completion powershell >> $PROFILE
    """
    kind: Any = get_completion_class(shell)
    click.echo(kind(ctx.find_root().command, {}, "mash-trawl", "_MASH_TRAWL_COMPLETE").source())
