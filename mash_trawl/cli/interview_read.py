"""What typed answers become: names, days, moments, postcodes, numbers with check digits; and the common questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from mash_trawl.cli.interview import Choice, Question, Wrong
from mash_trawl.config import identifiers
from mash_trawl.consent.times import LONDON
from mash_trawl.model.base import Unreadable
from mash_trawl.model.dates import PartialDate

_CLOCK = re.compile(r"(.*?)\s*(?:\bat\s+)?\b([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.IGNORECASE)


def choices(words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices from codes and words."""
    return tuple(Choice(code=code, words=told) for code, told in words.items())


def said(question_choices: tuple[Choice, ...]) -> Callable[[Any], str]:
    """The words of a chosen code, or of several."""
    words = {choice.code: choice.words for choice in question_choices}
    return lambda value: ", ".join(words[code] for code in ((value,) if isinstance(value, str) else value))


def pick(ask: str, why: str, words: Mapping[str, str], **more: Any) -> Question:
    """A question with one choice."""
    offered = choices(words)
    return Question(ask=ask, why=why, choices=offered, shown=said(offered), **more)


def pick_several(ask: str, why: str, words: Mapping[str, str], **more: Any) -> Question:
    """A question with any number of choices; none of them is the empty tuple."""
    return pick(ask, why, words, several=True, **({"empty": ()} | more))


def whether(ask: str, why: str, **more: Any) -> Question:
    """A question with yes or no; an empty line is a no: nothing more of that kind."""
    return pick(ask, why, {"yes": "yes", "no": "no"}, **({"empty": "no", "otherwise": "no"} | more))


def known(ask: str, why: str, **more: Any) -> Question:
    """A fact with three values: yes, no, or not known, which is never a no."""
    return pick(ask, why, {"yes": "yes", "no": "no"}, **({"empty": "unknown"} | more))


def day(today: date, *, ahead: bool = False) -> dict[str, Any]:
    """How a partial date is read and echoed, as parts of a question; `ahead`: days to come are taken too."""

    def read(text: str) -> PartialDate:
        try:
            found = PartialDate.parse(text)
        except Unreadable as fault:
            raise Wrong(_date_fault(fault)) from None
        if not ahead and found.earliest and found.earliest > today:
            raise Wrong("This day is still to come.")
        if found.earliest is None and found.latest is None:
            raise Wrong("This tells no day, month or year.")
        return found

    return {"read": read, "shown": lambda value: value.show()}


def _date_fault(fault: Unreadable) -> str:
    return f"This cannot be read as a date. {fault.do or 'Write 17/05/2014, May 2019, about 2019, or 2014.'}"


def moment(now: datetime, *, late: bool, ahead: bool = False) -> dict[str, Any]:
    """How a day with a time is read, in local time: `now`, `10:05`, `yesterday 16:00`, `3/11/2026 10:05`.

    Without a time the safe end of the day counts: where it matters that something had happened (`late`), its last
    minute (today: now), else its first.
    """

    def read(text: str) -> datetime:
        local = now.astimezone(LONDON)
        if text.casefold() == "now":
            return now
        clock = _CLOCK.fullmatch(text)
        on = _day_of(clock[1] if clock else text, local.date())
        if clock:
            found = datetime.combine(on, time(int(clock[2]), int(clock[3])), LONDON).replace(fold=int(late))
        elif late and on == local.date():
            return now
        else:
            found = datetime.combine(on, time(23, 59) if late else time(0), LONDON)
        if found > now and not ahead:
            raise Wrong("This moment is still to come.")
        return found

    return {"read": read, "shown": moment_words}


def moment_words(value: datetime) -> str:
    """`3 November 2026, 10:05`, in local time."""
    local = value.astimezone(LONDON)
    return f"{PartialDate.of(local.date()).show()}, {local:%H:%M} (UK time)"


def _day_of(text: str, today: date) -> date:
    word = text.strip(" ,").casefold()
    near = {"": 0, "today": 0, "yesterday": -1, "tomorrow": 1}
    if word in near:
        return today + timedelta(days=near[word])
    try:
        found = PartialDate.parse(text.strip(" ,"))
    except Unreadable as fault:
        raise Wrong(_date_fault(fault)) from None
    if not found.exact or found.earliest is None:
        raise Wrong("Here the exact day is needed, such as 3/11/2026, or 3/11/2026 10:05.")
    return found.earliest


def given_names(text: str) -> tuple[str, ...]:
    """`Aisha Noor`: two names; with a comma, each part is one name (`Mary Ann, Rose`)."""
    return tuple(part.strip() for part in (text.split(",") if "," in text else text.split()) if part.strip())


def lines(text: str) -> tuple[str, ...]:
    """The lines of an address, told apart by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def checked(fault_of: Callable[[str], str], upper: bool = True) -> Callable[[str], str]:
    """A reader of an identifier or postcode; what is wrong is said, never the number."""

    def read(text: str) -> str:
        if fault := fault_of(text):
            raise Wrong(f"{fault[0].upper()}{fault[1:]}.")
        return text.upper() if upper else text

    return read


nhs_number = checked(identifiers.nhs_number_fault)
upn = checked(identifiers.upn_fault)
uprn = checked(identifiers.uprn_fault)
postcode = checked(identifiers.postcode_fault)
