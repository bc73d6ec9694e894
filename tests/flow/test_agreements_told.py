"""`check` says how a hub's agreements stand, before anybody wonders why nothing is asked."""

from __future__ import annotations

from mash_trawl.cli.doctor import look_at_agreements
from mash_trawl.cli.new_hub import AGREEMENT
from mash_trawl_county.agreement import agreement_text

FIRST = ("housing", "police", "health")
HELD = (
    ({}, "ok agreements 1 in force, signed by every party"),
    ({"end": "2021-01-01"}, "warning partnership.yaml the agreement north-county lapsed on 2021-01-01"),
    ({"start": "2098-01-01"}, "warning partnership.yaml the agreement north-county begins on 2098-01-01"),
    ({"signed": FIRST[:2]}, "warning partnership.yaml health has not signed the agreement north-county"),
    ({"parties": FIRST[:2]}, "warning agency health no agreement in force that it signed takes in gp_summary"),
    ({"purposes": ("early_help",)}, "warning agency police no agreement in force that it signed takes in safeguarding"),
)  # fmt: skip


def test_check_tells_how_the_agreement_stands(place):
    with place.open() as hub:
        for change, said in HELD:
            (place.hub / AGREEMENT).write_text(agreement_text(**({"parties": FIRST} | change)), "utf-8")
            seen = [(item.level, item.where.rpartition("/")[2], item.what) for item in look_at_agreements(hub)]
            lines = [f"{level} {where.partition(':')[0]} {what}" for level, where, what in seen]
            assert any(line.startswith(said) for line in lines), lines


def test_a_hub_that_names_none_is_told_that_nothing_is_asked(place):
    place.edit(f"agreements: [{AGREEMENT}]", "agreements: []")
    with place.open() as hub:
        (seen,) = look_at_agreements(hub)
    assert (seen.level, seen.where) == ("warning", "hub.yaml: agreements")
    assert seen.what == "this hub names no information-sharing agreement, so nothing is asked."
