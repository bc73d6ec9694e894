"""A seed that brings its own tables, so that it can be given to `connectors test`, brings the county's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mash_trawl_county.beside import adult_social_care, district_council, early_help
from mash_trawl_county.systems import housing

CONNECTORS = Path(__file__).parents[2] / "connectors"


def tables(script: str) -> dict[str, list[tuple[object, ...]]]:
    """Every table with its columns."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(script)
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        return {name: db.execute(f"pragma table_info({name})").fetchall() for name in names}


@pytest.mark.parametrize("system", [adult_social_care, district_council, early_help, housing])
def test_a_connectors_own_seed_has_the_tables_of_the_county(system):
    seed = (CONNECTORS / system.NAME / "tests" / "seed.sql").read_text("utf-8")
    assert tables(seed) == tables(system.SCHEMA)
