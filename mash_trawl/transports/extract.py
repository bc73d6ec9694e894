"""An extract as a transport reads it: the bytes of a file that came by mail or on a disk, and how it stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mash_trawl.model.base import Private


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Extract(Private):
    """`content` is the file as it came, `suffix` its kind (`.csv`), `as_of` the ISO day at which its data stood."""

    content: bytes
    suffix: str
    as_of: str


Extracts = Callable[[str], Extract | None]
"""From a file's name in the mapping to its newest extract; None when there is none in its time."""
