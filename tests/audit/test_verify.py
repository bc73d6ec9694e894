"""Somebody who owns the database attacks the ledger; `verify` must say so, and name the first bad entry."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.growth import Growth
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.audit.tree import grow, leaf_hash
from mash_trawl.audit.verify import Verified, verify
from mash_trawl.store import ledger as rows
from mash_trawl.store.engine import Store

Attack = Callable[[str], None]
TABLES = ("audit_entry", "audit_private", "audit_checkpoint")


def unfence(connection: Connection) -> None:
    """Take away the triggers, as the owner of the database can."""
    for table in ("audit_entry", "audit_checkpoint"):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))


@pytest.fixture
def owner(any_url: str, written: Ledger) -> Iterator[Connection]:
    """The database's owner, past the fences, committing each statement."""
    engine = create_engine(any_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        unfence(connection)
        for table in TABLES:
            connection.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))
        yield connection
    engine.dispose()


def restore(owner: Connection) -> None:
    """Put everything back as it was written."""
    for table in TABLES:
        owner.execute(text(f"DELETE FROM {table}"))
        owner.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))


@pytest.fixture
def written(any_ledger: Ledger, clock: Any) -> Ledger:
    """Nine entries in six commits, a second apart, each with a private part."""
    for size in (1, 3, 1, 1, 2, 1):
        any_ledger.write(
            *[Entry("trawl.started", "a", {"size": size}, {"case": f"synthetic {i}"}) for i in range(size)]
        )
        clock.move(seconds=1)
    return any_ledger


@pytest.fixture
def check(any_store: Store, signer: Signer, written: Ledger) -> Callable[..., Verified]:
    """Verify the attacked store; with `outside=True` against the checkpoint kept before the attack."""
    kept = written.checkpoint()
    assert verify(any_store, signer.verifier, kept).problems == ()
    return lambda outside=False: verify(any_store, signer.verifier, kept if outside else None)


def sample(length: int, owner: Connection) -> range:
    """Every place on SQLite; on PostgreSQL, where the same code reads the same bytes more slowly, some."""
    return range(0, length, 1 if owner.dialect.name == "sqlite" else 16)


def test_every_changed_byte_of_an_entry_names_it(owner: Connection, check: Callable[..., Verified]) -> None:
    (genuine,) = owner.execute(text("SELECT entry FROM audit_entry WHERE n = 4")).one()
    change = text("UPDATE audit_entry SET entry = :entry WHERE n = 4")
    for place in sample(len(genuine), owner):
        owner.execute(change, {"entry": genuine[:place] + bytes([genuine[place] ^ 1]) + genuine[place + 1 :]})
        assert check().first_bad == 4, f"byte {place}"
    owner.execute(change, {"entry": genuine})
    assert check().problems == ()


def test_every_changed_byte_beside_the_entries_is_found(owner: Connection, check: Callable[..., Verified]) -> None:
    for table, column, key in (
        ("audit_entry", "hashes", 3),
        ("audit_private", "salt", 4),
        ("audit_private", "body", 4),
        ("audit_checkpoint", "frontier", 5),
    ):
        name = "size" if table == "audit_checkpoint" else "n"
        (genuine,) = owner.execute(text(f"SELECT {column} FROM {table} WHERE {name} = {key}")).one()
        for place in sample(len(genuine), owner):
            changed = genuine[:place] + bytes([genuine[place] ^ 128]) + genuine[place + 1 :]
            owner.execute(text(f"UPDATE {table} SET {column} = :changed WHERE {name} = {key}"), {"changed": changed})
            outcome = check()
            assert outcome.problems
            assert outcome.first_bad == (None if table == "audit_checkpoint" else key)
        restore(owner)
    assert check().problems == ()


def test_every_changed_character_of_a_checkpoint_is_found(owner: Connection, check: Callable[..., Verified]) -> None:
    (genuine,) = owner.execute(text("SELECT note FROM audit_checkpoint WHERE size = 5")).one()
    for place in sample(len(genuine), owner):
        changed = genuine[:place] + chr(ord(genuine[place]) ^ 1) + genuine[place + 1 :]
        owner.execute(text("UPDATE audit_checkpoint SET note = :note WHERE size = 5"), {"note": changed})
        assert [problem.where for problem in check().problems] == ["checkpoint 5"]


