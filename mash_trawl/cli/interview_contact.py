"""The questions about one way to reach somebody: which, whether it is safe, and when that was last confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mash_trawl.cli import interview_read
from mash_trawl.cli.interview import Choice, Question
from mash_trawl.cli.interview_read import lines
from mash_trawl.config.write import plain_case
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.dates import PartialDate

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
        ask="The address, number or name for it?",
        why="As it stands on the letter (an address with commas); it never goes to an agency.",
        needed=True,
    )  # fmt: skip
    safe = yield Question(
        ask="Is this safe?", why="Safe: nobody but this person opens, reads or hears it. Without a yes it is not used.",
        choices=_SAFE, empty="unknown",
    )  # fmt: skip
    today = desk.today
    confirmed = yield Question(
        ask="When was that last confirmed?", why="The latest confirmed safe contact is used. Enter: today.",
        empty=PartialDate.parse(today.isoformat()), otherwise="today", unknown=None, check=_one_day,
        **interview_read.day(today),
    )  # fmt: skip
    note = yield Question(ask="Anything to heed (times, words not to use)?", why="For whoever hands it over.")
    contact = {"kind": kind, "value": "\n".join(lines(value)) if kind == "letter" else value, "safe": safe}
    contact |= {"confirmed_on": confirmed.earliest.isoformat()} if confirmed else {}
    contact |= {"note": note} if note else {}
    people = [dict(plain_case(one)) for one in case.people]
    at = [one.id for one in case.people].index(person)
    people[at]["contacts"] = [*people[at].get("contacts", ()), contact]
    return {"people": people}


def _one_day(day: PartialDate) -> str:
    """Why this cannot be the day of a confirmation; empty if it can."""
    return "" if day.exact else "Type the day itself, such as 3/11/2026."
