"""What a reader must know of how the hub was set up, whatever was found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from mash_trawl.model.answer import Why
from mash_trawl.model.backing import UNBACKED, Backing
from mash_trawl.model.emergency import EmergencyNow
from mash_trawl.model.hub import HubFile
from mash_trawl.model.profile import Profile
from mash_trawl.model.shown import instant_words

UNKNOWN = (
    "What an earlier version of this case had hidden could not be read when a later one was made. An address that only "
    "that version knew to be hidden may stand here: look at it before this one is shared."
)


def notes(
    settings: HubFile, hidden: Collection[str] = (), backing: Backing = UNBACKED, marks: Sequence[str] = ()
) -> tuple[str, ...]:
    """What a reader must know of how this hub was set up, in words; sources in `hidden` are not named.

    `marks` are what must be said first of all: a run in an emergency, and whether it was countersigned.
    """
    told = [*marks]
    if settings.statements == "from_file":
        told.append("Consents and gateway decisions were taken from the case file. They are not signed.")
    if settings.statements == "from_file" and not backing.approvals:
        told.append("The approval of profile, mappings and hub file was not checked.")
    if backing.unapproved:
        told.append(f"Not approved as they stand, so nothing was asked: {', '.join(backing.unapproved)}.")
    told.extend(_agreements(backing))
    for name in sorted(set(backing.closed) - set(hidden)):
        word = "suspended" if backing.closed[name] is Why.SUSPENDED else "not approved"
        told.append(f"The source {name} is {word} here and is not asked; what it said before stands.")
    exceptions = ((source.name, (source.tls or settings.tls).unverified) for source in settings.sources)
    told.extend(
        f"The certificate of {name} is not checked until {exception.until}: {exception.reason} "
        f"(approved by {exception.approved_by})."
        for name, exception in exceptions
        if exception and name not in hidden
    )
    return tuple(told)


def emergency_words(one: EmergencyNow) -> str:
    """The mark of an emergency: who asked without a decider, why, and whether anybody has taken it on since."""
    day = instant_words(one.at.isoformat())
    start = f"Emergency: {one.by} asked before a decider could say yes, on {day}: {one.reason}"
    looked = " and ".join(one.looked)
    ends = f" by {instant_words(one.until.isoformat())}" if one.until else ""
    said = {
        "waiting": f"Not countersigned yet; a decider must do so{ends}.",
        "countersigned": f"Countersigned by {looked}." if looked else "A decider has signed the decision since.",
        "declined": f"Not countersigned: {looked} declined. Nothing more is asked for this case.",
        "over": f"Not countersigned{ends}. Nothing more is asked for this case.",
    }
    return f"{start.rstrip('.')}. {said[one.state]}"


def _agreements(backing: Backing) -> Iterator[str]:
    if backing.agreements is None:
        return
    if not backing.agreements:
        yield "No information-sharing agreement counts in this hub, so nothing was asked."
    for one in backing.agreements:
        ends = f"{one.to.day} {one.to:%B %Y}"
        yield f"Information-sharing agreement: {one.title}, edition {one.edition}; it ends when {ends} begins."


def hidden_categories(profile: Profile) -> tuple[str, ...]:
    """Categories whose very existence is sensitive: until readers can be cleared for them, nobody is shown any."""
    return tuple(
        f"{agency}.{category}"
        for agency, held in profile.agencies.items()
        for category, facts in held.categories.items()
        if facts.hidden_existence
    )
