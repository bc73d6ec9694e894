"""Taking in a file while others do so too, while it is being written, and while the process is killed or the disk full.

The clear copy is deleted only when the hub holds it for good: at every moment one of the two has it.
"""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import threading
import traceback
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mash_trawl import receiving
from mash_trawl.errors import Misconfigured, Refused, Unavailable
from mash_trawl.hub import Hub
from mash_trawl.store.engine import Store
from mash_trawl.transports import files_sent
from mash_trawl.vault import durable, extracts
from mash_trawl_county.hub_sources import FIRST_SOURCES

MAPPING = """
version: 1
name: lists
agency: housing
kind: files
find:
  - by: [family]
    table: l-*.csv
    where: {surname: family}
    person: {ref: id, family: surname}
fetch:
  - category: housing.asb
    table: l-*.csv
    where: {id: ref}
    event: {ref: id, at: {from: opened, format: "%Y-%m-%d"}, kind: noise, headline: surname}
"""
SOURCE = """
  - {name: lists, agency: housing, mapping: sources/lists.yaml, received: {keep: 35d}, connect: {trailer: END}}"""
NAME = "Abendläufer-Canary"
FIRST, SECOND = date(2026, 1, 4), date(2026, 1, 11)


def words(*ids):
    lines = ["id,surname,opened", *(f"{one},{NAME},2026-01-02" for one in ids), f"END,{len(ids)}"]
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture
def place(pattern, copied, tmp_path):
    made = copied(pattern, tmp_path / "north")
    (made.hub / "sources").mkdir(exist_ok=True)
    (made.hub / "sources" / "lists.yaml").write_text(MAPPING, "utf-8")
    made.edit(FIRST_SOURCES, FIRST_SOURCES + SOURCE)
    return made


