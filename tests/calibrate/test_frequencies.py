"""Names are counted as they are compared, and a rare one is never written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.calibrate.frequencies import SMALLEST, count_names, document
from mash_trawl.calibrate.people_file import Told, people_in
from mash_trawl.errors import Misconfigured
from mash_trawl.model.folding import fold
from mash_trawl.model.person import Name, Person

given_names = st.lists(st.sampled_from(["Synthea", "Testina", "Probea", "José", "JOSE", "Baby"]), max_size=60)


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A synthetic person table."""
    file = folder / "people.csv"
    file.write_text(text, encoding)
    return file


@given(given_names, st.integers(SMALLEST, 9))
def test_no_name_of_fewer_than_the_smallest_number_is_written(names: list[str], smallest: int) -> None:
    people = [Person(id="", names=(Name(given=(name,), family="Testfall"),)) for name in names]
    counted = count_names(people, smallest)
    written = document(counted, "2026-11-01", smallest)
    assert all(number >= smallest for kind in ("given", "family") for number in written[kind].values())
    often = {name for name in names if name != "Baby" and names.count(name) >= smallest}
    assert {fold(name) for name in often} <= written["given"].keys()
    assert "baby" not in written["given"]
    assert written["people"] == len(names)


def test_spellings_that_are_compared_as_one_are_counted_as_one() -> None:
    people = [Person(id="", names=(Name(given=(name,)),)) for name in ("José", "JOSE", "jose", "José", "Jose")]
    assert count_names(people).given == {"jose": 5}


def test_fewer_than_five_are_refused_as_smallest() -> None:
    with pytest.raises(ValueError, match="5"):
        count_names([], 4)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_read_whatever_separates_its_columns(tmp_path: Path, mark: str, encoding: str) -> None:
    rows = [["Given", "Family", "shoe size", "born", "sex", "postcode", "nhs_number"],
            ["Synthea Ann", "Testfall", "37", "2014-05-17", "F", "NB1 4QT", "999 000 0018"]]  # fmt: skip
    told = Told()
    (person,) = people_in(table(tmp_path, "\n".join(mark.join(row) for row in rows), encoding), told)
    assert person.names == (Name(given=("Synthea", "Ann"), family="Testfall"),)
    assert (person.sex, person.identifiers["nhs_number"], person.addresses[0].postcode) == (
        "female", "999 000 0018", "NB1 4QT",
    )  # fmt: skip
    assert (told.read, told.unreadable) == (1, 0)


def test_a_row_that_cannot_be_read_is_counted_and_the_others_are_read(tmp_path: Path) -> None:
    text = f"given,family,born\nSynthea,Testfall,2014-05-17\nProbea,Testfall,no day\n{'x' * 2001},Testfall,\n\nA,B,\n"
    told = Told()
    assert len(list(people_in(table(tmp_path, text), told))) == 2
    assert (told.read, told.unreadable) == (2, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [("name,born\n", "given, family"), ("given,family,given\n", "given twice"), ("", "given, family"),
     ("given,family\n", "nhs_number")],
)  # fmt: skip
def test_a_file_without_its_columns_is_refused_at_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Misconfigured, match=words) as wrong:
        list(people_in(table(tmp_path, text), Told(), ("nhs_number",) if words == "nhs_number" else ()))
    assert "people.csv:1" in str(wrong.value)


def test_bytes_that_are_no_text_are_refused_without_being_repeated(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("given,family\nSynthé,T\n".encode("latin-1"))
    with pytest.raises(Misconfigured, match="UTF-8") as wrong:
        list(people_in(file, Told()))
    assert "Synth" not in str(wrong.value)
