"""Gather what agencies hold about a family, lawfully and about the right people, into one sealed record.

The names below load on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mash_trawl.config.case import load_case
    from mash_trawl.hub import Hub
    from mash_trawl.model.actor import Actor

__all__ = ["Actor", "Hub", "load_case"]
__version__ = "0.1.0"

_HOMES = {"Actor": "mash_trawl.model.actor", "Hub": "mash_trawl.hub", "load_case": "mash_trawl.config.case"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mash_trawl' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
