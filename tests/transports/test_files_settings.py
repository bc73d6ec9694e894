"""What a source of files is told, and which file of a folder is read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Malformed, Misconfigured, Unavailable
from mash_trawl.transports import files
from mash_trawl.transports.files import open_session

Doors = Callable[..., Any]


def read(door: Any, name: str) -> list[dict[str, str]]:
    with open_session(door) as session:
        return list(session.read(name))


@pytest.mark.parametrize(
    ("connect", "where", "said"),
    [
        ({"delimiter": ";;"}, "delimiter", "one sign"),
        ({"delimiter": "\n"}, "delimiter", "one sign"),
        ({"delimiter": ""}, "delimiter", "one sign"),
        ({"encoding": "latin"}, "encoding", "cp1252"),
        ({"header": "0"}, "header", "number of a row"),
        ({"header": "first"}, "header", "number of a row"),
        ({"companion": "md5"}, "companion", "neither done nor sha256"),
        ({"trailr": "END"}, "connect", "Did you mean trailer?"),
    ],
)
def test_settings_that_cannot_be_followed_are_told_before_a_file_is_read(
    open_door: Doors, drop: Path, connect: dict[str, str], where: str, said: str
) -> None:
    (drop / "p.csv").write_text("a\n1\n")
    with pytest.raises(Misconfigured, match=said) as caught:
        read(open_door(folder="drop", **connect), "p.csv")
    assert caught.value.problems[0].where.endswith(where)


@pytest.mark.parametrize("name", ["p.csv.part", "p.csv.TMP", ".p.csv", "~$p.csv", "p\n.csv"])
def test_what_is_still_being_written_or_hidden_is_no_file(at_drop: Any, drop: Path, name: str) -> None:
    (drop / name).write_text("a\n1\n")
    with pytest.raises(Unavailable, match="server error"):
        read(at_drop, "*")


def test_with_a_companion_only_what_has_one_is_read(open_door: Doors, drop: Path) -> None:
    door = open_door(folder="drop", companion="done")
    for name, when in (("p-1.csv", 1_000_000_000), ("p-2.csv", 1_700_000_000)):
        (drop / name).write_text(f"ref\n{name}\n")
        os.utime(drop / name, (when, when))
    with pytest.raises(Unavailable):
        read(door, "p-*")
    (drop / "p-1.csv.done").touch()
    assert read(door, "p-*") == [{"ref": "p-1.csv"}]


def test_a_companion_with_a_digest_proves_the_file(open_door: Doors, drop: Path) -> None:
    door = open_door(folder="drop", companion="sha256")
    (drop / "p.csv").write_bytes(b"a\n1\n2\n")
    (drop / "p.csv.sha256").write_text(hashlib.sha256(b"a\n1\n2\n").hexdigest().upper() + "  p.csv\n")
    assert len(read(door, "p.csv")) == 2
    (drop / "p.csv").write_bytes(b"a\n1\n")
    with pytest.raises(Malformed, match="not the digest"):
        read(door, "p.csv")


def test_a_folder_with_too_many_files_is_told_for_the_newest_may_be_any(
    at_drop: Any, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    for name in ("a.csv", "b.csv", "c.csv"):
        (drop / name).write_text("a\n1\n")
    with pytest.raises(Malformed, match="too many files"):
        read(at_drop, "a.csv")
