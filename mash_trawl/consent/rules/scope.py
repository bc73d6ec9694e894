"""Is this a question that the profile takes at all? The first no ends it."""

from __future__ import annotations

from mash_trawl.model.ages import Ages
from mash_trawl.model.answer import Why
from mash_trawl.model.person import Person
from mash_trawl.model.profile import Profile

from ..question import Setting
from ..times import reached, under
from ..vote import Vote, deny


def approved(setting: Setting) -> Vote | None:
    """What every decision rests on must be approved as it is."""
    files = setting.backing.unapproved
    if not files:
        return None
    listed = ", ".join(files)
    return deny("approval.missing", f"Not approved as it is now: {listed}.",
                f"Whoever may approve here (data protection officer) reads and approves: {listed}.",
                Why.POLICY_NOT_APPROVED)  # fmt: skip


def closed(setting: Setting, source: str) -> Vote | None:
    """A source that was suspended, or is not approved, is asked nothing, whoever agreed."""
    why = setting.backing.closed.get(source)
    if why is None:
        return None
    if why is Why.SUSPENDED:
        return deny("scope.suspended", f"{source} is suspended.", f"Whoever may suspend sources here lets {source} be "
                    f"asked again.", why)  # fmt: skip
    if why is Why.NOT_APPROVED:
        return deny("scope.not_approved", f"{source} is not approved as it is now.",
                    f"Whoever may approve here (data protection officer) approves {source}.", why)  # fmt: skip
    return deny("scope.not_connected", f"{source} is not connected.", f"Whoever runs the hub connects {source}.", why)


def known(profile: Profile, agency: str, category: str) -> Vote | None:
    """An agency or category that the profile does not name is not asked for: no rule mentions it."""
    if agency not in profile.agencies:
        return deny("scope.agency", "The profile does not know this agency.",
                    "Add the agency to the profile.", Why.NO_RULE)  # fmt: skip
    if not category.startswith(f"{agency}.") or profile.category(category) is None:
        return deny("scope.category", "The profile does not know this category of this agency.",
                    "Add the category to the profile.", Why.NO_RULE)  # fmt: skip
    return None


def level(setting: Setting) -> Vote | None:
    """A case whose level lies outside the profile belongs elsewhere."""
    scope, found = setting.profile.scope, setting.case.referral.level
    if found is None and scope.level_needed:
        return deny("scope.level_unset", "The level has not been set yet.", "Set the level at screening.",
                    Why.OUT_OF_SCOPE)  # fmt: skip
    if found is None or found in scope.levels:
        return None
    accepted = ", ".join(str(number) for number in scope.levels)
    return deny("scope.level", f"Level {found} is outside {setting.profile.title}, which takes {accepted}.",
                "Move the case to a profile that takes this level.", Why.OUT_OF_SCOPE)  # fmt: skip


def role(setting: Setting, person: Person) -> Vote | None:
    """Nobody is asked about who is in the case only as a professional."""
    if set(person.roles) & set(setting.profile.scope.roles):
        return None
    return deny("scope.role", f"{person.id} is not in a role that people are asked about.",
                "Correct the person's role if it is wrong.", Why.OUT_OF_SCOPE)  # fmt: skip


def held(setting: Setting, source: str, ages: Ages | None, person: Person) -> Vote | None:
    """Nobody is asked about who is certainly too young or too old to be in the system; an unknown age is asked."""
    if ages is None:
        return None
    young = ages.from_ is not None and (person.unborn or under(person.born, ages.from_, setting.today))
    old = ages.to is not None and reached(person.born, ages.to + 1, setting.today)
    if not (young or old):
        return None
    return deny("scope.age_of_source", f"{source} is asked only about people {ages.words} years old.",
                f"Only if the date of birth of {person.id} is wrong: correct it.", Why.OUT_OF_SCOPE)  # fmt: skip
