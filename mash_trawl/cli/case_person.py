"""`case person add`: a person typed in, or one whom an agency mentioned in a trawl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.main import EXIT_STOPPED, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
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
@click.option("--role", "roles", multiple=True, help="Their role, said once or more: then no question is asked.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def add(ctx: click.Context, case: str, found: str | None, roles: tuple[str, ...], as_json: bool) -> int:
    """Add a person to CASE: by answering questions, or with --found one whom an agency mentioned.

    Nothing is asked about anybody for being added: that needs an agreement, or a decision, of its own.
    """
    from mash_trawl.cli.case_edit import keeper
    from mash_trawl.cli.find_case import find_case
    from mash_trawl.cli.place import command_for, hub_folder
    from mash_trawl.config.case import load_case
    from mash_trawl.config.write import fingerprint

    folder = hub_folder(ctx.obj)
    path = find_case(folder, case)
    keep = keeper(path, fingerprint(path))
    draft = load_case(path)
    if found is None:
        changed = _typed(draft, folder, keep, command_for(ctx))
    else:
        product, version = _newest(ctx, draft)
        if found == _LIST:
            _list(product, draft, as_json)
            return 0
        changed = _found(draft, folder, product, version, _number(found), roles, keep)
    if changed is None:
        say("Abandoned. Nothing was written.")
        return EXIT_STOPPED
    return _tell(path, changed, as_json, command_for(ctx))


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


def _typed(case: Case, folder: Path, keep: Callable[[Case], str], begins: str) -> Case | None:
    """The case with a person about whom every question was asked, written; None when it is abandoned."""
    from mash_trawl.cli.case_check import profile_of
    from mash_trawl.cli.case_new import Terminal, desk_at
    from mash_trawl.cli.interview import hold
    from mash_trawl.hub import system_clock

    profile, desk = profile_of(case, folder), desk_at(folder, system_clock, begins)
    return hold(lambda: ask_new_person(desk, case, profile, keep), Terminal())


def ask_new_person(desk: Desk, case: Case, profile: Profile, keep: Callable[[Case], str]) -> Script[Case | None]:
    """Who the person is, how they are related, and whether to keep them."""
    from mash_trawl.cli.case_edit import nothing
    from mash_trawl.cli.interview_person import ask_person, drafts_of, free_id
    from mash_trawl.cli.interview_ties import ask_ties

    people = drafts_of(case)
    ties: list[dict[str, Any]] = []
    person = yield from ask_person(profile, desk.today, people, free_id(people))
    if person is None:
        raise nothing(
            "this person is in the case already", f"`{desk.begins} case change {case.id}` corrects what is there."
        )
    yield from ask_ties(profile, people, ties, new=person["id"])
    return (yield from _ask_to_add(case, profile, person, ties, keep))


def _ask_to_add(
    case: Case, profile: Profile, person: dict[str, Any], ties: list[dict[str, Any]], keep: Callable[[Case], str]
) -> Script[Case | None]:
    """What was understood of the person, and whether to add them."""
    from mash_trawl.cli.case_edit import ask_to_write
    from mash_trawl.cli.interview_person import drafts_of
    from mash_trawl.cli.interview_read import label
    from mash_trawl.cli.interview_summary import person_words

    def understood(changed: Case) -> Iterator[str]:
        added = drafts_of(changed)[-1]
        yield from ("", f"  {label(added)} ({', '.join(added['roles']).replace('_', ' ')})")
        yield from (f"      {line}" for line in person_words(added, profile))

    why = "Nothing is asked about them before there is an agreement, or a decision, that covers them."
    last = (f"Add {label(person)} to the case?", why)
    return (yield from ask_to_write(case, profile, more(case, person, ties), last, keep, understood))


def more(case: Case, person: dict[str, Any], ties: list[dict[str, Any]]) -> dict[str, Any]:
    """The people and relationships of the case with one person more."""
    from mash_trawl.config.write import plain_case

    return {"people": [*plain_case(case.people), person], "relationships": [*plain_case(case.relationships), *ties]}


def _found(
    case: Case, folder: Path, product: Product, version: int, number: int, roles: tuple[str, ...],
    keep: Callable[[Case], str],
) -> Case | None:  # fmt: skip
    """The case with the found person of this number, written; nothing is asked when --role says their role."""
    from mash_trawl.cli.case_check import profile_of
    from mash_trawl.cli.case_new import Terminal
    from mash_trawl.cli.found_people import chosen
    from mash_trawl.cli.interview import hold
    from mash_trawl.errors import Misconfigured, Problem

    person = chosen(product, number)
    _not_there_yet(case, person)
    profile = profile_of(case, folder)
    if not roles:
        return hold(lambda: ask_found(case, profile, person, version, keep), Terminal())
    changed = with_found(case, person, version, roles)
    if fault := keep(changed):
        raise Misconfigured(Problem(where="the case", what=fault))
    return changed


def with_found(case: Case, person: ProductPerson, version: int, roles: tuple[str, ...]) -> Case:
    """The case with a found person in these roles, and no relationship. Misconfigured for what cannot be."""
    from mash_trawl.cli.found_people import draft_of
    from mash_trawl.cli.interview_person import drafts_of, free_id
    from mash_trawl.config.case import load_case
    from mash_trawl.config.write import plain_case

    draft = draft_of(person, free_id(drafts_of(case)), version, {}) | {"roles": roles}
    return load_case(plain_case(case) | more(case, draft, []))


def ask_found(
    case: Case, profile: Profile, person: ProductPerson, version: int, keep: Callable[[Case], str]
) -> Script[Case | None]:
    """What a computer cannot know of a found person: which words are the family name, their role, their relations;
    and whether to add them."""
    from mash_trawl.cli.found_people import draft_of, parts_of
    from mash_trawl.cli.interview_person import ask_role, drafts_of, free_id
    from mash_trawl.cli.interview_read import pick
    from mash_trawl.cli.interview_ties import ask_ties

    people = drafts_of(case)
    split: dict[str, tuple[str, ...]] = {}
    for held in person.names:
        words = held.value.split()
        if len(words) > 2:
            offered = {str(at): " ".join(words[at:]) for at in range(1, len(words))}
            last = str(len(words) - 1)
            why = "The agency wrote the name in one line. The family name is searched by."
            at = yield pick(f"Which is the family name in: {held.value}?", why, offered, empty=last,
                            otherwise=offered[last])  # fmt: skip
            split[held.value] = parts_of(held.value, int(at))
    draft = draft_of(person, free_id(people), version, split)
    ties: list[dict[str, Any]] = []
    draft["roles"] = yield ask_role(profile, draft["id"])
    yield from ask_ties(profile, [*people, draft], ties, new=draft["id"])
    return (yield from _ask_to_add(case, profile, draft, ties, keep))


def _not_there_yet(case: Case, person: ProductPerson) -> None:
    """Misconfigured when somebody of this name and birth date is in the case: they would be asked about twice."""
    from mash_trawl.errors import Misconfigured, Problem

    names = {" ".join(held.value.casefold().split()) for held in person.names}
    for known in case.people:
        mine = {" ".join([*name.given, name.family or ""]).casefold().strip() for name in known.names}
        if names & mine and (known.born.edtf if known.born else None) == (person.born.edtf if person.born else None):
            what = f"somebody of this name and date of birth is in the case already ({known.id})."
            raise Misconfigured(Problem(where="--found", what=what, do="Add other people only."))


def _tell(path: Path, case: Case, as_json: bool, begins: str) -> int:
    """Who was added, and what comes next."""
    ident = case.people[-1].id
    if as_json:
        click.echo(json.dumps({"case": case.id, "file": str(path), "person": ident}, indent=2, ensure_ascii=False))
        return 0
    click.echo(f"Added {ident} to case {case.id}.")
    say(f"Nothing is asked about {ident} before an agreement or a decision covers them: `{begins} plan {case.id}`.")
    return 0
