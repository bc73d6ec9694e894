"""CASE as people name it: a file, or the id of a draft that the hub keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from mash_trawl.cli.find_case import drafts, find_case
from mash_trawl.errors import Misconfigured


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    for name, ident in (("MASH-1", "MASH-1"), ("other", "MASH-2"), ("MASH-3", "MASH-4")):
        file = tmp_path / "cases" / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"version: 1\nid: {ident}\n", "utf-8")
    return tmp_path


def test_a_file_is_itself_wherever_it_lies(hub: Path) -> None:
    file = hub / "elsewhere.yaml"
    file.write_text("id: MASH-1\n", "utf-8")
    assert find_case(hub, str(file)) == file


def test_an_id_is_the_draft_that_bears_it_whatever_the_file_is_called(hub: Path) -> None:
    assert find_case(hub, "MASH-1").name == "MASH-1.yaml"
    assert find_case(hub, "MASH-2").name == "other.yaml"
    assert find_case(hub, "MASH-4").name == "MASH-3.yaml"


def test_a_json_draft_is_found_too(hub: Path) -> None:
    (hub / "cases" / "x.json").write_text('{"id": "MASH-9"}', "utf-8")
    assert find_case(hub, "MASH-9").name == "x.json"


@pytest.mark.parametrize("text", ["MASH-3", "MASH-77", "", ".", "../MASH-1", "MASH 1", "x" * 5000, "a\x00b", "cases"])
def test_what_is_neither_a_file_nor_an_id_here_is_refused_without_being_repeated(hub: Path, text: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        find_case(hub, text)
    (problem,) = caught.value.problems
    assert problem.where == "CASE" and "case list" in problem.do
    assert not text.strip(".") or text == "cases" or text not in str(problem)


def test_two_drafts_of_one_id_are_not_chosen_between(hub: Path) -> None:
    (hub / "cases" / "twin.yaml").write_text("id: MASH-2\n", "utf-8")
    with pytest.raises(Misconfigured, match="2 files bear this case id"):
        find_case(hub, "MASH-2")


def test_a_draft_that_cannot_be_read_is_given_back_so_that_reading_it_says_why(hub: Path) -> None:
    (hub / "cases" / "MASH-5.yaml").write_text("id: [\n", "utf-8")
    assert find_case(hub, "MASH-5").name == "MASH-5.yaml"


def test_half_written_parts_are_no_drafts_and_a_hub_without_drafts_has_none(hub: Path, tmp_path: Path) -> None:
    (hub / "cases" / ".MASH-6.yaml.part").write_text("id: MASH-6\n", "utf-8")
    (hub / "cases" / ".hidden.yaml").write_text("id: MASH-6\n", "utf-8")
    assert [file.name for file in drafts(hub)] == ["MASH-1.yaml", "MASH-3.yaml", "other.yaml"]
    assert list(drafts(hub / "nowhere")) == []
