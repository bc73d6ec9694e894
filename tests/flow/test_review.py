"""A possible match, from the trawl that found it to the person who says whose it is, and the run after that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mash_trawl.config.read import read_value
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.match import match_id
from mash_trawl.sources.again import Memory

SCHEMAS = Path(__file__).resolve().parents[2] / "profiles" / "schema" / "commands"
CASE = "DEMO-2026-0002"


@pytest.fixture
def hub(after_run, county):
    with after_run("children-in-need").open() as opened:
        yield opened


@pytest.fixture
def draft(place):
    return place.case("children-in-need")


def answer_of(result, source, person):
    return next(one for one in result.answers if (one.source, one.person) == (source, person))


def fits(name, value):
    """What a command printed is as its published schema says."""
    schema = json.loads((SCHEMAS / f"{name}.v1.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []


def kept_of(place):
    """The records that wait, as the working copy holds them."""
    with place.open() as hub:
        return [match for item in kept(hub).kept for match in item.answer.waiting]


def kept(hub):
    """What the newest version's working copy holds."""
    known = hub.custody.newest(CASE)
    opened = hub.custody.open(known.path, hub.actor.id, lambda: None, "test", hub.actor.id)
    return read_value(Memory, json.loads(hub.custody.working_copy(opened)), "working copy")


def test_what_waits_is_read_from_the_sealed_version_and_nothing_else_can_be_spoken_of(hub, draft, county):
    before, asked = len(list(hub.ledger.rows("source.asked"))), dict(county.police.hits)
    (one,) = hub.possible(draft)
    assert (one.source, one.person, one.state, one.version) == ("police", "p2", "waiting", 1)
    assert one.match.lines and not one.match.candidate.names and not one.match.candidate.identifiers
    assert len(list(hub.ledger.rows("source.asked"))) == before
    assert county.police.hits == asked
    assert [row.public["reader"] for row in hub.ledger.rows("record.read")] == [hub.actor.id]
    with pytest.raises(Refused, match="no such record") as refused:
        hub.identify(draft, "p2", "police", "P-does-not-exist", same=True, reason="Guess.")
    assert refused.value.why == "unknown_match"
    with pytest.raises(Misconfigured, match="there is none"):
        hub.identify(draft, "p2", "police", one.ref, same=True, reason="  ")
    assert one.id == match_id("police", one.ref, kept(hub).secret)
    taken = kept(hub).of(("police", "p1")).answer.matches[0]
    with pytest.raises(Refused) as refused:
        hub.identify(draft, "p1", "police", taken.ref, same=True, reason="Sure.")
    assert refused.value.why == "already_theirs"
    assert list(hub.ledger.rows("statement.signed")) == []


def test_a_confirmed_record_is_fetched_by_the_next_run_which_asks_nobody_else(hub, draft):
    (one,) = hub.possible(draft)
    signed = hub.identify(draft, "p2", "police", one.ref, same=True, reason="Same address in the referral.")
    assert hub.possible(draft)[0].state == "confirmed"
    assert [(ask.source, ask.person, ask.why) for ask in hub.would_ask(draft)] == [("police", "p2", "identified")]
    result = hub.run(draft)
    assert [(ask.source, ask.person, ask.why) for ask in result.asked] == [("police", "p2", "identified")]
    told = answer_of(result, "police", "p2")
    assert (told.status, told.possible, told.waiting) == ("found", 0, ())
    assert [match.outcome for match in told.matches] == ["confirmed"]
    (shown,) = (match for match in result.product.matches if (match.source, match.person) == ("police", "p2"))
    assert shown.outcome == "confirmed"
    assert shown.confirmed.startswith(f"confirmed by {hub.actor.id} (")
    assert shown.confirmed.endswith(": Same address in the referral")
    (outcome,) = (one for one in result.product.answers if (one.source, one.person) == ("police", "p2"))
    assert f"A record was {shown.confirmed}." in outcome.sentence
    assert told.matches[0].verdict.statement == signed.id
    assert hub.possible(draft) == ()
    assert hub.run(draft).unchanged


def test_the_command_shows_signs_and_says_what_makes_it_count(place, county, trawl_here, draft):
    assert trawl_here("run", draft).code == 3
    told = trawl_here("status", CASE, "--plain")
    assert f"To say whose the possible matches are: `mash-trawl --hub {place.hub} review {CASE}`." in " ".join(
        told.out.split()
    )
    listed = trawl_here("review", CASE, "--json").json()
    fits("review", listed)
    (row,) = listed["matches"]
    assert (listed["waiting"], row["person"], row["state"]) == (1, "p2", "waiting")
    shown = trawl_here("review", CASE)
    assert (shown.code, row["id"] in shown.out) == (0, True)
    (ref,) = (match.ref for match in kept_of(place))
    assert ref not in shown.out
    answer = ("review", CASE, "--match", row["id"], "--confirm", "--reason", "Same address.")
    assert trawl_here(*answer).code == 2
    signed = trawl_here(*answer, "--sure", "--json")
    fits("signed", signed.json())
    assert signed.json()["statements"][0]["about"] == f"p2 {row['id']}"
    assert f"record {row['id']}: is p2 " in " ".join(signed.err.split())
    assert trawl_here("review", CASE, "--json").json()["waiting"] == 0
    assert ("police", "p2", "identified") in {
        (one["source"], one["person"], one["why"]) for one in trawl_here("status", CASE, "--json").json()["again"]
    }
    assert trawl_here("run", CASE).code == 0
    assert "confirmed by" in trawl_here("open", CASE, "--text").out


