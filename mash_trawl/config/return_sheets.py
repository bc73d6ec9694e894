"""The sheets of an information request as they are laid out: what is printed, what is filled in, which words there are.

The pages that are written (render/request_book.py, render/request_page.py) and the reader of a filled one
(return_form.py) go by this page, so that they cannot differ. A change here is a new `FORM`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import get_args

from mash_trawl.config.referral_sheets import Ask, Table
from mash_trawl.model.finding import Basis, Polarity
from mash_trawl.model.request import FIRST_FORM, Line, Meant, Request
from mash_trawl.model.shown import day_words

FORM = FIRST_FORM
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SEAL = "Seal"
"""The sheet that holds the signed request; nothing is filled in there."""
WHO, PEOPLE, ANSWERS, RECORDS = "Who answers", "People", "Answers", "Records"
SEAL_PARTS = ("request", "signature", "key")
MOST_RECORDS = 200
CONTENT_WORDS = ("records", "searched_nothing_held", "not_searched", "refused")
EXISTENCE_WORDS = ("known", "searched_nothing_held", "not_searched", "refused")
IDENTITY_WORDS = ("yes", "no_record", "not_sure")
INVOLVED = ("current", "historic", "none_found")
POLARITY: tuple[str, ...] = get_args(Polarity)
BASIS: tuple[str, ...] = get_args(Basis)


@cache
def who() -> Table:
    """The sheet about whoever answers, and about what they looked through."""
    return Table(
        title=WHO, hint="One answer in each row, in column B. What has a star is needed.", lines=True,
        asks=(
            Ask(key="name", title="Your name *", hint="First and last name."),
            Ask(key="role", title="Your role *", hint="For example: desk officer, practice nurse."),
            Ask(key="telephone", title="Telephone *", hint="At work. This or an e-mail address."),
            Ask(key="email", title="E-mail", hint="At work. No private address."),
            Ask(key="relevant", title="Relevant only *", hint="I have looked at each thing that I pass on: it is "
                "relevant to what is asked, about these people, and no more than is needed. Choose yes.",
                words=("yes",)),
            Ask(key="as_of", title="Current as of *", hint="On which day your records stood like this: 22/11/2026."),
            Ask(key="from", title="Records begin", hint="Since when you hold records: 2009, or April 2009."),
            Ask(key="to", title="Records end", hint="Only if you hold none after some day."),
            Ask(key="area", title="Area covered", hint="For example: North Borough."),
        ),
    )  # fmt: skip


@cache
def people() -> Table:
    """The sheet of people: who is meant is printed; whether you hold them is filled in."""
    return Table(
        title=PEOPLE,
        hint="Compare with your own records. Nothing is taken in about somebody of whom you are not sure.",
        asks=(
            Ask(key="id", title="No.", width=8),
            Ask(key="name", title="Name", width=28),
            Ask(key="facts", title="Who is meant", width=48),
            Ask(key="basis", title="By what right we ask", width=60),
            Ask(key="identity", title="Do you hold this person?", hint="yes; no record (you searched, and hold nobody "
                "who fits); not sure.", words=IDENTITY_WORDS, width=22),
        ),
        rows=0,
    )  # fmt: skip


@cache
def answers() -> Table:
    """The sheet of questions, one row each; an empty answer stays owed."""
    return Table(
        title=ANSWERS, hint="An empty row is no answer: it stays owed. Say nothing held only if you searched.",
        asks=(
            Ask(key="id", title="Line", width=8),
            Ask(key="about", title="About", width=26),
            Ask(key="kind", title="What is asked", width=34),
            Ask(key="question", title="In words", width=48),
            Ask(key="period", title="Period", width=22),
            Ask(key="said", title="Your answer", hint="records: they stand under Records, or the service does "
                "beside. Or: searched nothing held; not searched; refused.", words=(*CONTENT_WORDS, "known"), width=24),
            Ask(key="involved", title="Involvement", hint="Of your service with them.", words=INVOLVED, width=16),
            Ask(key="since", title="Last start", hint="When it began last.", width=16),
            Ask(key="last", title="Last contact", hint="When they were last seen or spoken to.", width=16),
            Ask(key="worker", title="Who works with them", hint="Name and role.", width=26),
            Ask(key="contact", title="How to reach them", hint="Telephone or mail at work.", width=24),
            Ask(key="note", title="Note", hint="For example why it is refused.", width=40),
        ),
        rows=0,
    )  # fmt: skip


@cache
def records() -> Table:
    """The sheet of records: one row for each thing that is passed on."""
    return Table(
        title=RECORDS,
        hint="One row for each thing that you pass on. Only what the lines on the sheet Answers ask for.",
        asks=(
            Ask(key="line", title="Line", hint="The line that it answers.", width=8),
            Ask(key="date", title="Date", hint="17/05/2024, May 2024, about 2023, or unknown.", width=18),
            Ask(key="until", title="Until", hint="If it lasted.", width=18),
            Ask(key="headline", title="In one line", hint="Factual and short.", width=44),
            Ask(key="text", title="More", hint="What matters of it.", width=70),
            Ask(key="polarity", title="It speaks of", hint="A concern, or something that protects.", words=POLARITY,
                width=16),
            Ask(key="basis", title="Known how", hint="Seen, reported, alleged ...", words=BASIS, width=20),
            Ask(key="outcome", title="What came of it", width=36),
        ),
        rows=40,
    )  # fmt: skip


def tables() -> tuple[Table, ...]:
    """The sheets that are filled in, in order."""
    return (who(), people(), answers(), records())


def titles() -> tuple[str, ...]:
    """Every sheet of the workbook."""
    return ("Request", *(table.title for table in tables()), "Lists", SEAL)


def printed_person(person: Meant) -> Mapping[str, str]:
    """What stands in a row of the sheet People before it is filled in."""
    facts = "\n".join(f"{fact.label}: {fact.value}" for fact in person.facts)
    return _printed(id=person.id, name=person.name, facts=facts, basis="\n".join(person.basis))


def printed_line(line: Line, request: Request) -> Mapping[str, str]:
    """What stands in a row of the sheet Answers before it is filled in."""
    name = next(person.name for person in request.people if person.id == line.person)
    period = f"from {day_words(line.since)}" if line.since else "all records"
    question = line.question
    if line.mode == "existence":
        period, question = "", "Only whether you know this person. Write nothing of what you hold."
    return _printed(
        id=str(line.number), about=f"{line.person}: {name}", kind=line.title, question=question, period=period
    )


def _printed(**cells: str) -> dict[str, str]:
    """What no workbook can hold is shown as a question mark in a box."""
    return {key: _UNFIT.sub("\ufffd", text) for key, text in cells.items()}


def words_of(line: Line) -> tuple[str, ...]:
    """What can be answered to a question."""
    return EXISTENCE_WORDS if line.mode == "existence" else CONTENT_WORDS
