"""How one place works: agencies, legal gateways, rules of agreement, levels, clocks and retention, all of it data.

A profile file says everything that a place could want to change; the code holds only the mechanisms. Lists replace the
list of the profile that is extended; mappings are merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mash_trawl.model.ages import Ages as Ages
from mash_trawl.model.base import DOCUMENT
from mash_trawl.model.clocks import RagClock, WorkingTime
from mash_trawl.model.decision import Obligation
from mash_trawl.model.duration import Duration
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.threshold import ThresholdDocument
from mash_trawl.model.ways import Meeting, Route

DEFAULT_NOTICE = Duration(seconds=7 * 86400)
Opens = Mapping[str, Literal["all"] | tuple[str, ...]]
"""Agency id to `all` or to categories of that agency, without the agency's own prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of record that an agency holds.

    `health`: a duty of confidence is owed to each patient. `summary`: short enough for a power that opens a summary
    only. `specific`: an agreement must name it, `all` does not open it. `own_only`: a parent's agreement leads to a
    named person instead. `hidden_existence`: that a record exists is itself a disclosure. `by_consent: false`: no
    agreement opens it. `by_gateway: review`: a power leads to a named person. `lookback`: how far back it is asked.
    `told`: what a family's notice and sheet say of it: `yes`, only that it is `asked`, or `no`thing at all.
    """

    __pydantic_config__ = DOCUMENT
    title: str
    health: bool = False
    summary: bool = False
    specific: bool = False
    own_only: bool = False
    hidden_existence: bool = False
    by_consent: bool = True
    by_gateway: Literal["open", "review"] = "open"
    obligations: tuple[Obligation, ...] = ()
    lookback: Duration | None = None
    told: Literal["yes", "asked", "no"] = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One body. `seat` says whether it sits in the hub or takes part from elsewhere; `duty` why it takes part.

    `ages` limits, for agreements only, about whom the service is asked; a legal power is never narrowed by it, or
    child victims would stay hidden.
    """

    __pydantic_config__ = DOCUMENT
    title: str
    seat: Literal["core", "virtual"] = "virtual"
    duty: str = ""
    ages: Ages | None = None
    categories: Mapping[str, Category] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Whom a gateway can reach: `roles` at any age, `child_roles` only while under `child_under`.

    `needs_child`: at least one child in one of the `child_roles` must be covered by the same decision.
    """

    __pydantic_config__ = DOCUMENT
    roles: tuple[str, ...] = ()
    child_roles: tuple[str, ...] = ()
    child_under: int = 18
    needs_child: bool = False
    adults_from: int | None = None
    unborn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A legal power to ask. Without `in_force_from` it is shut; with `confirm` also without instrument and name.

    `consent`: `not_needed`, `sought` (the answer is expected; without a yes a named person decides) or `needed` (the
    power alone never permits). `health`: `never`, `with_reason` (a recorded reason per person, summary only) or
    `when_named` (the decision itself names the category). `requires` lists fields of the decision that must be filled.
    `triggers` (code to meaning), `limbs` and `recipients` are closed lists; empty means that none is asked for.
    `existence` are categories of which only whether the service knows the person is opened, never what it holds.
    `conditions` are those under which special category data may be asked for without consent (DPA 2018 Sch 1 para 18):
    where there are any, a decision that opens health states one, or `assumed_condition` is read from its `why_not`.
    """

    __pydantic_config__ = DOCUMENT
    title: str
    law: str
    source: str
    reviewed_on: date
    in_force_from: date | None = None
    in_force_until: date | None = None
    confirm: bool = False
    instrument: str = ""
    confirmed_by: str = ""
    consent: Literal["not_needed", "sought", "needed"] = "needed"
    health: Literal["never", "with_reason", "when_named"] = "never"
    levels: tuple[int, ...] = ()
    concerns: tuple[str, ...] = ()
    opens: Opens = field(default_factory=dict)
    whom: Whom = Whom()
    requires: tuple[str, ...] = ()
    triggers: Mapping[str, str] = field(default_factory=dict)
    assumed_trigger: str = ""
    conditions: Mapping[str, str] = field(default_factory=dict)
    assumed_condition: str = ""
    existence: Opens = field(default_factory=dict)
    limbs: Mapping[str, str] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrBasis:
    """Where parental responsibility can come from; `gives: false` names what is often mistaken for it.

    It counts only with a tie from giver to child of one of `kinds` and one of `natures` (empty: any tie of a parent,
    carer or guardian), for a giver who is not of `not_sex` and has one of `roles`. `court`: may be made after an
    adoption. `limits_parents`: while somebody holds it, a parent's yes goes to a named person.
    """

    __pydantic_config__ = DOCUMENT
    title: str
    gives: bool = True
    kinds: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    not_sex: Literal["", "female", "male"] = ""
    court: bool = False
    limits_parents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRules:
    """Ages in years. `life` is how long an agreement holds that states no end (absent: as long as the case runs).

    `requires` lists fields of the record without which an agreement does not count, `explained.by` for one inside
    another. `purposes` (code to meaning) is a closed list; empty means that none is asked for.
    """

    __pydantic_config__ = DOCUMENT
    presumed_from: int
    gillick_from: int
    pr_bases: Mapping[str, PrBasis]
    life: Duration | None = None
    ask_at: str = ""
    obligations: tuple[Obligation, ...] = ()
    requires: tuple[str, ...] = ()
    purposes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionRule:
    """What a restriction on a person does: `review` leads to a named person, `mask_household` hides a place."""

    __pydantic_config__ = DOCUMENT
    title: str
    effect: Literal["review", "mask_household"]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of need, in the area's own words."""

    __pydantic_config__ = DOCUMENT
    title: str
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which cases and people the profile takes. An unset level is accepted unless `level_needed`.

    `cite`: a level should cite clauses of the threshold document; one that does not is told by `case check`.
    """

    __pydantic_config__ = DOCUMENT
    levels: tuple[int, ...]
    roles: tuple[str, ...]
    level_needed: bool = False
    cite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long something is kept, counted from the event named in `from_`."""

    __pydantic_config__ = DOCUMENT
    title: str
    keep: Duration
    from_: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Why a batch may ask about a case again: the `purpose`, at most every `interval`, `until` so long after opening.

    Nothing is asked again without one: a case is not watched because it can be.
    """

    __pydantic_config__ = DOCUMENT
    purpose: str
    interval: Duration
    until: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile document. Keys are text, also those of `levels`.

    `warn_before` is how long before a consent, a permit or a review date ends the case's standing says so.
    `thresholds` names the file of the threshold document, relative to the hub or to the profile's folder; `levels` then
    have its titles. `document` is that document once it is read: no file may hold it.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    version: str
    title: str
    agencies: Mapping[str, Agency]
    gateways: Mapping[str, Gateway]
    consent: ConsentRules
    levels: Mapping[str, Level]
    scope: Scope
    extends: str | None = None
    hub_kind: Literal["MASH", "MISH"] = "MASH"
    partnership: str = ""
    recipient: str = ""
    decides: bool = False
    deciders: tuple[str, ...] = ()
    relies_on: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    restrictions: Mapping[str, RestrictionRule] = field(default_factory=dict)
    concerns: Mapping[str, str] = field(default_factory=dict)
    rag: Mapping[str, RagClock] = field(default_factory=dict)
    working_time: WorkingTime | None = None
    warn_before: Duration = DEFAULT_NOTICE
    retention: Mapping[str, Retention] = field(default_factory=dict)
    routing: Mapping[str, Route] = field(default_factory=dict)
    meetings: Mapping[str, Meeting] = field(default_factory=dict)
    matching: MatchPolicy | None = None
    repeat: Repeat | None = None
    thresholds: str | None = None
    document: ThresholdDocument | None = None

    def category(self, full: str) -> Category | None:
        """The category with this full id (`health.gp_summary`), or None if the profile does not know it."""
        agency, _, name = full.partition(".")
        found = self.agencies.get(agency)
        return found.categories.get(name) if found else None
