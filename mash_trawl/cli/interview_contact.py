"""The questions about one way to reach somebody: which, whether it is safe, and when that was last confirmed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from mash_trawl.cli.interview import Choice, Question, Wrong
from mash_trawl.config.write import plain_case
from mash_trawl.errors import Misconfigured, Problem

if TYPE_CHECKING:
    from mash_trawl.cli.interview import Script
    from mash_trawl.cli.interview_referral import Desk
    from mash_trawl.model.case import Case
    from mash_trawl.model.profile import Profile

_KINDS = (
    Choice(code="letter", words="A letter to an address"),
    Choice(code="email", words="An email"),
    Choice(code="telephone", words="A call: somebody reads the letter out"),
    Choice(code="text", words="A text message"),
    Choice(code="in_person", words="Handed over in person"),
    Choice(code="through_worker", words="Through a worker whom they see"),
)
_SAFE = (
    Choice(code="yes", words="Yes: they said so themselves, or their worker checked"),
    Choice(code="no", words="No: somebody else could read or hear it"),
    Choice(code="unknown", words="Not known"),
)


def ask_contact(desk: Desk, profile: Profile, case: Case, person: str) -> Script[dict[str, Any]]:
    """The case's people, with one more contact for this one; Misconfigured for an id that is not there."""
    known = next((one for one in case.people if one.id == person), None)
    if known is None:
        do = f"There are {', '.join(one.id for one in case.people)}."
        raise Misconfigured(Problem(where="PERSON", what="there is no person with this id in the case.", do=do))
    kind = yield Question(
        ask=f"How may {person} be reached?", why="A letter to the family goes only by a way that is safe.",
        choices=_KINDS, needed=True,
    )  # fmt: skip
    value = yield Question(
        ask="The address, number or name for it?", why="As it is written on the letter; it never goes to an agency.",
        needed=True,
    )  # fmt: skip
    safe = yield Question(
        ask="Is this safe?", why="Safe: nobody but this person opens, reads or hears it. Without a yes it is not used.",
        choices=_SAFE, needed=True,
    )  # fmt: skip
    today = desk.today
    confirmed = yield Question(
        ask="When was that last confirmed?", why="The latest confirmed safe contact is used.", read=_day(today),
        empty=today, otherwise="today", shown=lambda day: f"{day:%d.%m.%Y}",
    )  # fmt: skip
    note = yield Question(ask="Anything to heed (times, words not to use)?", why="For whoever hands it over.")
    contact = {"kind": kind, "value": value, "safe": safe, "confirmed_on": confirmed.isoformat()}
    contact |= {"note": note} if note else {}
    people = [dict(plain_case(one)) for one in case.people]
    at = [one.id for one in case.people].index(person)
    people[at]["contacts"] = [*people[at].get("contacts", ()), contact]
    return {"people": people}


def _day(today: date) -> Any:
    def read(text: str) -> date:
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            raise Wrong("Write the day as 2026-11-03.") from None
        if day > today:
            raise Wrong("That day is still to come.")
        return day

    return read
