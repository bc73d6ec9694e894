"""docs/models.md and docs/law.md must not lie about the shipped profiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile
from mash_trawl.model.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
MODELS = ("early_help", "children_in_need", "front_door")


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
def test_what_is_asked_for_is_the_least(name: str) -> None:
    assert "minimise" in load_profile(name).obligations
