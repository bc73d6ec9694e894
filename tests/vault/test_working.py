"""The working copy: for the next trawl of the case, closed under a reader's key and custody's together."""

from __future__ import annotations

import zlib

import pytest

from mash_trawl.errors import Refused
from mash_trawl.vault import archive, record_file

KEPT = b'{"answers": "the address that must stay hidden"}'


def opened(house, sealed, reader="ann", **how):
    return house.custody.open(sealed.path, reader, lambda: None, "next trawl", reader, **how)


def test_a_reader_with_custody_gets_back_what_was_kept(house):
    sealed = house.seal(working=KEPT)
    assert house.custody.working_copy(opened(house, sealed)) == KEPT
    assert house.custody.working_copy(opened(house, sealed, "bob")) == KEPT


def test_a_record_sealed_without_one_has_none(house):
    assert house.custody.working_copy(opened(house, house.seal())) is None


def test_the_records_secret_alone_does_not_open_it(house):
    sealed = house.seal(working=KEPT)
    _, payload = record_file.decrypt(sealed.path.read_bytes(), house.secret(sealed))
    closed = archive.unpack(payload)["attachments/working"]
    assert KEPT not in closed and zlib.compress(KEPT, 6) not in closed


def test_a_newer_version_takes_the_older_working_copy_away(house):
    first = house.seal(working=KEPT)
    house.seal(working=b"newer")
    old = opened(house, first, superseded=True)
    assert house.custody.working_copy(old) is None
    assert house.sql("SELECT count(*) FROM working_key")[0][0] == 1


def test_its_key_dies_with_the_case(house):
    sealed = house.seal(working=KEPT)
    held = opened(house, sealed)
    house.custody.destroy("MASH-1", "ann", "keyworker appointed")
    assert house.sql("SELECT count(*) FROM working_key")[0][0] == 0
    assert house.custody.working_copy(held) is None


def test_the_copy_of_another_case_is_not_taken(house):
    one, two = house.seal("MASH-1", working=KEPT), house.seal("MASH-2", working=b"other")
    house.sql(
        "UPDATE working_key SET wrapped = (SELECT wrapped FROM working_key WHERE record_id = :b) WHERE record_id = :a",
        a=one.record, b=two.record,
    )  # fmt: skip
    with pytest.raises(Refused, match="custody rows"):
        house.custody.working_copy(opened(house, one))


def test_a_refusal_at_the_last_moment_leaves_no_file_and_no_row(house):
    def overtaken(_):
        raise Refused("fenced")

    with pytest.raises(Refused):
        house.seal(still=overtaken)
    assert list(house.out.glob("*")) + list(house.out.glob(".*")) == []
    assert house.sql("SELECT count(*) FROM record")[0][0] == 0
