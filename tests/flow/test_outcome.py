"""A note of outcome goes back to each source about its own records, and tells it nothing of anybody else's."""

from __future__ import annotations

import email
import re
from pathlib import Path

import pytest
import yaml

from mash_trawl.model.outcome import OUTCOMES

CASE = "DEMO-2026-0002"
RETURNS = "\nreturns: {team: MASH desk, telephone: '01632 960100', send_to: mash@north.example by secure mail}\n"


@pytest.fixture
def trawl(trawl_here):
    return trawl_here


@pytest.fixture
def sealed(place, county, trawl):
    """The second demo case, trawled, in a hub that says whom an agency rings; the product as it is."""
    hub = place.hub / "hub.yaml"
    hub.write_text(hub.read_text("utf-8") + RETURNS, "utf-8")
    trawl("run", place.case("children-in-need"))
    return trawl("open", CASE, "--json").json()["product"]


def test_a_note_for_each_record_holds_its_own_keys_and_nothing_of_anybody_else(place, sealed, trawl):
    done = trawl("outcome", CASE, "housing", "--to", place.root / "notes", "--outcome", "section_47", "--json")
    assert (done.code, done.err) == (0, "")
    texts = [Path(one["file"]).read_text("utf-8") for one in done.json()["notes"]]
    own = {match["ref"] for match in sealed["matches"] if match["source"] == "housing"}
    assert {re.search("Your record: (.+)", text)[1] for text in texts} == own and len(texts) == len(own) > 1
    parts = ("chronology", "involvements", "residences", "relationships", "facts")
    rows = [row for part in parts for row in sealed.get(part, ())]
    theirs = [row for row in rows if row["origin"]["source"] == "housing"]
    told = " ".join(texts)
    assert theirs and all(row["origin"]["ref"] in told for row in theirs)
    words = {part for person in sealed["people"] for part in person["name"].split() if len(part) > 2}
    words |= {row["headline"] for row in sealed["chronology"]}
    words |= {row["origin"]["ref"] for row in rows if row["origin"]["source"] not in ("housing", "")}
    words |= {match["ref"] for match in sealed["matches"] if match["source"] != "housing"}
    for text in texts:
        said = set(re.findall(r"[\w:/-]+", text))
        assert not {word for word in words if word in said or (" " in word and word in text)}
        assert OUTCOMES["section_47"] in text and "01632 960100" in text and len(own & said) == 1


def test_each_note_is_a_listed_copy_named_by_nobody_and_a_mail_is_a_draft_to_nobody(place, sealed, trawl):
    made = trawl("outcome", CASE, "police", "--to", place.root / "notes", "--json").json()["notes"]
    assert [one["copy"] for one in made] == list(range(1, len(made) + 1))
    assert all(re.fullmatch(r"[0-9a-f]{32}-copy\d+\.txt", Path(one["file"]).name) for one in made)
    assert "Not said yet" in Path(made[0]["file"]).read_text("utf-8")
    rows = [row for row in trawl("audit", "show", "--json").json() if row["kind"] == "record.exported"]
    assert len(rows) == len(made) and {row["public"]["format"] for row in rows} == {"outcome-note"}
    mails = trawl("outcome", CASE, "housing", "--to", place.root / "notes", "--format", "mail", "--json").json()[
        "notes"
    ]
    assert [one["copy"] for one in mails] == list(range(len(made) + 1, len(made) + len(mails) + 1))
    draft = email.message_from_bytes(Path(mails[0]["file"]).read_bytes())
    assert draft["X-Unsent"] == "1" and draft["To"] is draft["Cc"] is draft["From"] is None
    ref = re.search("Your record: (.+)", draft.get_payload(decode=True).decode("utf-8"))[1]
    assert CASE in draft["Subject"] and ref not in draft["Subject"]


def test_no_note_where_there_is_no_record_no_source_or_nobody_to_ring(place, county, trawl):
    trawl("run", place.case("front-door"))
    to = place.root / "notes"
    assert trawl("outcome", "DEMO-2026-0003", "housing", "--to", to).code == 2
    hub = place.hub / "hub.yaml"
    settings = yaml.safe_load(hub.read_text("utf-8"))
    assert "returns" not in settings
    hub.write_text(hub.read_text("utf-8") + RETURNS, "utf-8")
    refused = trawl("outcome", "DEMO-2026-0003", "housing", "--to", to)
    assert refused.code == 5 and "no record of this source" in refused.err
    wrong = trawl("outcome", "DEMO-2026-0003", "house", "--to", to)
    assert wrong.code == 2 and "no answer of a source" in wrong.err and not to.exists()
