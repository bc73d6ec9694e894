"""When something was said, decided or received: how a typed day and time are read, in UK time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from mash_trawl.cli.interview import Wrong
from mash_trawl.cli.interview_read import date_fault
from mash_trawl.consent.times import LONDON, begins
from mash_trawl.model.base import Unreadable
from mash_trawl.model.dates import PartialDate

Clock = Callable[[], datetime]
EXAMPLE = "Write a time as 09:05, 4.30pm, yesterday 16:00, Friday 16:00 or 3/11/2026 10:05."
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(
    r"(?P<day>.*?)[\s,]*(?:\bat\s+)?(?:\b(?P<half>[1-9]|0[1-9]|1[0-2])(?:[:.](?P<of>[0-5][0-9]))?\s*(?P<m>[ap])\.?m\.?"
    r"|\b(?P<hour>[01]?[0-9]|2[0-3])[:.](?P<minute>[0-5][0-9]))",
    re.IGNORECASE,
)
_A_LITTLE = timedelta(seconds=1)


def moment(clock: Clock, *, late: bool, ahead: bool = False, after: datetime | None = None) -> dict[str, Any]:
    """How a day with a time is read, in local time: `now`, `10:05`, `yesterday 4.30pm`, `Friday 16:00`, `3/11/2026`.

    The clock is looked at when the answer comes: a question may stand for a while. Without a time the safe end of the
    day counts: where it matters that something had happened (`late`), its last minute (today: now), else its first;
    on the day of `after`, from which on it can have been at all, the moment that follows it.
    """

    def read(text: str) -> datetime:
        now = clock()
        if text.casefold() == "now":
            return now
        found = _read(text, now, late, ahead)
        exact = _CLOCK.fullmatch(text) is not None
        if after and not exact and found < begins(after) and _same_day(found, after):
            found = max(begins(after), min(begins(after) + _A_LITTLE, now))
        if found > now and not ahead:
            raise Wrong("This moment is still to come.")
        return found

    return {"read": read, "shown": moment_words}


def moment_words(value: datetime) -> str:
    """`3 November 2026, 10:05`, in local time."""
    local = value.astimezone(LONDON)
    return f"{PartialDate.of(local.date()).show()}, {local:%H:%M} (UK time)"


def _read(text: str, now: datetime, late: bool, ahead: bool) -> datetime:
    local = now.astimezone(LONDON)
    told = _CLOCK.fullmatch(text)
    day = told["day"] if told else text
    word = day.strip(" ,").casefold()
    on = _day_of(day, local.date(), ahead)
    if told:
        found = datetime.combine(on, _time(told), LONDON).replace(fold=int(late))
        back = timedelta(days=7 if word in DAYS and found > now else 0)
        return datetime.combine(on - back, _time(told), LONDON).replace(fold=int(late))
    if late and on == local.date():
        return now
    return datetime.combine(on, time(23, 59) if late else time(0), LONDON)


def _time(told: re.Match[str]) -> time:
    """The time of day: of twenty-four hours, or of twelve with am or pm."""
    if told["half"] is None:
        return time(int(told["hour"]), int(told["minute"]))
    return time(int(told["half"]) % 12 + (12 if told["m"] in "pP" else 0), int(told["of"] or 0))


def _same_day(found: datetime, after: datetime) -> bool:
    return found.astimezone(LONDON).date() == begins(after).astimezone(LONDON).date()


def _day_of(text: str, today: date, ahead: bool) -> date:
    word = text.strip(" ,").casefold()
    near = {"": 0, "today": 0, "yesterday": -1, "tomorrow": 1}
    if word in near:
        return today + timedelta(days=near[word])
    if word in DAYS and not ahead:  # the last one; of a moment to come it would not be plain which is meant
        return today - timedelta(days=(today.weekday() - DAYS.index(word)) % 7)
    try:
        found = PartialDate.parse(text.strip(" ,"))
    except Unreadable as fault:
        raise Wrong(f"{date_fault(fault)} {EXAMPLE}") from None
    if not found.exact or found.earliest is None:
        raise Wrong(f"Here the exact day is needed. {EXAMPLE}")
    return found.earliest
