"""A lowered threshold makes certain what was for a person to decide, and no guard less."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity.policy import policy_mark, rules_for
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild, rerun
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.proof import FIRST, LoweredBy, ProvedBand, share_at
from mash_trawl.model.query import Candidate

PROOF = LoweredBy(
    as_of=date(2026, 11, 1), file_digest="3f" * 32, bands=(ProvedBand(from_bits=8, reviewed=3000, wrong=0),)
)
LOWERED = MatchPolicy(auto_per_million=share_at(8), lowered_by=PROOF)
NAMES = (Name(given=("Aisha",), family="Testfall-Probe"),)


def between(person, candidate):
    """A population in which this candidate has nine bits: more than eight, and less than the built-in threshold."""
    decided = decide(MatchPolicy(), person, [candidate])
    return round(MatchPolicy().population * 2 ** (decided.items[0].bits - 9))


def decide(policy, person, candidates):
    return Recognise(policy=policy)(person, candidates, source="police", truncated=False)


def outcomes(policy, person, candidates):
    return [item.outcome for item in decide(policy, person, candidates)]


def test_what_was_for_a_person_to_decide_is_certain_by_a_lowered_threshold(person, candidate):
    whom, found = person(names=NAMES), candidate(names=NAMES)
    people = between(whom, found)
    plain, lowered = MatchPolicy(population=people), replace(LOWERED, population=people)
    (review,), (auto,) = decide(plain, whom, [found]), decide(lowered, whom, [found])
    assert (review.outcome, review.guards, auto.outcome, auto.guards) == ("review", (), "auto", ())
    assert 8 <= review.bits == auto.bits < 9.96
    assert outcomes(replace(lowered, population=people * 3), whom, [found]) == ["review"]


def test_with_a_guard_it_stays_for_a_person_to_decide(person, candidate):
    whom, found = person(names=NAMES), candidate(names=NAMES, sex="male")
    lowered = replace(LOWERED, population=between(whom, found))
    (match,) = decide(lowered, whom, [found])
    assert (match.outcome, [guard.id for guard in match.guards]) == ("review", ["G4"])
    two = [candidate(names=NAMES), candidate(names=NAMES, ref="b")]
    lowered = replace(LOWERED, population=between(whom, two[0]))
    assert outcomes(lowered, whom, two) == ["review", "review"]
    cut = Recognise(policy=lowered)(whom, two[:1], source="police", truncated=True)
    assert [item.outcome for item in cut] == ["review"]


def test_without_a_proof_or_with_too_little_of_one_the_built_in_threshold_holds():
    little = replace(PROOF, bands=(ProvedBand(from_bits=8, reviewed=2994, wrong=0),))
    assert rules_for(LOWERED).auto == share_at(8) == 996_109
    assert rules_for(replace(LOWERED, auto_per_million=10)).auto == share_at(8)
    assert rules_for(replace(LOWERED, lowered_by=None)).auto == 999_000
    assert rules_for(replace(LOWERED, lowered_by=little)).auto == 999_000
    assert rules_for(replace(LOWERED, auto_per_million=999_500)).auto == 999_500


def test_the_mark_tells_by_what_it_was_lowered_and_years_later_the_same_comes_out(person, candidate):
    whom, found = person(names=NAMES), candidate(names=NAMES)
    lowered = replace(LOWERED, population=between(whom, found))
    matches = decide(lowered, whom, [found])
    written = json.loads(json.dumps(matches.trace))
    assert written["policy"]["lowered_by"]["bands"] == [{"from_bits": 8, "reviewed": 3000, "wrong": 0}]
    assert rebuild(written).items == rerun(written).items == matches.items
    assert [item.outcome for item in rerun(written)] == ["auto"]
    other = replace(lowered, lowered_by=replace(PROOF, file_digest="4f" * 32))
    assert len({policy_mark(one) for one in (lowered, other, replace(lowered, lowered_by=None))}) == 3


DOWN_TO_EVEN_ODDS = MatchPolicy(
    auto_per_million=share_at(0),
    lowered_by=replace(
        PROOF, bands=tuple(ProvedBand(from_bits=floor, reviewed=3000, wrong=0) for floor in range(0, FIRST + 1, 2))
    ),
)
HOME = Address(lines=("14 Mill Lane",), postcode="NB1 4QT")
WHOLE = {"names": NAMES, "born": PartialDate.parse("2014-05-17"), "sex": "female", "addresses": (HOME,)}
facts = st.builds(
    lambda first, family, born, sex, addresses: {
        "names": (Name(given=(first,), family=family),), "born": PartialDate.parse(born), "sex": sex,
        "addresses": addresses,
    },
    st.sampled_from(["Aisha", "Ayesha", "Gemma", "Gema", "Baby"]), st.sampled_from(["Testfall-Probe", "Probe", "Roe"]),
    st.sampled_from(["2014-05-17", "2014-05-18", "2014-01-01", "2014"]), st.sampled_from(["female", "male", "unknown"]),
    st.sampled_from([(), (HOME,)]),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    here=st.one_of(st.just(WHOLE), facts), others=st.lists(facts, max_size=2),
    differs=st.sampled_from(["", "", "names", "born", "sex"]), size=st.integers(34, 48),
    truncated=st.sampled_from([False, False, True]),
)  # fmt: skip
def test_whatever_is_asked_only_the_score_alone_decides_otherwise(here, others, differs, size, truncated):
    """Over populations that carry one record, much like the person, from certainty to below even odds."""
    there = [here | ({differs: others[0][differs]} if differs and others else {}), *others]
    rows = [Candidate(ref=str(number), **held) for number, held in enumerate(there)]
    whom = Person(id="p1", **here)
    plain, lowered = (
        Recognise(policy=replace(policy, population=2**size))(whom, rows, source="police", truncated=truncated)
        for policy in (MatchPolicy(), DOWN_TO_EVEN_ODDS)
    )
    for before, after in zip(plain, lowered, strict=True):
        assert (before.ref, before.millibits, before.guards) == (after.ref, after.millibits, after.guards)
        limits = {guard.limit for guard in after.guards} - {"auto"}
        assert before.outcome == after.outcome or (before.outcome, after.outcome, limits) == ("review", "auto", set())
        assert after.outcome != "auto" or after.bits >= 0
