"""What named people said of records: by which id a match is named, and how far what was said counts today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.match import Company, Match, Matches, Verdict
from mash_trawl.model.query import Candidate
from mash_trawl.model.statement import Checked, Identified, person_mark

LONGEST_REASON = 2000
"""Signs of a reason: it stands in the product, and is read by people."""
NEVER_LINKED = "G10"
"""The guard of restricted records: with one of these, two records of one source are never said to be one person."""


def record_mark(candidate: Candidate) -> str:
    """A fingerprint of what a source holds of somebody, whatever the order in which it tells it."""
    plain = to_plain(candidate)
    told = {name: sorted(map(_text, value)) if isinstance(value, list) else value for name, value in plain.items()}
    return hashlib.sha256(_text(told).encode("ascii")).hexdigest()[:32]


def check_reason(reason: str, where: str) -> None:
    """Misconfigured for a reason that is empty, or that nobody could read on a page."""
    if not reason.strip():
        raise Misconfigured(Problem(where=where, what="there is none.", do="Say why; it is signed."))
    if len(reason) > LONGEST_REASON:
        what = f"it has {len(reason)} signs; {LONGEST_REASON} is the most."
        raise Misconfigured(Problem(where=where, what=what, do="Say it in short."))


def may_be_linked(matches: Sequence[Match]) -> bool:
    """Whether these records of one source may all be one person's: not where one of them is restricted.

    Somebody who was adopted, or lives under protection, has two records, and that both are theirs must stand nowhere.
    """
    two = len({match.ref for match in matches}) > 1
    return not (two and any(guard.id == NEVER_LINKED for match in matches for guard in match.guards))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judged(Private):
    """The last word on one record and one person. `known`: the person is still who they were when it was said.

    `record` is the mark of what the source held then; empty: that was not looked at, and it is for review again.
    """

    same: bool
    record: str
    known: bool
    verdict: Verdict

    def holds(self, match: Match) -> bool:
        """A yes for this very person, and for a record that reads as it did."""
        return self.same and self.known and self.record == record_mark(match.candidate)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Verdicts(Private):
    """All last words about a case, by (source, person) and the source's key.

    `gone`: by (source, key), the last no about somebody whom the case has no more, under this id or these names.
    """

    held: Mapping[tuple[str, str], Mapping[str, Judged]] = field(default_factory=dict)
    gone: Mapping[tuple[str, str], Judged] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, spoken: Iterable[Checked]) -> Verdicts:
        """From the statements that count, oldest first: the last one about a record is the one that holds.

        A no for somebody whom the case has under another id now leaves the record to a person, as after another name.
        So does one for somebody whom it has no more: that can be anybody of it, under another id and another name.
        """
        marks = {person.id: person_mark(person) for person in case.people}
        held: dict[tuple[str, str], dict[str, Judged]] = {}
        moved: dict[tuple[str, str, str], Judged] = {}
        gone: dict[tuple[str, str, str], Judged] = {}
        for one in spoken:
            said, statement = one.statement.said, one.statement
            if not isinstance(said, Identified):
                continue
            verdict = Verdict(
                statement=statement.id, by=statement.by, roles=tuple(sorted(statement.roles)),
                at=str(to_plain(statement.at)), reason=said.reason,
            )  # fmt: skip
            known = said.person in marks and statement.people.get(said.person) == marks[said.person]
            judged = Judged(same=said.same, record=said.record, known=known, verdict=verdict)
            held.setdefault((said.source, said.person), {})[said.ref] = judged
            mark = None if known else statement.people.get(said.person)
            for person in (person for person, now in marks.items() if now == mark):
                moved[said.source, person, said.ref] = judged
            if said.person not in marks and mark not in marks.values():
                gone[said.source, said.ref, said.person] = judged
        for (source, person, ref), judged in moved.items():
            if not judged.same:
                held.setdefault((source, person), {}).setdefault(ref, judged)
        return cls(
            held=held, gone={(source, ref): one for (source, ref, _), one in gone.items() if not one.same}
        )  # fmt: skip

    def on(self, source: str, person: str, ref: str) -> Judged | None:
        """What was said last of this record and this person."""
        return self.held.get((source, person), {}).get(ref)

    @property
    def marks(self) -> dict[tuple[str, str], str]:
        """A digest of what was said of each (source, person): another one has to be asked again."""
        return {
            pair: hashlib.sha256(
                _text({ref: [one.verdict.statement, one.known] for ref, one in said.items()}).encode("ascii")
            ).hexdigest()
            for pair, said in self.held.items()
        }

    def apply(self, matches: Matches, source: str) -> Matches:
        """What the rules decided, and then what was said of it.

        A yes counts for a record that the rules leave to a person and that reads as it did; a no counts always, and for
        somebody else under the same id in the case it leaves the record to a person.
        """
        said = self.held.get((source, matches.person), {})
        if not (said or self.gone):
            return matches
        items = tuple(_decided(item, said.get(item.ref) or self.gone.get((source, item.ref))) for item in matches.items)
        return replace(matches, items=_kept_apart(items))

    def denies(self, source: str, match: Match | Company) -> bool:
        """Whether the last word on a record is that it is somebody else's."""
        judged = self.on(source, match.person, match.ref)
        return judged is not None and not judged.same

    def doubts(self, source: str, match: Match) -> bool:
        """Whether somebody said no of it, also of who the person was then, or of somebody whom the case has no more."""
        judged = self.on(source, match.person, match.ref) or self.gone.get((source, match.ref))
        return judged is not None and not judged.same

    def stands(self, source: str, match: Match) -> bool:
        """Whether a record that was taken for a person before may still be, by what was said up to now.

        One that was found beside others is left to a person when each of these records is said to be somebody else's.
        """
        if match.company and match.outcome == "auto" and all(self.denies(source, one) for one in match.company):
            return False
        judged = self.on(source, match.person, match.ref)
        if judged is None:
            return match.outcome != "confirmed"
        if not judged.same:
            return match.outcome == "review" and not judged.known
        return match.outcome != "confirmed" or judged.holds(match)


def _decided(match: Match, judged: Judged | None) -> Match:
    if judged is None or not match.ref.strip():
        return match
    if not judged.same and judged.known:
        return replace(match, outcome="rejected", verdict=judged.verdict)
    if not judged.same:
        return replace(match, outcome="review") if match.outcome == "auto" else match
    if match.outcome == "review" and judged.holds(match):
        return replace(match, outcome="confirmed", verdict=judged.verdict)
    return match


def _kept_apart(items: tuple[Match, ...]) -> tuple[Match, ...]:
    """Two people can have confirmed two records of somebody restricted, each without the other: then neither counts."""
    if may_be_linked([item for item in items if item.outcome in ("auto", "confirmed")]):
        return items
    return tuple(
        replace(item, outcome="review", verdict=None) if item.outcome == "confirmed" else item for item in items
    )


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)
