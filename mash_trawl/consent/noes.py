"""Signed noes that do not hang on a draft: what is gone stays taken back, and nobody can be renamed out of one.

A case file is a draft that anybody may edit. What somebody refused, withdrew or declined under a signature must outlive
every change to it: where a no speaks of somebody, or of a record, that the case no longer has, the whole case stops.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.consent import Consent
from mash_trawl.model.statement import Checked, Reply, Withdrawal

from .household import covered
from .signed import person_missing, record_missing
from .vote import Vote


def taken_back(case: Case, spoken: Sequence[Checked]) -> Mapping[str, tuple[Consent, ...]]:
    """By id of the record: what each withdrawal says that it ended, each once and in a fixed order."""
    found: dict[str, dict[str, Consent]] = {}
    for said in _withdrawals(spoken):
        if said.given_by:
            record = _record(case, said)
            found.setdefault(said.consent, {})[json.dumps(to_plain(record), sort_keys=True)] = record
    return {ident: tuple(each[key] for key in sorted(each)) for ident, each in found.items()}


def _record(case: Case, said: Withdrawal) -> Consent:
    """The record that was taken back as the withdrawal has it, given at the moment at which it ended."""
    whole = Consent(
        id=said.consent, given_by=said.given_by, capacity="self_and_parental_responsibility", covers=said.covers,
        categories=said.categories, given_at=said.at,
    )  # fmt: skip
    return replace(whole, covers=covered(case, whole))


def same_words(one: Consent, other: Consent) -> bool:
    """Whether two records are the same giver's word about the same people and categories."""
    return (one.given_by, set(one.covers), one.categories) == (other.given_by, set(other.covers), other.categories)


def without_object(case: Case, spoken: Sequence[Checked], marks: Mapping[str, str]) -> Vote | None:
    """The stop of the whole case where a signed no speaks of somebody or of a record that is gone."""
    held = {person.id: marks[person.id] for person in case.people if person.names or person.born} if spoken else {}
    people = {
        ident for one in spoken for ident in _about(case, one) if _gone(ident, one.statement.people, marks, held)
    }  # fmt: skip
    if people:
        return person_missing(sorted(people))
    known = {consent.id for consent in case.consents}
    known |= {one.statement.said.id for one in spoken if isinstance(one.statement.said, Consent)}
    records = {said.consent for said in _withdrawals(spoken) if not said.given_by and said.consent not in known}
    return record_missing(sorted(records)) if records else None


def _gone(ident: str, signed: Mapping[str, str], marks: Mapping[str, str], held: Mapping[str, str]) -> bool:
    """Whether the case has nobody of this id, or somebody else, while the person stands in it under another id."""
    if ident not in marks:
        return True
    mark = signed.get(ident)
    return mark != marks[ident] and any(held.get(other) == mark != signed.get(other) for other in held)


def _about(case: Case, one: Checked) -> tuple[str, ...]:
    """The ids of everybody of whom a no speaks; nobody for all else."""
    said = one.statement.said
    if isinstance(said, Consent) and said.kind == "refusal":
        return (said.given_by, *covered(case, said))
    if isinstance(said, Withdrawal) and said.given_by:
        return (said.given_by, *_record(case, said).covers)
    if isinstance(said, Reply) and not said.yes:
        return (said.person,)
    return ()


def _withdrawals(spoken: Sequence[Checked]) -> Iterator[Withdrawal]:
    for one in spoken:
        if isinstance(one.statement.said, Withdrawal):
            yield one.statement.said
