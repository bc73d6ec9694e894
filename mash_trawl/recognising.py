"""Matching as a trawl hands it to its sources: this place's rules, what people said, who stands beside nobody."""

from __future__ import annotations

from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.decision import Decisions
from mash_trawl.model.hub import HubFile
from mash_trawl.model.profile import Profile
from mash_trawl.product.notes import hidden_categories
from mash_trawl.product.restricted import restricted_alone
from mash_trawl.sources.again import Delta
from mash_trawl.sources.identified import taken_before


def recognise_by(settings: HubFile, profile: Profile, said: Verdicts, decisions: Decisions, delta: Delta) -> Recognise:
    """By this place's rules, which may hold for a source or its agency, and by what people said.

    Whoever is asked about for restricted categories alone stands beside nobody: the explanation of another's match
    would tell that the source knows them.
    """
    return Recognise(
        policy=profile.matching, agencies={source.name: source.agency for source in settings.sources}, verdicts=said,
        carried=taken_before(delta), apart=restricted_alone(decisions, hidden_categories(profile)),
    )  # fmt: skip
