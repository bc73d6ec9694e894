"""What the spine says on its own account; the way itself is walked in tests/flow."""

from __future__ import annotations

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.config.read import read_value
from mash_trawl.model.hub import HubFile
from mash_trawl.product.notes import hidden_categories, notes


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


def test_a_product_says_that_nothing_was_signed_and_nothing_approved(hub_file):
    told = " ".join(notes(hub_file()))
    assert "not signed" in told
    assert "names none" in told
    assert "approval" in told


def test_agreements_that_are_named_and_not_checked_are_said_to_be_so(hub_file):
    assert "were not checked" in " ".join(notes(hub_file(agreements=["north-2026.yaml"])))


def test_an_unverified_certificate_is_told_unless_its_source_is_hidden(hub_file):
    assert any("lcs" in note and "old server" in note for note in notes(hub_file()))
    assert not any("lcs" in note for note in notes(hub_file(), hidden={"lcs"}))


def test_refuge_and_sexual_health_are_hidden_in_every_profile():
    for name in ("early_help", "children_in_need", "front_door"):
        assert {"health.sexual_health", "domestic_abuse_service.refuge"} <= set(hidden_categories(load_profile(name)))
