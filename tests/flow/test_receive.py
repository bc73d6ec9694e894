"""Files that agencies send: taken in whole or not at all, sealed, read only under a permit, gone after their time."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import struct
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
import pyzipper

from mash_trawl.errors import Misconfigured, Refused, Unavailable
from mash_trawl.hub import Hub
from mash_trawl_county.hub_sources import FIRST_SOURCES

MAPPING = """
version: 1
name: asb-list
agency: housing
kind: files
find:
  - by: [family, born]
    table: asb-*.csv
    where: {surname: family, dob: born}
    person:
      ref: person_id
      given: forename
      family: surname
      born: {from: dob, format: "%d/%m/%Y"}
      addresses: {line1: addr1, postcode: postcode}
fetch:
  - category: housing.asb
    table: asb-*.csv
    where: {person_id: ref}
    event: {ref: case_id, at: {from: opened, format: "%Y-%m-%d"}, kind: noise, headline: summary}
"""
SOURCE = """
  - name: asb_list
    agency: housing
    mapping: sources/asb.yaml
    connect: {encoding: cp1252, trailer: END}
    received: {keep: 35d}
    limits: {fresh_for: 8d}"""
HEADER = "person_id,forename,surname,dob,addr1,postcode,case_id,opened,summary"
WORDS = "Geräuschvoll-Canary"


@pytest.fixture
def sent(place, tmp_path):
    """The hub knows a source whose files are sent; here is one about the child of the case, as its agency wrote it."""
    (place.hub / "sources").mkdir(exist_ok=True)
    (place.hub / "sources" / "asb.yaml").write_text(MAPPING, "utf-8")
    place.edit(FIRST_SOURCES, FIRST_SOURCES + SOURCE)
    with closing(sqlite3.connect(place.root / "county" / "housing.db")) as db:
        rows = db.execute("select person_id, forename, surname, dob, addr1, postcode from person").fetchall()
    lines = [",".join((*row, f"C{at}", "2026-01-05", WORDS)) for at, row in enumerate(rows)]
    file = tmp_path / "asb-2026-11-01.csv"
    file.write_text("\n".join([HEADER, *lines, f"END,{len(lines)}"]) + "\n", "cp1252")
    return file


def whys(done):
    return {(row["status"], row["why"]) for row in json.loads(done.out)["answers"] if row["source"] == "asb_list"}


def today():
    return datetime.now(UTC).date()


def test_what_was_sent_is_read_under_a_permit_and_its_clear_copy_is_gone(place, sent, county, trawl_here):
    case = place.case("children-in-need")
    assert ("not_connected", "nothing_received") in whys(trawl_here("run", case, "--json"))
    stood = today() - timedelta(days=2)
    told = trawl_here("receive", "asb_list", sent, "--as-of", stood.isoformat(), "--json")
    assert told.code == 0 and not sent.exists()
    taken = told.json()
    assert taken["as_of"] == stood.isoformat() and taken["rows"] > 0 and not taken["instead"]
    done = trawl_here("run", case, "--json", "--refresh", "asb_list")
    assert ("found", "matched") in whys(done)
    answer = next(row for row in done.json()["answers"] if row["source"] == "asb_list" and row["status"] == "found")
    assert answer["coverage"]["as_of"] == stood.isoformat()


def test_nothing_of_it_lies_readable_in_the_hub_or_the_ledger(place, sent, trawl_here):
    kept = sent.read_bytes()
    trawl_here("receive", "asb_list", sent, "--as-of", today().isoformat())
    surname = kept.split(b"\n")[1].split(b",")[2]
    for folder in (place.hub, place.root / "keys"):
        for file in folder.rglob("*"):
            if file.is_file() and file.parent.name != "cases":
                data = file.read_bytes()
                assert WORDS.encode("cp1252") not in data and surname not in data, file.name
    (sealed,) = (place.hub / "received").iterdir()
    assert sealed.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_an_extract_older_than_it_may_be_is_partial_and_says_as_of_when(place, sent, county, trawl_here):
    stood = (today() - timedelta(days=20)).isoformat()
    trawl_here("receive", "asb_list", sent, "--as-of", stood)
    done = trawl_here("run", place.case("children-in-need"), "--json")
    assert ("partial", "too_old") in whys(done)
    rows = [row for row in done.json()["answers"] if row["source"] == "asb_list" and row["coverage"]]
    assert {row["coverage"]["as_of"] for row in rows} == {stood}


def test_after_its_time_it_is_destroyed_and_the_source_says_that_nothing_is_there(place, sent):
    with place.open() as hub:
        hub.receive("asb_list", sent, as_of=today())
        assert len(hub.received("asb_list")) == 1
    with Hub.open(place.hub, clock=lambda: datetime.now(UTC) + timedelta(days=36)) as later:
        assert later.received() == () and later.gate.extracts("asb_list")("asb-*.csv") is None
        assert later.sweep_received() == 1 and later.sweep_received() == 0
    assert list((place.hub / "received").iterdir()) == []


def changed(file, how):
    lines = file.read_text("cp1252").splitlines()
    if how == "cut off":
        lines = lines[:-2]
    elif how == "a row is missing":
        del lines[2]
    elif how == "a column is missing":
        lines[0] = lines[0].replace("surname", "family")
    elif how == "another encoding":
        file.write_bytes(b"\xff\xfe" + "\n".join(lines).encode("utf-16-le")[:-1])
        return
    elif how == "no header":
        lines = lines[1:]
    file.write_text("\n".join(lines) + "\n", "cp1252")


@pytest.mark.parametrize("how", ["cut off", "a row is missing", "a column is missing", "another encoding", "no header"])
def test_a_file_with_anything_wrong_is_refused_whole_and_left_where_it_is(place, sent, how):
    changed(sent, how)
    before = sent.read_bytes()
    with place.open() as hub:
        with pytest.raises(Misconfigured) as wrong:
            hub.receive("asb_list", sent, as_of=today())
        assert hub.received() == ()
    assert sent.read_bytes() == before and WORDS not in str(wrong.value)


def test_a_total_that_was_announced_must_fit(place, sent):
    with place.open() as hub, pytest.raises(Misconfigured, match="were announced"):
        hub.receive("asb_list", sent, as_of=today(), rows=1)


def test_a_file_with_far_fewer_rows_than_the_last_one_is_taken_only_when_they_were_announced(
    place, sent, tmp_path, trawl_here
):
    day, lines = today().isoformat(), sent.read_text("cp1252").splitlines()
    assert trawl_here("receive", "asb_list", sent, "--as-of", day).code == 0
    short = tmp_path / "asb-short.csv"
    short.write_text("\n".join([lines[0], lines[1], "END,1"]) + "\n", "cp1252")
    refused = trawl_here("receive", "asb_list", short, "--as-of", day)
    assert refused.code == 2 and f"the one before it held {len(lines) - 2}" in refused.err and short.exists()
    assert trawl_here("receive", "asb_list", short, "--as-of", day, "--rows", "1").code == 0


@pytest.mark.parametrize(("as_of", "said"), [(None, "not said"), (date(2099, 1, 1), "still to come")])
def test_when_the_data_stood_must_be_said_and_be_over(place, sent, as_of, said):
    with place.open() as hub, pytest.raises(Misconfigured, match=said):
        hub.receive("asb_list", sent, as_of=as_of)


def test_other_columns_than_the_last_time_are_refused_unless_they_are_meant(place, sent, tmp_path):
    again = tmp_path / "asb-next.csv"
    again.write_text(sent.read_text("cp1252").replace(HEADER, HEADER.replace("summary", "summary "), 1), "cp1252")
    wider = tmp_path / "asb-wider.csv"
    rows = again.read_text("cp1252").splitlines()
    wider.write_text("\n".join([rows[0] + ",more", *(row + ",x" for row in rows[1:-1]), rows[-1]]) + "\n", "cp1252")
    with place.open() as hub:
        hub.receive("asb_list", sent, as_of=today() - timedelta(days=1))
        with pytest.raises(Misconfigured, match="columns"):
            hub.receive("asb_list", wider, as_of=today())
        assert hub.receive("asb_list", again, as_of=today()).instead
        assert hub.receive("asb_list", wider, as_of=today(), new_header=True).instead
        (row,) = hub.received()
    assert len(list((place.hub / "received").iterdir())) == 1 and row.as_of == today().isoformat()


def test_an_older_extract_never_takes_the_place_of_a_newer_one(place, sent, tmp_path):
    older = tmp_path / "asb-old.csv"
    older.write_bytes(sent.read_bytes())
    with place.open() as hub:
        hub.receive("asb_list", sent, as_of=today())
        with pytest.raises(Refused, match="held already"):
            hub.receive("asb_list", older, as_of=today() - timedelta(days=1))
    assert older.exists()


@pytest.mark.parametrize("aes", [True, False], ids=["aes", "the old way"])
def test_a_locked_zip_is_opened_with_the_password_that_the_hub_names(place, sent, tmp_path, aes, monkeypatch):
    locked = tmp_path / "mail.zip"
    lock(locked, sent, "Passwort-1", aes)
    monkeypatch.setenv("ASB_ZIP", "Passwort-1")
    place.edit("connect: {encoding: cp1252", "connect: {zip_password: env:ASB_ZIP, encoding: cp1252")
    with place.open() as hub:
        taken = hub.receive("asb_list", locked, as_of=today())
    assert taken.rows > 0 and not locked.exists()


def test_a_password_that_is_nowhere_is_named_and_costs_no_trawl(place, sent, tmp_path, county, trawl_here, monkeypatch):
    """The zip was opened when it came: what is held is read without its password."""
    locked = tmp_path / "mail.zip"
    lock(locked, sent, "Passwort-1", aes=True)
    monkeypatch.delenv("ASB_ZIP", raising=False)
    place.edit("connect: {encoding: cp1252", "connect: {zip_password: env:ASB_ZIP, encoding: cp1252")
    assert "asb_list: files are sent for it, and none is held" in trawl_here("check").out
    with place.open() as hub:
        with pytest.raises(Misconfigured, match="zip_password: env:ASB_ZIP"):
            hub.receive("asb_list", locked, as_of=today())
        hub.receive("asb_list", sent, as_of=today())
    told = trawl_here("check").out
    assert f"held as of {today()}" in told and "`zip_password: env:ASB_ZIP`" in told
    assert "found" in {status for status, _ in whys(trawl_here("run", place.case("children-in-need"), "--json"))}


def lock(target, file, password, aes):
    """A zip as 7-Zip makes it, or as Windows did: pyzipper writes the first, the second is done here by hand."""
    if aes:
        with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
            archive.setpassword(password.encode())
            archive.write(file, file.name)
        return
    content = file.read_bytes()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(file.name, b"\0" * 12 + content)
    item, data, size = archive.infolist()[0], bytearray(made.getvalue()), len(content) + 12
    start = data.index(b"\0" * 12 + content)
    crc = zlib.crc32(content)
    data[start : start + size] = old_cipher(b"\1" * 11 + bytes([crc >> 24]) + content, password.encode())
    central = data.index(b"PK\1\2")
    for flags, sums in ((item.header_offset + 6, item.header_offset + 14), (central + 8, central + 16)):
        data[flags] |= 1
        data[sums : sums + 12] = struct.pack("<III", crc, size, len(content))
    target.write_bytes(data)


def old_cipher(plain, password):
    """PKWARE's traditional encryption (APPNOTE 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte):
        keys[0] = zlib.crc32(bytes([byte]), keys[0] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = zlib.crc32(bytes([keys[1] >> 24]), keys[2] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    for byte in password:
        step(byte)
    made = bytearray()
    for byte in plain:
        mask = keys[2] | 2
        made.append(byte ^ (((mask * (mask ^ 1)) >> 8) & 0xFF))
        step(byte)
    return bytes(made)


def test_a_wrong_password_takes_nothing(place, sent, tmp_path):
    locked = tmp_path / "mail.zip"
    lock(locked, sent, "right", True)
    with place.open() as hub, pytest.raises(Misconfigured, match="wrong password"):
        hub.receive("asb_list", locked, as_of=today(), password=lambda: "wrong")
    assert locked.exists()


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("asb-x.csv", b"0" * (70 * 1024 * 1024))
    return made.getvalue()


def archive_of(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, HEADER)
    return made.getvalue()


@pytest.mark.parametrize(("content", "said"), [
    (archive_of("asb-1.csv", "asb-2.csv"), "several files"),
    (archive_of("../asb-1.csv"), "outside the folder"),
    (archive_of("asb-1.exe"), "does not tell"),
    (archive_of("asb-1.csv")[:-30], "broken zip"),
    (b"PK", "broken zip"),
], ids=["two files", "a way out", "a program", "cut off", "no zip"])  # fmt: skip
def test_a_zip_that_is_not_one_file_of_the_mapping_is_refused(place, sent, tmp_path, content, said):
    file = tmp_path / "mail.zip"
    file.write_bytes(content)
    with place.open() as hub, pytest.raises(Misconfigured, match=said):
        hub.receive("asb_list", file, as_of=today())


def test_a_zip_that_swells_is_not_unpacked_to_its_end(place, sent, tmp_path):
    file = tmp_path / "mail.zip"
    file.write_bytes(bomb())
    with place.open() as hub, pytest.raises(Misconfigured, match="too large"):
        hub.receive("asb_list", file, as_of=today())


def test_a_source_that_is_not_sent_files_takes_none(place, sent):
    with place.open() as hub, pytest.raises(Misconfigured, match="not one that files are sent for"):
        hub.receive("housing", sent, as_of=today())


def test_destroying_a_case_leaves_what_was_sent_readable_under_the_new_root(place, sent, county, trawl_here):
    case = place.case("children-in-need")
    trawl_here("receive", "asb_list", sent, "--as-of", today().isoformat())
    run = trawl_here("run", case, "--json").json()
    assert trawl_here("destroy", run["case"], "--reason", "over", "--yes").code == 0
    with place.open() as hub:
        extract = hub.gate.extracts("asb_list")("asb-*.csv")
    assert extract is not None and extract.content.startswith(HEADER.encode())


def test_a_row_that_somebody_changed_opens_nothing(place, sent):
    with place.open() as hub:
        hub.receive("asb_list", sent, as_of=today())
    with closing(sqlite3.connect(place.hub / "hub.db")) as db, db:
        db.execute("update extract set as_of = '2026-01-01'")
    with place.open() as hub, pytest.raises(Unavailable, match="unreadable answer"):
        hub.gate.extracts("asb_list")("asb-*.csv")


@pytest.mark.parametrize(("old", "new", "said"), [
    ("    mapping: sources/asb.yaml\n", "    connector: housing\n", "read by a `mapping`"),
    ("connect: {encoding", "connect: {folder: x, encoding", "not both"),
    ("received: {keep: 35d}", "received: {keep: 0d}", "longer than nothing"),
    ("received: {keep: 35d}", "received: {keep: 35d}\n    isolate: process", "on a thread"),
])  # fmt: skip
def test_a_hub_file_that_cannot_mean_it_is_refused(place, sent, old, new, said):
    place.edit(old, new)
    with pytest.raises(Misconfigured, match=said):
        place.open()
