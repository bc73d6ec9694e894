"""`case person add`: a person typed in, or one whom an agency mentioned in a trawl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_STOPPED, say

if TYPE_CHECKING:
    from mash_trawl.cli.interview import Script
    from mash_trawl.model.case import Case
    from mash_trawl.model.product import Product, ProductPerson
    from mash_trawl.model.profile import Profile

_LIST = "list"


@click.group("person")
def command() -> None:
    """People of a case."""


@command.command("add")
@click.argument("case", metavar="CASE")
@click.option("--found", is_flag=False, flag_value=_LIST, metavar="[N]",
              help="The found person with this number; without a number: list them.")  # fmt: skip
@click.option("--role", "roles", multiple=True, help="Their role; asked when it is left out. May be said again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def add(ctx: click.Context, case: str, found: str | None, roles: tuple[str, ...], as_json: bool) -> int:
    """Add a person to CASE: by answering questions, or with --found one whom an agency mentioned.

    Nothing is asked about anybody for being added: that needs an agreement, or a decision, of its own.
    """
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.place import hub_folder
    from mash_trawl.config.case import load_case
    from mash_trawl.config.write import fingerprint

    folder = hub_folder(ctx.obj)
    path = find_case(folder, case)
    read = fingerprint(path)
    draft = load_case(path)
    if found is None:
        changed = _typed(draft, folder)
    else:
        product, version = _newest(ctx, draft)
        if found == _LIST:
            _list(product, draft, as_json)
            return 0
        changed = _found(draft, folder, product, version, _number(found), roles)
    if changed is None:
        say("Abandoned. Nothing was written.")
        return EXIT_STOPPED
    return _write(path, changed, read, as_json)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise click.UsageError("--found needs the number of a person; `--found` alone lists them.")
    return int(text)


def _newest(ctx: click.Context, case: Case) -> tuple[Product, int]:
    """The newest product of the case, opened as its reader, and its version."""
    from mash_trawl.cli.open_command import unseal
    from mash_trawl.cli.place import open_hub
    from mash_trawl.config.read import read_value
    from mash_trawl.model.product import Product

    opened = unseal(open_hub(ctx), case.id, None, None, "people found in the trawl")
    return read_value(Product, opened.body, "product"), int(opened.manifest["version"])


def _list(product: Product, case: Case, as_json: bool) -> None:
    from mash_trawl.cli import found_people
    from mash_trawl.render.safe import visible

    if as_json:
        found = {"case": case.id, "found": found_people.as_plain(product)}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for line in found_people.as_words(product):
        click.echo(visible(line))


def _typed(case: Case, folder: Path) -> Case | None:
    """The case with a person about whom every question was asked."""
    from mash_trawl.cli.case_check import profile_of
    from mash_trawl.cli.case_new import Terminal
    from mash_trawl.cli.interview import hold

    profile = profile_of(case, folder)
    return hold(lambda: ask_new_person(case, profile), Terminal())


def ask_new_person(case: Case, profile: Profile) -> Script[Case | None]:
    """Who the person is, how they are related, and whether to keep them."""
    from mash_trawl.cli.interview import Choice, Question
    from mash_trawl.cli.interview_person import ask_person, drafts_of, free_id, label
    from mash_trawl.cli.interview_ties import ask_ties
    from mash_trawl.hub import system_clock

    people = drafts_of(case)
    ties: list[dict[str, Any]] = []
    person = yield from ask_person(profile, system_clock().date(), people, free_id(people))
    yield from ask_ties(profile, people, ties, new=person["id"])
    words = (Choice(code="save", words="Add"), Choice(code="abandon", words="Do not add: nothing is written"))
    why = "Nothing is asked about them before there is an agreement, or a decision, that covers them."
    keep = yield Question(ask=f"Add {label(person)} to the case?", why=why, choices=words, needed=True, last=True)
    return with_person(case, person, ties) if keep == "save" else None


def with_person(case: Case, person: dict[str, Any], ties: list[dict[str, Any]]) -> Case:
    """The case with one person more. Raises Misconfigured for what cannot be."""
    from mash_trawl.config.case import load_case
    from mash_trawl.config.write import plain_case
    from mash_trawl.model.base import to_plain

    plain = plain_case(case)
    plain["people"] = [*plain["people"], to_plain(person)]
    plain["relationships"] = [*plain.get("relationships", ()), *ties]
    return load_case(plain)


def _found(case: Case, folder: Path, product: Product, version: int, number: int, roles: tuple[str, ...]) -> Case:
    """The case with the found person of this number; their role and relationships are asked unless --role says it."""
    from mash_trawl.cli.case_check import profile_of
    from mash_trawl.cli.case_new import Terminal
    from mash_trawl.cli.found_people import chosen
    from mash_trawl.cli.interview import hold

    person = chosen(product, number)
    _not_there_yet(case, person)
    profile = profile_of(case, folder)
    return hold(lambda: ask_found(case, profile, person, version, roles), Terminal(end_is_empty=True))


def ask_found(
    case: Case, profile: Profile, person: ProductPerson, version: int, roles: tuple[str, ...]
) -> Script[Case]:
    """What a computer cannot know of a found person: which words are the family name, their role, their relations."""
    from mash_trawl.cli.found_people import draft_of, parts_of
    from mash_trawl.cli.interview_person import ask_role, drafts_of, free_id
    from mash_trawl.cli.interview_read import pick
    from mash_trawl.cli.interview_ties import ask_ties

    people = drafts_of(case)
    split: dict[str, tuple[str, ...]] = {}
    for held in person.names:
        words = held.value.split()
        if len(words) > 2 and not roles:
            offered = {str(at): " ".join(words[at:]) for at in range(1, len(words))}
            last = str(len(words) - 1)
            why = "The agency wrote the name in one line. The family name is searched by."
            at = yield pick(f"Which is the family name in: {held.value}?", why, offered, empty=last,
                            otherwise=offered[last])  # fmt: skip
            split[held.value] = parts_of(held.value, int(at))
    draft = draft_of(person, free_id(people), version, split)
    ties: list[dict[str, Any]] = []
    draft["roles"] = roles or (yield ask_role(profile, draft["id"]))
    if not roles:
        yield from ask_ties(profile, [*people, draft], ties, new=draft["id"])
    return with_person(case, draft, ties)


def _not_there_yet(case: Case, person: ProductPerson) -> None:
    """Misconfigured when somebody of this name and birth date is in the case: they would be asked about twice."""
    from mash_trawl.errors import Misconfigured, Problem

    names = {" ".join(held.value.casefold().split()) for held in person.names}
    for known in case.people:
        mine = {" ".join([*name.given, name.family or ""]).casefold().strip() for name in known.names}
        if names & mine and (known.born.edtf if known.born else None) == (person.born.edtf if person.born else None):
            what = f"somebody of this name and date of birth is in the case already ({known.id})."
            raise Misconfigured(Problem(where="--found", what=what, do="Add other people only."))


def _write(path: Path, case: Case, read: str | None, as_json: bool) -> int:
    from mash_trawl.config.write import replace_case

    replace_case(path, case, over=read)
    ident = case.people[-1].id
    if as_json:
        click.echo(json.dumps({"case": case.id, "file": str(path), "person": ident}, indent=2, ensure_ascii=False))
        return 0
    click.echo(f"Added {ident} to case {case.id}.")
    say(f"Nothing is asked about {ident} before an agreement or a decision covers them: `mash-trawl plan {case.id}`.")
    return 0
