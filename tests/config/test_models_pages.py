"""docs/models.md and docs/law.md must not lie about the shipped profiles."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide
from mash_trawl.model.case import Case, Referral
from mash_trawl.model.consent import Consent
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.decision import Outcome, SourceRef
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
MODELS = ("early_help", "children_in_need", "front_door")


NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUSING = (SourceRef(name="homes", agency="housing", categories=("housing.asb", "housing.tenancy")),)


def agreed_to_tenancy(profile: Profile) -> Case:
    """A synthetic mother and her child, of whom only the mother agreed, to one kind of record about herself."""
    agreed = Consent(
        id="c1", given_by="p2", capacity="self", covers=("p2",), categories={"housing": ("tenancy",)}, given_at=NOW
    )
    people = (
        Person(id="p1", roles=("subject",), born=PartialDate.parse("2015-05-01")),
        Person(id="p2", roles=("parent",), born=PartialDate.parse("1985-06-01")),
    )
    referral = Referral(source="school", received_at=NOW, concerns=("neglect",), level=profile.scope.levels[-1])
    return Case(version=1, id="SYNTHETIC", profile=profile.id, opened_at=NOW, referral=referral, people=people,
                consents=(agreed,))  # fmt: skip


def rows(page: str, pattern: str) -> dict[str, list[str]]:
    """The cells of each table row whose first cell fits."""
    lines = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    found = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| ")]
    return {cells[0]: cells for cells in found if re.fullmatch(pattern, cells[0])}


def model(name: str) -> tuple[Profile, dict[str, str]]:
    """A profile, and its column of the page's first table by the words of each row."""
    column = MODELS.index(name) + 1
    words = r"profile|takes|who decides|relied on|sit together|meets|health|agreement"
    return load_profile(name), {key: cells[column] for key, cells in rows("models.md", words).items()}


def test_the_law_page_says_where_to_check_each_gateway_when_it_was_reviewed_and_from_when_it_opens() -> None:
    told = {key: cells for key, cells in rows("law.md", "[A-Z0-9_]+").items() if len(cells) == 6}
    gateways = load_profile("base").gateways
    assert set(told) == set(gateways)
    for ident, gateway in gateways.items():
        _, where, reviewed, start, confirmed, missing = told[ident]
        assert where.strip("<>") == gateway.source
        assert reviewed == gateway.reviewed_on.isoformat()
        assert start == (gateway.in_force_from.isoformat() if gateway.in_force_from else "none")
        assert (confirmed, missing) != ("-", "-")


@pytest.mark.parametrize("name", MODELS)
def test_the_models_page_tells_levels_deciders_powers_and_meetings_as_the_profile_has_them(name: str) -> None:
    profile, told = model(name)
    assert told["profile"] == f"`{name}`"
    ends = {int(number) for number in re.findall(r"\d", told["takes"])}
    assert (min(ends), max(ends)) == (profile.scope.levels[0], profile.scope.levels[-1])
    assert ("nobody" in told["who decides"]) is not profile.decides
    named = re.findall(r"`(\w+)`", told["relied on"]) or list(profile.gateways)
    assert set(named) == set(profile.relies_on)
    for meeting in profile.meetings.values():
        assert meeting.title.lower() in told["meets"].lower()


@pytest.mark.parametrize("name", MODELS)
def test_the_models_page_counts_who_sits_together(name: str) -> None:
    profile, told = model(name)
    core = [key for key, agency in profile.agencies.items() if agency.seat == "core"]
    assert len(told["sit together"].split(", ")) == len(core)


def test_the_models_page_lists_the_teams_of_the_front_door() -> None:
    profile = load_profile("front_door")
    told = rows("models.md", r"`\w+`")
    assert {key.strip("`") for key in told} >= set(profile.routing)
    for name, route in profile.routing.items():
        assert [int(number) for number in re.findall(r"\d", told[f"`{name}`"][1])] == list(route.levels)


@pytest.mark.parametrize("name", MODELS)
def test_the_models_page_says_what_opens_health_as_the_profile_has_it(name: str) -> None:
    profile, told = model(name)
    relied = {ident: profile.gateways[ident] for ident in profile.relies_on or profile.gateways}
    s47 = relied.get("S47")
    if told["health"] == "as children in need":
        told = model("children_in_need")[1]
    named = told["health"] == "only what an agreement names"
    assert named is (s47 is None)
    assert named is all(one.specific for one in profile.agencies["health"].categories.values())
    if s47:
        assert told["health"] == "named, or the summary under s.47 with a reason for that person"
        summaries = {kind for kind, one in profile.agencies["health"].categories.items() if one.summary}
        assert (s47.health, summaries) == ("with_reason", {"gp_summary"})


@pytest.mark.parametrize("name", MODELS)
def test_the_models_page_says_when_agreement_is_asked_for_and_how_long_it_holds(name: str) -> None:
    profile, told = model(name)
    life = re.findall(r"holds (\d+) days", told["agreement"])
    assert life == ([profile.consent.life.to_text().removesuffix("d")] if profile.consent.life else [])
    if "s.17" in told["agreement"]:
        asked = {"expected": "sought", "needed": "needed", "not needed": "not_needed"}
        for word, section in re.findall(r"(expected|not needed|needed) for s\.(\d+)", told["agreement"]):
            assert asked[word] == profile.gateways[f"S{section}"].consent
    else:
        words = re.findall(r"before the first asking|by the referrer|at screening", told["agreement"])
        assert words
        assert all(word in profile.consent.ask_at.lower() for word in words)


def test_every_health_record_of_early_help_must_be_named() -> None:
    health = {
        (agency, name)
        for agency, held in load_profile("base").agencies.items()
        for name, category in held.categories.items()
        if category.health
    }
    profile = load_profile("early_help")
    assert len(health) >= 8
    assert all(profile.agencies[agency].categories[name].specific for agency, name in health)


@pytest.mark.parametrize("name", MODELS)
def test_what_is_asked_for_is_what_was_agreed_to_and_no_more_and_every_permit_says_minimise(name: str) -> None:
    profile = load_profile(name)
    decisions = decide(agreed_to_tenancy(profile), profile, NOW, HOUSING)
    permits = [item for item in decisions if item.outcome is Outcome.PERMIT]
    assert [(item.person, item.category) for item in permits] == [("p2", "housing.tenancy")]
    assert all("minimise" in item.obligations for item in permits)
