"""What a trawl hands to its sources: matching by the profile's policy, and then by what named people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mash_trawl.identity.match import judge
from mash_trawl.identity.policy import rules_for
from mash_trawl.identity.trace import trace
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.match import Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Which of the candidates of one source are the person?

    `agencies` maps a source to its agency: a policy can hold a population or weights for either.
    """

    policy: MatchPolicy | None = None
    agencies: Mapping[str, str] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=Verdicts)

    def __call__(self, person: Person, candidates: Sequence[Candidate], /, *, source: str, truncated: bool) -> Matches:
        """By rule, and then by what was said. `truncated`: the search was cut off or failed in part."""
        rules = rules_for(self.policy, source, self.agencies.get(source, ""))
        weighed = judge(person, candidates, rules, truncated=truncated)
        matches = self.verdicts.apply(weighed.matches, source)
        return replace(matches, trace=trace(weighed, matches))
