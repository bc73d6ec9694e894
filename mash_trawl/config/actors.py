"""Who acts: the person whose account runs this process, or whom a host program vouches for. By the hub file alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mash_trawl.errors import Refused
from mash_trawl.model.actor import BY_SYSTEM, Actor
from mash_trawl.model.hub import Enrolled, HubFile, Vouching
from mash_trawl.model.roles import expanded
from mash_trawl.system import is_account

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@/-]{0,63}")

Runs = Callable[[str | None], bool]


def acting(hub: HubFile, claimed: Actor | None = None, runs: Runs = is_account) -> Actor:
    """Who acts in this process. `runs` tells whether this process runs as an account.

    Without a claim: the person enrolled for the account. With one: that actor, with at most the roles that the hub
    file lets the host claim for them. Refused: `not_enrolled`, `not_vouched`.
    """
    own = _own(hub, runs)
    if claimed is None:
        if own is None:
            raise Refused("not_enrolled", "this account is not enrolled in this hub", "Add it under `people:`.")
        return Actor(id=own.id, roles=own.roles)
    if not _ID.fullmatch(claimed.id) or not _HOST.fullmatch(claimed.vouched_by):
        raise Refused("not_vouched", "an actor's id and host are 1 to 64 letters, digits and . _ @ - only")
    bounds = _bounds(hub, claimed, own, runs)
    roles = claimed.roles or tuple(sorted(frozenset.intersection(*bounds)))
    kept = (role for name in roles for role in _kept(name, hub, bounds))
    return replace(claimed, roles=tuple(dict.fromkeys(kept)))


def running_account(hub: HubFile, runs: Runs = is_account) -> frozenset[str]:
    """The ids of the enrolled people whose account this process runs as: nobody, or one.

    A program that vouches for another actor still runs as somebody, and that person cannot be the one who decides.
    """
    own = _own(hub, runs)
    return frozenset() if own is None else frozenset({own.id})


def _own(hub: HubFile, runs: Runs) -> Enrolled | None:
    here = (person for person in hub.people if person.left is None)
    return next((person for person in here if person.account is not None and runs(person.account)), None)


def _bounds(hub: HubFile, claimed: Actor, own: Enrolled | None, runs: Runs) -> list[frozenset[str]]:
    """The sets of roles that none of the claimed ones may leave. Refused("not_vouched") when nothing allows the claim.

    A hub that lists hosts believes those alone. Otherwise a claim is believed only from a program that runs as an
    enrolled account, and such a program can pass on only roles that its account has itself.
    """
    if claimed.vouched_by == BY_SYSTEM:
        if own is None or own.id != claimed.id:
            do = "A host program says its own name in `vouched_by`."
            raise Refused("not_vouched", "the operating system does not say that this person acts", do)
        return [_named(own.roles, hub)]
    person = next((person for person in hub.people if person.id == claimed.id), None)
    if person is not None and person.left is not None:
        do = "Whoever comes back is enrolled under a new id."
        raise Refused("not_vouched", "this person has left, as hub.yaml says (`left:`)", do)
    host = _host(hub, claimed, runs)
    if host is None and own is None:
        do = "Enrol the account under `people:`, or name the program under `vouches:` in hub.yaml."
        raise Refused("not_vouched", "the account that this program runs as is not enrolled in this hub", do)
    bounds = [] if person is None else [_named(person.roles, hub)]
    if host is not None and (host.roles or person is None):
        bounds.append(_named(host.roles, hub))
    if host is None and own is not None:
        own_bound = expanded(own.roles, hub.roles)
        within = (name for name, means in hub.roles.names.items() if own_bound.issuperset(means))
        bounds.append(own_bound.union(own.roles, within))
    return bounds


def _kept(name: str, hub: HubFile, bounds: list[frozenset[str]]) -> tuple[str, ...]:
    """What of a claimed role the bounds allow: by its name, or what it stands for, or nothing."""
    if all(name in bound for bound in bounds):
        return (name,)
    means = hub.roles.names.get(name, (name,))
    return means if all(bound.issuperset(means) for bound in bounds) else ()


def _named(roles: tuple[str, ...], hub: HubFile) -> frozenset[str]:
    """Roles by the hub's own names and by what these stand for: a decision may want somebody who has it by name."""
    return expanded(roles, hub.roles) | frozenset(roles)


def _host(hub: HubFile, claimed: Actor, runs: Runs) -> Vouching | None:
    """The listed host that makes this claim; None when the hub lists none at all."""
    if hub.vouches is None:
        return None
    for host in hub.vouches:
        if host.host == claimed.vouched_by and (host.account is None or runs(host.account)):
            return host
    do = "Name it under `vouches:` in hub.yaml, with the account that it runs as."
    raise Refused("not_vouched", "this hub does not let this program say who acts", do)