ATTACKS = [
    (["DELETE FROM audit_entry WHERE n = 0"], 0),
    (["DELETE FROM audit_entry WHERE n = 4"], 4),
    (["DELETE FROM audit_entry WHERE n = 8"], 8),
    (["DELETE FROM audit_entry", "DELETE FROM audit_private"], 0),
    (["DELETE FROM audit_entry WHERE n = 4", "UPDATE audit_entry SET n = n - 1 WHERE n > 4"], 4),
    (["UPDATE audit_entry SET n = 99 WHERE n = 8"], 8),
    (["UPDATE audit_entry SET n = -1 WHERE n = 0"], -1),
    (["INSERT INTO audit_entry SELECT 9, kind, entry, hashes FROM audit_entry WHERE n = 8"], 9),
    (["DELETE FROM audit_checkpoint WHERE size = 9"], 8),
    (["UPDATE audit_entry SET kind = 'record.read' WHERE n = 2"], 2),
    (["UPDATE audit_private SET n = 99 WHERE n = 4"], 99),
    (["INSERT INTO audit_private SELECT 77, salt, body FROM audit_private WHERE n = 4"], 77),
    (["DELETE FROM audit_private WHERE n = 4", "UPDATE audit_private SET n = 4 WHERE n = 7"], 4),
    (["UPDATE audit_entry SET n = 100 WHERE n = 2", "UPDATE audit_entry SET n = 2 WHERE n = 6",
      "UPDATE audit_entry SET n = 6 WHERE n = 100"], 2),
    (["UPDATE audit_private SET n = 100 WHERE n = 2", "UPDATE audit_private SET n = 2 WHERE n = 6",
      "UPDATE audit_private SET n = 6 WHERE n = 100"], 2),
]  # fmt: skip
"""What the database's owner does, and the entry that must be named for it."""


def test_deleting_inserting_renumbering_refiling_and_reordering_are_found(
    owner: Connection, check: Callable[..., Verified]
) -> None:
    for statements, first_bad in ATTACKS:
        for statement in statements:
            owner.execute(text(statement))
        assert check().first_bad == first_bad, statements
        restore(owner)
        assert check().problems == ()


def rebuild_hashes(owner: Connection) -> None:
    """Make all stored hashes and frontiers fit the entries again, as a careful attacker without the key would."""
    frontier: tuple[bytes, ...] = ()
    for n, entry in owner.execute(text("SELECT n, entry FROM audit_entry ORDER BY n")).all():
        frontier, hashes = grow(frontier, n, leaf_hash(bytes(entry)))
        owner.execute(text("UPDATE audit_entry SET hashes = :h WHERE n = :n"), {"h": hashes, "n": n})
        owner.execute(
            text("UPDATE audit_checkpoint SET frontier = :f WHERE size = :s"), {"f": b"".join(frontier), "s": n + 1}
        )


def test_an_edit_with_all_hashes_made_to_fit_is_found_by_the_signatures(
    owner: Connection, check: Callable[..., Verified]
) -> None:
    """Several entries share one signature: then the first of that commit is named, with the last it could be."""
    for n, named in ((0, 0), (2, 1), (5, 5), (8, 8)):
        (genuine,) = owner.execute(text(f"SELECT entry FROM audit_entry WHERE n = {n}")).one()
        changed = genuine.replace(b'"actor":"a"', b'"actor":"b"')
        owner.execute(text("UPDATE audit_entry SET entry = :entry WHERE n = :n"), {"entry": changed, "n": n})
        rebuild_hashes(owner)
        outcome = check()
        assert (outcome.first_bad, len(outcome.problems)) == (named, 1)
        restore(owner)


def test_an_older_genuine_state_is_shown_up_by_a_checkpoint_kept_elsewhere(
    owner: Connection, check: Callable[..., Verified]
) -> None:
    for size in (0, 1, 4, 5, 6, 8):
        owner.execute(text(f"DELETE FROM audit_entry WHERE n >= {size}"))
        owner.execute(text(f"DELETE FROM audit_private WHERE n >= {size}"))
        owner.execute(text(f"DELETE FROM audit_checkpoint WHERE size > {size}"))
        assert check().problems == ()
        assert check(outside=True).first_bad == size
        restore(owner)


def test_a_different_history_of_the_same_length_is_shown_up_by_a_checkpoint_kept_elsewhere(
    owner: Connection, check: Callable[..., Verified], any_store: Store, signer: Signer, clock: Any
) -> None:
    for table in TABLES:
        owner.execute(text(f"DELETE FROM {table}"))
    Ledger.build(any_store, signer, "test-borough/mash-trawl", clock).write(*[Entry("trawl.started", "a", {})] * 9)
    assert check().problems == ()
    assert check(outside=True).first_bad == 0


def test_another_key_or_another_ledgers_checkpoint_is_not_accepted(
    written: Ledger, any_store: Store, signer: Signer, tmp_path: Path, clock: Any
) -> None:
    stranger = Signer.create(tmp_path / "stranger", signer.verifier.name)
    assert len(verify(any_store, stranger.verifier).problems) == 6
    elsewhere = Store.open("sqlite:///elsewhere.db", tmp_path)
    other = Ledger.build(elsewhere, signer, "elsewhere", clock)
    other.write(Entry("trawl.started", "a", {}))
    assert verify(any_store, signer.verifier, other.checkpoint()).problems
    assert verify(any_store, signer.verifier, "not a note").problems
    elsewhere.close()


