"""One enquiry over all six systems through a real hub: relatives are drawn, ODBC is read in a process of its own."""

from __future__ import annotations

import os

import pytest

from mash_trawl_county.build import draw
from mash_trawl_county.case_files import situations
from mash_trawl_county.hub_sources import CONNECTORS, has_odbc
from mash_trawl_county.score_place import place


def test_an_enquiry_hears_every_system_and_the_family_grows_by_what_social_care_knows(tmp_path):
    if not has_odbc():
        if os.environ.get("CI") == "true":
            raise RuntimeError("the SQLite ODBC driver is not installed, and in CI this may not be skipped")
        pytest.skip("ONLY FIVE SYSTEMS HERE: no SQLite ODBC driver is installed")
    built = draw(seed=7, families=60)
    known = {ident for trace in built.records if trace.system == "social_care" for ident, _ in trace.people}
    one = next(
        one for one in situations(built, 60, 7)
        if one.pattern == "enquiry" and any(person.human.id in known for person in one.people)
    )  # fmt: skip
    with place(tmp_path, built) as where:
        product = where.hub.open(where.hub.run(one.file()).path, reason="test")
    assert {answer.source for answer in product.answers} == set(CONNECTORS)
    reached = {"found", "none_found", "partial", "ambiguous_identity", "not_permitted", "consent_missing"}
    assert {answer.status for answer in product.answers} <= reached
    assert any(
        answer.status in ("found", "none_found") for answer in product.answers if answer.source == "youth_offending"
    )
    ties = [row for row in product.relationships if row.origin.source == "social_care"]
    assert ties and product.family
    drawn = {person.id for person in product.family.people}
    assert {end for row in ties for end in (*row.from_, *row.to)} <= drawn
    claims = [claim for link in product.family.children for claim in link.claims]
    assert any(origin.source == "social_care" for claim in claims for origin in claim.origins)
