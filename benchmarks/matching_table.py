"""A source that is a table in memory, searched by the product's own query plan; and what matching made of its answers.

Nobody is handed to `match` who could not be found by a key that the source supports. Each person asked about may be in
the table or not: what is right is known by `Row.whose` alone, which matching never sees.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benchmarks.matching_ceiling import for_a_person_at_most, never_agrees, ruled_out
from mash_trawl.identity import match_together
from mash_trawl.identity.normalise import family_names, given_names, soundex
from mash_trawl.identity.numbers import digits
from mash_trawl.identity.places import place_of, postcode
from mash_trawl.identity.plan import plan_queries
from mash_trawl.model.folding import fold
from mash_trawl.model.match import Match, Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate, PersonQuery

KEYS: tuple[tuple[str, ...], ...] = (
    ("nhs_number",), ("upn",), ("family_soundex", "born"), ("given_soundex", "born"), ("born", "postcode"),
    ("family_soundex", "given_soundex", "born_from", "born_to"), ("family_soundex", "given_soundex", "postcode"),
    ("given_soundex", "uprn"), ("postcode", "house_number"),
)  # fmt: skip
"""What a well-made source supports. A source of which less is known names its own."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A candidate and, for the measuring only, whose record it truly is."""

    whose: str
    candidate: Candidate


class Table:
    """Rows and an index for each key, made when it is first asked."""

    def __init__(self, rows: Iterable[Row], keys: Sequence[tuple[str, ...]] = KEYS) -> None:
        self.rows = tuple(rows)
        self.keys = tuple(keys)
        self.whose = {row.candidate.ref: row.whose for row in self.rows}
        self.held = frozenset(self.whose.values())
        self._facts = [_facts(row.candidate) for row in self.rows]
        self._index: dict[tuple[str, ...], dict[tuple[Any, ...], list[int]]] = {}

    def search(self, person: Person) -> list[Candidate]:
        """Everybody whom the plan's queries find, once."""
        ids = map(str, itertools.count())
        found: dict[int, None] = {}
        for query in plan_queries(person, self.keys, lambda: next(ids)).queries:
            found.update(dict.fromkeys(self._answer(query)))
        return [self.rows[number].candidate for number in found]

    def _answer(self, query: PersonQuery) -> Iterator[int]:
        """The rows that agree with every field of one query; a range is looked up by the other fields."""
        fields = query.fields
        low, high = fields.pop("born_from", date.min), fields.pop("born_to", date.max)
        equal = tuple(name for name in query.by if name in fields)
        if equal not in self._index:
            self._index[equal] = self._build(equal)
        for number in self._index[equal].get(tuple(_asked(name, fields[name]) for name in equal), ()):
            days = self._facts[number]["born"]
            if low is date.min or any(low <= day <= high for day in days):
                yield number

    def _build(self, fields: tuple[str, ...]) -> dict[tuple[Any, ...], list[int]]:
        made: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for number, facts in enumerate(self._facts):
            for values in itertools.product(*(sorted(facts.get(name, ())) for name in fields)):
                made[values].append(number)
        return made


def _asked(name: str, value: Any) -> Any:
    """A name is asked as the case writes it; a source compares it without regard to case."""
    return fold(value) if name in ("given", "family", "former_names") else value


def _facts(row: Candidate) -> dict[str, set[Any]]:
    """Every field of the query vocabulary with what the row holds in it."""
    given = {name[0] for name in given_names(row.names)}
    family = set(family_names(row.names))
    facts: dict[str, set[Any]] = {
        "given": given,
        "family": family,
        "former_names": family,
        "given_soundex": {soundex(name) for name in given},
        "family_soundex": {soundex(name) for name in family},
        "born": {row.born.earliest} if row.born and row.born.exact and row.born.earliest else set(),
        "postcode": {postcode(address.postcode) for address in row.addresses},
        "uprn": {address.uprn for address in row.addresses},
        "sex": {row.sex},
        "house_number": {place.door.number.upper() for place in map(place_of, row.addresses) if place},
    }
    facts |= {name: {digits(row.identifiers.get(name))} for name in ("nhs_number", "upn")}
    return {name: {value for value in values if value} for name, values in facts.items()}


