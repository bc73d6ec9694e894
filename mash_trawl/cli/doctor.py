"""The checks behind `check`: each looks at one thing and says what it saw and what to do. No personal data is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mash_trawl.hub import Hub

LITTLE_ROOM = 100_000_000
"""Bytes on the hub's disk under which `check` warns."""

Level = Literal["ok", "warning", "cannot be asked", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one check saw: how bad it is, where, what, and what to do."""

    level: Level
    where: str
    what: str
    do: str = ""


def examine(hub: Hub) -> Iterator[Seen]:
    """Everything, in the order in which a person would mend it."""
    from mash_trawl.cli.doctor_drivers import look_at_drivers
    from mash_trawl.cli.doctor_said import look_at_what_was_said

    yield Seen(
        level="ok",
        where="configuration",
        what=f"{len(hub.settings.sources)} sources, profiles {', '.join(hub.settings.profiles)}",
    )
    yield from look_at_profiles(hub)
    yield from look_at_agreements(hub)
    yield from look_at_folders(hub)
    yield from look_at_room(hub)
    yield from look_at_people(hub)
    yield from look_at_keys(hub)
    yield from look_at_ledger(hub)
    yield from look_at_what_was_said(hub)
    yield from look_at_drivers(hub)
    yield from look_at_sources(hub)
    yield from look_at_rules(hub)


def look_at_profiles(hub: Hub) -> Iterator[Seen]:
    """Each listed profile loads, knows every source's agency and categories, and lowers no threshold by old labels."""
    from mash_trawl.config.lint import lint_lowered
    from mash_trawl.config.profiles import load_profile
    from mash_trawl.model.moments import local

    for name in hub.settings.profiles:
        hub.registry.refs(load_profile(name, hub.folder))
        for remark in lint_lowered(name, local(hub.clock()).date(), hub.folder):
            yield Seen(level="wrong", where=remark.where, what=remark.what, do=remark.do)
    yield Seen(level="ok", where="profiles", what="all load, and know every source's agency and categories")


def look_at_agreements(hub: Hub) -> Iterator[Seen]:
    """Every agreement that is named holds, is signed, and takes in what the sources offer."""
    from mash_trawl.config.agreement_state import standing, uncovered
    from mash_trawl.config.agreements import read_agreements
    from mash_trawl.config.profiles import load_profile
    from mash_trawl.model.moments import local

    papers, today = read_agreements(hub.settings, hub.folder), local(hub.clock()).date()
    profiles = [load_profile(name, hub.folder) for name in hub.settings.profiles]
    seen = [
        Seen(level="warning", where=remark.where, what=remark.what, do=remark.do)
        for remark in standing(papers, profiles, today)
        if remark.severity != "note"
    ]
    agencies = tuple(dict.fromkeys(source.agency for source in hub.settings.sources))
    for profile in profiles if papers else ():
        for agency, left in uncovered(papers, profile, agencies, today):
            what = f"no agreement in force that it signed takes in {', '.join(left)} for {profile.id}."
            seen.append(Seen(level="warning", where=f"agency {agency}", what=f"{what} They are not asked for."))
    if not seen:
        seen.append(Seen(level="ok", where="agreements", what=f"{len(papers)} in force, signed by every party"))
    yield from seen


def look_at_folders(hub: Hub) -> Iterator[Seen]:
    """Hub and keys belong to this account alone, stay on this machine and are not synchronised anywhere."""
    from mash_trawl.system import folder_faults

    keys = {(hub.folder / path).parent for path in (*hub.settings.root_keys.paths, hub.settings.signing_key)}
    fine = True
    for folder in (hub.folder, *sorted(keys | {hub.reader_folder})):
        for what in folder_faults(folder):
            fine = False
            yield Seen(
                level="wrong", where=str(folder), what=what, do="Move it, or take away others' rights (chmod 700)."
            )
    if fine:
        yield Seen(level="ok", where="folders", what="hub and keys are this account's alone")


def look_at_room(hub: Hub) -> Iterator[Seen]:
    """Something can be written: in the database, which is tried and taken back, and where products go."""
    from mash_trawl.errors import Refused
    from mash_trawl.system.room import DO, WHAT, free_space, write_fault

    fine = True
    try:
        hub.store.try_writing()
    except Refused as refusal:
        fine = False
        yield Seen(level="wrong", where="database", what=str(refusal))
    for folder in (hub.folder, hub.records):
        if fault := write_fault(folder):
            fine = False
            what = f"less than 1 MB can be written here: {WHAT[fault]}."
            yield Seen(level="wrong", where=str(folder), what=what, do=DO[fault])
    free = free_space(hub.folder)
    if fine and free < LITTLE_ROOM:
        fine = False
        what = f"only {free // 1_000_000} MB are free on its disk: a trawl that cannot be logged asks nobody."
        yield Seen(level="warning", where=str(hub.folder), what=what, do="Make room.")
    if fine:
        yield Seen(
            level="ok", where="room", what=f"database and folders take what is written; {free // 1_000_000} MB free"
        )


def look_at_people(hub: Hub) -> Iterator[Seen]:
    """Everybody's roles mean something here, and somebody may do each thing that must be possible."""
    from mash_trawl.model.roles import ROLES, holders

    known = {*ROLES, *hub.settings.roles.names}
    fine = True
    for person in hub.settings.people:
        for role in person.roles:
            if role not in known:
                fine = False
                yield Seen(
                    level="warning", where=f"person {person.id}", what=f"the role {role} lets nobody do anything.",
                    do=f"Use one of {', '.join(ROLES)}; or say what it stands for under `roles: names:`.",
                )  # fmt: skip
    for act, what in (("trawl", "start a trawl"), ("destroy", "destroy a product"), ("enrol", "enrol anybody")):
        if not any(holders(act, hub.settings)):
            fine = False
            yield Seen(level="warning", where="people", what=f"nobody enrolled here may {what}.", do="Give a role.")
    if fine:
        yield Seen(level="ok", where="people", what=f"{len(hub.settings.people)} enrolled, each with roles known here")


def look_at_keys(hub: Hub) -> Iterator[Seen]:
    """Both copies of the root key are there and equal; who can read without a passphrase."""
    from mash_trawl.vault.readers import enrolled_readers, key_is_protected, key_path
    from mash_trawl.vault.root import check_root, on_one_disk

    paths = [hub.folder / path for path in hub.settings.root_keys.paths]
    problems = check_root(paths, hub.folder)
    for problem in problems:
        yield Seen(level="wrong", where=problem.where, what=problem.what, do=problem.do)
    if on_one_disk(paths):
        yield Seen(
            level="warning", where="root key", what="its copies lie on one disk: losing it loses every live record.",
            do="Keep the copies on different disks or media.",
        )  # fmt: skip
    unsettled = hub.custody.recover().problem
    if unsettled:
        yield Seen(
            level="wrong", where="root key", what=f"it does not fit the database: {unsettled.replace('_', ' ')}.",
            do="Connect the medium that holds it, or restore the database that belongs to it.",
        )  # fmt: skip
    for reader in sorted(enrolled_readers(hub.reader_folder)):
        if key_path(hub.reader_folder, reader).exists() and not key_is_protected(hub.reader_folder, reader):
            yield Seen(
                level="warning", where=f"reader key of {reader}", what="it has no passphrase.",
                do="Make the key with a passphrase wherever a person can type one.",
            )  # fmt: skip
    if not problems and not unsettled:
        yield Seen(level="ok", where="keys", what="root, signing and reader keys are in place")


def look_at_ledger(hub: Hub) -> Iterator[Seen]:
    """The ledger is whole and the clock is not behind it."""
    from mash_trawl.audit.verify import verify

    verified = verify(hub.store, hub.signer.verifier)
    for problem in verified.problems:
        yield Seen(
            level="wrong",
            where="ledger",
            what=str(problem),
            do="Stop, keep the files, tell the data-protection officer.",
        )
    for what in hub.custody.divergence():
        yield Seen(
            level="wrong", where="custody", what=what, do="Stop, keep the files, tell the data-protection officer."
        )
    last = hub.ledger.last_time()
    if last and (last - hub.clock()).total_seconds() > 300:
        yield Seen(level="wrong", where="clock", what="this machine's clock is behind the ledger.", do="Set the clock.")
    if not verified.problems:
        yield Seen(level="ok", where="ledger", what=f"{verified.size} entries, whole")


def examine_source(hub: Hub, name: str) -> Iterator[Seen]:
    """One source, and more of it than `examine` takes the time for. Misconfigured when there is none of that name."""
    from mash_trawl.cli.doctor_drivers import look_at_drivers
    from mash_trawl.cli.doctor_mappings import look_at_statements
    from mash_trawl.errors import Misconfigured, Problem

    if name not in hub.registry.names:
        do = f"It has: {', '.join(hub.registry.names)}."
        raise Misconfigured(Problem(where="SOURCE", what="this hub has no source of this name.", do=do))
    settings = hub.settings.source(name)
    yield from look_at_drivers(hub)
    seen = list(look_at_sources(hub, only=name))
    yield from seen
    if not any(item.level == "cannot be asked" for item in seen):
        connector = hub.registry.source(name).connector
        yield from look_at_statements(hub, settings, connector.kind if connector else "")


def look_at_sources(hub: Hub, only: str = "") -> Iterator[Seen]:
    """Each source: installed, approved, secrets there, driver there, address answering, what a login could do."""
    from mash_trawl.cli.doctor_drivers import logs_in, look_at_login, look_at_received, what_to_do
    from mash_trawl.cli.doctor_mappings import look_at_mapping
    from mash_trawl.cli.reach import cannot_reach

    for row in (row for row in hub.registry.describe() if only in ("", row.name)):
        settings = hub.settings.source(row.name)
        connector = hub.registry.source(row.name).connector
        kind = connector.kind if connector else ""
        why = f"{row.why.replace('_', ' ')}." if row.why else cannot_reach(settings, hub.settings, kind, hub.folder)
        contact = f"Ring {settings.contact.name}, {settings.contact.telephone}." if settings.contact else ""
        if why:
            unnamed = "" if why.count(".") > 1 else "Say under `contact:` whom to ring then."
            do = what_to_do(why, settings) or contact or unnamed
            yield Seen(level="cannot be asked", where=row.name, what=why, do=do)
        elif logs_in(settings, kind, hub.folder):
            yield look_at_login(hub, settings, kind)
        elif settings.received:
            yield look_at_received(hub, settings)
        elif kind == "person":
            yield Seen(level="ok", where=row.name, what=f"a person is asked on paper ({row.connector})")
        else:
            what = f"its address answers ({row.connector}); the login was not tried"
            yield Seen(level="ok", where=row.name, what=what)
        yield from look_at_mapping(hub, settings)
        if said := left_alone(hub, row.name):
            yield Seen(level="warning", where=row.name, what=said, do=contact)
    for warning in () if only else hub.registry.warnings():
        yield Seen(level="warning", where="sources", what=warning)


def left_alone(hub: Hub, source: str) -> str:
    """What to say of a source that failed too often in a row to be asked just now; empty if it is asked."""
    from mash_trawl.model.shown import instant_words
    from mash_trawl.sources.breaker import Breakers

    failures, until = Breakers.of(hub.store, hub.clock).standing(source)
    if until is None:
        return ""
    return f"it failed {failures} times in a row and is left alone until {instant_words(until.isoformat())}."


def look_at_rules(hub: Hub) -> Iterator[Seen]:
    """What this hub does not check."""
    from mash_trawl.errors import Refused
    from mash_trawl.model.backing import Backing
    from mash_trawl.product.notes import notes
    from mash_trawl.said import approvals_wanted

    try:
        asked = approvals_wanted(hub)
    except Refused:  # said above, where statements are looked at
        asked = True
    for note in notes(hub.settings, backing=Backing(approvals=asked)):
        yield Seen(level="warning", where="statements", what=note)


def in_backup(hub: Hub, backup: Path) -> Iterator[Seen]:
    """Whether everything that was destroyed is dead in a backup of the hub's database too."""
    found = hub.custody.dead_in_backup(backup)
    for item in found:
        words = {"dead": "is destroyed there too: its key opens nothing.", "absent": "is not in it."}
        yield Seen(
            level="wrong" if item.state == "alive" else "ok",
            where=f"record {item.record} in the backup",
            what=words.get(item.state, "can be opened with an old root key that should be gone."),
            do="Destroy the old copy of the root key." if item.state == "alive" else "",
        )
    if not found:
        yield Seen(level="ok", where="backup", what="nothing was ever destroyed here, so nothing can be undead in it.")
