"""The mappings whose statements are meant for every database, on PostgreSQL, with days as instants and not as text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.transports.door import Tally
from mash_trawl_county.beside import mosaic, ssd

CONNECTORS = Path(__file__).parents[2] / "connectors"
DAYS = re.compile(
    r"\b(\w*(?:_date|_dob|_on|_from)|dob|date_of_birth|date_of_death|found_on|missing_from) (?:text|date)\b"
)
KNOWN: dict[str, Any] = {
    "given": ("Aisha", "Samira"), "family": ("KHAN", "khan"), "born": (date(2014, 5, 17), date(1988, 11, 2)),
    "nhs_number": ("9990000018",) * 2, "upn": ("A999000000018",) * 2, "postcode": ("NB1 4QT",) * 2,
    "uprn": ("100023336956",) * 2, "former_names": ("Malik",) * 2,
}  # fmt: skip
SOCIAL, EARLY, ADULT = (f"{name}/mash_trawl_{name}" for name in ("social_care", "early_help", "adult_social_care"))
SHAPES = [
    (ssd.SCHEMA, "social_care/tests/ssd_rows.sql", f"{SOCIAL}/ssd.yaml", 0),
    (ssd.SCHEMA, "social_care/tests/ssd_rows.sql", f"{SOCIAL}/ssd_early_help.yaml", 0),
    (mosaic.SCHEMA, "social_care/tests/mosaic_rows.sql", f"{SOCIAL}/mosaic.yaml", 0),
    ("", "early_help/tests/seed.sql", f"{EARLY}/early_help.yaml", 0),
    ("", "adult_social_care/tests/seed.sql", f"{ADULT}/adult_social_care.yaml", 1),
]
"""Tables that the county has and the rows do not bring, the rows, the mapping, and whom of `KNOWN` they hold."""


class Door:
    """A door that counts and refuses nothing."""

    source, step, tls, proxy, base = "here", "find", Tls(), None, Path()

    def __init__(self, url: str) -> None:
        self.connect, self.limits, self.tally = {"url": url}, Limits(rows=5000), Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        return 10.0

    def row(self) -> bool:
        self.tally.rows += 1
        return True

    def wait(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


def answers(url: str, mapping: str, who: int) -> tuple[Any, Any, Any, int]:
    """Who is found by each key; what is held, whole and since 2020; how many findings could not be read."""
    connector, door = mapping_class(CONNECTORS / mapping), Door(url)
    made = connector(lambda grants: door)
    grant = Grant(Grant._mint, id="g", source="here", person="p", expires_at=None, categories=connector.offers,
                  since=None, until=None)  # fmt: skip
    late = Grant(Grant._mint, id="h", source="here", person="p", expires_at=None, categories=connector.offers,
                 since=date(2020, 1, 1), until=None)  # fmt: skip
    found = {}
    for key in connector.search_keys:
        asked = PersonQuery(id="q", person="p", by=key, **{name: KNOWN[name][who] for name in key})
        found[key] = [(one.ref, one.born and one.born.earliest, one.addresses) for one in made.find(asked, grant)]
    held = [(one.ref, type(one).__name__) for one in made.fetch("K1", grant)]
    recent = [(one.ref, type(one).__name__) for one in made.fetch("K1", late)]
    return found, held, recent, door.tally.quarantined


@pytest.mark.parametrize(("tables", "seed", "mapping", "who"), SHAPES, ids=[Path(shape[2]).stem for shape in SHAPES])
def test_the_same_people_and_records_as_on_sqlite(
    postgresql_url: str, tmp_path: Path, tables: str, seed: str, mapping: str, who: int
) -> None:
    import sqlite3
    from contextlib import closing

    script = tables + (CONNECTORS / seed).read_text("utf-8")
    with closing(sqlite3.connect(tmp_path / "seed.db")) as db, db:
        db.executescript(script)
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        for statement in DAYS.sub(r"\1 timestamp", script).split(";\n"):
            if statement.strip():
                connection.execute(text(statement.replace(":", "\\:")))
    engine.dispose()
    here, there = answers(f"sqlite:///{tmp_path / 'seed.db'}", mapping, who), answers(postgresql_url, mapping, who)
    assert {key: {one[0] for one in rows} for key, rows in here[0].items()} == {
        key: {one[0] for one in rows} for key, rows in there[0].items()
    }
    for key, rows in there[0].items():
        assert ("K1" in {one[0] for one in rows}) or (who == 0 and "former_names" in key), key
    assert sorted(there[1]) == sorted(here[1]) and sorted(there[2]) == sorted(here[2])
    assert there[3] == here[3] == 0 and len(there[2]) < len(there[1])
