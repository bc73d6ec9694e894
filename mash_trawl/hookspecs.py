"""Every hook a plugin author can implement, on one page.

A plugin is an entry point in the group `mash_trawl`. It is imported only when `hub.yaml` approves its distribution
and name. Hooks describe, offer or take away; none can widen what consent permits. A hook stands here only while the
engine calls it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from mash_trawl.sources.kinds import Connector

PROJECT = "mash_trawl"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def mash_trawl_connectors() -> Iterable[type[Connector]]:  # type: ignore[empty-body]  # a hook has no body of its own
    """Offer connector classes (since api 1). Called once for each approved plugin; must open nothing.

    A connector class is a plugin by itself: `Connector` implements this hook and offers the class, so an entry point
    `housing = "mash_trawl_housing:Housing"` is all that is needed. A plugin that raises here, or offers something
    that is not a connector, costs the sources that name it and nothing else.
    """
