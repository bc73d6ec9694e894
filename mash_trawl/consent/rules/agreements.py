"""Is there an information-sharing agreement for this? None, or one that does not fit, and nothing is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from mash_trawl.model.agreement import Agreement
from mash_trawl.model.answer import Why

from ..question import Setting, Topic
from ..times import midnight, show_day
from ..vote import Vote, deny


def shared(agreements: Sequence[Agreement], setting: Setting, topic: Topic) -> Vote | datetime:
    """When the last agreement that takes this in ends; or what is missing, by the first test that none passes."""
    today, purpose = setting.today, setting.case.profile
    agency, body = topic.agency, topic.body
    party = [one for one in agreements if agency in one.parties]
    if not party:
        return _lacks("none", f"{body.title} is not a party to any information-sharing agreement here.",
                      f"An agreement with {body.title}, signed by both sides and named in hub.yaml.")  # fmt: skip
    current = [one for one in party if one.in_force(today)]
    if not current:
        begins = min((one.from_ for one in party if one.from_ > today), default=None)
        renew = f"Whoever signs for {body.title} and for the partnership renews it."
        wait = f"It begins on {show_day(midnight(begins))}; until then ask nothing." if begins else renew
        return _lacks("lapsed", f"No agreement with {body.title} is in force today: {_listed(party)}.", wait)
    signed = [one for one in current if one.signed_by(agency, today)]
    if not signed:
        return _lacks("unsigned", f"{body.title} has not signed the agreement: {_listed(current)}.",
                      f"Whoever may sign for {body.title} signs it.")  # fmt: skip
    meant = [one for one in signed if purpose in one.purposes]
    if not meant:
        return _lacks("purpose", f"The agreement with {body.title} is not for this purpose: {_listed(signed)}.",
                      f"The parties add {purpose} to its purposes, or another agreement does.")  # fmt: skip
    taken_in = [one for one in meant if one.takes_in(agency, topic.name)]
    if not taken_in:
        title = topic.kind.title
        return _lacks("category", f"The agreement with {body.title} leaves out {title}: {_listed(meant)}.",
                      f"The parties add {title} to it, or another agreement does.")  # fmt: skip
    return midnight(max(one.to for one in taken_in))


def _lacks(what: str, reason: str, unlock: str) -> Vote:
    return deny(f"agreement.{what}", reason, unlock, Why.NO_AGREEMENT)


def _listed(agreements: Iterable[Agreement]) -> str:
    return ", ".join(sorted(f"{one.title} ({one.id}, {one.edition})" for one in agreements))
