"""`family check`: whether a template is whole, which words it lacks, and how hard its English is to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mash_trawl.render.family.template import Template


def check_template(file: Path, *, as_json: bool) -> int:
    """Say what was found; 3 when the reading age is over the limit. Misconfigured for faults, by file and line."""
    from mash_trawl.cli.main import EXIT_INCOMPLETE
    from mash_trawl.render.family.files import read_file
    from mash_trawl.render.family.reading_age import EASY_LIMIT, LIMIT, reading_age

    template = read_file(file)
    limit = EASY_LIMIT if template.easy else LIMIT
    age = reading_age(_own_words(template)) if template.language.startswith("en") else None
    lacks = missing_words(template)
    over = age is not None and age > limit
    if as_json:
        told = {"template": template.version, "kind": template.kind, "language": template.language,
                "easy_read": template.easy, "reading_age": age, "limit": limit, "lacks": lacks}  # fmt: skip
        click.echo(json.dumps(told, indent=2))
        return EXIT_INCOMPLETE if over else 0
    easy = ", easy read" if template.easy else ""
    click.echo(f"{template.version}: a {template.kind} in {template.language}{easy}. Nothing is wrong with its signs.")
    if age is None:
        click.echo("Its reading age is not measured: the formula is for English. Let a reader of the language judge.")
    else:
        click.echo(
            f"Reading age {age} (limit {limit:g}){': TOO HARD. Use shorter sentences and words' if over else ''}."
        )
    if lacks:
        click.echo(f"It has no words of its own for {len(lacks)} codes; the profile's (English) stand there instead:")
        click.echo(f"  {', '.join(lacks)}")
    return EXIT_INCOMPLETE if over else 0


def _own_words(template: Template) -> list[str]:
    """What is read as sentences: paragraphs and the laws' words, with a short stand-in for every placeholder.

    Headings and list items are left out: short as they are, they would make any text look easy.
    """
    from mash_trawl.render.family.template import without_places

    said = [without_places(block.text) for block in template.blocks if block.tag == "p"]
    return [*said, *(words for code, words in template.words.items() if code.startswith("law."))]


def missing_words(template: Template) -> list[str]:
    """The national base's agencies, kinds and laws in force that the template has no words for, and that a letter can
    name."""
    from mash_trawl.config.profiles import load_profile

    base = load_profile("base", Path())
    codes = [
        code
        for name, agency in base.agencies.items()
        for code in (name, *(f"{name}.{kind}" for kind, it in agency.categories.items()
                             if not it.hidden_existence and it.told != "no" and it.by_consent))
    ] + [f"law.{name}" for name, power in base.gateways.items() if power.in_force_from]  # fmt: skip
    return [code for code in codes if code not in template.words]