def test_a_rejected_record_is_not_fetched_not_counted_and_not_kept_and_waits_again_once_that_is_taken_back(hub, draft):
    (one,) = hub.possible(draft)
    hub.identify(draft, "p2", "police", one.ref, same=False, reason="Another Samira.")
    fetched = len([row for row in hub.ledger.rows("source.asked") if row.public["step"] == "fetch"])
    result = hub.run(draft)
    told = answer_of(result, "police", "p2")
    assert (told.status, told.possible, told.rejected) == ("none_found", 0, 1)
    assert len([row for row in hub.ledger.rows("source.asked") if row.public["step"] == "fetch"]) == fetched
    (outcome,) = (one for one in result.product.answers if (one.source, one.person) == ("police", "p2"))
    assert "1 record was looked at by a named person: somebody else's." in outcome.sentence
    assert kept(hub).of(("police", "p2")).answer.waiting == ()
    assert hub.possible(draft) == ()
    hub.identify(draft, "p2", "police", one.ref, same=True, reason="I looked at the wrong line.")
    told = answer_of(hub.run(draft), "police", "p2")
    assert (told.status, told.possible, told.matches) == ("ambiguous_identity", 1, ())
    (again,) = hub.possible(draft)
    assert (again.state, again.since) == ("waiting", "looked_at_again")


def test_a_confirmed_record_that_is_taken_back_stays_out_of_the_product_though_its_source_is_silent(hub, draft, place):
    (one,) = hub.possible(draft)
    hub.identify(draft, "p2", "police", one.ref, same=True, reason="Same address.")
    assert answer_of(hub.run(draft), "police", "p2").findings
    hub.take_back(draft, one.id, reason="It was her sister.")
    (place.root / "county" / "police.url").write_text("http://127.0.0.1:9", "utf-8")
    result = hub.run(draft)
    told = answer_of(result, "police", "p2")
    assert (told.status, told.findings, told.matches) == ("unreachable", (), ())
    assert all(row.person != "p2" or row.source != "police" for row in result.product.matches)


def test_a_confirmation_is_for_the_person_as_they_were(hub, draft):
    import yaml

    (one,) = hub.possible(draft)
    hub.identify(draft, "p2", "police", one.ref, same=True, reason="Same address.")
    hub.run(draft)
    case = yaml.load(draft.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - text scalars only
    mother = next(person for person in case["people"] if person["id"] == "p2")
    mother["names"] = [*mother["names"], {"given": ["Sam"], "family": mother["names"][0]["family"], "use": "nickname"}]
    draft.write_text(yaml.safe_dump(case, sort_keys=False), "utf-8")
    told = answer_of(hub.run(draft), "police", "p2")
    assert (told.status, told.findings) == ("ambiguous_identity", ())
    (again,) = hub.possible(draft)
    assert (again.state, again.since) == ("waiting", "person_changed")


def test_the_next_step_names_the_case_as_it_was_typed_and_is_followed(draft, hub, trawl_here, tmp_path):
    outside = tmp_path / "drafts of today" / "case.yaml"
    outside.parent.mkdir()
    draft.rename(outside)
    shown = trawl_here("review", outside)
    (row,) = trawl_here("review", outside, "--json").json()["matches"]
    assert f"review '{outside}' --match {row['id']}" in shown.err and shown.code == 0
    answer = ("--match", row["id"], "--confirm", "--reason", "Same address.", "--sure")
    assert trawl_here("review", CASE, *answer).code == 2
    signed = trawl_here("review", outside, *answer)
    assert signed.code == 0 and f"run '{outside}'`" in " ".join((signed.out + signed.err).split())
    refused = trawl_here("decide", outside, "--countersign", "--reason", "Seen.", "--sure")
    assert refused.code == 2 and f"decide '{outside}'` lists" in " ".join(refused.err.split())


@pytest.mark.parametrize(
    "answer",
    [("review", "--match", "police:00000000", "--confirm"), ("decide", "--category", "health.gp_summary", "--yes")],
)
def test_a_person_whom_the_case_does_not_have_is_said_to_be_none_of_it(draft, hub, trawl_here, answer):
    command, *rest = answer
    done = trawl_here(command, draft, *rest, "--person", "p99", "--reason", "Seen.", "--sure")
    assert done.code == 2 and "nobody in this case has this id" in " ".join(done.err.split())
    assert "p1, p2" in " ".join(done.err.split()) and list(hub.ledger.rows("statement.signed")) == []
