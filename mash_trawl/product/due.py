"""When a case is due: the clock of its colour, in the hours of its profile.

Every figure is the profile's. How they are counted is this page's (docs/decisions/0130): running time goes through
nights and weekends; working time stands still outside the hub's hours, on holidays and on the days it does not work,
in Europe/London; a working day is one whole day of the hub's hours, so what comes in at 09:05 is due at 09:05 on the
next working day, and what comes in while the hub is closed begins at its next opening.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mash_trawl.model.clocks import RagClock, WorkingTime
from mash_trawl.model.moments import LONDON, earliest_reading, length_words, local, moment_words
from mash_trawl.model.profile import Profile
from mash_trawl.model.standing import Clock, ClockState, Sealing

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHARED = "share"
"""What a profile writes as `until` of a colour whose clock ends when the product can be shared: when it is sealed."""
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_LOOK_AHEAD = 3660
"""Days that are looked through for working days. A profile that has too few of them in ten years states no time."""

Window = tuple[datetime, datetime]
"""Opening and closing of one working day, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hub's hours, read from the profile. Minutes are those of the local day; 24:00 is its end."""

    opens: int
    closes: int
    days: frozenset[int]
    holidays: frozenset[date]

    @classmethod
    def of(cls, stated: WorkingTime | None) -> Hours | None:
        """None where the profile states none, or none that can be read."""
        if stated is None:
            return None
        opens, closes = _minutes(stated.from_), _minutes(stated.to)
        days = [day.strip().lower() for day in stated.days]
        if opens is None or closes is None or opens >= closes or not days or set(days) - set(_WEEK):
            return None
        numbers = frozenset(_WEEK.index(day) for day in days)
        return cls(opens=opens, closes=closes, days=numbers, holidays=frozenset(stated.holidays))

    def window(self, day: date) -> Window | None:
        """The working time of a local day; None on a holiday, and on a day when the hub does not work."""
        if day.weekday() not in self.days or day in self.holidays:
            return None
        opens, closes = _instant(day, self.opens), _instant(day, self.closes)
        return (opens, closes) if opens < closes else None

    def windows(self, moment: datetime) -> Iterator[Window]:
        """The working days from this moment on; the first may be under way."""
        day = local(moment).date()
        for _ in range(_LOOK_AHEAD):
            window = self.window(day)
            if window is not None and window[1] > moment:
                yield window
            day += _DAY


