"""What waits to be recognised, in words and as JSON; and what somebody says of it, asked one by one or named."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.cli.case_words import case_again, check_person
from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.identifying import Look, Possible
    from mash_trawl.model.case import Case
    from mash_trawl.model.statement import Identified
    from mash_trawl.render.possible import Shown
    from mash_trawl.vault.opening import Unlock

Saying = tuple["Possible", "Identified"]
"""A record, and what is to be signed of it."""


def this_answer(
    seen: Look, matches: Sequence[str], person: str | None, *, same: bool, reason: str | None, begins: str,
    typed: str = "",
) -> list[Saying]:  # fmt: skip
    """One answer to the records that are named. Misconfigured when none is, or one of them does not wait."""
    from mash_trawl.identifying import chosen

    check_person(seen.case, person)

    if reason is None or not reason.strip():
        raise Misconfigured(Problem(where="--reason", what="there is none.", do="Say why; it is signed."))
    if not matches:
        do = f"Name a record with --match: `{begins} review {case_again(seen.case, typed)}` shows the ids."
        raise Misconfigured(Problem(where="review", what="no record is named.", do=do))
    found = [chosen(seen.possible, wanted, person) for wanted in dict.fromkeys(matches)]
    if same and len({(item.source, item.person) for item in found}) < len(found):
        do = "Confirm one at a time, so that each is looked at."
        raise Misconfigured(Problem(where="--match", what="two of these are records of one source.", do=do))
    return [(item, _said(seen, item, same, reason)) for item in found]


def _said(seen: Look, item: Possible, same: bool, reason: str) -> Identified:
    return seen.identified(item.person, item.source, item.ref, same=same, reason=reason)


def ask_each(seen: Look, *, simple: bool, begins: str, typed: str = "") -> list[Saying]:
    """Show each record that waits and ask: confirm, reject, or later. Nothing is signed yet."""
    from mash_trawl.cli.main import say

    sayings: list[Saying] = []
    waiting = [item for item in seen.possible if item.state == "waiting"]
    if not waiting:
        show_all(seen, as_json=False, simple=simple, begins=begins, typed=typed)
    for number, item in enumerate(waiting, 1):
        _draw(seen, [item], simple, f"{number} of {len(waiting)}")
        answer = click.prompt("Is it this person's record?", type=click.Choice(("confirm", "reject", "later")),
                              default="later", err=True)  # fmt: skip
        if answer == "later":
            continue
        reason = click.prompt("Why? It is signed", err=True)
        try:
            sayings.append((item, _said(seen, item, answer == "confirm", reason)))
        except Misconfigured:
            say("There was no reason: left for later.")
    return sayings


def sign_sayings(
    hub: Hub, case: Case, sayings: Sequence[Saying], *, key: Path | None, unlock: Unlock, sure: bool, as_json: bool,
    begins: str, typed: str = "",
) -> None:  # fmt: skip
    """Show all that is said, ask once, sign each as the actor; then say what makes it count."""
    from mash_trawl.cli.place import key_of
    from mash_trawl.cli.signing import sign_all, told
    from mash_trawl.vault.readers import key_path, read_key

    place = key or key_of(hub, hub.actor.id) or key_path(hub.reader_folder, hub.actor.id)
    wanted = [(said, list(identity_lines(item, said, case))) for item, said in sayings]
    made = sign_all(hub, wanted, case, key=key, sure=sure, unlock=lambda: read_key(place, unlock()))
    names = {one.id: f"{item.person} {item.id}" for one, (item, _) in zip(made, sayings, strict=True)}
    told(case, made, as_json, f"It counts from the next run on: `{begins} run {case_again(case, typed)}`.", names=names)


def identity_lines(item: Possible, said: Identified, case: Case) -> Iterator[str]:
    """What is signed of one record, in words: whose it is or is not, and what that does."""
    from mash_trawl.cli.saying_words import names_of
    from mash_trawl.product.plain import agency_name

    who = names_of(case).get(item.person, item.person)
    verb = "is" if said.same else "is NOT"
    yield f"{agency_name(item.agency)}, record {item.id}: {verb} {who}."
    if said.same:
        yield "The next run fetches it, as far as that is permitted, and the product says who confirmed it and why."
    else:
        yield "It is never fetched for them, and nothing of it is kept."
    yield f"Reason: {said.reason}"


def show_all(seen: Look, *, as_json: bool, simple: bool, begins: str, typed: str = "") -> None:
    """All that waits; what was said since and waits for a run; how to answer."""
    from mash_trawl.cli.main import say

    possible = seen.possible
    if as_json:
        click.echo(json.dumps(as_plain(seen), indent=2, ensure_ascii=False))
        return
    if not possible:
        click.echo("No record in this case waits for a named person.")
        return
    _draw(seen, possible, simple)
    first = next((item for item in possible if item.state == "waiting"), None)
    review = f"{begins} review {case_again(seen.case, typed)}"
    if first is not None:
        say("To answer (or `--reject`); it is shown again before you sign:")
        say(f"  `{review} --match {first.id} --person {first.person} --confirm --reason TEXT`")
    if any(item.state != "waiting" for item in possible):
        say(f"What was said counts from the next run on: `{begins} run {case_again(seen.case, typed)}`.")


def _draw(seen: Look, possible: Sequence[Possible], simple: bool, nth: str = "") -> None:
    from mash_trawl.cli.saying_words import names_of
    from mash_trawl.render.possible import possible_tables
    from mash_trawl.render.tables import draw

    names = names_of(seen.case)
    draw(possible_tables([_shown(item, names, nth) for item in possible]), sys.stdout, simple=simple)


def _shown(item: Possible, names: Mapping[str, str], nth: str) -> Shown:
    """The comparison as it is told everywhere: the bars as a table, what they come to and the guards as sentences."""
    from mash_trawl.identity.explain import words
    from mash_trawl.product.plain import agency_name

    lines = item.match.lines
    title = f"{agency_name(item.agency)}, record {item.id}: {names.get(item.person, item.person)}?"
    told = words(item.match)
    notes = (*_notes(item, names, nth), told[0], *told[1 + len(lines) :])
    return title, tuple(_sentence(note) for note in notes), lines


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:]


_SINCE = {
    "record_changed": "It was confirmed before ({by}), and what the agency holds has changed since: look again.",
    "person_changed": "It was decided before ({by}), and the person's names or birth date changed since: look again.",
    "looked_at_again": "It was rejected before, and is to be looked at again ({by}).",
}


def _notes(item: Possible, names: Mapping[str, str], nth: str) -> tuple[str, ...]:
    """What stands above the comparison: where one is, what was said before, who else it was taken for."""
    said = item.verdict
    notes = [nth] if nth else []
    if item.since and said is not None:
        notes.append(_SINCE[item.since].format(by=f"{said.by}: {said.reason}"))
    if item.state != "waiting" and said is not None:
        notes.append(f"Already {item.state} by {said.by}: {said.reason}. It counts from the next run on.")
    if item.others:
        others = " and ".join(names.get(person, person) for person in item.others)
        notes.append(f"It was taken for {others} as well, so that it is nobody's until it is rejected for one of them.")
    if item.address_withheld:
        notes.append("Addresses are withheld: somebody here is protected, or the record is restricted.")
    return tuple(notes)


def as_plain(seen: Look) -> dict[str, Any]:
    """The published JSON shape: ids, codes and counts; no names, and nothing that either side holds."""
    rows = [
        {
            "id": item.id, "source": item.source, "agency": item.agency, "person": item.person, "state": item.state,
            "since": item.since or None, "others": list(item.others), "address_withheld": item.address_withheld,
            "guards": list(dict.fromkeys(guard.id for guard in item.match.guards)), "version": item.version,
        }
        for item in seen.possible
    ]  # fmt: skip
    return {"case": seen.case.id, "waiting": sum(row["state"] == "waiting" for row in rows), "matches": rows}
