"""What a return says, checked as a whole: every problem with its sheet and cell, and nothing half taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from mash_trawl.config import return_sheets as sheets
from mash_trawl.config.referral_table import Answers
from mash_trawl.config.return_file import Came
from mash_trawl.errors import Misconfigured
from mash_trawl.model.answer import Coverage
from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.finding import Event, Finding, Involvement
from mash_trawl.model.request import Identity, Line, Practitioner, Request, Said, Stated

LONGEST_HEADLINE = 300
LONGEST_TEXT = 8000
_ALTERED = "this was printed by the hub, and was changed"
_AGAIN = "Put back what stood there, or copy the answers into the file that was sent."
_STATUS: Mapping[str, Literal["current", "historic"]] = {"current": "current", "historic": "historic"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Filled(Private):
    """A whole return. `known` and `not_sure` are ids of people; a question without an answer stands nowhere here."""

    by: Practitioner
    coverage: Coverage
    known: tuple[str, ...]
    not_sure: tuple[str, ...]
    stated: tuple[Stated, ...]


def filled(came: Came, day: date) -> Filled:
    """What it says. `day` is when it came. Raises Misconfigured with every problem at once."""
    by, coverage = _who(came.who), _coverage(came.who, day)
    identity = {person.id: _identity(came, person.id) for person in came.request.people}
    for known, rows, printed in (
        ("people", came.people, [sheets.printed_person(person) for person in came.request.people]),
        ("answers", came.answers, [sheets.printed_line(line, came.request) for line in came.request.lines]),
    ):
        _as_printed(came, rows, printed, known)
    records = _records(came)
    said = [_stated(came, line, identity.get(line.person), records.get(line.number, []), by)
            for line in came.request.lines]  # fmt: skip
    stated = tuple(one for one in said if one is not None)
    if not stated and "not_sure" not in identity.values() and not came.desk.problems:
        do = "Send it back: an empty row is not an answer, and nothing held is one only if somebody searched."
        came.desk.complain(came.desk.name, "nothing is answered", do)
    if came.desk.problems:
        raise Misconfigured(*came.desk.problems)
    return Filled(
        by=by,
        coverage=coverage,
        known=tuple(person for person, is_it in identity.items() if is_it == "yes"),
        not_sure=tuple(person for person, is_it in identity.items() if is_it == "not_sure"),
        stated=stated,
    )


def _as_printed(came: Came, rows: Mapping[str, Answers], printed: Sequence[Mapping[str, str]], sheet: str) -> None:
    """Each printed row is there and reads as it was printed; no other row is. A page's file holds no printed text."""
    expected = {row["id"]: row for row in printed}
    for ident, row in expected.items():
        here = rows.get(ident)
        if here is None:
            came.desk.complain(came.desk.name, f"row {ident} of the {sheet} is missing", _AGAIN)
            continue
        for key, text in row.items():
            if _plain(here.raw(key)) != _plain(text) and (here.raw(key) or came.printed):
                here.complain(key, _ALTERED, _AGAIN)
    for ident, here in rows.items():
        if ident not in expected:
            here.complain("id", "this row is not part of the request", "Remove it.")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _who(row: Answers) -> Practitioner:
    for key, words in (("name", "who answers"), ("role", "in which role")):
        if row.unsaid(key):
            row.complain(key, f"it is not said {words}", "A return counts only from somebody who is named.")
    if row.unsaid("telephone") and row.unsaid("email"):
        row.complain(
            "telephone", "there is no way to reach who answers", "Give a telephone number or an e-mail address."
        )
    if row.word("relevant") != "yes":
        what = "nobody said that only what is relevant is passed on"
        row.complain("relevant", what, "Look through what is passed on, leave out the rest, and choose yes.")
    name, role, telephone, email = (row.text(key) or "" for key in ("name", "role", "telephone", "email"))
    return Practitioner(name=name, role=role, telephone=telephone, email=email)


def _coverage(row: Answers, day: date) -> Coverage:
    """The period in days as far as they are known; `as_of` is one exact day that is not in the future."""
    as_of = _date(row, "as_of")
    if as_of is None or not as_of.exact or as_of.earliest is None:
        row.complain("as_of", "one exact day is needed here", "Write it day first, for example 22/11/2026.")
    elif as_of.earliest > day:
        row.complain("as_of", "this day is still to come", "Write the day on which the records stood like this.")
    began, ended = _date(row, "from"), _date(row, "to")
    return Coverage(
        from_=_since(began) if began else None,
        to=ended.latest.isoformat() if ended and ended.latest else None,
        area=row.text("area"),
        as_of=as_of.earliest.isoformat() if as_of and as_of.earliest else None,
    )


def _since(began: PartialDate) -> str | None:
    """As they wrote it where that is a plain month or year, else the first day that it can mean."""
    if began.precision in ("month", "year") and not (began.approximate or began.uncertain):
        return began.edtf
    return began.earliest.isoformat() if began.earliest else None


def _date(row: Answers, key: str) -> PartialDate | None:
    text = row.text(key)
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError:
        row.complain(key, "this is no date", "For example 17/05/2024, May 2024, 2024, about 2023; or unknown.")
        return None


