"""Who may read: every refusal has its code, is in the ledger, and gives nothing away."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from contextlib import closing
from datetime import timedelta

import pytest

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.store import custody as rows
from mash_trawl.vault import contents, opening
from mash_trawl.vault.readers import enrol_reader, read_key
from mash_trawl.vault.root import create_root
from mash_trawl.vault.wrapping import open_with


def test_a_damaged_file_is_refused_and_the_refusal_is_in_the_ledger(house):
    sealed = house.seal()
    data = sealed.path.read_bytes()
    for at in range(0, len(data), 211):
        altered = bytearray(data)
        altered[at] ^= 0x10
        sealed.path.write_bytes(altered)
        assert house.why_not(sealed.path) in ("damaged", "not_a_record", "unknown_version", "unknown_record")
    last = list(house.ledger.rows("record.read.refused"))[-1]
    assert last.public["why"] == "damaged"
    assert last.public["record"] == sealed.record
    assert "record.read" not in house.kinds()


def test_a_refusal_is_written_without_the_reason_in_its_public_part(house):
    sealed = house.seal(readers=("ann",))
    house.why_not(sealed.path, "bob")
    (row,) = house.ledger.rows("record.read.refused")
    assert dict(row.public) == {"reader": "bob", "record": sealed.record, "why": "not_a_reader"}
    assert row.private == {"reason": "strategy meeting"}


def test_the_reading_is_durable_before_the_secret_is_released(house, monkeypatch):
    sealed = house.seal()
    seen = []
    monkeypatch.setattr(opening, "read_record", lambda *given: seen.append(house.kinds()[-1]) or read(*given))
    read = contents.read_record
    house.open(sealed.path)
    assert seen == ["record.read"]


def test_nothing_is_released_when_the_ledger_cannot_be_written(house, monkeypatch):
    sealed = house.seal()
    monkeypatch.setattr(opening, "open_with", lambda *_: pytest.fail("released"))
    monkeypatch.setattr(type(house.ledger), "write_in", _away)
    monkeypatch.setattr(type(house.ledger), "write", _away)
    assert house.why_not(sealed.path) == "ledger_not_writable"
    assert house.sql("SELECT * FROM released") == []


def _away(*_):
    raise Refused("ledger_not_writable")


def test_a_database_locked_by_somebody_else_releases_nothing(house, monkeypatch):
    import sqlite3

    sealed = house.seal()
    other = sqlite3.connect(house.folder / "hub.db")
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(opening, "open_with", lambda *_: pytest.fail("released"))
    assert house.why_not(sealed.path) == "ledger_not_writable"
    other.rollback()
    other.close()


def test_a_superseded_version_is_refused_unless_asked_for_and_then_logged(house):
    first = house.seal()
    house.seal(extra="newer")
    assert house.why_not(first.path) == "superseded"
    assert house.open(first.path, superseded=True)["notes"] == ""
    assert [row.public["version"] for row in house.ledger.rows("record.read")] == [1]


def test_a_readers_time_ends_and_stays_ended_when_the_clock_goes_back(house, clock):
    sealed = house.seal(readers=("ann",))
    house.custody.grant(sealed.record, "bob", "ann", not_after=clock() + timedelta(minutes=10))
    assert house.open(sealed.path, "bob")
    clock.move(minutes=10)
    assert house.why_not(sealed.path, "bob") == "expired"
    clock.move(minutes=-4)
    assert house.why_not(sealed.path, "bob") == "expired"
    clock.move(days=-365)
    assert house.why_not(sealed.path, "bob") == "clock_behind"


def test_a_reason_is_needed(house):
    sealed = house.seal()
    with pytest.raises(Misconfigured, match="reason"):
        house.custody.open(sealed.path, "ann", lambda: None, " ", "ann")


def test_a_key_file_of_another_reader_or_a_new_key_of_the_same_opens_nothing(house, tmp_path):
    sealed = house.seal()
    assert house.why_not(sealed.path, "ann", key=house.readers / "cat.key") == "wrong_key"
    enrol_reader(tmp_path / "new", "ann", None)
    assert house.why_not(sealed.path, "ann", key=tmp_path / "new" / "ann.key") == "wrong_key"
    assert house.why_not(sealed.path, "ann", key=tmp_path / "none.key") == "key_missing"
    (tmp_path / "bad.key").write_text("{}")
    assert house.why_not(sealed.path, "ann", key=tmp_path / "bad.key") == "key_damaged"
    assert house.why_not(sealed.path, "nobody") == "key_missing"


def test_a_protected_key_needs_its_passphrase_and_an_open_one_asks_for_none(house, tmp_path):
    enrol_reader(house.readers, "dee", b"correct horse", work=2**10)
    sealed = house.seal(readers=("ann", "dee"))
    opened = house.custody.open(sealed.path, "dee", lambda: b"correct horse", "meeting", "dee")
    assert opened.body
    assert house.why_not(sealed.path, "dee") == "locked"
    with pytest.raises(Refused) as problem:
        house.custody.open(sealed.path, "dee", lambda: b"wrong", "meeting", "dee")
    assert problem.value.why == "locked"
    assert house.custody.open(sealed.path, "ann", lambda: pytest.fail("asked"), "meeting", "ann").body


def test_a_stolen_reader_key_and_file_without_custody_open_nothing(house, rebuilt, tmp_path, signer, clock):
    from mash_trawl.audit.ledger import Ledger
    from mash_trawl.store.engine import Store

    sealed = house.seal()
    (tmp_path / "thief").mkdir()
    create_root([tmp_path / "thief" / "keys" / "root.a", tmp_path / "thief" / "media" / "root.b"])
    with closing(Store.open("sqlite:///hub.db", tmp_path / "thief")) as store:
        ledger = Ledger.build(store, signer, house.ledger.origin, clock)
        thief = rebuilt(tmp_path / "thief", store, ledger, signer, clock)
        assert thief.why_not(sealed.path, "ann", key=house.readers / "ann.key") == "unknown_record"


def test_stolen_custody_and_root_without_the_reader_key_hold_no_secret(house):
    sealed = house.seal(readers=("ann",))
    secret = house.secret(sealed)
    thief = read_key(house.readers / "cat.key", None)
    ask = opening.Ask(
        reader="ann", key_id=read_key(house.readers / "ann.key", None).public.key_id, actor="ann", reason="x"
    )
    given = opening.release(house.custody._parts, lambda c: rows.records(c, sealed.record)[0], ask)
    assert secret not in given.closed
    with pytest.raises(Refused) as problem:
        open_with(thief.opening, given.closed, given.about)
    assert problem.value.why == "wrong_key"


def test_a_grant_closed_for_one_record_opens_no_other(house):
    key = read_key(house.readers / "ann.key", None)
    sealed = house.seal(readers=("ann",))
    ask = opening.Ask(reader="ann", key_id=key.public.key_id, actor="ann", reason="x")
    given = opening.release(house.custody._parts, lambda c: rows.records(c, sealed.record)[0], ask)
    for name, value in (("record", "f" * 32), ("reader", "bob"), ("version", 2), ("not_after", None), ("role", "x")):
        about = dict(given.about) | {name: value}
        if about != given.about:
            with pytest.raises(Refused):
                open_with(key.opening, given.closed, about)


def test_no_plaintext_and_no_key_reaches_the_disk_while_a_record_is_open(house, monkeypatch, spellings):
    sealed = house.seal()
    secret = house.secret(sealed)
    wanted = [*spellings, secret, secret.hex().encode()]
    found = []

    def scan(*given):
        found.extend(path for path, data in house.bytes_everywhere() if any(word in data for word in wanted))
        return check(*given)

    check = contents._check_members
    monkeypatch.setattr(contents, "_check_members", scan)
    assert house.open(sealed.path)
    assert found == []
    (house.folder / "planted").write_text(json.dumps(house.open(sealed.path), ensure_ascii=False))
    house.open(sealed.path)
    assert found == [house.folder / "planted"] * len(found)
    assert found


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_what_is_written_is_for_its_owner_alone(house):
    sealed = house.seal()
    house.custody.destroy("MASH-1", "ann", "over")
    secret = [sealed.path, *house.roots, *house.readers.glob("*.key"), *house.out.glob("*.note")]
    assert {path.stat().st_mode & 0o077 for path in secret} == {0}


def test_no_repr_or_error_shows_what_is_private(house, canary):
    sealed = house.seal()
    opened = house.custody.open(sealed.path, "ann", lambda: None, "meeting", "ann")
    secret = house.secret(sealed)
    shown = repr((opened, sealed, read_key(house.readers / "ann.key", None), house.custody._parts))
    assert canary not in shown
    assert "MASH-1" not in shown
    assert secret.hex() not in shown
    assert repr(secret) not in shown


def test_readers_at_work_while_the_case_is_destroyed_log_no_reading_after_it(house):
    sealed, other = house.seal(), house.seal("MASH-2")
    outcomes: list[str] = []
    begin = threading.Barrier(5)

    def read() -> None:
        begin.wait()
        for _ in range(6):
            try:
                house.open(sealed.path)
                outcomes.append("opened")
            except Refused as refusal:
                outcomes.append(refusal.why)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    begin.wait()
    with contextlib.suppress(Refused):  # on a slow machine the lock can be held too long: then it is asked again
        house.custody.destroy("MASH-1", "ann", "over")
    for thread in threads:
        thread.join()
    house.custody.destroy("MASH-1", "ann", "over")
    kinds = house.kinds()
    assert "record.read" not in kinds[kinds.index("destroy.executed") :]
    assert set(outcomes) <= {"opened", "destroyed", "ledger_not_writable"}
    assert house.open(other.path)
