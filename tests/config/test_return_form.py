"""The request that is written and the return that is read go by one layout: what goes out comes back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from mash_trawl.audit.canonical import canonical, parse_canonical
from mash_trawl.config.read import read_value
from mash_trawl.config.return_file import open_return
from mash_trawl.config.return_form import filled
from mash_trawl.errors import Misconfigured
from mash_trawl.model.base import to_plain
from mash_trawl.model.request import Fact, Line, Meant, Request
from mash_trawl.render.request_book import request_book
from mash_trawl.render.request_page import request_page

DAY = date(2026, 11, 3)
WHO = {5: "Pat Ashe (synthetic)", 6: "nurse", 8: "pat@practice.example", 9: "yes", 10: "02/11/2026"}


def request(name="Synthetica Testfall"):
    return Request(
        id="0a1b2c3d4e5f6071", hub="north", case="mark", source="gp", agency="health", to="Practice", asked_by="j.shah",
        written_at="2026-11-02T10:00:00+00:00",
        people=(Meant(id="p1", name=name, facts=(Fact(label="Date of birth", value="17 May 2014"),), basis=("S47.",)),),
        lines=(
            Line(number=1, person="p1", category="health.gp_summary", title="GP summary", since="2020-01-01"),
            Line(number=2, person="p1", category="health.camhs", title="CAMHS", mode="existence"),
        ),
    )  # fmt: skip


def genuine(content, signature):
    assert signature == b"s" * 64
    return read_value(Request, parse_canonical(content), "request")


def sent_back(tmp_path, asked, cells):
    """The workbook with these cells filled in (sheet and cell to text), as it comes back."""
    book = load_workbook(io.BytesIO(request_book(asked, canonical(to_plain(asked)), b"s" * 64, "key")))
    for row, text in WHO.items():
        book["Who answers"].cell(row, 2, text)
    for place, text in cells.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = text
    file = tmp_path / "back.xlsx"
    book.save(file)
    return filled(open_return(file, genuine), DAY)


def test_a_line_that_asks_only_whether_somebody_is_known_takes_no_records(tmp_path):
    said = sent_back(
        tmp_path, request(), {"People!E5": "yes", "Answers!F5": "searched nothing held", "Answers!F6": "known"}
    )
    assert [(one.category, one.said) for one in said.stated] == [
        ("health.gp_summary", "nothing_held"), ("health.camhs", "known")]  # fmt: skip
    with pytest.raises(Misconfigured) as wrong:
        sent_back(tmp_path, request(), {"People!E5": "yes", "Answers!F6": "records", "Records!A5": "2",
                                        "Records!B5": "2024", "Records!D5": "x"})  # fmt: skip
    assert {problem.where.split("xlsx:")[1] for problem in wrong.value.problems} == {"Answers:F6", "Records:A5"}


def test_records_older_than_what_was_asked_for_are_told_and_not_taken(tmp_path):
    cells = {"People!E5": "yes", "Answers!F5": "records", "Records!A5": "1", "Records!D5": "x"}
    with pytest.raises(Misconfigured, match="Records:B5: this is older than what is asked for"):
        sent_back(tmp_path, request(), cells | {"Records!B5": "2019"})
    assert sent_back(tmp_path, request(), cells | {"Records!B5": "2020"}).stated[0].findings[0].headline == "x"


@pytest.mark.parametrize(("written", "kept"), [
    ("April 2013", "2013-04"), ("2009", "2009"), ("17/05/2013", "2013-05-17"), ("about 2009", "2009-01-01"),
])  # fmt: skip
def test_since_when_records_are_held_is_kept_as_they_wrote_it(tmp_path, written, kept):
    said = sent_back(
        tmp_path, request(), {"Who answers!B11": written, "People!E5": "yes", "Answers!F5": "searched nothing held"}
    )
    assert said.coverage.from_ == kept


def test_about_somebody_of_whom_nobody_is_sure_nothing_can_be_said(tmp_path):
    cells = {"Answers!F5": "records", "Records!A5": "1", "Records!B5": "2024", "Records!D5": "x"}
    for identity in ("not sure", "no record"):
        with pytest.raises(Misconfigured, match="People:E5"):
            sent_back(tmp_path, request(), cells | {"People!E5": identity})
    with pytest.raises(Misconfigured, match="nothing is answered"):
        sent_back(tmp_path, request(), {})


def test_whatever_somebody_is_called_the_sheet_is_text_and_comes_back(tmp_path):
    names = (
        "=1+1",
        "@x",
        "+44",
        "-1",
        "<script>alert(1)</script>",
        "O'Brien-\u00dcnal",
        "x\x07\ufffe",
        "_x000D_",
        "  a  b ",
    )
    people = tuple(Meant(id=f"p{number}", name=name) for number, name in enumerate(names, 1))
    lines = tuple(Line(number=number, person=one.id, category="health.gp_summary", title="=2+2")
                  for number, one in enumerate(people, 1))  # fmt: skip
    asked = replace(request(), people=people, lines=lines)
    said = sent_back(tmp_path, asked, {f"Answers!F{row}": "searched nothing held" for row in range(5, 5 + len(names))})
    assert [one.person for one in said.stated] == [one.id for one in people]
    book = load_workbook(tmp_path / "back.xlsx")
    assert {cell.data_type for row in book["People"].iter_rows() for cell in row} <= {"s", "n"}  # n: an empty one
    page = request_page(asked, b"c", b"s")
    assert page.count("<script") == 1
    assert "://" not in page
