"""After an agreement was taken back: what is asked all the same about the people whom it covered, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mash_trawl.cli.main import say as tell
from mash_trawl.errors import Misconfigured, Refused

if TYPE_CHECKING:
    from mash_trawl.hub import Hub
    from mash_trawl.model.case import Case
    from mash_trawl.model.consent import Consent


def tell_what_is_still_asked(hub: Hub, case: Case, consent: Consent | None, begins: str) -> None:
    """From a plan of this moment: for each basis whom it covers and what it opens. The family must hear it too.

    Nobody is left out: where the agreement covered `household`, or is not known any more, it is told of everybody.
    """
    from mash_trawl.cli.saying_words import names_of
    from mash_trawl.model.decision import Decision, Outcome
    from mash_trawl.model.unlocks import category_words
    from mash_trawl.system import shell_word

    try:
        decisions, profile, names = hub.plan(case).decisions, hub.profile_of(case), names_of(case)
    except (Refused, Misconfigured) as fault:  # the withdrawal is signed all the same
        tell(f"What is still asked could not be looked up: {fault}")
        return
    covered = set(consent.covers if consent else ()) & set(names) or set(names)
    if consent and not set(consent.covers) <= set(names):
        covered = set(names)
    open_: dict[tuple[str, str], list[Decision]] = {}
    for item in decisions:
        if item.outcome is Outcome.PERMIT and item.person in covered:
            open_.setdefault((item.person, item.basis or item.rule), []).append(item)
    if not open_:
        tell("Nothing is asked any more about the people whom it covered.")
    else:
        tell("Still asked about the people whom it covered; tell the family so, and why, unless that is unsafe:")
    for (person, basis), items in open_.items():
        gateway = profile.gateways.get(basis)
        on = f"{basis}: {gateway.title}" if gateway else f"{basis}"
        tell(f"  {names[person]}, on {on}: {category_words(items, profile)}")
    tell(f"`{begins} plan {shell_word(case.id)}` shows it with its reasons.")