def _identity(came: Came, person: str) -> Identity | None:
    row = came.people.get(person)
    return cast("Identity | None", row.word("identity")) if row else None


def _stated(
    came: Came, line: Line, identity: Identity | None, records: Sequence[Event | None], by: Practitioner
) -> Stated | None:
    """What is said to one question; None where nothing is."""
    row = came.answers.get(str(line.number))
    if row is None:
        return None
    said = _said(row, line)
    service = _service(row, line, by, came.request)
    if said is None:
        if records or service or not all(row.unsaid(key) for key in ("involved", "since", "last", "worker")):
            row.complain("said", "there is something in this line, and no answer", "Choose an answer.")
        return None
    _fits(row, said, identity, came.people.get(line.person), something=bool(records or service))
    findings: list[Finding] = [one for one in (service, *records) if one is not None]
    return Stated(
        person=line.person, category=line.category, said=said, note=row.text("note") or "", findings=tuple(findings)
    )


def _said(row: Answers, line: Line) -> Said | None:
    word = row.word("said")
    if word is None:
        return None
    if word not in sheets.words_of(line):
        words = ", ".join(one.replace("_", " ") for one in sheets.words_of(line))
        row.complain("said", "this is not what this line asks", f"Choose: {words}.")
        return None
    return "nothing_held" if word == "searched_nothing_held" else cast("Said", word)


def _fits(row: Answers, said: Said, identity: Identity | None, who: Answers | None, *, something: bool) -> None:
    """One line says one thing, and about somebody who was recognised."""
    if said in ("records", "known"):
        if identity != "yes" and who is not None:
            who.complain("identity", "something is said about them, and not that you hold this person",
                         "Compare who is meant. Choose yes, or take back what is said about them.")  # fmt: skip
        if said == "records" and not something:
            row.complain("said", "records are announced, and none stands here",
                         "Write them under Records with this line's number, or the involvement beside.")  # fmt: skip
    elif something:
        row.complain("said", "this says that nothing is passed on, and something is",
                     "Choose records, or take the records of this line away.")  # fmt: skip


def _service(row: Answers, line: Line, by: Practitioner, request: Request) -> Involvement | None:
    """That a service works, or worked, with them."""
    status = _STATUS.get(row.word("involved") or "")
    if status is None:
        return None
    if line.mode == "existence":
        row.complain("involved", "this line asks only whether you know them", "Leave it empty.")
    return Involvement(
        ref=_ref(request, row, "involved"), about=(line.person,), category=line.category, service=line.title,
        status=status, from_=_date(row, "since"), last_contact=_date(row, "last"),
        practitioner=row.text("worker") or "", contact=row.text("contact") or "", recorded_by=_signed(by),
        basis="documented",
    )  # fmt: skip


def _records(came: Came) -> dict[int, list[Event | None]]:
    """The records by line; one that cannot be read, and is told as a problem, is None."""
    lines = {str(line.number): line for line in came.request.lines}
    by, found = _who_words(came.who), dict[int, list[Event | None]]()
    for row in came.records:
        line = lines.get(row.raw("line"))
        if line is None or line.mode == "existence":
            do = "Choose a line of the sheet Answers that asks for records."
            row.complain("line", "no line of this number asks for records", do)
            continue
        found.setdefault(line.number, []).append(_event(row, line, by, came.request))
    return found


def _event(row: Answers, line: Line, by: str, request: Request) -> Event | None:
    when, headline, text = _date(row, "date"), row.text("headline"), row.text("text") or ""
    if row.raw("date").casefold() == "unknown":
        when = PartialDate.parse("unknown")
    if when is None and row.unsaid("date"):
        row.complain("date", "there is no date", "Write as much of it as is known, or unknown.")
    if headline is None:
        row.complain("headline", "there is no line that says what it is", "Say it in one line.")
    for key, said, most in (("headline", headline or "", LONGEST_HEADLINE), ("text", text, LONGEST_TEXT)):
        if len(said) > most:
            row.complain(key, f"this is longer than {most} characters", "Shorten it to what matters.")
    until = _date(row, "until")
    last = (until or when).latest if until or when else None  # type: ignore[union-attr]  # one of them is there
    if line.since and last is not None and last.isoformat() < line.since:
        row.complain("date", "this is older than what is asked for", "Leave it out.")
    if when is None or headline is None:
        return None
    more: dict[str, Any] = {key: word for key in ("polarity", "basis") if (word := row.word(key))}
    return Event(
        ref=_ref(request, row, "headline"), about=(line.person,), category=line.category, when=when, until=until,
        kind="return", headline=headline, text=text, outcome=row.text("outcome") or "", recorded_by=by, **more,
    )  # fmt: skip


def _ref(request: Request, row: Answers, key: str) -> str:
    """Where it stands in the return: the request's id, sheet and cell."""
    place = row.place(key).removeprefix(f"{row.desk.name}:")
    return f"{request.id}:{place}"


def _who_words(row: Answers) -> str:
    return _signed(Practitioner(name=row.raw("name"), role=row.raw("role")))


def _signed(by: Practitioner) -> str:
    return ", ".join(part for part in (by.name, by.role) if part)
