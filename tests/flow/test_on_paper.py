"""A source that is a person: the request out, the return in, and what stands between them."""

from __future__ import annotations

import pytest

MAPPING = """version: 1
name: police-desk
agency: police
kind: person
shows: [given, family, former_names, born, postcode]
asks:
  - {category: police.safeguarding, question: "Occurrences in the period, each person's part in them and the outcome."}
  - {category: police.domestic_abuse, question: Domestic abuse incidents.}
  - {category: police.missing}
"""
SOURCE = """
sources:
  - name: police-desk
    agency: police
    mapping: sources/police-desk.yaml
    coverage: {from: 2015-01, area: North Borough}
    contact: {name: Police disclosure desk, telephone: "01632 960002", email: desk@police.example}
returns: {team: MASH desk, telephone: "01632 960100", send_to: mash@north.example by secure mail}
"""
CASE = "children-in-need"


@pytest.fixture
def desk(place):
    """The hub asks one person and no system."""
    (place.hub / "sources").mkdir(exist_ok=True)
    (place.hub / "sources" / "police-desk.yaml").write_text(MAPPING, "utf-8")
    file = place.hub / "hub.yaml"
    text = file.read_text("utf-8")
    head = text[: text.index("\nsources:")]
    file.write_text(head + SOURCE, "utf-8")
    return place


def test_a_person_owes_a_return_until_the_sheet_comes_back(desk, trawl_here):
    run = trawl_here("run", desk.case(CASE), "--json").json()
    owed = {one["person"] for one in run["answers"] if (one["status"], one["why"]) == ("pending_person", "return_owed")}
    assert owed == {"p1", "p2", "p3"}
    assert run["gaps"] == [{"source": "police-desk", "why": "return_owed", "due": "2026-11-02T13:05:00+00:00"}]
