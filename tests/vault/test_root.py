"""The root key's files: outside the hub, two of them, and never both old and new for long."""

from __future__ import annotations

import os

import pytest

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.vault.root import (
    Root,
    check_root,
    create_root,
    load_root,
    next_path,
    on_one_disk,
    read_root_file,
    settle,
    stage,
)


@pytest.fixture
def paths(tmp_path):
    chosen = [tmp_path / "keys" / "root.a", tmp_path / "media" / "root.b"]
    create_root(chosen)
    return chosen


def test_both_replicas_hold_the_same_root_and_say_not_to_back_them_up(paths):
    first, second = (read_root_file(path) for path in paths)
    assert first == second
    assert len(first.key) == 32
    assert b"never back up this file" in paths[0].read_bytes()
    assert first.key.hex() not in repr(first)


def test_a_root_is_never_overwritten_and_needs_two_places(paths, tmp_path):
    before = paths[0].read_bytes()
    with pytest.raises(Misconfigured, match="a root key already"):
        create_root([paths[0], tmp_path / "new"])
    assert paths[0].read_bytes() == before
    assert not (tmp_path / "new").exists()
    for one in ([tmp_path / "x"], [tmp_path / "x", tmp_path / "x"], []):
        with pytest.raises(Misconfigured, match="two replicas"):
            create_root(one)


def test_one_replica_is_enough_to_read(paths):
    root = read_root_file(paths[0])
    paths[0].unlink()
    assert load_root(paths, root.id) == root
    paths[1].unlink()
    with pytest.raises(Refused) as problem:
        load_root(paths, root.id)
    assert problem.value.why == "root_missing"


def test_any_changed_byte_of_a_root_file_makes_it_unread(paths):
    good = paths[0].read_bytes()
    for at in range(len(good)):
        altered = bytearray(good)
        altered[at] ^= 1
        paths[0].write_bytes(altered)
        assert read_root_file(paths[0]) is None, at
    for length in range(len(good)):
        paths[0].write_bytes(good[:length])
        assert read_root_file(paths[0]) is None, length


def test_another_databases_root_is_refused(paths):
    with pytest.raises(Refused) as problem:
        load_root(paths, Root.new().id)
    assert problem.value.why == "root_differs"


def test_a_coming_root_that_was_not_committed_is_thrown_away(paths):
    old, new = read_root_file(paths[0]), Root.new()
    stage(paths, new)
    assert load_root(paths, old.id) == old
    assert load_root(paths, new.id) == new
    assert settle(paths, old.id) == 2
    assert [read_root_file(path) for path in paths] == [old, old]
    assert not any(next_path(path).exists() for path in paths)


def test_a_coming_root_that_was_committed_takes_over_everywhere(paths):
    new = Root.new()
    stage(paths, new)
    assert settle(paths, new.id) == 2
    assert [read_root_file(path) for path in paths] == [new, new]
    assert settle(paths, new.id) == 2


def test_a_stale_replica_put_back_is_brought_to_the_root_that_counts(paths):
    stale, new = paths[1].read_bytes(), Root.new()
    stage(paths, new)
    settle(paths, new.id)
    paths[1].write_bytes(stale)
    assert settle(paths, new.id) == 2
    assert read_root_file(paths[1]) == new


def test_a_replica_that_is_away_is_not_made_up(paths):
    root = read_root_file(paths[0])
    paths[1].unlink()
    assert settle(paths, root.id) == 1
    assert not paths[1].exists()


def problems(paths, hub):
    return " ".join(str(problem) for problem in check_root(paths, hub))


def test_check_names_what_is_wrong_with_where_the_root_lies(paths, tmp_path):
    hub = tmp_path / "hub"
    assert problems(paths, hub) == ""
    assert on_one_disk(paths)
    assert not on_one_disk(paths[:1])
    assert "inside the hub" in problems(paths, tmp_path)
    assert "only one replica" in problems(paths[:1], hub)
    assert "missing" in problems([paths[0], tmp_path / "none"], hub)
    (tmp_path / "OneDrive").mkdir()
    synchronised = [tmp_path / "OneDrive" / "root.a", tmp_path / "root.b"]
    create_root(synchronised)
    assert "synchronised" in problems(synchronised, hub)
    assert "different roots" in problems([paths[0], synchronised[0]], hub)
    paths[0].write_bytes(b"rubbish")
    assert "damaged" in problems(paths, hub)


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights and links")
def test_check_names_rights_and_links(paths, tmp_path):
    paths[0].chmod(0o640)
    assert "others may read" in problems(paths, tmp_path / "hub")
    link = tmp_path / "link"
    link.symlink_to(paths[1])
    assert "is a link" in problems([paths[0], link], tmp_path / "hub")
