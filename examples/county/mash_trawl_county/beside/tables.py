"""A new database of one system, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mash_trawl_county.tables import Tables, address, filled


@contextmanager
def tables(folder: Path, name: str, schema: str) -> Iterator[Tables]:
    """A new `NAME.db`, and `NAME.url` beside it."""
    file = folder / f"{name}.db"
    (folder / f"{name}.url").write_text(address(file), "utf-8")
    with filled(file, schema) as made:
        yield made
