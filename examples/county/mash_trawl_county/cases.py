"""The three demo cases, one per profile, as case files; and what a right trawl of each must answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mash_trawl_county.people import Family, Human

OPENED = "2026-11-02T09:20:00+00:00"
RECEIVED = "2026-11-02T09:05:00+00:00"
AGREED = "2026-11-02T10:05:00+00:00"
DECIDED = "2026-11-02T11:40:00+00:00"


def person(ident: str, roles: list[str], human: Human, **more: Any) -> dict[str, Any]:
    """One person as a case file writes them."""
    names = [{"given": [human.given], "family": human.family}]
    if human.former:
        names.append({"given": [human.given], "family": human.former, "use": "maiden"})
    entry: dict[str, Any] = {
        "id": ident, "roles": roles, "names": names, "born": human.born.isoformat(),
        "sex": {"F": "female", "M": "male"}[human.sex],
    }  # fmt: skip
    if human.home:
        home = human.home
        entry["addresses"] = [{"lines": [home.line], "postcode": home.postcode, "uprn": home.uprn}]
    return entry | more


def _numbered(human: Human) -> dict[str, Any]:
    """The NHS number, as a case file writes it."""
    return {"identifiers": {"nhs_number": human.nhs}}


def _consent(given_by: str, covers: list[str], categories: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "c1", "given_by": given_by, "capacity": "self_and_parental_responsibility", "pr_basis": "mother",
        "covers": covers, "categories": dict(categories), "given_at": AGREED, "how": "face_to_face",
        "explained": {"notice": "privacy-notice-3.2", "understood_confirmed_by": "family support worker"},
        "expires_at": "2027-02-01T00:00:00+00:00",
    } | more  # fmt: skip


def early_help_case(family: Family) -> dict[str, Any]:
    """Level 2, amber: the mother agreed to housing and police, not to health."""
    owen, rory = family.children
    return {
        "version": 1, "id": "DEMO-2026-0001", "profile": "early_help", "opened_at": OPENED,
        "referral": {"source": "school", "received_at": RECEIVED, "concerns": ["neglect"], "level": 2, "rag": "amber"},
        "people": [
            person("p1", ["subject"], owen), person("p2", ["sibling"], rory, **_numbered(rory)),
            person("p3", ["parent", "household"], family.mother),
        ],
        "relationships": [
            {"from": "p3", "to": child, "kind": "parent", "nature": "birth", "parental_responsibility": "yes"}
            for child in ("p1", "p2")
        ],
        "consents": [_consent("p3", ["p1", "p2", "p3"], {"housing": "all", "police": ["safeguarding"]})],
    }  # fmt: skip


def children_in_need_case(family: Family) -> dict[str, Any]:
    """Level 4, red: a section 47 decision for the children and their mother; the father was not asked."""
    aisha, yusuf, _ = family.children
    if family.father is None:
        raise ValueError("the second demo family has a father")
    ties = [
        {"from": parent, "to": child, "kind": "parent", "nature": "birth", "parental_responsibility": "yes"}
        for parent in ("p3", "p4")
        for child in ("p1", "p2")
    ]
    return {
        "version": 1, "id": "DEMO-2026-0002", "profile": "children_in_need", "opened_at": OPENED,
        "referral": {
            "source": "school", "received_at": RECEIVED, "concerns": ["physical_abuse", "domestic_abuse"],
            "level": 4, "rag": "red",
        },
        "people": [
            person("p1", ["subject"], aisha, **_numbered(aisha)),
            person("p2", ["sibling"], yusuf, **_numbered(yusuf)),
            person("p3", ["parent", "household"], family.mother),
            person("p4", ["parent"], family.father),
        ],
        "relationships": [*ties, {"from": "p3", "to": "p4", "kind": "partner", "nature": "divorced"}],
        "consents": [
            _consent("p3", ["p1", "p2", "p3"], {"housing": "all", "health": ["gp_summary", "health_visiting"]}),
        ],
        "gateways": [
            {
                "id": "S47", "decided_by": "demo.manager", "decided_at": DECIDED, "trigger": "reasonable_cause",
                "grounds": "Disclosure of physical harm to the school; injury seen.", "covers": ["p1", "p2", "p3"],
                "health_reasons": {"p1": "Injury to the hand on the night of the incident."},
                "consent_sought": "no", "why_not": "Telling the parent first could place the child at risk.",
                "review_on": "2026-11-10",
            },
        ],
    }  # fmt: skip


def front_door_case(family: Family) -> dict[str, Any]:
    """Level 3, green: nobody was asked yet and no gateway decided, so nothing is permitted."""
    (orla,) = family.children
    return {
        "version": 1, "id": "DEMO-2026-0003", "profile": "front_door", "opened_at": OPENED,
        "referral": {
            "source": "police", "received_at": RECEIVED, "concerns": ["child_sexual_exploitation"], "level": 3,
            "rag": "green",
        },
        "people": [
            person("p1", ["subject"], orla, **_numbered(orla)),
            person("p2", ["parent", "household"], family.mother),
        ],
        "relationships": [
            {"from": "p2", "to": "p1", "kind": "parent", "nature": "birth", "parental_responsibility": "yes"},
        ],
    }  # fmt: skip
