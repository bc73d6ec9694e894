"""The hub file: what is read, and what must fit together in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mash_trawl.config.hubfile import load_hub_file


def test_the_example_hub_is_read_from_its_file_or_its_folder(write: Any, hub_text: str) -> None:
    path = write(hub_text, "hub.yaml")
    hub = load_hub_file(path)
    assert hub == load_hub_file(path.parent)
    housing = hub.source("housing")
    assert (housing.limits.deadline.seconds, housing.limits.rows, housing.limits.parallel) == (20, 500, 2)
    assert housing.coverage is not None and housing.coverage.from_ == "2009-04"
    assert housing.connect == {"url": "env:HOUSING_URL"}
    assert hub.database == "sqlite:///hub.db"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    connector: housing\n", "", "a source needs exactly one of `connector` and `mapping`."),
        ("connector: housing", "connector: housing\n    mapping: a.yaml", "exactly one of `connector` and `mapping`."),
        ("../keys/root.a", "keys/root.a", "4:21 the root key lies inside the hub's own directory."),
        ("../keys/root.a", "../home/root.a", "4:21 the root key lies inside the hub's own directory."),
        ("[../keys/root.a, ../keys/root.b]", "[]", "no root key is named."),
        ("01:00-03:00", "1am to 3am", "these are not quiet hours."),
        ("01:00-03:00", "01:00-24:00", "these are not quiet hours."),
        ("rows: 500", "rows: 0", "`rows` must be at least 1."),
        ("per_second: 5", "per_second: -1", "`per_second` must be at least 1."),
        ("deadline: 20s", "deadline: 0s", "`deadline` must be longer than nothing."),
        ("deadline: 20s", "deadline: 20", "`deadline` must be a number and a unit. For example 20s"),
        ("disk_images_kept: 14d", "disk_images_kept: a fortnight", "must be a number and a unit."),
        ("from: 2009-04", "from: 04-2009-1", "`from` must be a date."),
        ("statements: from_file", "statements: form_file", "Did you mean `from_file`?"),
        ("name: north-borough", "name: North Borough", "this cannot be a name."),
        ("[early_help, children_in_need]", "[early_help, early_help]", "this profile is listed twice."),
        ("[early_help, children_in_need]", "[]", "the hub lists no profile."),
        ("signing_key", "singing_key", "Did you mean `signing_key`?"),
        ("reader_keys: ../keys/readers\n", "", "`reader_keys` is missing here."),
        ("roles: [analyst]}", "roles: [analyst]}, {id: j.shah}", "another person already has this id."),
        ("contact:", "isolate: fork\n    contact:", "`isolate` must be one of the words allowed here."),
        ("contact:", "tls: {unverified: {approved_by: a, reason: b, until: soon}}\n    contact:", "one exact day"),
        ("connect: {url: env:HOUSING_URL}", "connect: {url: [a]}", "must be text."),
    ],
)
def test_each_mistake_is_named(old: str, new: str, said: str, write: Any, complaints: Any, hub_text: str) -> None:
    assert old in hub_text
    found = complaints(load_hub_file, write(hub_text.replace(old, new, 1), "hub.yaml"))
    assert any(said in line for line in found), found


def test_two_sources_with_one_name_are_refused(write: Any, complaints: Any, hub_text: str) -> None:
    text = hub_text + hub_text.split("sources:\n")[1]
    found = complaints(load_hub_file, write(text, "hub.yaml"))
    assert found == ["18:11 another source already has this name. Give each its own."]


def test_a_link_into_the_hub_does_not_hide_the_root_key(write: Any, complaints: Any, hub_text: str) -> None:
    path: Path = write(hub_text.replace("../keys/root.a", "../elsewhere/root.a"), "hub.yaml")
    try:
        (path.parent.parent / "elsewhere").symlink_to(path.parent, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not allow links")
    assert "the root key lies inside the hub's own directory" in complaints(load_hub_file, path)[0]


def test_a_number_is_taken_as_text_where_text_is_meant(write: Any, hub_text: str) -> None:
    hub = load_hub_file(write(hub_text.replace('"01632 960001"', "01632960001"), "hub.yaml"))
    contact = hub.source("housing").contact
    assert contact is not None and contact.telephone == "01632960001"
