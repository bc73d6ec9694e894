"""Something in a product is disputed: from one version to the next it stands beside the claim, in every output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.product.claims import claims
from mash_trawl.render import page
from mash_trawl.render.terminal import text

SCHEMAS = Path(__file__).resolve().parents[2] / "profiles" / "schema"
CASE = "children-in-need"
WHO, SAYS = "Maria Kowalska (synthetic), mother", "We were not at home that night; nobody knocked."


@pytest.fixture
def trawl(trawl_here):
    """Several commands in a row, without starting Python for each."""
    return trawl_here


@pytest.fixture
def words(place):
    """A file with these words."""

    def write(*lines):
        file = place.root / "words.txt"
        file.write_text("\n".join(lines), "utf-8")
        return file

    return write


def test_a_disputed_event_stands_disputed_in_page_text_and_json_of_the_next_version(place, county):
    with place.open() as hub:
        first = hub.run(place.case(CASE)).product
        with pytest.raises(Misconfigured, match="no claim of this version"):
            hub.dispute(first.case.id, "e000000000000", by="family", who=WHO, says=SAYS)
        with pytest.raises(Refused, match="nothing of this case was ever sealed"):
            hub.dispute("NO-SUCH-CASE", "e000000000000", by="family", who=WHO, says=SAYS)
        event = first.chronology[0]
        signed = hub.dispute(first.case.id, event.origin.item[:8], by="family", who=WHO, says=SAYS)
        second = hub.seal_disputes(place.case(CASE))
    assert (signed.kind, signed.said.item, signed.case) == ("dispute", event.origin.item, first.case.id)
    assert second.sealed.version == 2
    assert not second.asked
    (shown,) = second.product.disputes
    assert (shown.row, shown.by, shown.who, shown.says) == (event.origin.item, "family", WHO, SAYS)
    assert second.product.chronology == first.chronology  # the claim stays as it is
    told = text(second.product).splitlines()
    at = next(n for n, line in enumerate(told) if f"item {event.origin.item}" in line)
    assert told[at + 1].startswith("  ! Disputed by the family (Maria Kowalska") and SAYS in told[at + 1]
    assert claims(second.product).keys() == claims(first).keys()
    row = page(second.product, {}).split(f'id="{event.id}"')[1].split("</tr>")[0]
    assert "Disputed by the family" in row
    assert SAYS in row
    place.edit("roles: [analyst, mash_manager, decider]", "roles: [administrator]")
    with place.open() as hub, pytest.raises(Refused, match="role"):
        hub.dispute(first.case.id, event.origin.item, by="family", who=WHO, says=SAYS)


def test_a_settled_dispute_stays_in_view_with_how_it_was_settled(place, county, trawl, words):
    case = trawl("run", place.case(CASE), "--json").json()["case"]
    item = json.loads(trawl("open", case, "--json").out)["product"]["facts"][0]["origin"]["item"]
    done = trawl(
        "dispute", case, item, "--by", "agency", "--words", words("Housing, B. Clerk", SAYS), "--sure", "--json"
    )
    assert "Sealed version 2, beside the claim. Nobody was asked anything." in done.err
    schema = json.loads((SCHEMAS / "commands" / "signed.v1.json").read_text("utf-8"))
    assert [*Draft202012Validator(schema).iter_errors(done.json())] == []
    assert done.json()["statements"][0] | {"id": 0, "at": 0, "by": 0} == {
        "id": 0, "at": 0, "by": 0, "kind": "dispute", "about": item}  # fmt: skip
    how = words("The school mended its record.")
    settled = trawl("dispute", case, item[:6], "--settled", "--words", how, "--sure")
    assert "Sealed version 3" in settled.err
    told = trawl("open", case, "--text").out
    assert told.count("Was disputed by an agency (Housing, B. Clerk)") >= 2  # beside the claim, and in the list
    assert told.count(SAYS) == told.count("The school mended its record.") >= 2
    again = trawl("dispute", case, item, "--settled", "--words", how, "--sure")
    assert again.code == 2
    assert "nobody disputes this, or it is settled already" in again.err
