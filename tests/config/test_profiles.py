"""Profiles: found by name, laid over one another, and refused with the line that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mash_trawl.config.profiles import load_profile, overlay, profile_names
from mash_trawl.config.yamltext import parse_yaml
from mash_trawl.errors import Misconfigured
from mash_trawl.model.profile import Profile

Put = Callable[[str, str], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a profile of the hub's own; returns the hub's directory."""

    def putter(name: str, text: str) -> Path:
        (tmp_path / "profiles").mkdir(exist_ok=True)
        (tmp_path / "profiles" / f"{name}.yaml").write_text(text)
        return tmp_path

    return putter


def said(name: str, hub: Path | None) -> str:
    with pytest.raises(Misconfigured) as caught:
        load_profile(name, hub)
    return str(caught.value)


@pytest.mark.parametrize("name", ["base", "early_help", "children_in_need", "front_door"])
def test_the_packaged_profiles_load_with_what_they_extend(name: str) -> None:
    profile = load_profile(name)
    assert isinstance(profile, Profile)
    assert profile.id == name
    assert {"housing", "police", "health"} <= set(profile.agencies)
    assert name in profile_names()


def test_a_local_profile_changes_one_line_of_a_national_one(put: Put) -> None:
    hub = put("north", "extends: children_in_need\nid: north\ntitle: North\npartnership: North Partnership\n")
    north, national = load_profile("north", hub), load_profile("children_in_need")
    assert (north.title, north.partnership, north.extends) == ("North", "North Partnership", "children_in_need")
    assert north.agencies == national.agencies and north.gateways == national.gateways
    assert "north" in profile_names(hub) and "north" not in profile_names()


def test_a_local_file_may_overlay_the_national_one_of_its_own_name(put: Put) -> None:
    hub = put("early_help", "extends: early_help\ntitle: Early help, North\n")
    assert load_profile("early_help", hub).title == "Early help, North"
    assert load_profile("early_help", hub).agencies == load_profile("early_help").agencies


def test_groups_are_merged_lists_are_replaced_and_an_empty_key_changes_nothing() -> None:
    base = parse_yaml("a: {b: 1, c: {d: 2}}\ne: [1, 2]\nf: x", "base")
    over = parse_yaml("a: {c: {g: 3}}\ne: [9]\nf:\nh: new", "over")
    merged = overlay(base, over)
    assert merged.data == {"a": {"b": "1", "c": {"d": "2", "g": "3"}}, "e": ["9"], "f": "x", "h": "new"}
    assert merged.where(("a", "b")) == "base:1:8"
    assert merged.where(("a", "c", "g")) == "over:1:12"
    assert merged.where(("e", 0)) == "over:2:5"


def test_a_mistake_is_shown_in_the_file_that_makes_it(put: Put) -> None:
    hub = put("north", "extends: children_in_need\nid: north\nhub_kind: MUSH\nagencys: {}\n")
    text = said("north", hub)
    assert "north.yaml:3:11: `hub_kind` must be" in text and "north.yaml:4:1: this key is not known" in text
    assert "Did you mean `agencies`?" in text


def test_a_circle_a_missing_parent_and_an_unknown_name_are_told(put: Put) -> None:
    put("east", "extends: west\n")
    hub = put("west", "extends: east\n")
    assert "west.yaml:1:10: these profiles extend each other in a circle." in said("east", hub)
    hub = put("south", "id: south\nextends: bsae\n")
    assert "south.yaml:2:10: the profile that this one extends is not there. Did you mean `base`?" in said("south", hub)
    assert "there is no profile of this name. Did you mean `early_help`?" in said("early_hlep", hub)
    hub = put("selfish", "extends: selfish\n")
    assert "the profile that this one extends is not there" in said("selfish", hub)


@pytest.mark.parametrize("name", ["../base", "/etc/passwd", "base.yaml", "", "Base", "a\0b", "profiles/base"])
def test_a_name_is_no_path(name: str) -> None:
    assert "there is no profile of this name." in said(name, None)


def test_a_long_line_of_parents_is_refused(put: Put) -> None:
    for number in range(12):
        hub = put(f"p{number}", f"extends: p{number + 1}\n")
    assert "more than 8 profiles extend each other." in said("p0", hub)
