"""The question that every rule answers: may this source be asked about this person, for this category, now?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from mash_trawl.model.backing import UNBACKED, Backing
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case, Tie
from mash_trawl.model.consent import Categories, Consent, GatewayUse
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Agency, Category, Gateway, Profile

from .answers import Replies, replies_of
from .effective import Laid, lay
from .emergency import Urgent, emergencies
from .times import local_day, reached, under
from .vote import Vote

Age = Literal["of_age", "young", "small", "unknown"]
"""Speaks for themselves; may if assessed as competent; is spoken for; nobody can say which."""
Standing = Literal["in_force", "withdrawn", "expired", "not_yet"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Setting(Private):
    """The case as it counts, the place's rules and the moment. `today` is the day in Europe/London.

    `laid` holds the same case with what each of its records lacks, `urgent` the emergencies that somebody declared.
    """

    case: Case
    profile: Profile
    now: datetime
    today: date
    backing: Backing
    laid: Laid
    replies: Replies
    urgent: tuple[Urgent, ...]

    @classmethod
    def of(cls, case: Case, profile: Profile, now: datetime, backing: Backing = UNBACKED) -> Setting:
        """ValueError for a moment without a zone."""
        today, laid = local_day(now), lay(case, backing, profile)
        return cls(
            case=laid.case, profile=profile, now=now, today=today, backing=backing, laid=laid,
            replies=replies_of(laid.spoken, backing, profile, laid.marks),
            urgent=emergencies(laid.spoken, backing, profile, laid.by_hand),
        )  # fmt: skip

    def person(self, ident: str) -> Person | None:
        """The person with this id, if the case has one."""
        return next((person for person in self.case.people if person.id == ident), None)

    def age(self, person: Person) -> Age:
        """In which of the ages that matter for agreement the person certainly is today."""
        rules = self.profile.consent
        if reached(person.born, rules.presumed_from, self.today):
            return "of_age"
        if under(person.born, rules.gillick_from, self.today):
            return "small"
        return "young" if under(person.born, rules.presumed_from, self.today) else "unknown"

    def ties_to(self, child: str) -> tuple[Tie, ...]:
        """What others are to this person."""
        return tuple(tie for tie in self.case.relationships if tie.to == child)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Voice(Private):
    """One consent record as it stands for one person that it covers.

    `fault` says why the giver cannot speak for that person (None: they can); `own` that they speak for themselves;
    `doubt` that a named person must look first; `revoked` when it was, or is to be, withdrawn; `told` when we heard.
    """

    consent: Consent
    own: bool
    starts: datetime
    told: datetime
    ends: datetime | None
    standing: Standing
    revoked: datetime | None = None
    fault: Vote | None = None
    doubt: Vote | None = None

    @property
    def counts(self) -> bool:
        """In force, and from somebody who may speak for the person."""
        return self.standing == "in_force" and self.fault is None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Power(Private):
    """One gateway decision as it stands for one person that it covers; `fault` and `doubt` as for a voice.

    `decided` says in words which power it is, who decided and when.
    """

    use: GatewayUse
    gateway: Gateway | None
    ends: datetime | None
    fault: Vote | None = None
    doubt: Vote | None = None
    decided: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Said(Private):
    """Who agrees and who refuses, after each giver's latest word.

    `unsure` are refusals by the very young; `ended` agreements in force by themselves that the giver ended since.
    """

    yes: tuple[Voice, ...] = ()
    no: tuple[Voice, ...] = ()
    unsure: tuple[Voice, ...] = ()
    ended: tuple[Voice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What may be asked for: one category of one agency. `name` is without the agency's prefix; `label` is in words.

    `until` is when the last agreement between the agencies that takes it in ends (None: nobody looked).
    """

    agency: str
    name: str
    body: Agency
    kind: Category
    label: str
    until: datetime | None = None

    @property
    def full(self) -> str:
        """The category with the agency's prefix."""
        return f"{self.agency}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question(Private):
    """One person and topic. `near` are those of the `voices` that name the agency at all."""

    setting: Setting
    person: Person
    age: Age
    topic: Topic
    voices: tuple[Voice, ...]
    near: tuple[Voice, ...]
    powers: tuple[Power, ...]
    said: Said
    masked: bool

    @property
    def label(self) -> str:
        """The category in words."""
        return self.topic.label

    @property
    def agency(self) -> str:
        """The agency's id."""
        return self.topic.agency

    @property
    def name(self) -> str:
        """The category without the agency's prefix."""
        return self.topic.name

    @property
    def body(self) -> Agency:
        """The agency as the profile describes it."""
        return self.topic.body

    @property
    def kind(self) -> Category:
        """The category as the profile describes it."""
        return self.topic.kind


def names(categories: Categories | None, agency: str, name: str) -> Literal["named", "all", "no"]:
    """Whether a list of categories names this one, takes it in with `all`, or leaves it out."""
    found = (categories or {}).get(agency, ())
    if found == "all":
        return "all"
    return "named" if name in found else "no"
