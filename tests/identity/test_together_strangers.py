"""Who is no company for whom: the same person twice, a record of two people's, one that was denied, a near rival."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mash_trawl.identity import match_together
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild, rerun
from mash_trawl.identity.verdicts import Judged, Verdicts
from mash_trawl.model.match import Looked, Verdict
from mash_trawl.model.person import Address

OLD = Address(lines=("3 Weir Street",), postcode="NB7 1AA", uprn="100023330003")
MOTHER = {"given": "Samira", "born": "1988-11-02"}


@pytest.fixture
def hers(candidate):
    return candidate(**MOTHER, ref="b", addresses=(OLD,))


def outcomes(decided):
    return [[item.outcome for item in matches] for matches in decided]


def test_a_stranger_whom_case_and_source_both_hold_twice_is_no_company_for_himself(person, candidate):
    twice = [replace(person(family=family), id=f"p{n}") for n, family in enumerate(("Khan", "Fenwick"))]
    asked = [(one, [candidate(family=one.names[0].family, ref=one.id, addresses=(OLD,))]) for one in twice]
    assert outcomes(match_together(asked)) == [["review"], ["review"]]


def test_twins_who_moved_are_found_together(person, candidate):
    twins = [replace(person(given=given), id=given) for given in ("Aisha", "Zahra")]
    asked = [(one, [candidate(given=one.id, ref=one.id, addresses=(OLD,))]) for one in twins]
    assert outcomes(match_together(asked)) == [["auto"], ["auto"]]


def test_one_record_that_would_be_two_peoples_is_nobodys_company(child, mother, candidate, hers):
    own = candidate(addresses=(OLD,))
    asked = [(child, [own]), (replace(child, id="p3"), [own]), (mother, [hers])]
    assert outcomes(match_together(asked)) == [["review"]] * 3


def test_who_was_certain_waits_once_another_record_lives_with_the_family(child, mother, candidate, hers):
    namesake = candidate(ref="n", addresses=(Address(lines=("99 Mill Lane",), postcode="NB1 4QT"),))
    with_her = candidate(addresses=(OLD,))
    alone, _ = match_together([(child, [namesake, with_her]), (mother, [])])
    assert [(item.ref, item.outcome) for item in alone] == [("n", "auto"), ("a", "review")]
    beside, other = match_together([(child, [namesake, with_her]), (mother, [hers])])
    assert sorted((item.ref, item.outcome) for item in beside) == [("a", "review"), ("n", "review")]
    plain = looked_again(child, namesake, with_her, mother=mother, hers=hers).trace
    assert rebuild(plain).items == rerun(plain).items == beside.items
    assert outcomes([other]) == [["auto"]]


def looked_again(child, *found, mother, hers, verdicts=None):
    recognise = Recognise(verdicts=verdicts or Verdicts())
    both = [
        Looked(person=one, candidates=rows, matches=recognise(one, rows, source="housing", truncated=False))
        for one, rows in ((child, found), (mother, (hers,)))
    ]
    return next(iter(recognise.together(both, (), source="housing")), None)


@pytest.mark.parametrize("gone", [False, True])
def test_a_record_that_was_denied_before_the_person_was_renamed_is_nobodys_company(
    child, mother, candidate, hers, gone
):
    verdict = Verdict(statement="00", by="j.test", roles=("analyst",), at="2026-11-03T10:00:00+00:00", reason="Seen.")
    no = Judged(same=False, record="", known=False, verdict=verdict)
    said = Verdicts(gone={("housing", "b"): no}) if gone else Verdicts(held={("housing", "p2"): {"b": no}})
    own = candidate(addresses=(OLD,))
    assert looked_again(child, own, mother=mother, hers=hers).auto
    assert looked_again(child, own, mother=mother, hers=hers, verdicts=said) is None


def test_two_flats_of_one_building_and_a_building_without_flats_are_no_home(child, mother, candidate):
    def found(ours, theirs):
        at = [(Address(lines=(line,), postcode="NB7 1AA"),) for line in (ours, theirs)]
        rows = [candidate(addresses=at[0]), candidate(**MOTHER, ref="b", addresses=at[1])]
        return outcomes(match_together([(child, rows[:1]), (mother, rows[1:])]))

    assert found("Flat 2, Weir House", "Flat 3, Weir House") == [["review"], ["review"]]
    assert found("Flat 2, Weir House", "Weir House") == [["review"], ["review"]]
    assert found("Flat 2, Weir House", "Flat 2, Weir House") == [["auto"], ["auto"]]


def test_whoever_stands_apart_is_nobodys_company_and_has_none(child, mother, candidate, hers):
    """That the source was asked about them can be hidden, and the explanation of another's match would tell it."""
    recognise = Recognise(apart=frozenset({("housing", "p2")}))
    both = [
        Looked(person=one, candidates=(row,), matches=recognise(one, (row,), source="housing", truncated=False))
        for one, row in ((child, candidate(addresses=(OLD,))), (mother, hers))
    ]
    assert recognise.together(both, (), source="housing") == ()
    assert recognise.together(both[:1], both[1].matches.items, source="housing") == ()
    assert len(recognise.together(both, (), source="police")) == 2
