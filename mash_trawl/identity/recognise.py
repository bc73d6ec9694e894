"""What a trawl hands to its sources: matching by the profile's policy, and then by what named people said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mash_trawl.identity.match import match
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.match import Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Which of the candidates of one source are the person?"""

    policy: MatchPolicy | None = None
    verdicts: Verdicts = field(default_factory=Verdicts)

    def __call__(self, person: Person, candidates: Sequence[Candidate], /, *, source: str, truncated: bool) -> Matches:
        """By rule, and then by what was said. `truncated`: the search was cut off or failed in part."""
        by_rule = match(person, candidates, self.policy, truncated=truncated)
        return self.verdicts.apply(by_rule, source)