def test_time_that_runs_back_is_found_even_when_it_is_signed(any_store: Store, signer: Signer, clock: Any) -> None:
    with any_store.begin() as connection:
        growth = Growth.from_checkpoint(None)
        growth.add(connection, [Entry("trawl.started", "a", {})], clock())
        growth._last = ""
        clock.move(seconds=-1)
        growth.add(connection, [Entry("trawl.started", "a", {})], clock())
        rows.add_checkpoint(connection, growth.sign("test-borough/mash-trawl", signer))
    outcome = verify(any_store, signer.verifier)
    assert outcome.first_bad == 1
    assert "time" in str(outcome.problems[0])


def test_an_entry_that_is_signed_but_not_an_entry_is_found(any_store: Store, signer: Signer, clock: Any) -> None:
    for body in (b"[]", b"{}", b"nonsense", b'{"n":0}', b"\xff", b"[" * 100_000):
        with any_store.begin() as connection:
            unfence(connection)
            for table in TABLES:
                connection.execute(text(f"DELETE FROM {table}"))
            frontier, hashes = grow((), 0, leaf_hash(body))
            rows.append(connection, [rows.StoredEntry(n=0, kind="trawl.started", entry=body, hashes=hashes)])
            growth = Growth(1, frontier, "")
            rows.add_checkpoint(connection, growth.sign("test-borough/mash-trawl", signer))
        assert verify(any_store, signer.verifier).first_bad == 0


def test_values_of_another_type_in_sqlite_are_found_and_do_not_trip_the_check(
    store: Store, ledger: Ledger, signer: Signer, sqlite_url: str
) -> None:
    ledger.write(Entry("trawl.started", "a", {}, {"case": "synthetic"}))
    engine = create_engine(sqlite_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        unfence(connection)
        for table, column in (("entry", "entry"), ("entry", "hashes"), ("private", "salt"), ("private", "body")):
            for value in ("'text'", "5", "x'ff'", "0.5"):
                connection.execute(text("CREATE TABLE kept AS SELECT * FROM audit_" + table))
                connection.execute(text(f"UPDATE audit_{table} SET {column} = {value}"))
                assert verify(store, signer.verifier).first_bad == 0
                connection.execute(text(f"UPDATE audit_{table} SET {column} = (SELECT {column} FROM kept)"))
                connection.execute(text("DROP TABLE kept"))
        assert verify(store, signer.verifier).problems == ()
        for table in ("audit_entry", "audit_checkpoint"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO strict_{table}"))
            connection.execute(text(f"CREATE TABLE {table} AS SELECT * FROM strict_{table}"))
        connection.execute(text("UPDATE audit_entry SET entry = NULL, kind = NULL, hashes = NULL"))
        assert verify(store, signer.verifier).first_bad == 0
        for value in ("'text'", "5", "x'ff'", "NULL"):
            connection.execute(text(f"UPDATE audit_checkpoint SET note = {value}, at = {value}, frontier = {value}"))
            assert verify(store, signer.verifier).problems
    engine.dispose()


def test_no_mixture_of_genuine_rows_passes_for_the_ledger(owner: Connection, check: Callable[..., Verified]) -> None:
    """Random selections and orders of the genuine entries, numbered anew."""
    chance = random.Random(7)
    genuine = owner.execute(text("SELECT n, kind, entry, hashes FROM audit_entry ORDER BY n")).all()
    insert = text("INSERT INTO audit_entry (n, kind, entry, hashes) VALUES (:n, :kind, :entry, :hashes)")
    tried = 0
    while tried < 40:
        chosen = chance.choices(genuine, k=chance.randint(0, 10)) if tried % 2 else chance.sample(genuine, 9)
        if [row.n for row in chosen] == list(range(9)):
            continue
        tried += 1
        owner.execute(text("DELETE FROM audit_entry"))
        owner.execute(text("BEGIN"))
        for n, row in enumerate(chosen):
            owner.execute(insert, {"n": n, "kind": row.kind, "entry": row.entry, "hashes": row.hashes})
        owner.execute(text("COMMIT"))
        assert check(outside=True).problems, [row.n for row in chosen]


def test_five_thousand_entries_verify(ledger: Ledger, store: Store, signer: Signer) -> None:
    for _ in range(20):
        ledger.write(*[Entry("source.asked", "a", {"turn": turn}, {"case": "synthetic"}) for turn in range(250)])
    outcome = verify(store, signer.verifier, ledger.checkpoint())
    assert (outcome.size, outcome.problems) == (5000, ())