@pytest.fixture
def mail(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.write_bytes(content)
        return file

    return write


def held(hub):
    """The content that a trawl would read; None without any."""
    found = hub.gate.extracts("lists")("l-*.csv")
    return found.content if found else None


def left(place):
    folder = place.hub / "received"
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_a_sweep_beside_it_takes_nothing_that_is_just_being_sealed(place, mail, monkeypatch):
    """Another process opens a trawl, which sweeps, between the sealed file and its row."""
    file, create = mail("l-1.csv", words("a")), durable.create
    swept: list[threading.Thread] = []

    def slowly(path, data):
        create(path, data)
        if path.suffix == ".sealed":
            with (
                closing(sqlite3.connect(place.hub / "hub.db", timeout=0)) as db,
                pytest.raises(sqlite3.OperationalError),
            ):
                db.execute("begin immediate")
            swept.append(threading.Thread(target=sweep, args=(place,)))
            swept[-1].start()

    monkeypatch.setattr(durable, "create", slowly)
    with place.open() as hub:
        hub.receive("lists", file, as_of=FIRST)
        swept[0].join()
        assert held(hub) == words("a") and not file.exists()


def sweep(place):
    with place.open() as other:
        other.sweep_received()


def test_of_two_at_once_the_older_one_does_not_take_the_place_of_the_newer(place, mail, monkeypatch):
    older, newer, look = mail("l-1.csv", words("a")), mail("l-2.csv", words("b")), receiving.look

    def meanwhile(*arguments):
        monkeypatch.setattr(receiving, "look", look)
        took = extracts.Extracts.take

        def late(self, *rest, **how):
            monkeypatch.setattr(extracts.Extracts, "take", took)
            with place.open() as other:
                other.receive("lists", newer, as_of=SECOND)
            return took(self, *rest, **how)

        monkeypatch.setattr(extracts.Extracts, "take", late)
        return look(*arguments)

    monkeypatch.setattr(receiving, "look", meanwhile)
    with place.open() as hub:
        with pytest.raises(Refused, match="meanwhile"):
            hub.receive("lists", older, as_of=FIRST)
        assert held(hub) == words("b") and older.exists() and len(left(place)) == 1


def test_what_was_saved_under_its_name_meanwhile_is_not_deleted(place, mail, monkeypatch):
    file, look = mail("l-1.csv", words("a")), receiving.look

    def replaced(*arguments):
        file.write_bytes(words("a", "b"))
        return look(*arguments)

    monkeypatch.setattr(receiving, "look", replaced)
    with place.open() as hub:
        assert hub.receive("lists", file, as_of=FIRST).left
        assert held(hub) == words("a")
    assert file.read_bytes() == words("a", "b")


def test_a_file_that_is_still_being_written_is_left(place, mail, monkeypatch):
    file, fstat, seen = mail("l-1.csv", words("a")), os.fstat, []

    def growing(number):
        if seen:
            with file.open("ab") as more:
                more.write(words("b"))
        seen.append(number)
        return fstat(number)

    monkeypatch.setattr(files_sent.os, "fstat", growing)
    with place.open() as hub, pytest.raises(Misconfigured, match="still being written"):
        hub.receive("lists", file, as_of=FIRST)


def test_another_name_of_the_same_file_is_told(place, mail, tmp_path):
    file = mail("l-1.csv", words("a"))
    (tmp_path / "copy.csv").hardlink_to(file)
    with place.open() as hub:
        assert hub.receive("lists", file, as_of=FIRST).left and not file.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of POSIX")
def test_a_pipe_that_takes_the_file_s_place_does_not_hold_anybody_up(place, mail, monkeypatch):
    file, real = mail("l-1.csv", words("a")), os.open

    def swapped(path, flags, *rest, **how):
        if Path(path) == file:
            file.unlink()
            os.mkfifo(file)
        return real(path, flags, *rest, **how)

    monkeypatch.setattr(files_sent.os, "open", swapped)
    with place.open() as hub, pytest.raises(Misconfigured, match="not a file"):
        hub.receive("lists", file, as_of=FIRST)


@pytest.mark.parametrize("how", ["link", "pipe", "folder", "nothing"])
def test_what_is_no_ordinary_file_is_refused(place, mail, tmp_path, how):
    path = tmp_path / "l-9.csv"
    if how == "link":
        path.symlink_to(mail("l-1.csv", words("a")))
    elif how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    with place.open() as hub, pytest.raises(Misconfigured, match="not a file"):
        hub.receive("lists", path, as_of=FIRST)


@pytest.mark.parametrize("content", [
    b'id,surname,opened\na,"' + b"x" * 200_000 + b'",2026-01-02\nEND,1\n',
    b"id,surname,opened," + b"y" * 200_000 + b"\na,b,2026-01-02,\nEND,1\n",
    b"\0" * 64,
    b'id,"surname\n',
    b"",
], ids=["a cell", "a column's name", "zero bytes", "a quote that never closes", "empty"])  # fmt: skip
def test_a_table_that_is_none_is_refused_in_words(place, mail, content):
    file = mail("l-1.csv", content)
    with place.open() as hub, pytest.raises(Misconfigured, match="left where it is"):
        hub.receive("lists", file, as_of=FIRST)
    assert file.read_bytes() == content and left(place) == []


def test_a_name_that_would_move_the_cursor_is_printed_nowhere(place, mail, trawl_here):
    for name in ("l-\x1b[2J\r\n.csv", f"{NAME}.csv"):
        done = trawl_here("receive", "lists", mail(name, words("a")), "--as-of", "2026-01-04")
        assert "\x1b" not in done.out + done.err and NAME not in done.out + done.err


def test_nothing_of_it_is_in_a_log_at_its_most_talkative(place, mail, caplog):
    caplog.set_level(logging.DEBUG)
    with place.open() as hub:
        hub.receive("lists", mail("l-1.csv", words("a")), as_of=FIRST)
        assert NAME.encode() in held(hub)
        for wrong in (words("b")[:-3], words("b").replace(b"surname", NAME.encode()), f'"{NAME}"x,\n'.encode()):
            with pytest.raises(Misconfigured) as said:
                hub.receive("lists", mail("l-2.csv", wrong), as_of=FIRST)
            assert NAME not in "".join(traceback.format_exception(said.value))
    assert NAME not in caplog.text


def test_a_row_that_somebody_changed_keeps_nobody_from_destroying_a_case(place, mail, county, trawl_here):
    trawl_here("receive", "lists", mail("l-1.csv", words("a")), "--as-of", "2026-01-04")
    run = trawl_here("run", place.case("children-in-need"), "--json").json()
    with closing(sqlite3.connect(place.hub / "hub.db")) as db, db:
        db.execute("update extract set source = source, rows = rows + 1")
    assert trawl_here("destroy", run["case"], "--reason", "over", "--yes").code == 0
    with place.open() as hub, pytest.raises(Unavailable, match="unreadable answer"):
        held(hub)


def test_the_key_of_the_one_before_lies_nowhere_in_the_database(place, mail):
    with place.open() as hub:
        hub.receive("lists", mail("l-1.csv", words("a")), as_of=FIRST)
        with hub.store.read() as connection:
            (before,) = extracts.extracts(connection)
        hub.receive("lists", mail("l-2.csv", words("b")), as_of=SECOND)
        for file in place.hub.glob("hub.db*"):
            assert before.wrapped not in file.read_bytes(), file.name


def test_a_clock_set_back_brings_nothing_back(place, mail):
    with place.open() as hub:
        hub.receive("lists", mail("l-1.csv", words("a")), as_of=FIRST)
        kept = (place.hub / "received" / left(place)[0]).read_bytes()
    name = left(place)[0]
    with Hub.open(place.hub, clock=lambda: datetime.now(UTC) + timedelta(days=40)) as later:
        assert later.sweep_received() == 1
    (place.hub / "received" / name).write_bytes(kept)
    with place.open() as hub, pytest.raises(Refused, match="clock"):
        hub.received()


def test_on_a_full_disk_nothing_is_kept_and_nothing_deleted(place, mail, monkeypatch, trawl_here):
    file, write = mail("l-1.csv", words("a")), os.write

    def full(number, data):
        if len(data) > 60:
            raise OSError(28, f"no space left for {NAME}")
        return write(number, data)

    monkeypatch.setattr(durable.os, "write", full)
    done = trawl_here("receive", "lists", file, "--as-of", "2026-01-04")
    assert done.code == 5 and NAME not in done.err and "disk" in done.err
    assert file.exists() and left(place) == []


def kill_at(point):
    """This process kills itself just before the given step; a step is whatever another process, or a crash, can see."""
    seen = iter(range(1, 1000))

    def before(owner, name):
        real = getattr(owner, name)

        def stepping(*arguments, **how):
            if next(seen) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **how)

        setattr(owner, name, stepping)

    for owner, name in (
        (durable, "create"), (durable.os, "fsync"), (extracts, "sync_folder"), (extracts, "put_extract"),
        (Store, "_prepare"), (Store, "wipe"), (durable, "remove"), (Path, "unlink"),
    ):  # fmt: skip
        before(owner, name)
    from sqlalchemy import Connection

    before(Connection, "commit")


def receive_in_child(place, file, point):
    """In a fork of its own; True when it was killed."""
    child = os.fork()
    if child == 0:
        try:
            kill_at(point)
            with place.open() as hub:
                hub.receive("lists", file, as_of=SECOND)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_before_any_step_the_hub_or_the_sender_s_file_has_it(place, mail, copied, tmp_path):
    with place.open() as hub:
        hub.receive("lists", mail("l-1.csv", words("a")), as_of=FIRST)
    states = set()
    for point in range(1, 60):
        here, file = copied(place.root, tmp_path / f"n{point}"), mail("l-2.csv", words("b"))
        killed = receive_in_child(here, file, point)
        with here.open() as hub:
            now = held(hub)
            assert now == words("b") or (now == words("a") and file.exists()), point
            states.add((now == words("b"), file.exists()))
            hub.sweep_received()
            assert left(here) == [f"{row.id}.sealed" for row in hub.received()], point
        if not killed:
            break
    assert not killed and point > 8 and states == {(False, True), (True, True), (True, False)}
