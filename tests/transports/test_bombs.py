"""Answers and files made to exhaust a machine, and files whose bytes are not what they seem."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Malformed
from mash_trawl.transports.files import open_session

PROGRAM = """
import gzip, io, json, sys, time
from pathlib import Path
import urllib3
import tempfile
from mash_trawl.errors import Malformed
from mash_trawl.transports.door import Tally
from mash_trawl.transports.files_read import read_rows
from mash_trawl.transports.http_body import parse, read_body
MB = 1024 * 1024
def full(unit, size):
    return b"[" + unit * (size // len(unit)) + unit.rstrip(b",") + b"]"
zeros = gzip.compress(b" " * (200 * MB), 1)
def packed():
    raw = urllib3.HTTPResponse(io.BytesIO(zeros), {"Content-Encoding": "gzip"}, preload_content=False)
    return parse(read_body(raw))
def body(data):
    return lambda: parse(data)
folder = Path(tempfile.mkdtemp())
def file(name, data):
    (folder / name).write_bytes(data)
    return lambda: [None for _ in read_rows(folder / name, {}, ("ref",), Tally())]
bombs = {
    "200 MB packed in less than 1 MB": packed,
    "an answer of 4 million numbers": body(full(b"1,", 8 * MB - 9)),
    "an answer of 1.6 million texts": body(full(b'"ab",', 8 * MB - 9)),
    "an answer of 700,000 names": body(b"{" + b",".join(b'"%d":1' % one for one in range(700_000)) + b"}"),
    "an answer 100,000 deep": body(b"[" * 100_000),
    "a number of 4 million digits": body(b"[" + b"1" * 4_000_000 + b"]"),
    "a file of 8 million numbers": file("a.json", full(b"1,", 16 * MB - 9)),
    "a file of 5 million objects": file("b.json", full(b"{},", 16 * MB - 9)),
    "a file a million deep": file("c.json", b"[" * MB),
    "a row of 900,000 cells": file("d.csv", b"ref" + b"," * 900_000),
    "a cell that never ends": file("e.csv", b'ref\\n"' + b"a\\n" * (15 * MB)),
    "a line that never ends": file("f.csv", b"ref\\n" + b"a" * (40 * MB)),
    "900,000 zero bytes": file("g.csv", b"ref\\n" + bytes(900_000)),
}
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
for name, run in bombs.items():
    Path("/proc/self/clear_refs").write_text("5")
    before, begin = peak(), time.process_time()
    try:
        run()
        told = "read"
    except Malformed as problem:
        told = problem.why
    print(json.dumps([name, told, time.process_time() - begin, peak() - before]), flush=True)
import shutil
shutil.rmtree(folder)
"""
TOLD = {
    "200 MB packed in less than 1 MB": "too_long",
    "an answer of 4 million numbers": "too_many_parts",
    "an answer of 1.6 million texts": "too_many_parts",
    "an answer of 700,000 names": "too_many_parts",
    "an answer 100,000 deep": "too_deep",
    "a number of 4 million digits": "not_json",
    "a file of 8 million numbers": "too_many_parts",
    "a file of 5 million objects": "too_many_parts",
    "a file a million deep": "too_many_parts",
    "a row of 900,000 cells": "not_a_header",
    "a cell that never ends": "not_csv",
    "a line that never ends": "line_too_long",
    "900,000 zero bytes": "not_csv",
}


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc, which only Linux has")
def test_a_bomb_costs_little_time_and_memory() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=100, check=True)
    found = {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}
    print(*(f"{name}: {told}, {took:.2f} s, {more:.0f} MB" for name, (told, took, more) in found.items()), sep="\n")
    assert {name: told for name, (told, *_) in found.items()} == TOLD
    for name, (_, seconds, megabytes) in found.items():
        assert seconds < 8, f"{name}: processor time; a tenth of a second on an idle machine"
        assert megabytes < 60, name


@pytest.fixture
def read(open_door: Callable[..., Any], tmp_path: Path) -> Callable[..., tuple[list[dict[str, str]], Any]]:
    """The rows of a CSV file with these bytes, and what was counted."""

    def made(data: bytes, **settings: str) -> tuple[list[dict[str, str]], Any]:
        (tmp_path / "drop").mkdir()
        (tmp_path / "drop" / "people.csv").write_bytes(data)
        door = open_door(folder="drop", **settings)
        with open_session(door) as session:
            return list(session.read("people.csv")), door.tally

    return made


def test_line_ends_of_every_kind_may_stand_in_one_file(read: Any) -> None:
    rows, tally = read(b"ref,name\r\nT1,Ann\nT2,Ben\rT3,Cem\r\n")
    assert [row["ref"] for row in rows] == ["T1", "T2", "T3"] and tally.complete


def test_a_line_end_in_quotes_belongs_to_its_cell(read: Any) -> None:
    rows, _ = read(b'ref,name\nT1,"Ann\r\nMarie"\n')
    assert rows == [{"ref": "T1", "name": "Ann\r\nMarie"}]


def test_a_mark_at_the_start_is_not_part_of_the_first_name(read: Any) -> None:
    rows, _ = read(b"\xef\xbb\xbfref,name\nT1,Ann\n")
    assert rows == [{"ref": "T1", "name": "Ann"}]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_two_bytes_that_nobody_announced_is_refused(read: Any, encoding: str) -> None:
    with pytest.raises(Malformed) as caught:
        read("ref,name\nT1,Zoë\n".encode(encoding))
    assert caught.value.why in ("wrong_encoding", "not_csv", "not_a_header")


def test_a_zero_byte_is_no_cell(read: Any) -> None:
    with pytest.raises(Malformed):
        read(b"ref,name\nT1,An\x00n\n")


def test_half_a_quotation_at_the_end_is_no_row(read: Any) -> None:
    with pytest.raises(Malformed):
        read(b'ref,name\nT1,"Ann')
