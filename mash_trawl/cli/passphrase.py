"""Passphrases are asked on the terminal: never an argument, never a variable."""

from __future__ import annotations

import sys

import click

from mash_trawl.errors import Misconfigured, Problem


def ask_passphrase() -> bytes:
    """The passphrase of a reader key, typed unseen. Misconfigured when there is no terminal."""
    _need_terminal()
    return str(click.prompt("Passphrase of your reader key", hide_input=True, err=True)).encode()


def new_passphrase() -> bytes:
    """A new passphrase, typed twice, at least twelve characters long."""
    _need_terminal()
    while True:
        typed = str(
            click.prompt("New passphrase for your reader key", hide_input=True, confirmation_prompt=True, err=True)
        )
        if len(typed) >= 12:
            return typed.encode()
        click.echo("Please use at least 12 characters: three or four words do well.", err=True)


def _need_terminal() -> None:
    if not sys.stdin.isatty():
        raise Misconfigured(
            Problem(
                where="reader key",
                what="the passphrase is asked on a terminal, and there is none.",
                do="Run this in a terminal, or make the hub with `init --no-passphrase`.",
            )
        )