def _minutes(text: str) -> int | None:
    found = re.fullmatch(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else None
    return minutes if minutes is not None and minutes <= 24 * 60 else None


def local_midnight(day: date) -> datetime:
    """The moment (UTC) at which a local day begins."""
    return _instant(day, 0)


def _instant(day: date, minutes: int) -> datetime:
    """A clock time of a local day in UTC; on the nights when the clocks change the first that fits."""
    day += _DAY * (minutes // (24 * 60))
    return datetime.combine(day, time(minutes // 60 % 24, minutes % 60), LONDON).astimezone(UTC)


def due(received_at: datetime, rag: str | None, profile: Profile) -> datetime | None:
    """The moment (UTC) at which a case of this colour is due. None: no colour, no target, or it cannot be said."""
    target = profile.rag.get(rag) if rag else None
    return _due(earliest_reading(received_at), target, Hours.of(profile.working_time)) if target else None


def _due(received: datetime, target: RagClock, hours: Hours | None) -> datetime | None:
    """Of hours and days, if both are set, the earlier."""
    if target.counted == "running":
        lengths = [timedelta(hours=target.hours)] if target.hours is not None else []
        lengths += [timedelta(days=target.days)] if target.days is not None else []
        return received + min(lengths) if lengths else None
    ends = []
    if target.hours is not None:
        ends.append(_after_hours(received, timedelta(hours=target.hours), hours))
    if target.days is not None:
        ends.append(_after_days(received, target.days, hours))
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def late_words(wanted: datetime, at: datetime, rag: str | None, profile: Profile) -> str:
    """By how much `at` comes after the due time, as the colour counts: `2 h 10 min of working time`; empty: in time."""
    if at <= wanted:
        return ""
    target = profile.rag.get(rag) if rag else None
    hours = Hours.of(profile.working_time) if target and target.counted == "working" else None
    return _length(_seconds(wanted, at, hours), hours)


def working_day_after(moment: datetime, profile: Profile) -> datetime:
    """One working day after a moment (UTC); where the profile states no working time, a day of the clock."""
    received = earliest_reading(moment)
    end = _after_days(received, 1, Hours.of(profile.working_time))
    return end or received + _DAY


def _after_hours(received: datetime, length: timedelta, hours: Hours | None) -> datetime | None:
    for opens, closes in hours.windows(received) if hours else ():
        start = max(opens, received)
        if start + length <= closes:
            return start + length
        length -= closes - start
    return None


def _after_days(received: datetime, days: int, hours: Hours | None) -> datetime | None:
    """`days` working days on, at the same share of the day; what is there at the opening is due at a closing."""
    windows = list(_take(hours.windows(received), days + 1)) if hours else []
    if not windows:
        return None
    opens, closes = windows[0]
    gone = max(received - opens, timedelta(0))
    if not gone and days:
        return windows[days - 1][1] if len(windows) >= days else None
    if len(windows) <= days:
        return None
    last_opens, last_closes = windows[days]
    share = (gone // _TICK) * ((last_closes - last_opens) // _TICK) // ((closes - opens) // _TICK)
    return last_opens + share * _TICK


def _take(windows: Iterator[Window], count: int) -> Iterator[Window]:
    for _, window in zip(range(count), windows, strict=False):
        yield window


def working_seconds(start: datetime, end: datetime, hours: Hours) -> int:
    """Whole seconds of working time between two instants; negative if the second comes first."""
    if end < start:
        return -working_seconds(end, start, hours)
    total = timedelta(0)
    for opens, closes in hours.windows(start):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return int(total / timedelta(seconds=1))


def clock(
    received_at: datetime, rag: str | None, profile: Profile, now: datetime, sealings: Sequence[Sealing] = ()
) -> Clock:
    """The case's clock at `now`, in words and numbers. It says what it does not know, and is never silently wrong.

    `sealings` are the case's versions so far. Where the profile counts `until: share`, the first that was sealed after
    the referral came, and for which anybody was asked, stops the clock (docs/decisions/0132).
    """
    received = earliest_reading(received_at)
    target = profile.rag.get(rag) if rag else None
    early = ("The referral is dated later than this computer's clock: one of the two is wrong.",)
    notes: tuple[str, ...] = early if received > now else ()

    def told(state: ClockState, words: str) -> Clock:
        title = target.title if target else rag or ""
        return Clock(rag=rag, title=title, state=state, received_at=received, words=words, notes=notes)

    if rag is None:
        return told("no_colour", "No colour (RAG) was set, so it cannot be said when this is due.")
    if target is None:
        return told("not_known", f"The profile has no clock for {rag}, so it cannot be said when this is due.")
    if target.hours is None and target.days is None:
        return told("no_target", f"{target.title}: no target time.")
    hours = Hours.of(profile.working_time)
    end = _due(received, target, hours)
    if end is None:
        return told("not_known", _unsaid(profile.working_time, hours))
    if target.counted == "working":
        notes += _holiday_notes(profile.working_time, received, end)
    by_hours = hours if target.counted == "working" else None
    counts = (one for one in sealings if one.asked and one.at >= received)
    shared = next(counts, None) if target.until == _SHARED else None
    state, words, seconds = _stopped(shared, end, now, by_hours) if shared else _ticking(end, now, by_hours)
    return Clock(
        rag=rag, title=target.title, state=state, received_at=received, due=end, seconds=seconds, words=words,
        notes=notes,
    )  # fmt: skip


def _ticking(end: datetime, now: datetime, hours: Hours | None) -> tuple[ClockState, str, int]:
    seconds = _seconds(now, end, hours)
    when, length = moment_words(end, now), _length(seconds, hours)
    if now >= end:
        return "overdue", f"overdue since {when}, by {length}", seconds
    return "running", f"due {when}, {length} left", seconds


def _stopped(shared: Sealing, end: datetime, now: datetime, hours: Hours | None) -> tuple[ClockState, str, int]:
    seconds = _seconds(shared.at, end, hours)
    sealed, due_at = f"version {shared.version} sealed {moment_words(shared.at, now)}", moment_words(end, now)
    if shared.at > end:
        return "late", f"{sealed}, late by {_length(seconds, hours)} (due {due_at})", seconds
    return "in_time", f"{sealed}, in time (due {due_at})", seconds


def _seconds(start: datetime, end: datetime, hours: Hours | None) -> int:
    return working_seconds(start, end, hours) if hours else int((end - start) / timedelta(seconds=1))


def _length(seconds: int, hours: Hours | None) -> str:
    """`2 h 10 min`, `7 h of working time`; from three days on in whole days, `13 working days`."""
    day = (hours.closes - hours.opens) * 60 if hours else 24 * 3600
    if abs(seconds) >= 3 * day:
        return f"{abs(seconds) // day} {'working ' if hours else ''}days"
    return length_words(seconds) + (" of working time" if hours else "")


def _unsaid(stated: WorkingTime | None, hours: Hours | None) -> str:
    if stated is None:
        return "The profile states no working time, so it cannot be said when this is due."
    if hours is None:
        return "The profile's working time cannot be read (hours, or days of the week), so no due time can be said."
    return "The profile leaves too few working days, so it cannot be said when this is due."


def _holiday_notes(stated: WorkingTime | None, received: datetime, end: datetime) -> tuple[str, ...]:
    """A holiday that nobody listed would make the due time later than it is shown."""
    days = stated.holidays if stated else ()
    if not days:
        return ("The profile lists no holidays, so none was counted.",)
    found = []
    if local(received).date() < min(days):
        found.append(f"The profile's holidays begin on {_day(min(days))}; earlier ones were not counted.")
    if local(end).date() > max(days):
        found.append(f"The profile's holidays end on {_day(max(days))}; later ones were not counted.")
    return tuple(found)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
