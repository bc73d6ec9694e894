"""Pinned versions: a profile counts in the version that whoever names it read, or nothing is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured

BASE = load_profile("base").version
EARLY = load_profile("early_help").version


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a profile of the hub's own; returns the hub's directory."""

    def putter(name: str, text: str) -> Path:
        (tmp_path / "profiles").mkdir(exist_ok=True)
        (tmp_path / "profiles" / f"{name}.yaml").write_text(text)
        return tmp_path

    return putter


def said(name: str, hub: Path | None = None) -> str:
    with pytest.raises(Misconfigured) as caught:
        load_profile(name, hub)
    return str(caught.value)


def test_a_profile_may_pin_the_version_of_what_it_extends(put: Callable[[str, str], Path]) -> None:
    hub = put("north", f"extends: early_help@{EARLY}\nid: north\ntitle: North\n")
    assert load_profile("north", hub).title == "North"
    assert load_profile("north", hub).extends == f"early_help@{EARLY}"
    assert load_profile(f"early_help@{EARLY}").id == "early_help"


@pytest.mark.parametrize("pin", ["1999.1", "", "2026", "../2026.1"])
def test_another_version_than_the_pinned_one_is_refused_at_its_line(put: Callable[[str, str], Path], pin: str) -> None:
    hub = put("north", f"id: north\nextends: early_help@{pin}\n")
    text = said("north", hub)
    assert f"north.yaml:2:10: early_help is not there in the pinned version: it is {EARLY}." in text
    assert f"then write early_help@{EARLY}" in text
    assert f"it is {BASE}" in said(f"base@{pin}")


def test_an_overlay_without_a_version_of_its_own_has_that_of_its_base(put: Callable[[str, str], Path]) -> None:
    put("early_help", "extends: early_help\ntitle: Early help, North\n")
    hub = put("east", f"id: east\nextends: early_help@{EARLY}\n")
    assert load_profile("east", hub).title == "Early help, North"
    put("early_help", 'extends: early_help\nversion: "7"\n')
    assert "it is 7." in said("east", hub)


def test_a_profile_that_states_no_version_cannot_be_pinned(put: Callable[[str, str], Path]) -> None:
    put("bare", "id: bare\n")
    hub = put("over", "id: over\nextends: bare@1\n")
    assert "bare is not there in the pinned version: it states none. Give it a `version`" in said("over", hub)


def test_a_hub_lists_profiles_with_or_without_their_version(write: Callable[..., Path], hub_text: str) -> None:
    pinned = hub_text.replace("[early_help,", f"[early_help@{EARLY},")
    assert load_hub_file(write(pinned, "hub.yaml")).profiles == ("early_help", "children_in_need")


def test_a_hub_that_pins_another_version_is_not_opened(
    write: Callable[..., Path], hub_text: str, complaints: Callable[..., list[str]]
) -> None:
    path = write(hub_text.replace("[early_help,", "[early_help@1999.1, early_hlep@1,"), "hub.yaml")
    wrong, unknown = complaints(load_hub_file, path)
    assert wrong.startswith(f"3:12 early_help is not there in the pinned version: it is {EARLY}.")
    assert unknown == "3:31 there is no profile of this name. Did you mean `early_help`?"


def test_a_profile_listed_twice_with_two_pins_is_refused(
    write: Callable[..., Path], hub_text: str, complaints: Callable[..., list[str]]
) -> None:
    path = write(hub_text.replace("[early_help,", f"[early_help, early_help@{EARLY},"), "hub.yaml")
    assert complaints(load_hub_file, path) == ["3:24 this profile is listed twice. Keep one."]
