"""Opening the database, one writer at a time, and a database that fails."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.audit.entry import Entry
from mash_trawl.audit.ledger import Ledger
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.store.engine import Store
from mash_trawl.store.tables import SCHEMA_VERSION

STARTED = Entry("trawl.started", "a", {})


def said(problem: pytest.ExceptionInfo[Misconfigured]) -> str:
    return str(problem.value)


def test_the_database_starts_at_the_base_and_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    store = Store.open("sqlite:///inner.db", tmp_path)
    with store.begin() as connection:
        connection.execute(text("SELECT 1"))
    made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    store.close()
    assert "inner.db" in made
    if os.name == "posix":
        assert set(made.values()) == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "hub.db").touch(0o644)
    (tmp_path / "hub.db").chmod(0o644)
    Store.open("sqlite:///hub.db", tmp_path).close()
    assert (tmp_path / "hub.db").stat().st_mode & 0o777 == 0o600


def test_sqlite_keeps_its_promises(store: Store) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    with store.begin() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in expected}
    assert found == expected


def test_opening_again_changes_nothing(any_url: str, tmp_path: Path) -> None:
    for _ in range(3):
        store = Store.open(any_url, tmp_path)
        with store.read() as connection:
            assert connection.execute(text("SELECT version FROM schema_version")).scalars().all() == [SCHEMA_VERSION]
        store.close()


def test_eight_threads_may_open_a_new_database_at_once(any_url: str, tmp_path: Path) -> None:
    stores: list[Store] = []
    threads = [threading.Thread(target=lambda: stores.append(Store.open(any_url, tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert len(stores) == 8


def test_a_database_of_a_newer_program_is_refused(any_url: str, any_store: Store, tmp_path: Path) -> None:
    with any_store.begin() as connection:
        connection.execute(text(f"UPDATE schema_version SET version = {SCHEMA_VERSION + 1}"))
    with pytest.raises(Misconfigured) as problem:
        Store.open(any_url, tmp_path)
    assert "newer" in said(problem)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hub.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:hub.db?uri=true",
        "sqlite:///absent/hub.db",
        "sqlite:///.",
        "mysql://user:Passw0rd@server/hub",
        "postgresql://user:Passw0rd@127.0.0.1:1/hub",
        "postgresql://user:Passw0rd@127.0.0.1:port/hub",
        "://user:Passw0rd@",
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(Misconfigured) as problem:
        Store.open(url, tmp_path)
    assert said(problem).startswith("database: ")
    assert "Passw0rd" not in said(problem)
    assert problem.value.__cause__ is None


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_text("a letter, not a database\n" * 100)
    with pytest.raises(Misconfigured):
        Store.open("sqlite:///hub.db", tmp_path)
    assert (tmp_path / "hub.db").read_text().startswith("a letter")


def test_what_is_left_by_an_exception_is_rolled_back(any_store: Store) -> None:
    with pytest.raises(KeyError), any_store.begin() as connection:
        connection.execute(text("INSERT INTO breaker (source, failures) VALUES ('housing', 1)"))
        raise KeyError
    with any_store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM breaker")).scalar_one() == 0


def test_a_reader_sees_one_view_however_much_is_written_meanwhile(any_store: Store, any_ledger: Ledger) -> None:
    count = text("SELECT count(*) FROM audit_entry")
    any_ledger.write(STARTED)
    with any_store.read() as connection:
        assert connection.execute(count).scalar_one() == 1
        any_ledger.write(STARTED)
        assert connection.execute(count).scalar_one() == 1
    with any_store.read() as connection:
        assert connection.execute(count).scalar_one() == 2


def test_a_change_against_the_tables_rules_is_a_conflict_and_shows_no_value(any_store: Store) -> None:
    insert = text("INSERT INTO breaker (source, failures) VALUES (:source, 1)")
    values = {"source": "Khan"}
    with pytest.raises(Refused) as problem, any_store.begin() as connection:
        connection.execute(insert, values)
        connection.execute(insert, values)
    assert problem.value.why == "store_conflict"
    assert "Khan" not in str(problem.value)
    assert problem.value.__cause__ is None


def test_a_writer_waits_for_another_threads_transaction(any_store: Store, any_ledger: Ledger) -> None:
    order: list[str] = []
    writer = threading.Thread(target=lambda: (any_ledger.write(STARTED), order.append("second")))
    with any_store.begin() as connection:
        writer.start()
        any_ledger.write_in(connection, STARTED)
        order.append("first")
    writer.join()
    assert order == ["first", "second"]


@contextmanager
def refusing(why: str = "ledger_not_writable", saying: str = "") -> Iterator[None]:
    """What is inside is refused, and does not hang: the limit is two seconds, the rest is for a busy machine."""
    began = time.monotonic()
    with pytest.raises(Refused) as problem:
        yield
    assert problem.value.why == why
    assert saying in str(problem.value)
    assert time.monotonic() - began < 4


def test_a_lock_that_another_process_holds_ends_in_a_refusal(ledger: Ledger, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "hub.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with refusing(saying="kept it locked for 2 seconds"):
        ledger.write(STARTED)
    holder.execute("ROLLBACK")
    holder.close()
    assert ledger.write(STARTED) == (0,)


def test_a_lock_that_another_connection_holds_in_postgresql_ends_in_a_refusal(
    postgresql_url: str, tmp_path: Path, signer: object
) -> None:
    store, other = Store.open(postgresql_url, tmp_path), Store.open(postgresql_url, tmp_path)
    with other.begin(), refusing(saying="locked for 2 seconds"), store.begin():
        pass
    with store.begin():
        pass
    store.close()
    other.close()


def test_those_who_wait_behind_a_failing_writer_fail_with_it(ledger: Ledger, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "hub.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    outcomes: list[str] = []

    def work() -> None:
        try:
            ledger.write(STARTED)
        except Refused as problem:
            outcomes.append(problem.why)

    threads = [threading.Thread(target=work) for _ in range(6)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["ledger_not_writable"] * 6
    assert time.monotonic() - began < 6, "one after the other they would need twelve seconds"
    holder.close()


def test_a_full_disk_ends_in_a_refusal_and_harms_nothing(ledger: Ledger, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    ledger.write(STARTED)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "hub.db-wal").stat().st_size + 4096, hard))
    try:
        with refusing(saying="the disk is full"):
            ledger.write(*[STARTED] * 200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ledger.write(STARTED) == (1,)


def test_a_read_only_sqlite_database_can_be_read_but_nothing_is_written(
    sqlite_url: str, store: Store, ledger: Ledger, tmp_path: Path
) -> None:
    """Bytes 18 and 19 of the file say which programs may write it; 3 is none that exists."""
    ledger.write(STARTED)
    store.close()
    content = bytearray((tmp_path / "hub.db").read_bytes())
    content[18] = 3
    (tmp_path / "hub.db").write_bytes(content)
    again = Store.open(sqlite_url, tmp_path)
    with refusing(saying="its file may only be read"), again.begin() as connection:
        connection.execute(text("DELETE FROM breaker"))
    with again.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 1
    again.close()


def test_an_account_that_may_only_read_postgresql_is_refused(postgresql_url: str, tmp_path: Path) -> None:
    Store.open(postgresql_url, tmp_path).close()
    admin = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE ROLE onlooker LOGIN"))
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO onlooker"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO onlooker"))
    admin.dispose()
    store = Store.open(postgresql_url.replace("trawl@", "onlooker@"), tmp_path)
    with refusing(saying="this account may not write in it"), store.begin() as connection:
        connection.execute(text("DELETE FROM breaker"))
    store.close()


def test_a_database_that_loses_its_tables_ends_in_a_refusal(any_store: Store, any_ledger: Ledger) -> None:
    any_ledger.write(STARTED)
    with any_store.begin() as connection:
        connection.execute(text("DROP TABLE audit_entry"))
    with refusing():
        any_ledger.write(STARTED)
    with refusing("store_not_readable"):
        list(any_ledger.rows())


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_postgresql_that_freezes_is_given_up_and_taken_up_again(postgresql_url: str, tmp_path: Path) -> None:
    store = Store.open(postgresql_url, tmp_path)
    with store.begin() as connection:
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    os.kill(process, signal.SIGSTOP)
    try:
        with refusing(), store.begin():
            pass
    finally:
        os.kill(process, signal.SIGCONT)
    with store.begin():
        pass
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_connection_that_postgresql_cut_is_replaced_unnoticed(postgresql_url: str, tmp_path: Path) -> None:
    store = Store.open(postgresql_url, tmp_path)
    for opened in (store.begin, store.read, store.begin):
        with opened() as connection:
            process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(process, signal.SIGTERM)
        while Path(f"/proc/{process}").exists():
            time.sleep(0.01)
    store.close()


def test_wiping_leaves_no_deleted_byte_behind(store: Store, tmp_path: Path) -> None:
    secret = b"what-must-be-gone-of-a-synthetic-case"
    with store.begin() as connection:
        insert = text("INSERT INTO audit_private (n, salt, body) VALUES (1, x'00', :body)")
        connection.execute(insert, {"body": secret})
    assert any(secret in path.read_bytes() for path in tmp_path.iterdir())
    with store.begin() as connection:
        connection.execute(text("DELETE FROM audit_private"))
    assert store.wipe()
    assert not any(secret in path.read_bytes() for path in tmp_path.iterdir())


def test_wiping_says_so_when_a_reader_holds_it_back(store: Store) -> None:
    with store.read() as connection:
        connection.execute(text("SELECT * FROM breaker")).all()
        with store.begin() as writing:
            writing.execute(text("INSERT INTO breaker (source, failures) VALUES ('housing', 1)"))
        assert not store.wipe()
    assert store.wipe()


OPENER = """
from pathlib import Path
from mash_trawl.store.engine import Store
together.wait(60)
Store.open("sqlite:///hub.db", Path(folder)).close()
"""


def test_many_processes_may_open_a_new_hub_at_the_same_moment(tmp_path, forking):
    given = {"together": forking.Barrier(8), "folder": str(tmp_path)}
    openers = [forking.Process(target=exec, args=(OPENER, given)) for _ in range(8)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(90)
    assert [opener.exitcode for opener in openers] == [0] * 8
