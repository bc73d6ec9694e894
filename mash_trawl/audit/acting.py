"""Whether the actor may do this; a no is in the ledger before it is said."""

from __future__ import annotations

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.model.actor import Actor
from mash_trawl.model.hub import HubFile
from mash_trawl.model.roles import may, refusal


def require(ledger: Ledger, actor: Actor, act: str, hub: HubFile) -> None:
    """Refused("role_missing") unless a role of the actor's may do this here."""
    if may(actor, act, hub.roles):
        return
    about = {"act": act, "roles": sorted(actor.roles), "vouched_by": actor.vouched_by}
    ledger.write(Entry("act.refused", actor.id, about))
    raise refusal(act, hub)
