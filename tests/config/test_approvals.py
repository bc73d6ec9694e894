"""Every file that a decision rests on is named alike on every machine and digested from its very bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mash_trawl.config.approvals import documents, policy_digest, read_policy
from mash_trawl.config.hubfile import load_hub_file, read_hub_file
from mash_trawl.config.mapping import read_mapping
from mash_trawl.errors import Misconfigured
from mash_trawl_county.agreement import AGREEMENT

OVER = "extends: early_help\ntitle: Early help, North\n"
MAPPED = """\
  - {name: asb, agency: housing, mapping: sources/asb.yaml, connect: {url: env:ASB}}
  - {name: asb-old, agency: housing, mapping: sources/asb.yaml, connect: {url: env:ASB_OLD}}
agreements: [agreements/north.yaml]
"""


@pytest.fixture
def hub(tmp_path: Path, hub_text: str) -> Path:
    """A hub with an overlay, an agreement, and one mapping that two sources share."""
    return make(tmp_path / "one", hub_text)


def make(folder: Path, hub_text: str) -> Path:
    for name, text in (
        ("hub.yaml", hub_text + MAPPED), ("agreements/north.yaml", AGREEMENT), ("profiles/early_help.yaml", OVER),
        ("sources/asb.yaml", "version: 1\n"), ("agreements/draft.yaml", AGREEMENT), ("profiles/unused.yaml", OVER),
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_it_names_every_file_once_and_none_that_nothing_rests_on(hub: Path) -> None:
    names = [item.name for item in documents(load_hub_file(hub), hub)]
    assert names[:4] == ["hub.yaml", "agreements/north.yaml", "sources/asb.yaml", "profiles/early_help.yaml"]
    assert {"package:early_help.yaml", "package:base.yaml", "package:children_in_need.yaml"} < set(names)
    assert len(names) == len(set(names)) and "agreements/draft.yaml" not in names
    assert not any("front_door" in name or "unused" in name for name in names)


def test_a_digest_is_that_of_the_bytes_and_nothing_is_told_of_the_content(hub: Path) -> None:
    first = documents(load_hub_file(hub), hub)[0]
    assert first.sha256 == hashlib.sha256((hub / "hub.yaml").read_bytes()).hexdigest()
    assert first.text == (hub / "hub.yaml").read_text()
    assert repr(first) == f"<Document hub.yaml {first.sha256[:12]}>"


def test_the_same_files_have_the_same_names_and_digests_in_another_place(
    hub: Path, tmp_path: Path, hub_text: str
) -> None:
    other = make(tmp_path / "elsewhere" / "two", hub_text)
    assert documents(load_hub_file(hub), hub) == documents(load_hub_file(other), other)
    assert read_policy("early_help", hub).sha256 == read_policy("early_help", other).sha256


@pytest.mark.parametrize("name", ["hub.yaml", "agreements/north.yaml", "sources/asb.yaml", "profiles/early_help.yaml"])
def test_a_comment_more_is_another_digest_of_that_file_alone(hub: Path, name: str) -> None:
    before = {item.name: item.sha256 for item in documents(load_hub_file(hub), hub)}
    with (hub / name).open("a") as file:
        file.write("# looked at\n")
    after = {item.name: item.sha256 for item in documents(load_hub_file(hub), hub)}
    assert [item for item in before if before[item] != after[item]] == [name]


def test_a_policy_is_the_profile_with_all_that_it_was_read_from(hub: Path) -> None:
    policy = read_policy("early_help", hub)
    assert policy.name == f"early_help@{policy.profile.version}" and policy.profile.title == "Early help, North"
    assert [item.name for item in policy.documents][:3] == [
        "profiles/early_help.yaml", "package:early_help.yaml", "package:base.yaml",
    ]  # fmt: skip
    assert policy.profile.thresholds is None or any("thresholds/" in item.name for item in policy.documents)
    assert policy.sha256 == policy_digest(policy.documents) != read_policy("early_help").sha256


def test_one_digest_for_several_files_knows_names_and_order(hub: Path) -> None:
    found = documents(load_hub_file(hub), hub)
    assert policy_digest(found) != policy_digest(found[::-1]) != policy_digest(found[:-1])


def test_profiles_that_were_read_already_are_not_read_again(hub: Path) -> None:
    settings = load_hub_file(hub)
    policies = [read_policy(name, hub) for name in settings.profiles]
    everything = documents(settings, hub)
    assert documents(settings, hub, policies) == everything
    assert [item.name for item in documents(settings, hub, ())] == [item.name for item in everything[:3]]


def test_a_file_that_is_gone_cannot_be_left_out(hub: Path) -> None:
    settings = load_hub_file(hub)
    (hub / "sources" / "asb.yaml").unlink()
    with pytest.raises(Misconfigured, match="there is no such file"):
        documents(settings, hub)


@pytest.mark.parametrize("name", ["hub.yaml", "agreements/north.yaml", "sources/asb.yaml"])
def test_a_file_that_reads_otherwise_than_it_was_parsed_cannot_be_approved(hub: Path, name: str) -> None:
    settings, sha256 = read_hub_file(hub)
    parsed = {item.name: item.sha256 for item in documents(settings, hub, ())}
    assert parsed["hub.yaml"] == sha256
    assert documents(settings, hub, (), parsed.items())
    with (hub / name).open("a") as file:
        file.write("# looked at\n")
    with pytest.raises(Misconfigured, match="changed while it was read") as wrong:
        documents(settings, hub, (), parsed.items())
    assert [problem.where for problem in wrong.value.problems] == [name]


def test_the_digest_of_a_mapping_is_that_of_the_bytes_that_were_read(tmp_path: Path) -> None:
    file = Path(__file__).parents[2] / "connectors" / "housing" / "mash_trawl_housing" / "housing.yaml"
    copy = tmp_path / "m.yaml"
    copy.write_bytes(file.read_bytes() + b"# more\n")
    assert read_mapping(copy) == (read_mapping(file)[0], hashlib.sha256(copy.read_bytes()).hexdigest())
