"""`family`: what a family is told before and after the asking, what is held back, and how they are reached safely."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from mash_trawl.cli.family_letters import Done


@click.group("family")
def command() -> None:
    """Tell a family what will be asked and what was shared; see what is held back and why. Nothing is ever sent."""


def _wording(run: Callable[..., int]) -> Callable[..., int]:
    """The options that notice and sheet share: for whom, in which words, where to."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print what was made and held, as one JSON object."),
        click.option("--to", "to", type=click.Path(file_okay=False, path_type=Path), required=True,
                     help="The folder for the letters; made if it is not there."),
        click.option("--easy-read", "easy", is_flag=True, help="The easy-read wording."),
        click.option("--language", help="A template's language, such as en (default: the person's own)."),
    ):  # fmt: skip
        run = option(run)
    return run


@command.command("notice")
@click.argument("case_text", metavar="CASE")
@click.option("--person", "people", multiple=True, help="Whom to write to, such as p3 (default: the whole family).")
@_wording
@click.pass_context
def notice(
    ctx: click.Context, case_text: str, people: tuple[str, ...], language: str | None, easy: bool, to: Path,
    as_json: bool,
) -> int:  # fmt: skip
    """Before the asking: write each person a letter on what will be asked, of whom, and why. Sends nothing.

    Ends with 0 when everybody's was written, 3 when somebody's is held: `family held` says why and until when.
    """
    from mash_trawl.cli.family_letters import Wording, make_notices

    return _tell(make_notices(ctx, case_text, people, Wording(language=language, easy=easy, to=to)), as_json)


@command.command("sheet")
@click.argument("record", metavar="RECORD")
@click.option("--person", "people", multiple=True, required=True, help="Whom it is for, such as p3.")
@_wording
@click.option("--reader", help="Whose key opens the product (default: yours).")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The reader's key file.")
@click.pass_context
def sheet(
    ctx: click.Context, record: str, people: tuple[str, ...], language: str | None, easy: bool, to: Path,
    as_json: bool, reader: str | None, key: Path | None,
) -> int:  # fmt: skip
    """After the asking: write a person what was shared about them, by whom, when and on what basis.

    RECORD is a case (file or id: its newest product), a sealed file or a record's id. The case's draft says how to
    reach whom. The sheet is a plain copy, and listed.
    """
    from mash_trawl.cli.family_letters import Wording, make_sheets

    wording = Wording(language=language, easy=easy, to=to)
    return _tell(make_sheets(ctx, record, people, wording, reader, key), as_json)


@command.command("held")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plain", is_flag=True, help="Plain lines, for a screen reader or a file.")
@click.pass_context
def held(ctx: click.Context, as_json: bool, plain: bool) -> int:
    """What is held back, why, and when somebody looks again; overdue first. Ends with 3 when something is overdue."""
    from mash_trawl.cli.family_held import show_held

    return show_held(ctx, as_json=as_json, plain=plain)


@command.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(file: Path, as_json: bool) -> int:
    """Look a template FILE over: its signs, what it must say, the words it lacks, and (English) its reading age.

    Ends with 3 when the reading age is over the limit.
    """
    from mash_trawl.cli.family_check import check_template

    return check_template(file, as_json=as_json)


@command.command("contact")
@click.argument("case_text", metavar="CASE")
@click.argument("person", metavar="PERSON")
@click.option("--json", "as_json", is_flag=True, help="Print where the draft is, as one JSON object.")
@click.pass_context
def contact(ctx: click.Context, case_text: str, person: str, as_json: bool) -> int:
    """Add a way to reach PERSON (p3) to the draft of CASE, by answering questions: is it safe, and who says so."""
    from functools import partial

    from mash_trawl.cli.case_edit import edit
    from mash_trawl.cli.interview_contact import ask_contact
    from mash_trawl.cli.place import open_hub

    open_hub(ctx).require("tell_family")
    last = ("Save this contact?", "It stands in the draft; only one that is safe is ever used.")
    return edit(ctx, case_text, partial(ask_contact, person=person), last, as_json)


def _tell(done: Done, as_json: bool) -> int:
    """Say what was made and held; 3 when anything is held."""
    from mash_trawl.cli.main import EXIT_INCOMPLETE
    from mash_trawl.model.shown import day_words
    from mash_trawl.model.telling import HOLDS
    from mash_trawl.render.safe import visible

    if as_json:
        click.echo(json.dumps(done.plain(), indent=2, ensure_ascii=False))
        return EXIT_INCOMPLETE if done.held else 0
    for made in done.made:
        click.echo(f"{made.person}: wrote {made.number} ({made.template}, {made.language}) as a page and as text.")
        if made.note:
            click.echo(f"  To heed: {visible(made.note)}")
    for held in done.held:
        whys, day = "; ".join(HOLDS[why] for why in held.whys), day_words(held.review_on.isoformat())
        click.echo(f"{held.person}: HELD, looked at again on {day}: {whys}.")
    if done.made:
        click.echo(f"In {done.folder}. They are plain copies: read them, hand them over as they say, then delete them.")
    return EXIT_INCOMPLETE if done.held else 0
