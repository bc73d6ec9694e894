"""What each role may do: the acts, the roles that come with the program, and what a hub's own file makes of both.

A hub may take acts away from roles and give local names to roles; no file can give a role an act beyond this page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mash_trawl.errors import Refused
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import Enrolled, HubFile, Roles
from mash_trawl.model.statement import Kind

ROLES: Final[Mapping[str, str]] = {
    "analyst": "starts trawls, chases what is missing, reads and exports products",
    "mash_manager": "an analyst who also runs batches, enrols people, gives and takes away readers, destroys",
    "decider": "makes statements: consents, gateway decisions, answers to REVIEW, countersignatures; reads products",
    "practitioner": "signs what the family agreed to or refused, writes to them; reads the products sealed to them",
    "data_protection_officer": "approves what the hub runs with, takes readers away, destroys",
    "administrator": "runs the hub: enrols people, suspends sources; reads no product",
    "batch": "a program at night: trawls and batches with a key that nobody types a passphrase for",
}
"""Role to what it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that somebody may do, or may not: `words` end the sentence "may not ..."."""

    words: str
    roles: tuple[str, ...]


ACTS: Final[Mapping[str, Act]] = {
    "trawl": Act(words="start a trawl", roles=("analyst", "mash_manager", "batch")),
    "batch": Act(words="run a batch", roles=("mash_manager", "batch")),
    "read": Act(
        words="open a product",
        roles=("analyst", "mash_manager", "decider", "practitioner", "data_protection_officer", "batch"),
    ),
    "export": Act(words="write a plain copy", roles=("analyst", "mash_manager")),
    "print_sheet": Act(
        words="write a sheet of decisions",
        roles=("analyst", "mash_manager", "decider", "practitioner", "data_protection_officer"),
    ),
    "tell_family": Act(
        words="write to a family, or note how they are reached",
        roles=("practitioner", "analyst", "mash_manager", "decider"),
    ),
    "grant_readers": Act(words="give a product to a reader", roles=("mash_manager",)),
    "revoke_readers": Act(words="take a product away from a reader", roles=("mash_manager", "data_protection_officer")),
    "destroy": Act(words="destroy a case's products", roles=("mash_manager", "data_protection_officer")),
    "record_consent": Act(
        words="sign what the family agreed to or refused", roles=("practitioner", "decider", "mash_manager")
    ),
    "decide": Act(words="sign a decision, or an answer to REVIEW", roles=("decider",)),
    "identify": Act(
        words="say whether a record is a person of the case",
        roles=("analyst", "mash_manager", "decider", "practitioner"),
    ),
    "dispute": Act(
        words="note that something is disputed", roles=("practitioner", "analyst", "mash_manager", "decider")
    ),
    "declare": Act(words="declare an emergency", roles=("analyst", "mash_manager")),
    "countersign": Act(words="countersign an emergency", roles=("decider",)),
    "approve": Act(words="approve what the hub runs with", roles=("data_protection_officer",)),
    "enrol": Act(words="enrol somebody", roles=("mash_manager", "administrator")),
    "suspend": Act(words="suspend a source", roles=("mash_manager", "administrator")),
    "test_source": Act(words="test a source with its test person", roles=("mash_manager", "administrator")),
    "receive": Act(
        words="take in a file that an agency sent", roles=("analyst", "mash_manager", "administrator", "batch")
    ),
}
"""Act to who may do it by default. Who may read is decided once more by custody and the reader's own key."""

SIGNS: Final[Mapping[Kind, str]] = {
    "consent": "record_consent",
    "withdrawal": "record_consent",
    "gateway": "decide",
    "reply": "decide",
    "emergency": "declare",
    "countersignature": "countersign",
    "approval": "approve",
    "suspension": "suspend",
    "resumption": "suspend",
    "identity": "identify",
    "dispute": "dispute",
}
"""Kind of statement to the act that its maker must be let do."""


def who_may(act: str, roles: Roles) -> tuple[str, ...]:
    """The roles that may do this here: the default ones, less what the hub took away. KeyError for no act of ours."""
    default = ACTS[act].roles
    kept = roles.may.get(act)
    return default if kept is None else tuple(role for role in default if role in kept)


def expanded(held: Collection[str], roles: Roles) -> frozenset[str]:
    """The roles that somebody's own stand for: a local name for what the hub says, any other for itself."""
    return frozenset(role for name in held for role in roles.names.get(name, (name,)))


def still_held(acted: Collection[str], now: Collection[str], roles: Roles) -> frozenset[str]:
    """Of the roles that somebody acted in, those that hub.yaml gives them now, local names by name.

    A program that vouches may hold somebody to fewer roles than are theirs; what they sign there rests on those alone.
    """
    return (expanded(now, roles) & expanded(acted, roles)) | frozenset(now).intersection(acted)


def may(actor: Actor, act: str, roles: Roles) -> bool:
    """Whether this actor's roles let them do this."""
    return not expanded(actor.roles, roles).isdisjoint(who_may(act, roles))


def holders(act: str, hub: HubFile) -> Iterator[Enrolled]:
    """The enrolled people who may do this; nobody who has left."""
    allowed = who_may(act, hub.roles)
    for person in hub.people:
        if person.left is None and not expanded(person.roles, hub.roles).isdisjoint(allowed):
            yield person


def holds(held: Collection[str], wanted: Collection[str], roles: Roles) -> bool:
    """Whether somebody has one of the roles that a profile wants, by its own name or what theirs stands for."""
    return not wanted or not (frozenset(held) | expanded(held, roles)).isdisjoint(wanted)


def able(act: str, wanted: Collection[str], hub: HubFile) -> Iterator[Enrolled]:
    """The enrolled people who may do this and hold one of the roles that the profile wants for it (none: any)."""
    return (person for person in holders(act, hub) if holds(person.roles, wanted, hub.roles))


def refusal(act: str, hub: HubFile, wanted: Collection[str] = ()) -> Refused:
    """`role_missing`: what may not be done, which roles may, and who holds one (ids), and one that is `wanted`."""
    allowed = ", ".join(who_may(act, hub.roles)) or "nobody: hub.yaml takes it away from every role"
    people = ", ".join(person.id for person in able(act, wanted, hub))
    who = f"Ask {people}." if people else "Nobody enrolled here holds one: see `people:` in hub.yaml."
    return Refused("role_missing", f"your roles do not let you {ACTS[act].words}; these do: {allowed}", who)
