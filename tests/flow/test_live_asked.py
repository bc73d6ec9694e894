"""`connectors test --live` through a whole hub: the invented person is found and fetched, only verdicts come out."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

SEED = Path(__file__).parents[2] / "connectors" / "housing" / "tests" / "seed.sql"
PERSON = "  - name: housing\n    test_person: {ref: T-900, given: Testa, family: Testfall, born: 2014-05-17, REST}\n"
ROW = (
    "T-900", "Testa", "", "Testfall", "", "17/05/2014", "F", "999 000 0018", "", "9 Probe Lane", "NB1 9ZZ", "T231",
    "T230",
)  # fmt: skip
PRIVATE = ("Testa", "Testfall", "T-900", "9990000018", "999 000 0018", "Probe", "Invented", "14 Mill")


@pytest.fixture
def tested(place):
    """A hub whose housing system is a small one that holds the invented person."""
    database = place.root / "county" / "tested.db"
    with closing(sqlite3.connect(database)) as db, db:
        db.executescript(SEED.read_text("utf-8"))
        db.execute(f"insert into person values ({', '.join('?' * len(ROW))})", ROW)
        db.execute("insert into asb_case values ('C900', 'T-900', '2019-07-02', '', 'noise', 'Invented')")
    (place.root / "county" / "housing.url").write_text(f"sqlite:///{database}", "utf-8")
    place.edit("  - name: housing\n", PERSON.replace("REST", 'nhs_number: "9990000018"'))
    return place


def asked(place):
    """Step and kind of what the ledger says was asked and answered."""
    with place.open() as hub:
        return [(row.kind, row.public["step"]) for row in hub.ledger.rows() if row.kind.startswith("source.")]


def test_the_invented_person_is_found_by_each_key_and_fetched_and_the_ledger_has_every_ask(tested, trawl_here):
    done = trawl_here("connectors", "test", "housing", "--live")
    found = [line for line in done.out.splitlines() if line.startswith("ok") and "find by" in line]
    assert (done.code, len(found)) == (0, 4) and "ok    5 fetch" in done.out
    assert not any(word in done.out + done.err for word in PRIVATE)
    rows = asked(tested)
    assert rows == [(kind, step) for step in (*["find"] * 4, "fetch")
                    for kind in ("source.asked", "source.answered")]  # fmt: skip
    assert not any(word.encode() in (tested.hub / "hub.db").read_bytes() for word in ("Testfall", "Invented"))


def test_somebody_else_s_reference_is_not_fetched_and_exits_with_3(tested, trawl_here):
    tested.edit("ref: T-900", "ref: T2")
    done = trawl_here("connectors", "test", "housing", "--live", "--json")
    (told,) = done.json()
    assert done.code == 3 and not told["green"]
    assert {one["name"]: one["outcome"] for one in told["checks"]}["fetch"] == "skipped"
    assert not any(step == "fetch" for _, step in asked(tested))
    assert not any(word in json.dumps(told) for word in (*PRIVATE, "T2"))
