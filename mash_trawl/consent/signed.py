"""Whose signature counts: not the runner's alone, only with the role, and only about the people as they were signed.

Signing itself is checked before (audit/statements.py): here a statement is what an enrolled person certainly said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.case import Case
from mash_trawl.model.profile import Profile
from mash_trawl.model.roles import ACTS
from mash_trawl.model.statement import Checked, person_mark

from .vote import Vote, deny


def marks_of(case: Case) -> Mapping[str, str]:
    """Who everybody in the case is, as a statement about them has it."""
    return {person.id: person_mark(person) for person in case.people}


def changed(one: Checked, covers: Iterable[str], marks: Mapping[str, str]) -> tuple[str, ...]:
    """Those covered who are not, or not certainly, the people that the statement was signed about."""
    signed = one.statement.people
    return tuple(ident for ident in covers if ident not in marks or signed.get(ident) != marks[ident])


def vouches(one: Checked, backing: Backing) -> bool:
    """Whether its maker's word can open anything: they still hold a role here, and are not behind the run."""
    return bool(one.roles) and not backing.runs(one.statement.by)


def deciders(profile: Profile, gateway: str | None = None) -> tuple[str, ...]:
    """The roles that may decide under this power, or (None) answer a REVIEW."""
    known = profile.gateways.get(gateway) if gateway is not None else None
    return (known.deciders if known else ()) or profile.deciders or ACTS["decide"].roles


def may_decide(one: Checked, roles: Collection[str]) -> bool:
    """Whether its maker holds one of these roles."""
    return not one.roles.isdisjoint(roles)


def in_words(roles: Iterable[str]) -> str:
    """`team manager or legal adviser`."""
    return " or ".join(role.replace("_", " ") for role in roles)


def unsigned_consent(record: str) -> Vote:
    """An agreement that only the case file states."""
    return _fault("unsigned_consent", f"Nobody has signed record {record}, and this hub counts only signed agreements.",
                  f"Somebody enrolled who may record consents, and who does not run this trawl, signs record {record}.",
                  )  # fmt: skip


def own_record(record: str) -> Vote:
    """An agreement for which only the runner vouches."""
    return _fault("own_record", f"Record {record} is signed only by the person who runs this trawl.",
                  f"Somebody else enrolled who may record consents signs record {record} too.")  # fmt: skip


def unsigned_decision(gateway: str, roles: Iterable[str]) -> Vote:
    """A decision that only the case file states."""
    return _fault("unsigned_decision", f"Nobody has signed the decision under {gateway}, and this hub counts only "
                  f"signed ones.", f"The {in_words(roles)} signs the decision under {gateway}.")  # fmt: skip


def own_decision(gateway: str, roles: Iterable[str]) -> Vote:
    """A decision by the runner."""
    return _fault("own_decision", f"The decision under {gateway} is only that of the person who runs this trawl.",
                  f"Another {in_words(roles)} decides and signs; or somebody else runs the trawl.")  # fmt: skip


def decider_role(gateway: str, roles: Iterable[str]) -> Vote:
    """A decision by somebody who may make statements, but not this one."""
    return _fault("decider_role", f"Whoever signed the decision under {gateway} does not hold the role for it.",
                  f"The {in_words(roles)} signs the decision under {gateway}.")  # fmt: skip


def person_changed(people: Iterable[str], what: str) -> Vote:
    """A statement about somebody whom the case now describes as somebody else."""
    who = ", ".join(people)
    return _fault("person_changed", f"The name or date of birth of {who} is not what it was when {what} was signed.",
                  f"Whoever may sign {what} looks whether it is the same person, and signs it again.")  # fmt: skip


def person_missing(people: Iterable[str]) -> Vote:
    """A signed no about somebody whom the case has no more under the id with which it was signed."""
    who = ", ".join(people)
    return _fault("person_missing", f"A signed refusal, withdrawal or no speaks of {who}, who is not in this case "
                  f"under that id any more.", f"Put the person back under that id: {who}.")  # fmt: skip


def record_missing(records: Iterable[str]) -> Vote:
    """A signed withdrawal that does not say what it took back, of a record that is gone."""
    which = ", ".join(records)
    return _fault("record_missing", f"A signed withdrawal takes back record {which}, which is not in this case any "
                  f"more.", f"Put the record back into the case file: {which}.")  # fmt: skip


def _fault(what: str, reason: str, unlock: str) -> Vote:
    return deny(f"statements.{what}", reason, unlock, Why.NOT_SIGNED)
