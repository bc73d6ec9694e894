"""What is said after the agencies have answered, and before the product is sealed, is heard all the same."""

from __future__ import annotations

from mash_trawl import Hub, load_case, trawl
from mash_trawl.model.statement import Suspension


def test_a_suspension_at_the_last_moment_throws_away_what_came(place, county, monkeypatch):
    compose, said = trawl.compose, []

    def composed(*about, **more):
        product = compose(*about, **more)
        if not said:
            said.append(hub.say(Suspension(source="police", reason="Wrong records were sent.")))
        return product

    monkeypatch.setattr(trawl, "compose", composed)
    with Hub.open(place.hub) as hub:
        result = hub.run(load_case(place.case("children-in-need")))
        assert {(a.status.value, a.why.value, a.found) for a in result.answers if a.source == "police"} == {
            ("not_connected", "suspended", 0), ("consent_missing", "consent_not_sought", 0),
        }  # fmt: skip
        assert not [event for event in result.product.chronology if "police" in str(event)]
        thrown = [dict(row.public) for row in hub.ledger.rows("answers.quarantined")]
        assert [(row["source"], row["why"]) for row in thrown] == [("police", "suspended")]
        assert hub.open(result.path, reason="test").chronology == result.product.chronology
    assert county.police.hits


def test_what_was_read_before_a_suspension_stays_and_the_source_counts_as_not_reached(place, county):
    with Hub.open(place.hub) as hub:
        case = load_case(place.case("children-in-need"))
        before = hub.run(case)
        asked = dict(county.police.hits)
        hub.say(Suspension(source="police", reason="Wrong records were sent."))
        after = hub.run(case)
        assert dict(county.police.hits) == asked
        assert {a.carried_from for a in after.answers if a.source == "police" and a.found} == {1}
        assert any("The source police is suspended here" in note for note in after.product.notes)
        assert [event.when for event in after.product.chronology] == [event.when for event in before.product.chronology]
