"""What takes away: restrictions on a person and hidden addresses. Nothing here can make a decision higher."""

from __future__ import annotations

from mash_trawl.model.decision import Outcome
from mash_trawl.model.person import Address, Person

from ..answers import agreed, declined, latest
from ..emergency import holds_until
from ..question import Question, Setting
from ..vote import Vote, earliest, in_order, lower_to_review


def restricted(question: Question, vote: Vote) -> Vote:
    """Adoption, protected persons and the like: a named person decides. One that the profile lacks counts as such."""
    rules = question.setting.profile.restrictions
    for name in question.person.restrictions:
        rule = rules.get(name)
        if rule is None or rule.effect == "review":
            title = rule.title if rule else "A restriction"
            vote = _answered(question, vote, f"restriction.{name}", title)
    return vote


def _answered(question: Question, vote: Vote, rule: str, title: str) -> Vote:
    """A reply is to the restriction, whatever the basis: with a yes the vote stands, and says so; a no closes it."""
    setting = question.setting
    reason, unlock = f"{title}: not asked without a named person.", "A named person decides about this person."
    about = (question.person.id, question.topic.full)
    asked = Vote(outcome=Outcome.REVIEW, rule=rule, reason=reason)
    answer = latest(setting.replies, setting.now, about, asked)
    if answer is None or vote.outcome is Outcome.DENY:
        return lower_to_review(vote, rule, reason, unlock)
    if not answer.yes:
        return declined(answer, vote)
    if vote.outcome is not Outcome.PERMIT:
        return vote.bound_to(vote.obligations, answer.until)
    return agreed(answer, vote, f"{title} was looked at. {vote.reason}")


def bound(question: Question, vote: Vote) -> Vote:
    """The obligations that travel with a permit."""
    if vote.outcome is Outcome.DENY:
        return vote
    added = (*question.setting.profile.obligations, *question.kind.obligations)
    hidden = ("mask_address",) if question.masked else ()
    waits = holds_until(question.setting.urgent, question.setting.now) if question.setting.urgent else None
    return vote.bound_to(in_order((*vote.obligations, *added, *hidden)), earliest(question.topic.until, waits))


def masked_people(setting: Setting) -> frozenset[str]:
    """Everybody who may live where a hidden address is, not only the person whose address is flagged.

    Somebody without a current address may live there too; so may all if the flagged person has none.
    """
    rules = setting.profile.restrictions
    hiding = {name for name, rule in rules.items() if rule.effect == "mask_household"}
    flagged = [person for person in setting.case.people if hiding & set(person.restrictions)]
    found: set[str] = set()
    for one in flagged:
        places = _places(one, setting)
        for person in setting.case.people:
            theirs = _places(person, setting)
            if person.id == one.id or not places or not theirs or places & theirs:
                found.add(person.id)
    return frozenset(found)


def _places(person: Person, setting: Setting) -> set[str]:
    current = (place for place in person.addresses if _current(place, setting))
    return {key for place in current for key in _keys(place)}


def _current(place: Address, setting: Setting) -> bool:
    return place.to is None or place.to.latest is None or place.to.latest >= setting.today


def _keys(place: Address) -> set[str]:
    """What two writings of one place have in common: property number or postcode, failing those its lines."""
    keys = {place.uprn.lstrip("0")} if place.uprn else set()
    if place.postcode:
        keys.add("".join(place.postcode.split()).casefold())
    if not keys and place.lines:
        keys.add("".join("".join(place.lines).split()).casefold())
    return keys
