"""The questions about the referral itself: which way of working, who referred, when, why, how urgent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mash_trawl.cli.interview import Choice, Question, Script, Wrong
from mash_trawl.cli.interview_read import pick, pick_several, said
from mash_trawl.cli.interview_times import moment
from mash_trawl.config.case_checks import id_fault
from mash_trawl.consent.times import LONDON
from mash_trawl.model.clocks import RagClock
from mash_trawl.model.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the questions are asked: the hub's profiles by name, the clock, ids that are taken, a new id.

    `begins` is how a command begins that is told. `able` gives, in a hub of signed decisions, who may decide what these
    roles may (id and roles in words); None where any name is taken. `typist` is the id of who answers, as far as known.
    The clock goes on while questions stand: what an answer means is judged when it comes, and is then kept.
    """

    profiles: Mapping[str, str]
    load: Callable[[str], Profile]
    clock: Callable[[], datetime]
    taken: Callable[[str], bool]
    new_id: str
    begins: str = "mash-trawl"
    able: Callable[[Sequence[str]], Mapping[str, str]] | None = None
    typist: str = ""

    @property
    def now(self) -> datetime:
        """This moment."""
        return self.clock()

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(LONDON).date()


_WHICH = "Please choose one: it decides which law applies. Ask a manager, or Ctrl-C stops and nothing is written."
_ARRIVED = (
    "Then write the day at least: `today` or `3/11/2026` counts from its first minute. Then the answer is due too "
    "early rather than too late."
)


def ask_profile(desk: Desk) -> Script[Profile]:
    """Which way of working; not asked where the hub has one only."""
    names = tuple(desk.profiles)
    if len(names) == 1:
        return desk.load(names[0])
    why = "It decides which questions follow, which agencies there are, and which law may be relied on."
    chosen = yield pick("Which kind of case is this?", why, desk.profiles, empty=names[0],
                        otherwise=f"{desk.profiles[names[0]]}", unsure=_WHICH)  # fmt: skip
    return desk.load(chosen)


def ask_referral(desk: Desk, profile: Profile, draft: dict[str, Any]) -> Script[None]:
    """The case's id, and everything under `referral:`."""
    draft["version"], draft["profile"] = 1, profile.id
    draft["id"] = yield _id(desk)
    referral: dict[str, Any] = {}
    draft["referral"] = referral
    referral["source"] = yield source()
    yield from _referrer(referral)
    why = "The clock for the answer starts here. Write `09:05`, `yesterday 16:00` or `3/11/2026 09:05`; UK time."
    referral["received_at"] = yield Question(
        ask="When did the referral arrive?", why=why, empty=desk.clock, otherwise="just now", unsure=_ARRIVED,
        **moment(desk.clock, late=False),
    )  # fmt: skip
    yield from _reasons(profile, referral)


def _id(desk: Desk) -> Question:
    def read(text: str) -> str:
        if fault := id_fault(text):
            raise Wrong(f"{fault[0].upper()}{fault[1:]}")
        if desk.taken(text):
            raise Wrong("Another case has this reference.")
        return text

    why = ("Your own reference, such as MASH-2026-0142: letters, digits, dot, dash, underscore. It stands in file "
           "names and summaries, so it must not tell who the family is.")  # fmt: skip
    return Question(ask="What is the case reference?", why=why, read=read, empty=desk.new_id, otherwise=desk.new_id)


REFERRER = (
    ("name", "What is the referrer's name or post?", "The outcome and any question go back to them."),
    ("telephone", "What is the referrer's telephone number?", "For questions that cannot wait."),
    ("email", "What is the referrer's e-mail address?", "What is missing can be sent back to it as a list."),
)


def source() -> Question:
    """Which service referred."""
    why = "For example: school, police, GP, health visitor, midwifery, a neighbour. Not the name of a person."
    return Question(ask="Who referred? (a service, not a name)", why=why, empty="unknown")


def _referrer(referral: dict[str, Any]) -> Script[None]:
    """Whom to go back to."""
    referrer: dict[str, str] = {}
    for key, ask, why in REFERRER:
        answer = yield Question(ask=ask, why=why)
        if answer is not None:
            referrer[key] = answer
            referral["referrer"] = referrer


def _reasons(profile: Profile, referral: dict[str, Any]) -> Script[None]:
    """Concerns, level, colour, and what happened, each in the profile's own words."""
    for key, question in reasons(profile).items():
        answer = yield question
        if answer not in (None, ()) or key == "concerns":
            referral[key] = int(answer) if key == "level" else answer


def reasons(profile: Profile) -> dict[str, Question]:
    """What is asked about the reason, by its place in the referral; only what the profile knows. A level is text."""
    found: dict[str, Question] = {}
    if profile.concerns:
        why = "Choose all that apply. They say which powers can be relied on, and which specialist team is told."
        found["concerns"] = pick_several("What is the concern?", why, profile.concerns)
    if levels := _levels(profile):
        why = "The level of need, as your partnership's threshold document has it. Some powers start at a level."
        offered = tuple(Choice(code=code, words=words, number=int(code)) for code, words in levels.items())
        found["level"] = Question(ask="What is the level of need?", why=why, choices=offered, shown=said(offered))
    if profile.rag:
        why = "The priority that a qualified worker set at screening. It sets when the answer is due."
        words = {code: _clock(item) for code, item in profile.rag.items()}
        found["rag"] = pick("What is the priority?", why, words)
    why = "Neutral words that the family could read. It stands in the product, and helps to tell what is relevant."
    found["narrative"] = Question(ask="What happened, in a sentence or two?", why=why)
    return found


def _levels(profile: Profile) -> dict[str, str]:
    """The levels that this profile takes, in the area's own words."""
    return {
        code: f"Level {code}: {level.title}{f' ({level.meaning})' if level.meaning else ''}"
        for code, level in profile.levels.items()
        if code.isdigit() and int(code) in profile.scope.levels
    }


def _clock(clock: RagClock) -> str:
    """`Red: due in 4 hours`; without a target, the title alone."""
    days = f"{clock.days} working day{'s' if clock.days != 1 else ''}" if clock.days else ""
    hours = f"{clock.hours} {'working ' if clock.counted == 'working' else ''}hours" if clock.hours else ""
    due: Sequence[str] = [part for part in (days, hours) if part]
    return f"{clock.title}: due in {' and '.join(due)}" if due else clock.title
