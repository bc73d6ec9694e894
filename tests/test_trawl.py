"""What the spine says on its own account; the way itself is walked in tests/flow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.read import read_value
from mash_trawl.model.agreement import Agreement
from mash_trawl.model.backing import Backing
from mash_trawl.model.emergency import EmergencyNow
from mash_trawl.model.hub import HubFile
from mash_trawl.product.notes import emergency_words, hidden_categories, notes


@pytest.fixture
def hub_file():
    def make(**more):
        exception = {"approved_by": "d.head", "reason": "old server", "until": "2027-01-01"}
        source = {
            "name": "lcs",
            "agency": "childrens_social_care",
            "connector": "lcs",
            "tls": {"unverified": exception},
        }
        base = {
            "version": 1, "name": "north", "profiles": ["front_door"], "reader_keys": "../k", "signing_key": "../s",
            "root_keys": {"paths": ["../a", "../b"]}, "sources": [source], "statements": "from_file",
        }  # fmt: skip
        return read_value(HubFile, base | more)

    return make


def agreement(**more):
    base = {
        "version": 1, "id": "north", "edition": "2026.1", "title": "Northern agreement", "parties": ["housing"],
        "purposes": ["front_door"], "categories": {"housing": "all"}, "from": "2026-01-01", "to": "2027-01-01",
    }  # fmt: skip
    return read_value(Agreement, base | more)


def test_a_product_says_that_nothing_was_signed_and_nothing_approved(hub_file):
    told = " ".join(notes(hub_file()))
    assert "not signed" in told
    assert "approval" in told


def test_a_hub_of_signed_statements_says_neither(hub_file):
    assert not [note for note in notes(hub_file(statements="signed", sources=[])) if "sign" in note or "approv" in note]


def test_a_product_names_the_agreements_that_it_rests_on_and_says_when_there_is_none(hub_file):
    (told,) = [note for note in notes(hub_file(), backing=Backing(agreements=(agreement(),))) if "sharing" in note]
    assert "Northern agreement, edition 2026.1; it ends when 1 January 2027 begins" in told
    assert any("nothing was asked" in note for note in notes(hub_file(), backing=Backing(agreements=())))


def test_a_product_names_the_files_that_nobody_approved(hub_file):
    told = notes(hub_file(statements="signed"), backing=Backing(unapproved=("hub.yaml", "package:base.yaml")))
    assert "Not approved as they stand, so nothing was asked: hub.yaml, package:base.yaml." in told


def emergency(state, **more):
    base = {"id": "e1", "by": "a.lee", "at": datetime(2026, 11, 3, 9, tzinfo=UTC), "reason": "Nobody was there.",
            "powers": ("S47",), "until": datetime(2026, 11, 4, 9, tzinfo=UTC)}  # fmt: skip
    return emergency_words(EmergencyNow(**base | more, state=state))


def test_an_emergency_is_marked_until_somebody_countersigns():
    assert emergency("waiting").endswith(
        "Not countersigned yet; a decider must do so by 4 November 2026 at 09:00 UK time."
    )
    assert "before a decider could say yes, on 3 November 2026 at 09:00 UK time: Nobody was there." in emergency(
        "waiting"
    )
    assert "Not countersigned" in emergency("over") and "Nothing more is asked" in emergency("over")
    assert emergency("countersigned", looked=("r.cole",)).endswith("Countersigned by r.cole.")
    assert "r.cole declined. Nothing more is asked" in emergency("declined", looked=("r.cole",))


def test_an_unverified_certificate_is_told_unless_its_source_is_hidden(hub_file):
    assert any("lcs" in note and "old server" in note for note in notes(hub_file()))
    assert not any("lcs" in note for note in notes(hub_file(), hidden={"lcs"}))


def test_refuge_and_sexual_health_are_hidden_in_every_profile():
    for name in ("early_help", "children_in_need", "front_door"):
        assert {"health.sexual_health", "domestic_abuse_service.refuge"} <= set(hidden_categories(load_profile(name)))
