"""Whether the actor may do this; a no is in the ledger before it is said."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.errors import Refused
from mash_trawl.model.actor import BY_SYSTEM, Actor
from mash_trawl.model.hub import HubFile
from mash_trawl.model.roles import may, refusal


def require(ledger: Ledger, actor: Actor, act: str, hub: HubFile, wanted: Collection[str] = ()) -> None:
    """Refused("role_missing") unless a role of the actor's may do this here; it names who may, in a wanted one."""
    if may(actor, act, hub.roles):
        return
    about = {"act": act, "roles": sorted(actor.roles), "vouched_by": actor.vouched_by}
    ledger.write(Entry("act.refused", actor.id, about))
    raise refusal(act, hub, wanted)


def reads_as(ledger: Ledger, actor: Actor, reader: str | None, key: Path | None) -> str:
    """Whose reader key the actor opens with: their own, unless they say another's.

    Refused("another_reader") for an actor of a host program who names another reader without that reader's key file:
    what lies open in the hub's folder, such as the night's key, is not theirs because the program can read it.
    """
    if reader is None or reader == actor.id:
        return actor.id
    if actor.vouched_by != BY_SYSTEM and key is None:
        about = {"act": "read", "roles": sorted(actor.roles), "vouched_by": actor.vouched_by, "reader": reader}
        ledger.write(Entry("act.refused", actor.id, about))
        raise Refused("another_reader", "this is another reader's key, and nobody gave its file", "Use your own key.")
    return reader
