"""Lists of cases as people make them: folders, CSV from a spreadsheet, ids, and all that goes wrong with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mash_trawl.batch.listing import list_cases
from mash_trawl.errors import Misconfigured, Problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.yaml", "a.json", "c.yml", ".draft.yaml", "notes.txt"):
        (tmp_path / name).write_text("version: 1", "utf-8")
    (tmp_path / "deep.yaml").mkdir()
    return tmp_path


@pytest.fixture
def find(folder: Path):
    def by_id(text: str) -> Path:
        if text == "CASE-1":
            return folder / "a.json"
        raise Misconfigured(Problem(where="CASE", what="there is no such case."))

    return by_id


def told(listed) -> list[str]:
    return [item.file.name if item.file else item.problem.what for item in listed]


def test_a_folder_gives_its_case_files_by_name_and_nothing_hidden_or_deeper(folder, find):
    assert told(list_cases([str(folder)], find)) == ["a.json", "b.yaml", "c.yml"]


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_a_link_that_leads_nowhere_or_a_pipe_is_a_case_that_cannot_be_read(folder, find):
    (folder / "gone.yaml").symlink_to(folder / "absent.yaml")
    os.mkfifo(folder / "pipe.yaml")
    assert told(list_cases([str(folder)], find)) == [
        "a.json", "b.yaml", "c.yml", "it is a link that leads nowhere.", "it is no file that can be read.",
    ]  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
def test_a_pipe_is_no_list_and_is_not_waited_for(folder, find):
    os.mkfifo(folder / "list.csv")
    with pytest.raises(Misconfigured, match="not a regular file"):
        list_cases([str(folder / "list.csv")], find)


def test_each_case_stands_once_however_often_it_is_named(folder, find):
    assert told(list_cases([str(folder / "b.yaml"), str(folder), "CASE-1"], find)) == ["b.yaml", "a.json", "c.yml"]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with the mark of Notepad"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_list_names_paths_from_its_own_folder_or_ids(folder, find, mark, end):
    lines = ["note,case", '"two, words",b.yaml', "", ",CASE-1", f"x,{folder / 'c.yml'}"]
    (folder / "list.csv").write_bytes((mark + end.join(lines) + end).encode())
    assert told(list_cases([str(folder / "list.csv")], find)) == ["b.yaml", "a.json", "c.yml"]


def test_a_wrong_row_costs_that_row_and_is_told_with_its_line(folder, find):
    text = 'case,note\nb.yaml,"over\ntwo lines"\n,empty\nb.yaml,again\nonly\nCASE-9,x\n"a\x07b",x\nCASE-1,x\n'
    (folder / "list.csv").write_text(text, "utf-8")
    listed = list_cases([str(folder / "list.csv")], find)
    assert [(item.where.rsplit(":", 1)[1], bool(item.file)) for item in listed] == [
        ("2", True), ("4", False), ("5", False), ("6", False), ("7", False), ("8", False), ("9", True),
    ]  # fmt: skip
    assert told(listed)[2] == "the case stands in line 2 already."
    assert told(listed)[3] == "the row has 1 cells, the first line 2."
    assert told(listed)[4] == "there is no such case."


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"id,note\nA,x\n", "no column `case`"), (b"case;note\nA;x\n", "no column `case`"), (b"", "no column"),
        (b"case,case\nA,B\n", "stands twice"), (b'case\n"A\n', "do not pair"), (b'case\n"A"B\n', "do not pair"),
        ("case\nÄ\n".encode("latin-1"), "not UTF-8"), ("case\nA\n".encode("utf-16"), "UTF-16"),
        (b"case\n\x00\n", "no text"), (b"case\n", "no case in it"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_as_a_whole_costs_the_batch(folder, find, data, what):
    (folder / "list.csv").write_bytes(data)
    with pytest.raises(Misconfigured, match=what):
        list_cases([str(folder / "list.csv")], find)


def test_everything_unusable_is_told_at_once(folder, find):
    with pytest.raises(Misconfigured) as caught:
        list_cases(["nowhere", str(folder), str(folder / "missing.csv")], find)
    assert len(caught.value.problems) == 2


def test_an_empty_folder_is_no_batch(tmp_path, find):
    (tmp_path / "empty").mkdir()
    with pytest.raises(Misconfigured, match="no case in it"):
        list_cases([str(tmp_path / "empty")], find)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
@example(b"case\n" + b"," * 100 + b'\n"\r\n\x85')
def test_whatever_stands_in_a_list_it_is_read_or_refused_by_line(folder, find, data):
    (folder / "list.csv").write_bytes(b"case\n" + data)
    try:
        listed = list_cases([str(folder / "list.csv")], find)
    except Misconfigured as problem:
        assert all(one.what for one in problem.problems)
    else:
        assert all((item.file is None) != (item.problem is None) for item in listed)
