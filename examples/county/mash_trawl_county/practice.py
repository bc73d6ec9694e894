"""The GP practice of the demo: a person who is asked on paper, and what she writes into the workbook.

`answer(folder)` does what the practice would do with a mouse and a spreadsheet: it opens the request that lies there,
fills the white cells by the names that it reads, and saves it under another name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NAME = "gp_practice"
MAPPING = """\
# A source that is a person: nobody logs in anywhere. `request` writes the questions, `return` takes the answers in.
version: 1
name: gp_practice
agency: health
kind: person
shows: [given, family, former_names, born, nhs_number]
asks:
  - category: health.gp_summary
    question: What the practice saw or was told that bears on this person's safety. No more of the record than that.
"""
SOURCE = """
  - name: gp_practice
    agency: health
    mapping: sources/gp-practice.yaml
    coverage: {from: 2013-04, area: North Borough}
    contact: {name: Canal Walk Surgery, telephone: "01632 960010", email: safeguarding@canalwalk.example}"""
RETURNS = """
returns: {team: the demo desk (synthetic), telephone: "01632 960000", send_to: nobody; a demo}"""
RETURN = "return.xlsx"
WHO = {
    "Your name": "Farah Quill (synthetic)", "Your role": "safeguarding lead GP", "Telephone": "01632 960010",
    "Relevant only": "yes", "Current as of": "02/11/2026", "Records begin": "April 2013",
    "Area covered": "North Borough",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Patient:
    """One patient: what is written beside the question about them, and one record."""

    answer: Mapping[str, str]
    record: Mapping[str, str]


PATIENTS = {
    "Aisha Malik": Patient(
        answer={"Involvement": "current", "Last contact": "22/09/2026", "Who works with them": "Practice nurse"},
        record={
            "Date": "22/09/2026", "In one line": "Dressing changed on a cut hand; asked that nobody rings home",
            "More": "Came with her grandmother. Cut clean, no stitches. Said that she did not want to talk about it.",
            "It speaks of": "concern", "Known how": "observed", "What came of it": "School nurse told",
        },
    ),
    "Yusuf Malik": Patient(
        answer={"Involvement": "current", "Last contact": "18/03/2026"},
        record={
            "Date": "15/10/2026", "In one line": "Not brought to the asthma review", "It speaks of": "concern",
            "Known how": "observed", "What came of it": "A second letter was sent",
        },
    ),
}  # fmt: skip
"""The children are on the practice's list. Their mother is not: she is registered elsewhere."""


def answer(folder: Path) -> Path:
    """Fill in the newest request in this folder; where the return lies. FileNotFoundError when there is none."""
    from openpyxl import load_workbook

    waiting = sorted(folder.glob("request-*.xlsx"), key=lambda file: file.stat().st_mtime_ns)
    if not waiting:
        raise FileNotFoundError(folder)
    book = load_workbook(waiting[-1])
    _lines(book["Who answers"])
    _identities(book["People"])
    _answers(book["Answers"], book["Records"])
    back = folder / RETURN
    back.touch(mode=0o600)
    book.save(back)
    return back


def _lines(sheet: Worksheet) -> None:
    for row, (label,) in enumerate(sheet.iter_rows(max_col=1, values_only=True), 1):
        if said := WHO.get(str(label).removesuffix(" *")):
            sheet.cell(row, 2, said)


def _identities(sheet: Worksheet) -> None:
    top, columns = _heading(sheet, "Name")
    for row in range(top + 1, sheet.max_row + 1):
        if name := sheet.cell(row, columns["Name"]).value:
            sheet.cell(row, columns["Do you hold this person?"], "yes" if name in PATIENTS else "no record")


def _answers(answers: Worksheet, records: Worksheet) -> None:
    top, columns = _heading(answers, "About")
    place, cells = _heading(records, "In one line")
    for row in range(top + 1, answers.max_row + 1):
        about = answers.cell(row, columns["About"]).value
        if not about:
            continue
        patient = PATIENTS.get(str(about).partition(": ")[2])
        _write(answers, row, columns, {"Your answer": "records"} | dict(patient.answer) if patient else
               {"Your answer": "searched nothing held"})  # fmt: skip
        if patient:
            place += 1
            line = str(answers.cell(row, columns["Line"]).value)
            _write(records, place, cells, {"Line": line} | dict(patient.record))


def _heading(sheet: Worksheet, title: str) -> tuple[int, dict[str, int]]:
    """The row that holds this heading, and the column of every heading in it."""
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        found = {str(text): column for column, text in enumerate(cells, 1) if text}
        if title in found:
            return number, found
    raise ValueError("the workbook is no information request")


def _write(sheet: Worksheet, row: int, columns: Mapping[str, int], said: Mapping[str, str]) -> None:
    for title, text in said.items():
        sheet.cell(row, columns[title], text)
