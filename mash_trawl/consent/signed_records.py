"""Consents as people signed them: each content with everybody who signed it, and what one takes from another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from mash_trawl.model.backing import Backing
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.consent import Categories, Consent
from mash_trawl.model.statement import Checked

from .household import covered, says_household
from .signed import changed, own_record, person_changed, unsigned_consent, vouches
from .times import begins, earliest_of, ends
from .vote import Vote


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedRecord(Private):
    """One content of a record and everybody who signed it; `good` are the signatures that count, `fault` why none does.

    `other_giver`: the case has now somebody else, or not certainly the same, under the giver's id.
    """

    consent: Consent
    by: tuple[Checked, ...]
    good: tuple[Checked, ...]
    fault: Vote | None
    other_giver: bool

    @property
    def latest(self) -> datetime:
        """When it was last signed so that it counts; if it never was, when it was last signed."""
        return max(one.statement.at for one in self.good or self.by)

    @property
    def heard_last(self) -> datetime:
        """When anybody last signed it."""
        return max(one.statement.at for one in self.by)

    @property
    def first(self) -> datetime:
        """When anybody first signed it."""
        return min(one.statement.at for one in self.by)


def signed_records(
    case: Case, backing: Backing, spoken: Sequence[Checked], marks: Mapping[str, str]
) -> Mapping[str, tuple[SignedRecord, ...]]:
    """By id: each content that was signed under it, in an order that does not depend on who came first."""
    contents: dict[str, tuple[Consent, list[Checked]]] = {}
    for one in spoken:
        said = one.statement.said
        if isinstance(said, Consent):
            contents.setdefault(json.dumps(to_plain(said), sort_keys=True), (said, []))[1].append(one)
    found: dict[str, tuple[SignedRecord, ...]] = {}
    for key in sorted(contents):
        consent, by = contents[key]
        found[consent.id] = (*found.get(consent.id, ()), _weighed(case, consent, tuple(by), backing, marks))
    return found


def _weighed(
    case: Case, consent: Consent, by: tuple[Checked, ...], backing: Backing, marks: Mapping[str, str]
) -> SignedRecord:
    others = tuple(one for one in by if not backing.runs(one.statement.by))
    able = tuple(one for one in others if vouches(one, backing))
    altered = {id(one): changed(one, (consent.given_by, *_whom(case, consent, one)), marks) for one in able}
    good = tuple(one for one in able if not altered[id(one)])
    fault = None
    if not good and able:
        people = sorted({ident for found in altered.values() for ident in found})
        fault = person_changed(people, f"record {consent.id}")
    elif not good:
        fault = unsigned_consent(consent.id) if others else own_record(consent.id)
    whom = {ident for one in good or by for ident in _whom(case, consent, one)}
    named = tuple(ident for ident in covered(case, consent) if ident in whom)
    return SignedRecord(
        consent=replace(consent, covers=named), by=by, good=good, fault=fault,
        other_giver=any(changed(one, (consent.given_by,), marks) for one in by),
    )  # fmt: skip


def _whom(case: Case, consent: Consent, one: Checked) -> tuple[str, ...]:
    """Whom the statement is about; with the word household, those of it who were named when it was signed."""
    people = covered(case, consent)
    if not says_household(case, consent):
        return people
    return tuple(ident for ident in people if ident in consent.covers or ident in one.statement.people)


def left_out(one: Consent, other: Consent) -> Consent | None:
    """The record with only the people and categories that the other has too; None where they differ in more."""
    less = less_ends(one, other)
    less = replace(
        less,
        covers=tuple(ident for ident in one.covers if ident in other.covers),
        categories=_both(one.categories, other.categories),
    )
    rest = replace(
        other, covers=less.covers, categories=less.categories, expires_at=less.expires_at,
        withdrawn_at=less.withdrawn_at, limited_by=less.limited_by,
    )  # fmt: skip
    return less if less == rest and less.covers and less.categories else None


def _both(one: Categories, other: Categories) -> Categories:
    """What both lists surely take in. `all` and a list share nothing sure: `all` leaves out what must be named."""
    found: dict[str, Literal["all"] | tuple[str, ...]] = {}
    for agency in (agency for agency in one if agency in other):
        mine, theirs = one[agency], other[agency]
        if mine == theirs:
            found[agency] = mine
        elif mine != "all" and theirs != "all" and set(mine) & set(theirs):
            found[agency] = tuple(name for name in mine if name in theirs)
    return found


def less_ends(one: Consent, other: Consent) -> Consent:
    """The record with the other's withdrawal and end where these come first, and its limit where it has none."""
    return replace(
        one,
        withdrawn_at=earliest_of(begins, one.withdrawn_at, other.withdrawn_at),
        expires_at=earliest_of(ends, one.expires_at, other.expires_at),
        limited_by=one.limited_by if one.limited_by != "none" else other.limited_by,
    )
