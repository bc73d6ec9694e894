"""What a trawl hands to its sources: matching by the profile's policy, and then by what named people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mash_trawl.identity.match import judge
from mash_trawl.identity.policy import Rules, rules_for
from mash_trawl.identity.together import judge_together
from mash_trawl.identity.trace import trace
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.identity.weigh import Weighed
from mash_trawl.model.match import Looked, Match, Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Which of the candidates of one source are the person?

    `agencies` maps a source to its agency: a policy can hold a population or weights for either. `carried`: what an
    earlier trawl found at a source about people who are not asked about now. `apart`: the (source, person) who are
    matched alone, beside nobody.
    """

    policy: MatchPolicy | None = None
    agencies: Mapping[str, str] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=Verdicts)
    carried: Mapping[str, Sequence[Match]] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()

    def __call__(self, person: Person, candidates: Sequence[Candidate], /, *, source: str, truncated: bool) -> Matches:
        """By rule, and then by what was said. `truncated`: the search was cut off or failed in part."""
        return self._decided(judge(person, candidates, self._rules(source), truncated=truncated), source)

    def together(self, looked: Sequence[Looked], others: Sequence[Match], /, *, source: str) -> tuple[Matches, ...]:
        """What comes out otherwise beside everybody of the case whom this source was searched for (together.py)."""
        carried = (item for item in self.carried.get(source, ()) if self.verdicts.stands(source, item))
        beside = [item for item in (*others, *carried) if (source, item.person) not in self.apart]
        open_ = [self._doubted(one, source) for one in looked if (source, one.person.id) not in self.apart]
        again = judge_together(open_, beside, self._rules(source))
        return tuple(self._decided(weighed, source) for weighed in again)

    def _doubted(self, looked: Looked, source: str) -> Looked:
        """The same, with every record of which the last word is no as one that is not theirs."""
        items = tuple(
            replace(item, outcome="rejected") if self.verdicts.doubts(source, item) else item for item in looked.matches
        )
        return replace(looked, matches=replace(looked.matches, items=items))

    def _rules(self, source: str) -> Rules:
        return rules_for(self.policy, source, self.agencies.get(source, ""))

    def _decided(self, weighed: Weighed, source: str) -> Matches:
        matches = self.verdicts.apply(weighed.matches, source)
        return replace(matches, trace=trace(weighed, matches))
