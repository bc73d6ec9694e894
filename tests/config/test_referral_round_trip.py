"""Any case that the form can hold comes back from a filled form as it was meant."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mash_trawl.config.case import load_case
from mash_trawl.config.identifiers import nhs_number_fault
from mash_trawl.config.referral_form import fill_in
from mash_trawl.config.referral_sheets import HOW, agencies
from mash_trawl.config.referral_table import NOT_KNOWN
from mash_trawl.errors import Misconfigured
from mash_trawl.model.base import to_plain

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)

TEXT = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters=",;_￾￿"),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.casefold() not in NOT_KNOWN and text[0] != "=" and "E+" not in text.upper())
)
LINES = st.lists(TEXT, min_size=1, max_size=3)
DATES = st.sampled_from(
    ["2014-05-17", "17/05/2014", "May 2019", "about May 2019", "2014", "before 2012", "2012?", "201X", "2012/2014"]
)
FAMILY = {
    "role": ["subject", "sibling", "parent", "carer", "household", "associate", "professional", "other"],
    "use": ["official", "temp", "nickname", "anonymous", "old", "maiden"],
    "restriction": ["adoption", "witness_protection", "gender_history", "staff_interest"],
}
MINUTES = st.integers(0, 400_000).map(
    lambda minutes: datetime(2026, 1, 5, 12, 0, tzinfo=UTC) + timedelta(minutes=minutes)
)
CONCERNS = ["physical_abuse", "neglect", "missing", "fgm", "housing"]


def nhs_number(digits: int) -> str | None:
    return next((f"{digits}{at}" for at in range(10) if not nhs_number_fault(f"{digits}{at}")), None)


@st.composite
def names(draw: st.DrawFn) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for at in range(draw(st.integers(0, 3))):
        given, family = draw(st.tuples(st.lists(TEXT, max_size=2), st.none() | TEXT).filter(any))
        name = {"given": given, "family": family}
        name["use"] = draw(st.sampled_from(FAMILY["use"])) if at else "usual"
        made.append({key: value for key, value in name.items() if value})
    return made


@st.composite
def people(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        person = {
            "id": f"p{number}",
            "roles": draw(st.lists(st.sampled_from(FAMILY["role"]), unique=True, min_size=1, max_size=3)),
            "names": draw(names()),
            "sex": draw(st.sampled_from(["female", "male", "other", "unknown"])),
            "gender": draw(st.none() | TEXT),
            "school": draw(st.none() | TEXT),
            draw(st.sampled_from(["born", "due"])): draw(st.none() | DATES),
            "identifiers": draw(st.fixed_dictionaries({}, optional={
                "nhs_number": st.integers(999_000_000, 999_999_999).map(nhs_number).filter(bool),
                "upn": st.just("H801200001001"),
            })),
            "restrictions": draw(st.lists(st.sampled_from(FAMILY["restriction"]), unique=True, max_size=2)),
            "addresses": draw(st.lists(st.fixed_dictionaries({"lines": LINES}, optional={
                "postcode": st.sampled_from(["NB1 4QT", "ZZ99 3VZ"]), "from": DATES,
                "uprn": st.integers(1, 999_999_999_999).map(str), "no_fixed_address": st.just(True),
            }), max_size=2)),
        }  # fmt: skip
        if draw(st.booleans()):
            person["restrictions"] = ["hidden_address", *person["restrictions"]]
        made.append({key: value for key, value in person.items() if value})
    return made


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    received = draw(MINUTES)
    everybody = draw(people())
    ids = [person["id"] for person in everybody]
    pairs = [(one, two) for one in ids for two in ids if one != two]
    ties = draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    kinds = st.sampled_from(["parent", "partner", "sibling", "grandparent", "carer", "other"])
    natures = st.sampled_from(["birth", "step", "half", "married", "unknown"])
    words = st.lists(st.sampled_from(["gp_summary", "camhs", "tenancy"]), min_size=1, unique=True) | st.just("all")
    moments = {"given_at": received.isoformat(), "withdrawn_at": (received + timedelta(days=3)).isoformat()}
    consents = [
        {
            "id": f"c{number}", "given_by": draw(st.sampled_from(ids)),
            "kind": draw(st.sampled_from(["agreement", "refusal"])),
            "capacity": draw(st.sampled_from(["self", "parental_responsibility", "gillick", "attorney_or_deputy"])),
            "covers": draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)),
            "categories": draw(st.dictionaries(st.sampled_from([name for name, _ in agencies()]), words)),
            "limited_by": draw(st.sampled_from(["none", "care_order", "court_order"])),
            "how": draw(st.sampled_from(HOW) | TEXT),
            "given_at": moments["given_at"],
            **(draw(st.sampled_from([{}, {"withdrawn_at": moments["withdrawn_at"]}]))),
            **(draw(st.sampled_from([{}, {"explained": {"notice": "n1", "language": "Urdu", "interpreter": "yes"}}]))),
        }
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]  # fmt: skip
    return {
        "version": 1, "id": "MASH-2026-0001", "profile": draw(st.sampled_from(["early_help", "front_door"])),
        "opened_at": (received + timedelta(minutes=draw(st.integers(0, 9)))).isoformat(), "people": everybody,
        "referral": {
            "source": draw(st.sampled_from(["school", "police"]) | TEXT), "received_at": received.isoformat(),
            "concerns": draw(st.lists(st.sampled_from(CONCERNS), unique=True, max_size=5)),
            **draw(st.fixed_dictionaries({}, optional={
                "level": st.integers(1, 4), "rag": st.sampled_from(["red", "amber", "green", "blue"]),
                "narrative": TEXT, "referrer": st.fixed_dictionaries({"name": TEXT}, optional={"telephone": TEXT}),
            })),
        },
        "relationships": [
            {"from": one, "to": two, "kind": draw(kinds), "nature": draw(natures),
             "parental_responsibility": draw(st.sampled_from(["yes", "no", "unknown"]))} for one, two in ties
        ],
        "consents": consents,
    }  # fmt: skip


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_any_case_survives_the_way_through_the_form(fill_form, case: dict[str, Any]) -> None:
    try:
        meant = load_case(case)
    except Misconfigured:
        assume(False)
    filled = fill_in(fill_form(case), now=NOW)
    assert to_plain(load_case(filled.case)) == to_plain(meant)
    assert load_case(json.loads(json.dumps(filled.case))) == load_case(yaml.safe_load(yaml.safe_dump(filled.case)))
