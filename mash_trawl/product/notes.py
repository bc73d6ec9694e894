"""What a reader must know of how the hub was set up, whatever was found."""

from __future__ import annotations

from collections.abc import Collection

from mash_trawl.model.hub import HubFile
from mash_trawl.model.profile import Profile

UNKNOWN = (
    "What an earlier version of this case had hidden could not be read when a later one was made. An address that only "
    "that version knew to be hidden may stand here: look at it before this one is shared."
)


def notes(settings: HubFile, hidden: Collection[str] = ()) -> tuple[str, ...]:
    """What a reader must know of how this hub was set up, in words; sources in `hidden` are not named."""
    told = []
    if settings.statements == "from_file":
        told.append("Consents and gateway decisions were taken from the case file. They are not signed.")
    if settings.agreements:
        told.append("The information-sharing agreements that this hub names were not checked.")
    else:
        told.append("No information-sharing agreement was checked: this hub names none.")
    told.append("The approval of profile, mappings and hub file was not checked.")
    exceptions = ((source.name, (source.tls or settings.tls).unverified) for source in settings.sources)
    told.extend(
        f"The certificate of {name} is not checked until {exception.until}: {exception.reason} "
        f"(approved by {exception.approved_by})."
        for name, exception in exceptions
        if exception and name not in hidden
    )
    return tuple(told)


def hidden_categories(profile: Profile) -> tuple[str, ...]:
    """Categories whose very existence is sensitive: until readers can be cleared for them, nobody is shown any."""
    return tuple(
        f"{agency}.{category}"
        for agency, held in profile.agencies.items()
        for category, facts in held.categories.items()
        if facts.hidden_existence
    )
