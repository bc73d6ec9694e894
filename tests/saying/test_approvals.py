"""Approvals: a chain that begins with the first, and the text that was approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mash_trawl.config.approvals import approved_now
from mash_trawl.errors import Refused
from mash_trawl.model.statement import Approval
from mash_trawl.saying import hear, kept_text


def approval(*approvers: str, file: str = "hub.yaml", sha: str = "0") -> Approval:
    return Approval(file=file, sha256=sha * 64, approvers=approvers)


def test_the_first_approval_is_trusted_and_the_ledger_says_so(house):
    house.say("o.dpo", approval("o.dpo"))
    house.say("o.dpo", approval("o.dpo", sha="1"))
    assert [row.public.get("first", False) for row in house.ledger.rows("statement.signed")] == [True, False]
    assert approved_now(hear(house, None)[0])["hub.yaml"].sha256 == "1" * 64


def test_nobody_becomes_an_approver_by_writing_it_into_the_file(house):
    house.say("o.dpo", approval("o.dpo"))
    for file in ("hub.yaml", "package:base.yaml"):
        with pytest.raises(Refused) as refused:
            house.say("o.other", approval("o.other", file=file, sha="2"))
        assert refused.value.why == "not_an_approver"
    house.say("o.dpo", approval("o.other", sha="3"))
    house.say("o.other", approval(file="package:base.yaml", sha="4"))
    with pytest.raises(Refused):
        house.say("o.dpo", approval("o.dpo", sha="5"))
    standing = approved_now(hear(house, None)[0])
    assert {name: item.sha256[0] for name, item in standing.items()} == {"hub.yaml": "3", "package:base.yaml": "4"}


def test_an_approval_outside_the_chain_does_not_count_even_if_it_was_signed(house):
    """Two first approvals, as two people would make them at once: only the first counts."""
    house.say("o.dpo", approval("o.dpo"))
    (first,) = hear(house, None)[0]
    stray = replace(first, statement=replace(first.statement, by="o.other", said=approval("o.other", sha="9")))
    assert approved_now((first, stray))["hub.yaml"].sha256 == "0" * 64
    assert approved_now((stray, first))["hub.yaml"].sha256 == "9" * 64


def test_an_older_approval_put_in_again_does_not_count(house):
    """Replaying the row of an older approval under a new id or number is no entry of the ledger."""
    house.say("o.dpo", approval("o.dpo"))
    house.say("o.dpo", approval("o.dpo", sha="1"))
    columns = "kind, case_id, maker, at, body, key_id, signature"
    first = "WHERE n = (SELECT min(n) FROM statement)"
    house.sql(f"INSERT INTO statement (id, n, {columns}) SELECT 'again', 99, {columns} FROM statement {first}")
    assert approved_now(hear(house, None)[0])["hub.yaml"].sha256 == "1" * 64
    assert house.faults(None) == ["not_in_ledger"]


def test_what_is_kept_of_an_approved_file_holds_no_password(house):
    said = approval("o.dpo")
    house.say("o.dpo", said, content=b"database: postgresql://hub:very-secret@db.example/hub\n")
    (kept,) = house.sql("SELECT content FROM approved_text")
    assert bytes(kept.content) == b'database: "postgresql://hub:***@db.example/hub"\n'
    assert kept_text(house, approved_now(hear(house, None)[0])["hub.yaml"]) == kept.content


@pytest.mark.parametrize("change", ["UPDATE approved_text SET content = :other", "DELETE FROM approved_text"])
def test_another_text_put_in_place_of_what_was_approved_is_shown_to_nobody(house, change):
    house.say("o.dpo", approval("o.dpo"), content=b"name: north\n")
    said = approved_now(hear(house, None)[0])["hub.yaml"]
    house.sql(change, **({"other": b"name: south\n"} if "other" in change else {}))
    if "DELETE" in change:
        assert kept_text(house, said) is None
        house.sql("INSERT INTO approved_text VALUES (:sha, :other)", sha=said.kept, other=b"name: south\n")
    with pytest.raises(Refused) as refused:
        kept_text(house, said)
    assert refused.value.why == "kept_text_altered"


def test_the_first_approval_of_the_hub_file_voids_what_others_approved_before(house):
    house.say("o.other", approval(file="package:base.yaml", sha="1"))
    house.say("o.dpo", approval(file="sources/asb.yaml", sha="2"))
    house.say("o.dpo", approval("o.dpo", sha="3"))
    assert set(approved_now(hear(house, None)[0])) == {"sources/asb.yaml", "hub.yaml"}
