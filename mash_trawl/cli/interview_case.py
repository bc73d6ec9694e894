"""The whole interview: referral, people, relationships, agreements, powers; what is missing; save or abandon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mash_trawl.cli.interview import Choice, Question, Script
from mash_trawl.cli.interview_consent import ask_consents
from mash_trawl.cli.interview_person import ask_people
from mash_trawl.cli.interview_powers import ask_powers
from mash_trawl.cli.interview_referral import Desk, ask_profile, ask_referral
from mash_trawl.cli.interview_summary import summary
from mash_trawl.cli.interview_ties import ask_ties
from mash_trawl.errors import Misconfigured
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case

Review = Callable[[Mapping[str, Any]], tuple[Case, tuple[str, ...]]]
"""From a draft to the case and the list of what is missing in it. Raises Misconfigured for what cannot be."""

Keep = Callable[[Case], str]
"""Writes the case; gives back why it could not be written, or nothing."""

GREETING = (
    "A new case. One question at a time; `?` explains a question, `unknown` or an empty line leaves it open,",
    "`back` corrects the last answer, `finish` goes to the end. Nothing is written before you say `save`.",
)


def ask_case(desk: Desk, review: Review, keep: Keep) -> Script[Case | None]:
    """The case; None when it is abandoned."""
    profile = yield from ask_profile(desk)
    draft: dict[str, Any] = {}
    yield from ask_referral(desk, profile, draft)
    people: list[dict[str, Any]] = []
    draft["people"] = people
    yield from ask_people(profile, desk.today, people)
    ties: list[dict[str, Any]] = []
    draft["relationships"] = ties
    yield from ask_ties(profile, people, ties)
    lost = yield from ask_consents(desk, profile, draft)
    lost += yield from ask_powers(desk, profile, draft)
    draft["opened_at"] = max(desk.now, draft["referral"]["received_at"])
    told = (*summary(draft, profile), *(f"  {line}" for line in lost))
    return (yield from ask_whether_to_save(draft, told, review, keep))


def ask_whether_to_save(
    draft: Mapping[str, Any], told: Sequence[str], review: Review, keep: Keep
) -> Script[Case | None]:
    """What was understood, what is missing, and the decision. What cannot be saved is told; `back` corrects it.

    A case that cannot be written (the disk is full, the reference was taken meanwhile) is not lost: it is asked again.
    """
    try:
        case, missing = review(to_plain(dict(draft)))
    except Misconfigured as fault:
        lines = ("", "This case cannot be saved as it is:", *(f"  {problem}" for problem in fault.problems))
        yield Question(ask="Go back and correct it, or abandon the case?", why="`back` returns to the last question.",
                       choices=(Choice(code="abandon", words="Abandon: nothing is written (or type `back`)"),),
                       needed=True, last=True, before=lines)  # fmt: skip
        return None
    words = (Choice(code="save", words="Save it"), Choice(code="abandon", words="Abandon it: nothing is written"))
    why = "Saved, the case is a draft in the hub's folder: it can be planned and run, and people can be added."
    before = ("", *told, "", *missing)
    choice = yield Question(
        ask="Save this case?", why=why, choices=words, needed=True, last=True, before=before,
        check=lambda answer: keep(case) if answer == "save" else "",
    )  # fmt: skip
    return case if choice == "save" else None
