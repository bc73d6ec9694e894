"""Workbooks in a drop folder: rows as of any file, doubtful rows counted and left out, a shifted file refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mash_trawl.errors import Malformed
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports.files import open_session

Doors = Callable[..., Any]
ROWS = [["ref", "surname", "uprn"], ["T1", "Khan", 100023336956], ["T2", "O'Brien", None], ["T3", "Null", "007"]]


def workbook(rows: list[list[Any]], spoil: Callable[[Any], object] = lambda sheet: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    spoil(book.active)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(door: Any, name: str = "p.xlsx") -> list[dict[str, str]]:
    with open_session(door) as session:
        return list(session.read(name))


def why(door: Any) -> str:
    with pytest.raises(Malformed) as failed:
        read(door)
    assert failed.value.__cause__ is None
    return failed.value.why


def test_rows_are_text_by_column(at_drop: Any, drop: Path) -> None:
    (drop / "p.xlsx").write_bytes(workbook(ROWS))
    assert read(at_drop) == [
        {"ref": "T1", "surname": "Khan", "uprn": "100023336956"}, {"ref": "T2", "surname": "O'Brien", "uprn": ""},
        {"ref": "T3", "surname": "Null", "uprn": "007"},
    ]  # fmt: skip
    assert at_drop.tally.complete and at_drop.tally.rows == 3 and at_drop.tally.as_of


def test_a_step_of_a_mapping_compares_as_in_any_file(at_drop: Any, drop: Path) -> None:
    (drop / "tenants-2026.xlsx").write_bytes(workbook(ROWS))
    test = Condition(column="surname", key="k")
    step = Step(table="tenants-*.xlsx", columns=("ref", "uprn"), where=(test,))
    with open_session(at_drop) as session:
        assert [(row.ref, row.uprn) for row in session.select(step, {"k": ("Null", "Khan")})] == [
            ("T1", "100023336956"), ("T3", "007")
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "left"),
    [
        (lambda sheet: sheet.__setitem__("C2", "=1+1"), ["T2", "T3"]),
        (lambda sheet: sheet.merge_cells("B2:B3"), ["T3"]),
        (lambda sheet: sheet.__setitem__("C2", "1.00023E+11"), ["T2", "T3"]),
        (lambda sheet: sheet.__setitem__("E3", "stray"), ["T1", "T3"]),
    ],
    ids=["a formula", "merged cells", "a number cut short", "something to the right"],
)
def test_a_doubtful_row_is_counted_and_left_out(at_drop: Any, drop: Path, spoil: Any, left: list[str]) -> None:
    (drop / "p.xlsx").write_bytes(workbook(ROWS, spoil))
    assert [row["ref"] for row in read(at_drop)] == left
    assert at_drop.tally.quarantined == 3 - len(left) and at_drop.tally.complete


def test_hidden_and_empty_rows_lose_nothing(at_drop: Any, drop: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet["A9"] = "T9"

    (drop / "p.xlsx").write_bytes(workbook(ROWS, hide))
    assert [row["ref"] for row in read(at_drop)] == ["T1", "T2", "T3", "T9"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[], *ROWS], "not_where"), ([[None, *row] for row in ROWS], "not_where"), ([], "not_where"),
        ([["ref", "ref"], ["1", "2"]], "not_a_header"), ([["ref", None, "x"], ["1", "2", "3"]], "not_a_header"),
        ([["x", "=A2"]], "not_a_header"), ([["Report of today"], *ROWS], "a_column_is_missing"),
    ],
    ids=["a row down", "a column right", "empty", "twice", "a gap", "a formula", "a banner"],
)  # fmt: skip
def test_a_header_that_is_shifted_or_no_header_is_refused(at_drop: Any, drop: Path, rows: Any, words: str) -> None:
    (drop / "p.xlsx").write_bytes(workbook(rows))
    with open_session(at_drop) as session, pytest.raises(Malformed) as failed:
        list(session.select(Step(table="p.xlsx", columns=("ref", "surname")), {}))
    assert words in failed.value.why


def test_a_header_further_down_is_read_when_its_row_is_said(open_door: Doors, drop: Path) -> None:
    (drop / "p.xlsx").write_bytes(workbook([["Report of today"], [], *ROWS]))
    assert len(read(open_door(folder="drop", header="3"))) == 3
    assert why(open_door(folder="drop", header="2")) == "the_header_is_not_where_it_must_be"


def test_the_sheet_is_the_first_or_the_one_named_and_never_a_hidden_one_by_chance(open_door: Doors, drop: Path) -> None:
    book = Workbook()
    book.active.append(["ref"])
    other = book.create_sheet("Tenants")
    other.append(["ref"])
    other.append(["T7"])
    book.save(drop / "p.xlsx")
    assert read(open_door(folder="drop")) == []
    assert read(open_door(folder="drop", sheet="tenants")) == [{"ref": "T7"}]
    assert why(open_door(folder="drop", sheet="Nobody")) == "no_such_sheet"
    book.worksheets[0].sheet_state = "hidden"
    book.save(drop / "p.xlsx")
    assert why(open_door(folder="drop")) == "the_first_sheet_is_hidden"


@pytest.mark.parametrize(("end", "whole"), [(["END", 3], True), (["END", 2], False), (["END", "=3"], False),
                                            (["END"], False), ([], False)])  # fmt: skip
def test_a_trailer_proves_that_the_sheet_is_whole(open_door: Doors, drop: Path, end: list[Any], whole: bool) -> None:
    (drop / "p.xlsx").write_bytes(workbook([*ROWS, end]))
    door = open_door(folder="drop", trailer="END")
    assert len(read(door)) == 3 and door.tally.complete is whole


def test_what_follows_the_trailer_makes_the_file_doubtful(open_door: Doors, drop: Path) -> None:
    (drop / "p.xlsx").write_bytes(workbook([*ROWS, ["END", 3], ["T9"]]))
    door = open_door(folder="drop", trailer="END")
    assert len(read(door)) == 3 and not door.tally.complete


def test_the_row_budget_stops_and_says_so(open_door: Doors, drop: Path) -> None:
    (drop / "p.xlsx").write_bytes(workbook(ROWS))
    door = open_door(folder="drop", rows=2)
    assert len(read(door)) == 2 and door.tally.truncated


def test_what_is_hostile_says_what_it_is(at_drop: Any, drop: Path) -> None:
    (drop / "p.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    assert why(at_drop) == "this_is_a_very_old_Excel_file_(.xls)"
    (drop / "p.xlsx").write_bytes(b"ref,name\n")
    assert why(at_drop) == "this_is_not_an_Excel_workbook"


def test_the_lock_file_beside_an_open_workbook_is_not_taken_for_the_newest(at_drop: Any, drop: Path) -> None:
    (drop / "p.xlsx").write_bytes(workbook(ROWS))
    (drop / "~$p.xlsx").write_bytes(b"\x05j.shah")
    assert len(read(at_drop, "*.xlsx")) == 3


WHOLE = workbook(ROWS)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(WHOLE) - 1))
def test_a_workbook_cut_anywhere_is_refused(at_drop: Any, drop: Path, cut: int) -> None:
    (drop / "p.xlsx").write_bytes(WHOLE[:cut])
    with pytest.raises(Malformed):
        read(at_drop)
