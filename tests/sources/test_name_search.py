"""A name is found however the system writes it: over a database and in a file, by a mapping and by our own classes."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.sources.mapping import mapping_class
from mash_trawl.testing import Cast, Facts, seeded_files, seeded_odbc, seeded_sql
from mash_trawl.testing.bench import Bench
from mash_trawl_social_care.statements import _spellings
from mash_trawl_youth_offending import YouthOffending

BORN = date(2014, 5, 17)
HELD = {
    "O'BRIEN": ("O'Brien", "O’Brien", "OBRIEN", "O Brien", "o'brien"),
    "McDonald": ("MCDONALD", "McDonald", "mcdonald"),
    "MCDONALD": ("McDonald", "Mcdonald"),
    "Smith-Jones": ("Smith Jones", "SMITH-JONES", "smith jones"),
    "VAN DER BERG": ("van der Berg", "Van Der Berg"),
    "Zoë": ("Zoe", "ZOE", "zoë"),
}
ROWS = [(f"K{typed}{number}", name) for typed, names in HELD.items() for number, name in enumerate(names)]
OTHERS = [("X1", "Brien"), ("X2", "Donald"), ("X3", "Jones"), ("X4", "Berg"), ("X5", "Zo")]


def mapping(folder: Path, kind: str, table: str) -> Any:
    """A small mapping of that kind."""
    find = {"by": ["family", "born"], "table": table, "where": {"surname": "family", "dob": "born"},
            "person": {"ref": "id", "family": "surname", "born": {"from": "dob", "format": "%d/%m/%Y"}}}  # fmt: skip
    fetch = {
        "category": "small.asb",
        "table": table,
        "where": {"id": "ref"},
        "event": {"ref": "id", "at": "dob", "headline": "id"},
    }
    told = {"version": 1, "name": "small", "agency": "small", "kind": kind, "find": [find], "fetch": [fetch]}
    (folder / "small.yaml").write_text(json.dumps(told), "utf-8")
    return mapping_class(folder / "small.yaml")


@pytest.fixture(params=["sql", "files"])
def bench(request: Any, tmp_path: Path) -> Any:
    people = [*ROWS, *OTHERS]
    if request.param == "sql":

        def fill(db: Any) -> None:
            db.execute("create table tenant (id text primary key, surname text, dob text)")
            db.executemany("insert into tenant values (?, ?, '17/05/2014')", people)

        connector, seed = mapping(tmp_path, "sql", "tenant"), seeded_sql(fill)
    else:
        (tmp_path / "drop").mkdir()
        lines = ["id,surname,dob", *(f'{ref},"{name}",17/05/2014' for ref, name in people)]
        (tmp_path / "drop" / "list.csv").write_text("\n".join(lines) + "\n", "utf-8")
        connector, seed = mapping(tmp_path, "files", "list.csv"), seeded_files(tmp_path / "drop")
    made = Bench(connector, seed, Cast(), Facts())
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("typed", HELD)
def test_everybody_of_that_name_is_found_and_nobody_else(bench: Any, typed: str) -> None:
    run = bench.find(bench.query(("family", "born"), family=typed, born=BORN))
    letters = {"".join(sign for sign in name.casefold() if sign.isalnum()).replace("ë", "e") for name in HELD[typed]}
    names = {one.names[0].family for one in run.items}
    assert run.failure is None and set(HELD[typed]) <= names
    assert {"".join(sign for sign in name.casefold() if sign.isalnum()).replace("ë", "e") for name in names} == letters


@pytest.mark.parametrize("typed", HELD)
def test_the_social_care_system_is_asked_for_each_in_small_letters(typed: str) -> None:
    assert {name.lower() for name in HELD[typed]} <= set(_spellings("family", typed))


@pytest.mark.parametrize("typed", ["O'BRIEN", "Smith-Jones"])
def test_the_youth_offending_system_finds_each_over_its_driver(typed: str) -> None:
    def fill(db: Any) -> None:
        columns = (
            "person_id, forename, middle_names, surname, former_surname, dob, gender, pnc_id, flag, address1, postcode"
        )
        db.execute(f"create table person ({columns})")
        db.executemany("insert into person (person_id, surname, dob) values (?, ?, '2014-05-17')", [*ROWS, *OTHERS])

    made = Bench(YouthOffending, seeded_odbc(fill), Cast(), Facts())
    if why := made.seed.missing():
        assert os.environ.get("CI") != "true", f"in CI the ODBC tests may not be skipped: {why}"
        pytest.skip(why)
    made.start()
    try:
        run = made.find(made.query(("family", "born"), family=typed, born=BORN))
    finally:
        made.stop()
    assert run.failure is None and set(HELD[typed]) <= {one.names[0].family for one in run.items}
