"""What a decision was made from, as plain text and integers for the ledger; and the same decision out of it again.

Of those who are no match, or are rejected, only the totals are kept, never a fact: they are other people. Everything
else stands in full, so that years later it can be read back (`rebuild`), and made again by the same rules (`rerun`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mash_trawl.errors import Refused
from mash_trawl.identity.crowds import homes
from mash_trawl.identity.gather import Gathered
from mash_trawl.identity.policy import MODEL_VERSION, Rules, at_this_source, mark, policy_mark, rules_for
from mash_trawl.identity.side import side_of
from mash_trawl.identity.weigh import Scored, Weighed, weigh_again
from mash_trawl.model.base import to_plain
from mash_trawl.model.match import Company, Match, Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate
from mash_trawl.model.weighing import NameShares

FORM = 1
"""How a trace is laid out."""
COMPARED = ("id", "names", "born", "sex", "identifiers", "addresses", "restrictions")
"""What matching looks at of a person; nothing else of them is kept."""


def trace(weighed: Weighed, matches: Matches) -> dict[str, Any]:
    """Everything that `matches` came from; they may hold verdicts that were laid on what `weighed` decided.

    Kept are all that rules or people left as more than no match. JSON through and through: text, integers, booleans. Of
    what a named person rejected only that is told, by their statement: it is somebody else's, and no fact of it stays.
    """
    rejected = [item.verdict.statement for item in matches if item.outcome == "rejected" and item.verdict]
    ruled = {id(item.candidate): item.outcome for item in weighed.matches}
    kept = [
        item
        for item in matches
        if item.outcome != "rejected" and (ruled[id(item.candidate)] != "no_match" or item.verdict)
    ]
    scored = {id(own.gathered.candidate): own for own in weighed.scored}
    of_kept = [scored.pop(id(item.candidate)) for item in kept]
    plain = {
        "form": FORM,
        "model": MODEL_VERSION,
        "policy_mark": policy_mark(weighed.rules.policy),
        "policy": to_plain(at_this_source(weighed.rules)),
        "shares": _shares(weighed.rules.shares, of_kept),
        "person": {name: to_plain(getattr(weighed.person, name)) for name in COMPARED},
        "truncated": weighed.truncated,
        "cut": weighed.cut,
        "crowded": _crowded(weighed, kept),
        "candidates": len(weighed.scored) + len(weighed.rivals),
        "rivals": sorted((*(own.total for own in scored.values() if not own.ruled_out), *weighed.rivals), reverse=True),
        "rejected": sorted(rejected),
        "matches": [to_plain(item) for item in kept],
        "by_rule": [ruled[id(item.candidate)] for item in kept],
        "contradicts": [own.gathered.contradicts for own in of_kept],
    }
    return plain | {"sha256": mark(plain)}


def rebuild(plain: Mapping[str, Any]) -> Matches:
    """The very matches that were kept, as they were then. Raises Refused: the trace is damaged, or of another form."""
    from mash_trawl.config.read import read_value

    _check(plain)
    items = tuple(read_value(Match, item, "trace") for item in plain["matches"])
    return Matches(person=plain["person"]["id"], items=items, cut=plain["cut"], trace=plain)


def rerun(plain: Mapping[str, Any]) -> Matches:
    """The decision made again by rule, from the facts that were kept and nothing else.

    Raises Refused: the trace is damaged, of another form, or of rules that this version no longer has.
    """
    from mash_trawl.config.read import read_value

    _check(plain)
    if plain["model"] != MODEL_VERSION:
        raise Refused("other_rules", "this was decided by the rules of another version", "Run it with that version.")
    rules = _rules(plain)
    person = read_value(Person, {name: item for name, item in plain["person"].items() if item}, "trace")
    kept = [
        Gathered(candidate=read_value(Candidate, item["candidate"], "trace"), contradicts=contradicts)
        for item, contradicts in zip(plain["matches"], plain["contradicts"], strict=True)
    ]
    pairs = [(item, side_of(item.candidate, social_care=rules.social_care_dates)) for item in kept]
    return weigh_again(
        person, pairs, rules, crowded=frozenset(plain["crowded"]), rivals=tuple(plain["rivals"]),
        truncated=plain["truncated"], cut=plain["cut"], companies=_companies(plain),
    ).matches  # fmt: skip


def _check(plain: Mapping[str, Any]) -> None:
    if plain.get("form") != FORM:
        raise Refused("damaged", "this is no trace of a decision that can be read here")
    if plain.get("sha256") != mark({name: item for name, item in plain.items() if name != "sha256"}):
        raise Refused("damaged", "the trace of a decision does not have its own digest")


def _shares(shares: NameShares, of_kept: list[Scored]) -> dict[str, Any]:
    """How common the names are that were looked up, and where that stands; never the whole list."""
    given = {name for own in of_kept for name in own.compared.same_given}
    family = {name for own in of_kept for name in own.compared.same_family}
    return {
        "given": {name: shares.given[name] for name in sorted(given) if name in shares.given},
        "family": {name: shares.family[name] for name in sorted(family) if name in shares.family},
        "least": dict(shares.least),
        "source": shares.source,
        "date": shares.date.isoformat(),
        "sha256": shares.sha256,
    }


def _crowded(weighed: Weighed, kept: list[Match]) -> list[str]:
    """The crowded homes of those kept, and of the person."""
    addresses = [*weighed.person.addresses, *(held for item in kept for held in item.candidate.addresses)]
    return sorted({home for held in addresses for home in homes(held)} & weighed.crowded)


def _companies(plain: Mapping[str, Any]) -> dict[str, tuple[Company, ...]]:
    """Who stood beside the records: their own records are in their own traces."""
    beside = {item["candidate"]["ref"]: item.get("company", ()) for item in plain["matches"]}
    return {ref: tuple(Company(**one) for one in held) for ref, held in beside.items() if held}


def _rules(plain: Mapping[str, Any]) -> Rules:
    from mash_trawl.config.read import read_value

    shares = plain["shares"]
    names = NameShares(**(dict(shares) | {"date": datetime.date.fromisoformat(shares["date"])}))
    return rules_for(replace(read_value(MatchPolicy, plain["policy"], "trace"), names=names))
