"""Agreements, refusals and gateway decisions as the case file states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from mash_trawl.model.base import DOCUMENT, Known, Private

Capacity = Literal[
    "self", "parental_responsibility", "self_and_parental_responsibility", "gillick", "attorney_or_deputy"
]
ConsentKind = Literal["agreement", "refusal"]
LimitedBy = Literal["care_order", "interim_care_order", "court_order", "special_guardianship", "none"]
HOUSEHOLD, HOUSEHOLD_CHILDREN = "household", "household_children"
"""What a consent may cover in place of people's ids."""
Categories = Mapping[str, Literal["all"] | tuple[str, ...]]
"""Agency id to `all` or to categories of that agency, without the agency's own prefix: `health: [gp_summary]`."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explained(Private):
    """How the giver was told what would be asked, of whom and why; `by` is who explained it."""

    __pydantic_config__ = DOCUMENT
    notice: str
    language: str = "English"
    interpreter: Known = "unknown"
    understood_confirmed_by: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consent(Private):
    """What one person agreed to or refused. The end is exclusive; an instant without a zone is UK local time.

    `pr_basis` is one of the profile's bases of parental responsibility, and counts only with a tie of the case that
    fits it; `limited_by` says what limits the giver's responsibility for the children covered. `authority_ref` names
    the lasting power of attorney or the deputy's order that was seen. `purpose` is one of the profile's. `covers` holds
    ids of people, or the words `household_children` and `household`, which consent.effective turns into people.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    given_by: str
    capacity: Capacity
    covers: tuple[str, ...]
    categories: Categories
    given_at: datetime
    kind: ConsentKind = "agreement"
    pr_basis: str | None = None
    limited_by: LimitedBy = "none"
    gillick_assessed_by: str | None = None
    authority_ref: str | None = None
    how: str | None = None
    explained: Explained | None = None
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GatewayUse(Private):
    """A decision by a named person to rely on a legal power (`id` is the profile's gateway id, for example S47).

    `limbs` are the parts of the statutory test that were found to be met; `own_view` is what the adult concerned wants.
    `addressee` are the agencies that an order is made out to; empty means that `categories` says it. `clauses` are
    those of the threshold document that the decision rests on. `condition` says why nobody's consent is relied on
    where the law wants that recorded (one of the profile's, DPA 2018 Sch 1 para 18).
    """

    __pydantic_config__ = DOCUMENT
    id: str
    decided_by: str
    decided_at: datetime
    grounds: str
    covers: tuple[str, ...]
    categories: Categories | None = None
    trigger: str | None = None
    consent_sought: Known = "unknown"
    why_not: str | None = None
    health_reasons: Mapping[str, str] = field(default_factory=dict)
    necessity: str | None = None
    order_ref: str | None = None
    addressee: tuple[str, ...] = ()
    signed_off_by: str | None = None
    limbs: tuple[str, ...] = ()
    own_view: str | None = None
    review_on: date | None = None
    ends_at: datetime | None = None
    clauses: tuple[str, ...] = ()
    condition: str | None = None
