"""Writing to the ledger: numbers, time, signatures, proofs, and what is refused."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.audit.checkpoint import open_checkpoint
from mash_trawl.audit.entry import MOST_BYTES, Entry
from mash_trawl.audit.kinds import KINDS
from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.audit.tree import check_inclusion, leaf_hash
from mash_trawl.audit.verify import verify
from mash_trawl.errors import Refused
from mash_trawl.store import ledger as rows
from mash_trawl.store.engine import Store

STARTED = Entry("trawl.started", "a", {})


def count_checkpoints(store: Store) -> int:
    with store.read() as connection:
        return len(list(rows.checkpoints(connection)))


def test_entries_get_the_next_numbers_and_verify(any_ledger: Ledger, any_store: Store, signer: Signer) -> None:
    assert any_ledger.write(Entry("trawl.requested", "a", {"people": 2}), STARTED) == (0, 1)
    assert any_ledger.write(Entry("trawl.finished", "a", {}, {"case": "synthetic"})) == (2,)
    with any_store.begin() as connection:
        assert any_ledger.write_in(connection, STARTED) == (3,)
        assert any_ledger.write_in(connection, STARTED) == (4,)
    outcome = verify(any_store, signer.verifier, any_ledger.checkpoint())
    assert (outcome.size, outcome.problems, outcome.first_bad, outcome.erased) == (5, (), None, 0)


def test_every_commit_has_exactly_one_checkpoint(any_ledger: Ledger, any_store: Store, signer: Signer) -> None:
    any_ledger.write(STARTED, STARTED)
    with any_store.begin() as connection:
        any_ledger.write_in(connection, STARTED)
        any_ledger.write_in(connection, STARTED, STARTED)
    with any_store.begin():
        pass
    assert any_ledger.write() == ()
    assert count_checkpoints(any_store) == 2
    assert open_checkpoint(any_ledger.checkpoint(), [signer.verifier]).size == 5


def test_a_transaction_that_is_rolled_back_leaves_no_gap(any_ledger: Ledger, any_store: Store, signer: Signer) -> None:
    any_ledger.write(STARTED)
    with pytest.raises(KeyError), any_store.begin() as connection:
        any_ledger.write_in(connection, STARTED, STARTED)
        raise KeyError
    assert any_ledger.write(STARTED) == (1,)
    assert verify(any_store, signer.verifier).problems == ()


def test_an_empty_ledger_has_a_checkpoint_and_no_time(ledger: Ledger, store: Store, signer: Signer) -> None:
    assert open_checkpoint(ledger.checkpoint(), [signer.verifier]).size == 0
    assert ledger.last_time() is None
    assert verify(store, signer.verifier, ledger.checkpoint()).problems == ()


def test_callers_at_the_same_time_share_commits_and_each_learns_its_numbers(
    any_ledger: Ledger, any_store: Store, signer: Signer
) -> None:
    got: dict[str, list[int]] = {}

    def work(name: str) -> None:
        got[name] = [any_ledger.write(Entry("trawl.started", name, {"turn": turn}))[0] for turn in range(40)]

    threads = [threading.Thread(target=work, args=(f"actor-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(n for numbers in got.values() for n in numbers) == list(range(320))
    shown = {row.n: (row.actor, row.public["turn"]) for row in any_ledger.rows()}
    assert shown == {n: (name, turn) for name, numbers in got.items() for turn, n in enumerate(numbers)}
    assert count_checkpoints(any_store) < 320
    assert verify(any_store, signer.verifier).problems == ()


def test_rows_are_shown_in_order_and_by_kind(any_ledger: Ledger, clock: Any) -> None:
    any_ledger.write(Entry("record.read", "r", {"record": "x1"}, {"reason": "strategy meeting"}))
    clock.move(seconds=5)
    any_ledger.write(STARTED)
    first, second = any_ledger.rows()
    assert (first.n, first.at, first.actor, first.public) == (
        0,
        clock.now - timedelta(seconds=5),
        "r",
        {"record": "x1"},
    )
    assert (first.private, first.erased, second.private, second.erased) == (
        {"reason": "strategy meeting"},
        False,
        None,
        False,
    )
    assert [row.n for row in any_ledger.rows("trawl.started")] == [1]
    assert any_ledger.last_time() == clock.now
    assert "strategy" not in repr(first) + repr(Entry("record.read", "r", {}, {"reason": "strategy meeting"}))


def test_every_entry_can_be_proved_under_the_newest_checkpoint(
    any_ledger: Ledger, any_store: Store, signer: Signer
) -> None:
    any_ledger.write(*[Entry("trawl.started", "a", {"turn": turn}) for turn in range(37)])
    checkpoint = open_checkpoint(any_ledger.checkpoint(), [signer.verifier])
    with any_store.read() as connection:
        entries = [stored.entry for stored in rows.entries(connection)]
    for n, entry in enumerate(entries):
        proof = any_ledger.inclusion_proof(n)
        assert check_inclusion(leaf_hash(entry), proof, checkpoint.size, checkpoint.root)
    for n in (-1, 37):
        with pytest.raises(Refused, match="no entry"):
            any_ledger.inclusion_proof(n)


def test_an_unknown_kind_or_an_entry_too_long_or_with_floats_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="not a kind"):
        Entry("trawl.dreamt", "a", {})
    with pytest.raises(Refused) as problem:
        Entry("trawl.started", "a", {"text": "x" * MOST_BYTES})
    assert problem.value.why == "entry_too_long"
    for public in ({"seconds": 0.5}, {"é": 1}, {"half": "\ud800"}):
        with pytest.raises(Refused) as problem:
            Entry("trawl.started", "a", public)
        assert problem.value.why == "not_canonical"
    assert Entry("trawl.started", "a", {}, {"text": "x" * MOST_BYTES}).private is not None


def test_every_kind_is_in_the_documentation() -> None:
    told = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
    assert [kind for kind in sorted(KINDS) if f"`{kind}`" not in told] == []


def test_a_clock_slightly_behind_never_makes_time_run_back(
    ledger: Ledger, store: Store, signer: Signer, clock: Any
) -> None:
    ledger.write(STARTED)
    clock.move(minutes=-5)
    assert ledger.write(STARTED) == (1,)
    assert len({row.at for row in ledger.rows()}) == 1
    assert verify(store, signer.verifier).problems == ()


def test_a_clock_more_than_five_minutes_behind_is_refused_and_recorded_once(
    ledger: Ledger, store: Store, signer: Signer, clock: Any
) -> None:
    ledger.write(STARTED)
    clock.move(minutes=-5, seconds=-1)
    for _ in range(3):
        with pytest.raises(Refused) as problem:
            ledger.write(STARTED)
        assert problem.value.why == "clock_behind"
    with pytest.raises(Refused, match="behind"), store.begin() as connection:
        ledger.write_in(connection, STARTED)
    assert [(row.kind, row.public) for row in ledger.rows()][1:] == [("clock.anomaly", {"behind_seconds": 301})]
    clock.move(minutes=6)
    assert ledger.write(STARTED) == (2,)
    assert verify(store, signer.verifier).problems == ()


def test_the_ledger_refuses_to_be_changed_in_the_database(any_store: Store, any_ledger: Ledger) -> None:
    any_ledger.write(Entry("trawl.started", "a", {}, {"case": "synthetic"}))
    for statement in (
        "UPDATE audit_entry SET kind = 'trawl.finished'",
        "DELETE FROM audit_entry",
        "UPDATE audit_checkpoint SET note = ''",
        "DELETE FROM audit_checkpoint",
    ):
        with pytest.raises(Refused), any_store.begin() as connection:
            connection.exec_driver_sql(statement)
    assert len(list(any_ledger.rows())) == 1


def test_a_private_part_may_be_erased_and_the_entry_is_shown_as_erased(
    any_store: Store, any_ledger: Ledger, signer: Signer
) -> None:
    any_ledger.write(Entry("trawl.started", "a", {}, {"case": "synthetic"}), STARTED)
    with any_store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_private WHERE n = 0")
    assert [(row.private, row.erased) for row in any_ledger.rows()] == [(None, True), (None, False)]
    outcome = verify(any_store, signer.verifier, any_ledger.checkpoint())
    assert (outcome.problems, outcome.erased) == ((), 1)


def test_the_same_private_part_never_leaves_the_same_trace_twice(ledger: Ledger, store: Store) -> None:
    ledger.write(*[Entry("trawl.started", "a", {}, {"case": "synthetic"})] * 20)
    with store.read() as connection:
        salts = [stored.salt for stored in rows.entries(connection)]
    assert len(set(salts)) == 20


def test_an_older_state_put_back_under_a_running_hub_is_noticed(
    ledger: Ledger, store: Store, sqlite_url: str, tmp_path: Path
) -> None:
    ledger.write(STARTED)
    older = Path(tmp_path / "older.db")
    with sqlite3.connect(tmp_path / "hub.db") as now, sqlite3.connect(older) as kept:
        now.backup(kept)
    now.close()
    ledger.write(STARTED)
    ledger.write(STARTED)
    with sqlite3.connect(tmp_path / "hub.db") as now, kept:
        kept.backup(now)
    now.close()
    kept.close()
    with pytest.raises(Refused) as problem:
        ledger.write(STARTED)
    assert problem.value.why == "ledger_rolled_back"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_checkpoint SET frontier = zeroblob(32)",
        "UPDATE audit_checkpoint SET frontier = CAST(frontier || frontier AS BLOB)",
        "UPDATE audit_checkpoint SET frontier = 'text', note = x'ff', at = x'ff'",
        "UPDATE audit_checkpoint SET size = 3 WHERE size = 2",
        "UPDATE audit_checkpoint SET note = replace(note, 'test', 'best')",
    ],
)
def test_nothing_is_written_behind_a_last_checkpoint_that_is_not_genuine(
    ledger: Ledger, tmp_path: Path, statement: str
) -> None:
    ledger.write(STARTED, STARTED)
    with sqlite3.connect(tmp_path / "hub.db") as raw:
        raw.executescript(f"DROP TRIGGER audit_checkpoint_no_UPDATE; {statement};")
    raw.close()
    with pytest.raises(Refused) as problem:
        ledger.write(STARTED)
    assert problem.value.why == "ledger_damaged"


def test_another_hubs_key_or_name_cannot_go_on_with_the_ledger(
    ledger: Ledger, store: Store, signer: Signer, clock: Any, tmp_path: Path
) -> None:
    ledger.write(STARTED)
    stranger = Signer.create(tmp_path / "stranger", signer.verifier.name)
    for other in (Ledger.build(store, stranger, ledger.origin, clock), Ledger.build(store, signer, "elsewhere", clock)):
        with pytest.raises(Refused) as problem:
            other.write(STARTED)
        assert problem.value.why == "ledger_damaged"