@dataclass(kw_only=True)
class Tally:
    """Counts over queries. `wrong` and `lost` keep the first of each, for whoever wants to see them.

    `held`: queries about somebody whom the table holds; `found`: of these, those whose record some key finds; `guarded`
    and `ruled_out`: of those found, those of whom guards make no record certain, or each record somebody else's;
    `unagreed`: those of whom no record agrees, however generously, in given name and birth date.
    `asked_of_people`: queries after which a person must decide.
    """

    queries: int = 0
    held: int = 0
    found: int = 0
    guarded: int = 0
    ruled_out: int = 0
    unagreed: int = 0
    auto: int = 0
    review: int = 0
    wrong_auto: int = 0
    asked_of_people: int = 0
    candidates_to_review: int = 0
    wrong: list[tuple[Person, Match]] = field(default_factory=list)
    lost: list[tuple[Person, Match | None]] = field(default_factory=list)
    reviewed: list[tuple[Person, Matches]] = field(default_factory=list)

    def add(self, table: Table, person: Person, whose: str, matches: Matches, *, keep: int = 200) -> None:
        """One query: what came of it, and what is true."""
        ours = [item for item in matches if table.whose[item.ref] == whose]
        best = {item.outcome for item in ours}
        wrong = [item for item in matches.auto if table.whose[item.ref] != whose]
        self.queries += 1
        self.wrong_auto += len(wrong)
        self.wrong += [(person, item) for item in wrong][: keep - len(self.wrong)]
        self.asked_of_people += bool(matches.review)
        self.candidates_to_review += len(matches.review)
        if matches.review and len(self.reviewed) < keep:
            self.reviewed.append((person, matches))
        if whose not in table.held:
            return
        self.held += 1
        self.found += bool(ours)
        self.guarded += bool(ours) and for_a_person_at_most(ours)
        self.ruled_out += bool(ours) and ruled_out(person, ours)
        self.unagreed += bool(ours) and never_agrees(ours)
        self.auto += "auto" in best
        self.review += "auto" not in best and "review" in best
        if best.isdisjoint({"auto", "review"}) and len(self.lost) < keep:
            self.lost.append((person, ours[0] if ours else None))

    def plus(self, other: Tally) -> None:
        """Another table's counts."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def auto_recall(self) -> float:
        """Of those held, the share that was recognised without asking anybody."""
        return self.auto / self.held if self.held else 1.0

    @property
    def recall(self) -> float:
        """The same with those about whom a person is asked."""
        return (self.auto + self.review) / self.held if self.held else 1.0

    @property
    def auto_ceiling(self) -> float:
        """What any weights could find without asking: whom a key finds and no guard keeps from being certain."""
        return (self.found - self.guarded) / self.held if self.held else 1.0

    @property
    def agreement_ceiling(self) -> float:
        """What could be found without asking if whatever is only alike in given name and birth date counted as sure."""
        return (self.found - self.unagreed) / self.held if self.held else 1.0

    @property
    def ceiling(self) -> float:
        """The same with those about whom a person may be asked."""
        return (self.found - self.ruled_out) / self.held if self.held else 1.0

    def least_review(self, goal: float) -> float:
        """The share of queries after which a person must decide where so many are to be found and none goes too far."""
        return max(0.0, goal - self.auto_ceiling) * self.held / max(self.queries, 1)

    @property
    def review_share(self) -> float:
        """Of all queries, the share after which a person must decide."""
        return self.asked_of_people / self.queries if self.queries else 0.0

    @property
    def each(self) -> float:
        """Candidates whom the person who decides must look at, each time."""
        return self.candidates_to_review / self.asked_of_people if self.asked_of_people else 0.0

    def told(self) -> str:
        """One line."""
        return (
            f"{self.queries} queries, {self.held} held, retrieved {self.found / max(self.held, 1):.4f}; "
            f"wrong auto {self.wrong_auto}, auto {self.auto_recall:.4f} (at most {self.auto_ceiling:.4f}), "
            f"auto + review {self.recall:.4f} (at most {self.ceiling:.4f}); "
            f"to review {self.review_share:.4f} of queries, {self.each:.2f} candidates each"
        )


def ask_all(table: Table, cases: Iterable[Sequence[tuple[str, Person]]], policy: MatchPolicy) -> Tally:
    """Each person is searched for by the plan, and whoever is found is matched, the people of one case together."""
    tally = Tally()
    for case in cases:
        decided = match_together([(person, table.search(person)) for _, person in case], policy)
        for (whose, person), matches in zip(case, decided, strict=True):
            tally.add(table, person, whose, matches)
    return tally
