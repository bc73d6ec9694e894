"""Asking again: what of the last trawl of a case still stands, and what has to be asked now.

Asked is what is new, failed, stale, newly permitted, named on purpose, or what somebody said something new of (whose a
record is). Everything else is carried over, as far as it is permitted today: an answer was lawful when it was asked
for, and is shown again only while a decision permits it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from mash_trawl.model.answer import Answer, Status
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.hidden import NOTHING_HIDDEN, Hidden
from mash_trawl.model.hub import HubFile
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.request import Returned
from mash_trawl.sources.refusals import permitted

Reason = Literal["new", "changed", "identified", "failed", "stale", "newly_permitted", "on_purpose"]
Pair = tuple[str, str]
ALL = "all"
"""In place of a source's name: ask every source again."""
FAILED = (Status.UNREACHABLE, Status.TIMED_OUT, Status.PARTIAL, Status.NOT_CONNECTED)
NOTHING_SAID: Mapping[tuple[str, str], str] = MappingProxyType({})
_NOT_ASKED = (Status.NOT_PERMITTED, Status.CONSENT_MISSING, Status.PENDING_PERSON)
_IDENTITY = ("names", "born", "sex", "identifiers", "addresses")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Kept(Private):
    """One answer with what it was asked for: each category's first day (empty: all time).

    `facts` is a digest of what the person was searched by, `source` one of what answered (agency, connector, version),
    `said` one of what named people had said of its records.
    """

    answer: Answer
    categories: Mapping[str, str] = field(default_factory=dict)
    facts: str
    source: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TraceKey(Private):
    """Under which key (hexadecimal) a trawl closed what the ledger holds of one (source, person)'s matches.

    `held`: the records whose facts are in it, each with the statement that denied it by then (empty: none). Once one of
    them is somebody else's the key is forgotten: empty, and so are `held` and `beside`. `beside`: for each other person
    of the case, the records of theirs that are named in it (`Match.company`).
    """

    trawl: str
    source: str
    person: str
    key: str
    held: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Memory(Private):
    """What a trawl leaves for the next one of its case. `case` and `decided` are digests.

    `hidden` is what must never be shown of where people live, whoever answers next time. `version` is that of the
    product it was found in; it is known only when it is read back. `secret` (hexadecimal) makes the ids by which people
    name its records, the same in every version. `traces` are the keys of what was left in the ledger of its
    matches. `returns` is what people said on paper, for as long as it may be asked for.
    """

    case: str
    decided: str
    kept: tuple[Kept, ...] = ()
    hidden: Hidden = NOTHING_HIDDEN
    version: int = 0
    secret: str = ""
    traces: tuple[TraceKey, ...] = ()
    returns: tuple[Returned, ...] = ()

    def of(self, pair: Pair) -> Kept | None:
        """What is kept of one (source, person)."""
        return next((item for item in self.kept if (item.answer.source, item.answer.person) == pair), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What matters of a source as it is now: how long its answers are good for (seconds), a digest of what it is.

    `person`: it is a person, whom no trawl asks.
    """

    fresh_for: int | None = None
    digest: str = ""
    person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A (source, person) that has to be asked, and why."""

    source: str
    person: str
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Delta(Private):
    """What to ask now. `decisions` holds only that (and what nobody may ask); `stands` is carried over unasked.

    `people` are the permitted pairs whose source is a person: they are answered on paper.
    """

    decisions: Decisions
    asks: tuple[Ask, ...]
    stands: tuple[Kept, ...]
    people: tuple[Pair, ...] = ()

    def why(self, source: str, person: str) -> Reason | None:
        """Why this pair is asked; None when it is not."""
        return next((ask.why for ask in self.asks if (ask.source, ask.person) == (source, person)), None)


def what_to_ask(
    case: Case, decisions: Decisions, memory: Memory | None, sources: Mapping[str, Asked], refresh: Collection[str],
    said: Mapping[Pair, str] = NOTHING_SAID,
) -> Delta:  # fmt: skip
    """Compare what is permitted now with what the last trawl brought. Nothing is sent.

    `said` is a digest of what named people have said of the records of each pair.
    """
    asks: list[Ask] = []
    stands: list[Kept] = []
    items: list[Decision] = []
    people: list[Pair] = []
    reasons = _reasons(case, decisions, memory, sources, refresh, said)
    for pair in decisions.pairs:
        about = decisions.about(*pair)
        kept = memory.of(pair) if memory else None
        if not _askable(about):
            items += about
            continue
        if sources.get(pair[0], Asked()).person:
            people.append(pair)
            continue
        why = reasons[pair]
        if why is None and kept is not None:
            stands.append(kept)
            continue
        asks.append(Ask(source=pair[0], person=pair[1], why=why or "new"))
        items += [item for item in about if not (why == "newly_permitted" and kept and _had(kept, item))]
    now = replace(decisions, items=tuple(items))
    return Delta(decisions=now, asks=tuple(asks), stands=tuple(stands), people=tuple(people))


def _askable(about: tuple[Decision, ...]) -> bool:
    return bool(permits(about) or permitted(about, "existence"))


def _reasons(
    case: Case, decisions: Decisions, memory: Memory | None, sources: Mapping[str, Asked], refresh: Collection[str],
    said: Mapping[Pair, str],
) -> dict[Pair, Reason | None]:  # fmt: skip
    """Why each permitted pair has to be asked; None where what is kept stands.

    What rests on somebody else's record in the same home (`Match.company`) stands as long as theirs does.
    """
    reasons: dict[Pair, Reason | None] = {}
    for pair in decisions.pairs:
        about = decisions.about(*pair)
        if _askable(about):
            source = sources.get(pair[0], Asked())
            marks = (facts_of(case.person(pair[1])), source.digest, said.get(pair, ""))
            kept = memory.of(pair) if memory else None
            why = _why(kept, permits(about), marks, source.fresh_for, decisions.at)
            reasons[pair] = why or ("on_purpose" if pair[0] in refresh or ALL in refresh else None)
    rests = {
        pair: {(pair[0], one.person) for match in kept.answer.matches for one in match.company}
        for pair in reasons
        if memory and (kept := memory.of(pair)) is not None
    }
    while fallen := {
        pair: why for pair, on in rests.items() if reasons[pair] is None and (why := _fallen(reasons, on))
    }:
        reasons |= fallen
    return reasons


def _fallen(reasons: Mapping[Pair, Reason | None], on: Collection[Pair]) -> Reason | None:
    """Why what rests on these has to be asked again; nothing is kept beside somebody who is gone, or another now."""
    whys = {reasons.get(pair, "changed") for pair in on}
    if whys & {"changed", "new"}:
        return "changed"
    return "identified" if "identified" in whys else "stale" if whys - {None} else None


def permits(about: Iterable[Decision]) -> dict[str, str]:
    """The categories of one pair whose content is permitted, each with its first day as ISO text (empty: all time)."""
    items = tuple(about)
    content = permitted(items, "content")
    return {item.category: item.since.isoformat() if item.since else "" for item in items if item.category in content}


def _why(
    kept: Kept | None, wanted: Mapping[str, str], marks: tuple[str, str, str], fresh_for: int | None, now: datetime
) -> Reason | None:
    """The first that applies. `marks`: of the person, of the source and of what was said, as they are now."""
    if kept is None or kept.answer.status in _NOT_ASKED:
        return "new"
    if (kept.facts, kept.source) != marks[:2]:
        return "changed"
    if kept.said != marks[2]:
        return "identified"
    if kept.answer.status in FAILED:
        return "failed"
    if _stale(kept.answer, fresh_for, now):
        return "stale"
    if kept.answer.status is not Status.AMBIGUOUS_IDENTITY and any(
        category not in kept.categories or _further_back(since, kept.categories[category])
        for category, since in wanted.items()
    ):
        return "newly_permitted"
    return None


def _stale(answer: Answer, fresh_for: int | None, now: datetime) -> bool:
    """Whether the oldest part of the answer is older than the source is good for."""
    moments = [moment for moment in (answer.asked_at, answer.carried_at) if moment is not None]
    return fresh_for is not None and (not moments or now - min(moments) > timedelta(seconds=fresh_for))


def _further_back(wanted: str, had: str) -> bool:
    """Does the period that is permitted now begin before the one that was asked for?"""
    return had != "" and (wanted == "" or wanted < had)


def _had(kept: Kept, item: Decision) -> bool:
    """Was this category asked for already, as far back as it may be now? Any ask told whether they are known."""
    if item.mode == "existence":
        return item.outcome is Outcome.PERMIT
    since = item.since.isoformat() if item.since else ""
    known = item.category in kept.categories and not _further_back(since, kept.categories[item.category])
    return item.outcome is Outcome.PERMIT and known


def facts_of(person: Person) -> str:
    """A digest of what a person is searched and matched by."""
    return digest({name: to_plain(getattr(person, name)) for name in _IDENTITY})


def digest_of_case(case: Case) -> str:
    """A digest of the whole case."""
    return digest(to_plain(case))


def digest_of_sources(settings: HubFile, versions: Mapping[str, str], policy: MatchPolicy | None) -> dict[str, Asked]:
    """Every source of the hub as it is now. `versions` is what is installed for each; `policy` decides who matches."""
    rules = to_plain(policy) if policy else {}
    return {
        source.name: Asked(
            fresh_for=source.limits.fresh_for.seconds if source.limits.fresh_for else None,
            digest=digest(
                [source.agency, source.connector or "", source.mapping or "", versions.get(source.name, ""), rules]
            ),
        )
        for source in settings.sources
    }


def digest_of_decisions(decisions: Decisions, *more: Any) -> str:
    """A digest of every decision but its moment and its rolling first day, and of `more` that shapes a product."""
    lines = [
        [item.source, item.person, item.category, item.outcome.value, item.rule, item.basis or "", item.why,
         item.reason, item.unlock, sorted(item.obligations), *(["existence"] if item.mode == "existence" else [])]
        for item in decisions
    ]  # fmt: skip
    return digest([lines, *(to_plain(item) for item in more)])


def digest(plain: Any) -> str:
    """SHA-256 over JSON with sorted keys (hexadecimal)."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()
