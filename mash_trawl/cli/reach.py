"""Whether a source could be asked now: its references resolve and its address answers."""

from __future__ import annotations

from pathlib import Path

from mash_trawl.errors import Unavailable
from mash_trawl.model.hub import SourceSettings


def cannot_reach(settings: SourceSettings, folder: Path) -> str:
    """The reason why the source cannot be asked; empty when it can."""
    from mash_trawl.config.secrets import resolve
    from mash_trawl.transports.reach import reach

    try:
        connect = {name: resolve(text, folder).reveal() for name, text in settings.connect.items()}
        reach(connect, folder)
    except Unavailable as problem:
        return str(problem.why)
    return ""
