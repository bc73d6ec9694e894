"""What is left when a case is destroyed is named, and goes only when somebody says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from mash_trawl.errors import Refused
from mash_trawl.hub import Hub

CASE = "DEMO-2026-0001"


@pytest.fixture
def trawl(trawl_here):
    """So many commands are run here that starting Python each time is slow."""
    return trawl_here


@pytest.fixture
def sealed(after_run, county):
    """The early-help case with one product."""
    place = after_run("early-help")
    assert len(list((place.hub / "records").glob("*.mtr"))) == 1
    return place


def kinds(place):
    with place.open() as hub:
        return [row.kind for row in hub.ledger.rows()]


def test_the_draft_is_kept_and_named_loudly_unless_its_deletion_is_asked_for(sealed, trawl):
    draft = sealed.case("early-help")
    done = trawl("destroy", CASE, "--reason", "keyworker appointed", "--yes")
    assert done.code == 0
    assert f"NOT DESTROYED: the draft {draft} still holds names" in done.err
    assert draft.is_file()
    assert "draft.deleted" not in kinds(sealed)
    again = next(line for line in done.err.splitlines() if line.startswith("To delete it: ")).split("`")[1]
    assert again.startswith(f"mash-trawl --hub {sealed.hub} destroy {CASE}")
    assert trawl("destroy", CASE, "--reason", "over", "--draft", "delete", "--yes").code == 0
    assert not draft.exists()


def test_a_deleted_draft_is_in_the_ledger_and_in_the_json(sealed, trawl):
    draft = sealed.case("early-help")
    family = draft.read_bytes().split(b"family: ")[1].split(b"\n")[0].split(b"}")[0]
    done = trawl("destroy", CASE, "--reason", "keyworker appointed", "--draft", "delete", "--yes", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json()["drafts"] == [{"file": str(draft), "deleted": True}]
    assert not draft.exists()
    assert kinds(sealed).count("draft.deleted") == 1
    assert family.decode() not in done.out


def test_a_draft_is_found_by_the_id_in_it_and_by_its_name_when_it_cannot_be_read(sealed, trawl):
    broken = sealed.hub / "cases" / f"{CASE}.yaml"
    broken.write_text("version: 1\nid: [\n", "utf-8")
    done = trawl("destroy", CASE, "--reason", "over", "--yes", "--json").json()
    assert {item["file"] for item in done["drafts"]} == {str(broken), str(sealed.case("early-help"))}
    assert not any(item["deleted"] for item in done["drafts"])


@pytest.mark.parametrize("kept", ["keep", "delete"])
def test_plan_status_and_run_say_that_a_case_was_destroyed(sealed, county, trawl, kept):
    assert trawl("destroy", CASE, "--reason", "over", "--draft", kept, "--yes").code == 0
    before = dict(county.police.hits)
    for command in ("plan", "status", "run"):
        done = trawl(command, CASE)
        assert done.code == 5, done.err
        assert f"the case {CASE} was destroyed; the certificate is " in done.err
    assert dict(county.police.hits) == before


def test_no_file_of_the_hub_names_the_case_any_more_but_its_certificate_and_its_rows_in_custody(sealed, trawl):
    """The lease would tell who worked on it, and where."""
    trawl("destroy", CASE, "--reason", "over", "--draft", "delete", "--yes")
    from sqlalchemy import text

    with sealed.open() as hub, hub.store.read() as connection:
        rows = connection.execute(text("SELECT case_id FROM lease")).scalars().all()
    assert CASE not in rows


def test_taking_it_from_the_only_reader_needs_a_yes(sealed, trawl):
    with sealed.open() as hub:
        reader = hub.actor.id
    done = trawl("readers", "revoke", CASE, reader)
    assert done.code == 2
    assert "the only reader" in done.err and "nobody could grant" in done.err and "--yes" in done.err
    assert json.loads(trawl("readers", "list", CASE, "--json").out)
    assert trawl("readers", "revoke", CASE, reader, "--yes").code == 0
    assert "Nobody may open" in trawl("readers", "list", CASE).err


def test_another_reader_is_taken_away_without_a_question(sealed, trawl):
    trawl("keys", "enrol", "r.cole", "--role", "decider", "--no-passphrase")
    assert trawl("readers", "grant", CASE, "r.cole").code == 0
    assert trawl("readers", "revoke", CASE, "r.cole").code == 0


def test_a_clock_that_is_behind_is_told_as_that_and_not_as_a_reason_to_ask_everybody_again(sealed, county):
    before = dict(county.police.hits)
    late = datetime.now(UTC) - timedelta(hours=1)
    with Hub.at(sealed.hub, clock=lambda: late) as hub:
        for refresh in ((), ("all",)):
            with pytest.raises(Refused, match="clock") as refusal:
                hub.run(sealed.case("early-help"), refresh=refresh)
            assert refusal.value.why == "clock_behind"
            assert "--refresh" not in str(refusal.value)
    assert dict(county.police.hits) == before
