"""Drop folders: the newest whole file, read as text, within bounds; anything doubtful is said."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.errors import Malformed, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports import files, files_read
from mash_trawl.transports.files import open_session

CSV = "ref,surname,dob,opened\nT1,Khan,17/05/2014,2024-02-01\nT2,KHAN,17/05/2014,\nT3,O'Brien,,2019-01-01\n"
Doors = Callable[..., Any]


def read(door: Any, name: str) -> list[dict[str, str]]:
    with open_session(door) as session:
        return list(session.read(name))


def test_rows_are_text_by_column(at_drop: Any, drop: Path) -> None:
    (drop / "people.csv").write_text(CSV, "utf-8")
    assert read(at_drop, "people.csv")[2] == {"ref": "T3", "surname": "O'Brien", "dob": "", "opened": "2019-01-01"}
    assert at_drop.tally.complete and at_drop.tally.requests == 1 and at_drop.tally.rows == 3


def test_the_newest_file_that_fits_is_read_and_its_time_is_told(at_drop: Any, drop: Path) -> None:
    for name, when in (("p-1.csv", 1_000_000_000), ("p-2.csv", 1_700_000_000), ("q-3.csv", 1_800_000_000)):
        (drop / name).write_text(f"ref\n{name}\n")
        os.utime(drop / name, (when, when))
    assert read(at_drop, "p-*.csv") == [{"ref": "p-2.csv"}]
    assert at_drop.tally.as_of == "2023-11-14T22:13:20+00:00"


def test_a_step_of_a_mapping_compares_as_a_database_would(at_drop: Any, drop: Path) -> None:
    (drop / "people.csv").write_text(CSV, "utf-8")

    def found(column: str, value: Any, **more: Any) -> list[str]:
        test = Condition(column=column, key="k", **more)
        with open_session(at_drop) as session:
            step = Step(table="people.csv", columns=("ref",), where=(test,))
            return [row.ref for row in session.select(step, {"k": value})]

    assert found("surname", ("Khan", "KHAN")) == ["T1", "T2"]
    assert found("dob", date(2014, 5, 17), format="%d/%m/%Y") == ["T1", "T2"]
    assert found("opened", date(2020, 1, 1), how="at_least") == ["T1", "T2"]
    assert found("opened", date(2020, 1, 1), how="at_most") == ["T2", "T3"]
    assert found("opened", None, how="at_least") == ["T1", "T2", "T3"]
    assert found("surname", "O165", how="soundex") == ["T3"]
    assert found("surname", None) == []


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", "utf-8"), ("utf-8-sig", ""), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_each_encoding_is_read_when_it_is_said(open_door: Doors, drop: Path, encoding: str, said: str) -> None:
    (drop / "p.csv").write_bytes("ref,name\nT1,Zoë\n".encode(encoding))
    door = open_door(folder="drop", **({"encoding": said} if said else {}))
    assert read(door, "p.csv") == [{"ref": "T1", "name": "Zoë"}]


def test_a_wrong_encoding_is_an_unreadable_file_not_a_wrong_name(at_drop: Any, drop: Path) -> None:
    (drop / "p.csv").write_bytes("ref,name\nT1,Zoë\n".encode("cp1252"))
    with pytest.raises(Malformed):
        read(at_drop, "p.csv")


@pytest.mark.parametrize("said", ["cp1252", "iso-8859-1", "ISO-8859-15"])
def test_utf8_is_not_read_as_one_byte_text_in_which_a_name_would_be_another(
    open_door: Doors, drop: Path, said: str
) -> None:
    door = open_door(folder="drop", encoding=said)
    (drop / "p.csv").write_bytes(b"ref,name\nT1,Smith\n")
    assert read(door, "p.csv") == [{"ref": "T1", "name": "Smith"}]
    (drop / "p.csv").write_bytes(("ref,name\nT1,Smith\n" + "T2,Smith\n" * 20_000 + "T3,Zoë\n").encode())
    with pytest.raises(Malformed, match="wrong encoding"):
        read(door, "p.csv")
    (drop / "p.csv").write_bytes("ref,name\nT1,Zoë\nT2,Zoé\n".encode(said))
    assert [row["name"] for row in read(door, "p.csv")] == ["Zoë", "Zoé"]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="cp1252", categories=("L",)), min_size=1, max_size=20))
def test_text_in_its_own_encoding_is_read_or_refused_and_never_as_other_letters(
    open_door: Doors, drop: Path, name: str
) -> None:
    (drop / "p.csv").write_bytes(f"ref,name\nT1,{name}\n".encode("cp1252"))
    with contextlib.suppress(Malformed):
        assert read(open_door(folder="drop", encoding="cp1252"), "p.csv") == [{"ref": "T1", "name": name}]


@pytest.mark.parametrize("head", ["\n", "ref,ref\n", "ref,\n", " ,x\n", ",".join(f"c{n}" for n in range(600)) + "\n"])
def test_a_header_that_names_no_columns_is_refused(at_drop: Any, drop: Path, head: str) -> None:
    (drop / "p.csv").write_text(head + "a,b\n")
    with pytest.raises(Malformed):
        read(at_drop, "p.csv")


def test_an_empty_file_is_refused_for_it_has_not_even_a_header(at_drop: Any, drop: Path) -> None:
    (drop / "p.csv").write_text("")
    with pytest.raises(Malformed):
        read(at_drop, "p.csv")


def test_a_missing_column_is_told_before_any_row_is_read(at_drop: Any, drop: Path) -> None:
    (drop / "p.csv").write_text("ref\nT1\n")
    with open_session(at_drop) as session, pytest.raises(Malformed):
        list(session.select(Step(table="p.csv", columns=("ref", "surname")), {}))


def test_a_row_with_too_few_or_too_many_cells_is_counted_and_left_out(at_drop: Any, drop: Path) -> None:
    (drop / "p.csv").write_text("a,b\n1,2\n3\n4,5,6\n\n7,8\n")
    assert [row["a"] for row in read(at_drop, "p.csv")] == ["1", "7"]
    assert at_drop.tally.quarantined == 2 and at_drop.tally.complete


def test_a_formula_stays_the_characters_that_it_is(at_drop: Any, drop: Path) -> None:
    (drop / "p.csv").write_text("a\n\"=cmd|'/c calc'!A0\"\n")
    assert read(at_drop, "p.csv") == [{"a": "=cmd|'/c calc'!A0"}]


@pytest.mark.parametrize(("end", "whole"), [("END,2\n", True), ("END,3\n", False), ("", False), ("END\n", False),
                                            ("END,2\n3,4\n", False)])  # fmt: skip
def test_a_trailer_proves_that_the_file_is_whole(open_door: Doors, drop: Path, end: str, whole: bool) -> None:
    (drop / "p.csv").write_text("a,b\n1,2\n3,4\n" + end)
    door = open_door(folder="drop", trailer="END")
    assert len(read(door, "p.csv")) == 2 and door.tally.complete is whole


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(CSV) + 5))
def test_a_file_with_a_trailer_cut_anywhere_is_never_taken_as_whole(open_door: Doors, drop: Path, cut: int) -> None:
    (drop / "p.csv").write_bytes(f"{CSV}END,3".encode()[:cut])
    door = open_door(folder="drop", trailer="END")
    try:
        rows = read(door, "p.csv")
    except Malformed:
        return
    assert not door.tally.complete or (len(rows) == 3 and cut >= len(CSV) + 5)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 200))
def test_json_cut_anywhere_is_refused(at_drop: Any, drop: Path, cut: int) -> None:
    whole = json.dumps({"rows": [{"ref": f"T{n}", "surname": "Khan"} for n in range(5)], "count": 5})
    (drop / "p.json").write_text(whole[: min(cut, len(whole) - 1)])
    with pytest.raises(Malformed):
        read(at_drop, "p.json")


def test_json_is_a_list_of_objects_and_its_values_become_text(at_drop: Any, drop: Path) -> None:
    (drop / "p.json").write_text('[{"ref": 1, "n": 1.50, "t": true, "x": null, "a": {"postcode": "NB1"}}, 7]')
    assert read(at_drop, "p.json") == [{"ref": "1", "n": "1.50", "t": "yes", "x": "", "a": '{"postcode": "NB1"}'}]
    assert at_drop.tally.quarantined == 1


def test_a_count_that_lies_is_noticed(at_drop: Any, drop: Path) -> None:
    (drop / "p.json").write_text('{"rows": [{"ref": 1}], "count": 2}')
    assert len(read(at_drop, "p.json")) == 1 and not at_drop.tally.complete


@pytest.mark.parametrize("text", ["[" * 100_000, '{"rows": {"a": 1}}', '[{"a": NaN}]', '[{"a": 1, "a": 2}]', "7", ""])
def test_hostile_json_is_refused(at_drop: Any, drop: Path, text: str) -> None:
    (drop / "p.json").write_text(text)
    with pytest.raises(Malformed):
        read(at_drop, "p.json")


def test_sizes_are_bounded(at_drop: Any, drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_read, "MOST_LINE", 1000)
    monkeypatch.setattr(files_read, "MOST_JSON", 1000)
    (drop / "long.csv").write_text("a\n" + "x" * 5000)
    (drop / "big.json").write_text("[" + " " * 5000 + "]")
    for name in ("long.csv", "big.json"):
        with pytest.raises(Malformed):
            read(at_drop, name)
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    (drop / "big.csv").write_text("a\n" + "x\n" * 500)
    with pytest.raises(Malformed):
        read(at_drop, "big.csv")


def test_the_row_budget_stops_and_says_so(open_door: Doors, drop: Path) -> None:
    (drop / "p.csv").write_text("a\n" + "x\n" * 10)
    door = open_door(folder="drop", rows=3)
    assert len(read(door, "p.csv")) == 3 and door.tally.truncated


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "..", "", "sub\\x.csv"])
def test_a_name_cannot_lead_out_of_the_folder(at_drop: Any, drop: Path, name: str) -> None:
    (drop.parent / "secret.csv").write_text("a\n1\n")
    with pytest.raises(TrawlError):
        read(at_drop, name)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(at_drop: Any, drop: Path) -> None:
    (drop.parent / "secret.csv").write_text("a\n1\n")
    (drop / "p.csv").symlink_to(drop.parent / "secret.csv")
    with pytest.raises(Unavailable) as failed:
        read(at_drop, "p.csv")
    assert failed.value.why == Why.SERVER_ERROR


def test_a_file_that_changes_while_it_is_read_is_not_called_whole(at_drop: Any, drop: Path) -> None:
    (drop / "p.csv").write_text("a\n1\n2\n")
    with open_session(at_drop) as session:
        rows = session.read("p.csv")
        next(rows)
        with (drop / "p.csv").open("a") as file:
            file.write("3\n")
        list(rows)
    assert not at_drop.tally.complete


def test_a_folder_that_is_not_there_is_unreachable(open_door: Doors) -> None:
    for door, why in ((open_door(folder="nowhere"), Why.CONNECTION_REFUSED), (open_door(), Why.SECRET_MISSING)):
        with pytest.raises(Unavailable) as failed:
            read(door, "p.csv")
        assert failed.value.why == why


def test_a_late_read_ends_at_the_deadline(open_door: Doors, drop: Path) -> None:
    (drop / "p.csv").write_text("a\n1\n")
    with pytest.raises(Unavailable) as failed:
        read(open_door(folder="drop", seconds=-1.0), "p.csv")
    assert failed.value.why == Why.DEADLINE
