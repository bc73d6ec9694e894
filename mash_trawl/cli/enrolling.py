"""Enrolling somebody: their public key into the hub, pin and roles into the ledger, their line into hub.yaml."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.hub import Enrolled, HubFile
from mash_trawl.model.roles import ROLES, expanded, who_may

if TYPE_CHECKING:
    from mash_trawl.hub import Hub

NIGHT = "batch"


def person_of(settings: HubFile, person: str, account: str | None, roles: Sequence[str], headless: bool) -> Enrolled:
    """The person as hub.yaml has them or should have them. Misconfigured where what was asked for does not fit."""
    known = next((one for one in settings.people if one.id == person), None)
    wanted = Enrolled(id=person, account=account, roles=tuple(roles) or ((NIGHT,) if headless else ()))
    if known is not None:
        wanted = replace(wanted, account=account or known.account, roles=tuple(roles) or known.roles)
    problems = list(_misfits(settings, wanted, known, headless))
    if problems:
        raise Misconfigured(*problems)
    return wanted


def _misfits(settings: HubFile, wanted: Enrolled, known: Enrolled | None, headless: bool) -> Iterator[Problem]:
    if known is not None and known != wanted:
        what = "this person is enrolled with another account or other roles."
        yield Problem(where=f"person {wanted.id}", what=what, do="Change the line in hub.yaml by hand.")
    if not wanted.roles:
        yield Problem(where="--role", what="no role is named.", do=f"One of {', '.join(ROLES)}.")
    for role in wanted.roles:
        if role not in ROLES and role not in settings.roles.names:
            yield Problem(where="--role", what=f"{role!r} is no role.", do=f"One of {', '.join(ROLES)}.")
    here = (one for one in settings.people if one.left is None)
    taken = next((one for one in here if one.account == wanted.account and one.id != wanted.id), None)
    if wanted.account is not None and taken is not None:
        yield Problem(where="--account", what=f"{taken.id} has this account.", do="Give each person their own.")
    if headless and (wanted.account is None or set(wanted.roles) != {NIGHT}):
        what = f"a headless key is for an account of its own with the role {NIGHT} alone."
        yield Problem(where="--headless", what=what, do="Say `--account NAME`, and no other role.")


def key_for(hub: Hub, person: str, line: str | None, passphrase: bytes | None) -> str:
    """Take in the person's public key, or make their keys here where there are none; pin it. Its fingerprint.

    The pin is a ledger entry, `reader.enrolled`. Refused("reader_key_changed") when another key is pinned.
    """
    from mash_trawl.vault.enrolment import parse_public_line, take_in
    from mash_trawl.vault.readers import enrol_reader, public_path, read_public

    if line is not None:
        key = parse_public_line(line)
        if key.reader != person:
            what = "this public line belongs to another id."
            raise Misconfigured(Problem(where="--public", what=what, do="Enrol it under the id that it was made for."))
        take_in(hub.reader_folder, key)
    elif not public_path(hub.reader_folder, person).exists():
        enrol_reader(hub.reader_folder, person, passphrase)
    hub.custody.enrol(person, hub.actor.id)
    return read_public(hub.reader_folder, person).key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an enrolment did.

    `key` is the fingerprint, `made` how a key made here lies (none: none was made; open, passphrase). `hub_file` is
    added, already, or by_hand: then `line` is what to add. `reads`: new products are sealed to them.
    """

    person: str
    account: str | None
    roles: tuple[str, ...]
    key: str
    made: str
    hub_file: str
    line: str | None
    reads: bool


def enrol_person(hub: Hub, wanted: Enrolled, key: str, made: str) -> Enrolment:
    """Note the person in the ledger and add them to hub.yaml, unless they stand there as wanted."""
    from mash_trawl.config.people import person_line

    hub_file = "already"
    if wanted not in hub.settings.people:
        note_person(hub, wanted)
        hub_file = "added" if add_to_hub_file(hub.folder, hub.settings, wanted) else "by_hand"
    asked = hub.settings.roles
    return Enrolment(
        person=wanted.id, account=wanted.account, roles=wanted.roles, key=key, made=made, hub_file=hub_file,
        line=person_line(wanted) if hub_file == "by_hand" else None,
        reads=not expanded(wanted.roles, asked).isdisjoint(who_may("read", asked)),
    )  # fmt: skip


def note_person(hub: Hub, person: Enrolled) -> None:
    """Write to the ledger who was enrolled with which roles; the account's name can be erased later."""
    from mash_trawl.audit.entry import Entry

    about = {"person": person.id, "roles": list(person.roles), "vouched_by": hub.actor.vouched_by}
    hub.ledger.write(Entry("person.enrolled", hub.actor.id, about, {"account": person.account}))


def add_to_hub_file(folder: Path, settings: HubFile, person: Enrolled) -> bool:
    """Add the person's line to hub.yaml, whole or not at all; False where it could not be done with certainty.

    The new text is read back and must differ from the old by this one person.
    """
    from mash_trawl.config.hubfile import load_hub_file
    from mash_trawl.config.people import with_person
    from mash_trawl.vault import durable

    file = (folder / "hub.yaml").resolve()
    old = file.read_bytes()
    try:
        new = with_person(old.decode("utf-8"), person)
    except UnicodeDecodeError:
        return False
    if new is None:
        return False
    part = file.with_name(f".hub.{os.urandom(4).hex()}.yaml")
    durable.create(part, new.encode("utf-8"))
    try:
        same = load_hub_file(part) == replace(settings, people=(*settings.people, person))
        if not same or file.read_bytes() != old:
            return False
        shutil.copymode(file, part)
        durable.move(part, file)
    except Misconfigured:
        return False
    finally:
        durable.remove(part)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One person or key. `state`: pinned, unused, changed, altered or none.

    `private`, how the private half is kept here: passphrase, open, damaged, elsewhere or none. `left`: when they left.
    """

    person: str
    account: str | None
    roles: tuple[str, ...]
    key: str
    state: str
    private: str
    left: date | None = None


def listed(hub: Hub) -> Iterator[Listed]:
    """Everybody enrolled and everybody with a public key here, by id."""
    from mash_trawl.vault.readers import enrolled_readers

    people = {person.id: person for person in hub.settings.people}
    for name in sorted({*people, *enrolled_readers(hub.reader_folder)}):
        person = people.get(name, Enrolled(id=name))
        key, state = _key_state(hub, name)
        yield Listed(
            person=name, account=person.account, roles=person.roles, key=key, state=state,
            private=_private(hub, name), left=person.left,
        )  # fmt: skip


def _key_state(hub: Hub, reader: str) -> tuple[str, str]:
    from mash_trawl.store import custody as rows
    from mash_trawl.vault.parts import key_id_of
    from mash_trawl.vault.readers import read_public

    try:
        key = read_public(hub.reader_folder, reader).key_id
    except Misconfigured:
        return "", "none"
    except Refused:
        return "", "altered"
    with hub.store.read() as connection:
        pinned = {key_id_of(row) for row in rows.reader_keys(connection, reader) if row.status == "active"}
    return key, "unused" if not pinned else "pinned" if key in pinned else "changed"


def _private(hub: Hub, reader: str) -> str:
    from mash_trawl.vault.readers import key_is_protected, key_path, public_path

    if not key_path(hub.reader_folder, reader).exists():
        return "elsewhere" if public_path(hub.reader_folder, reader).exists() else "none"
    try:
        return "passphrase" if key_is_protected(hub.reader_folder, reader) else "open"
    except Refused:
        return "damaged"
