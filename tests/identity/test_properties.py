"""What holds of matching for whatever two records say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity import match
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate

RANK = {"no_match": 0, "review": 1, "auto": 2}
NUMBERS = ("9990000018", "9990000026", "9990000034")
GIVEN = (
    "Aisha",
    "Ayesha",
    "Zahra",
    "Ella",
    "Ellie",
    "Mohammed Ali",
    "Tom",
    "Thomas",
    "Seán",
    "Baby",
    "A",
    "Олена",
    "伟",
)
FAMILY = ("Khan", "Kahn", "Smith-Jones", "Smith", "O'Brien", "Kaur", "Коваленко", "Unknown")
DAYS = (
    "2014-05-17",
    "2014-05-07",
    "2014-07-05",
    "2015-05-17",
    "2004-05-17",
    "2014-01-01",
    "2014-05-15",
    "2014-05",
    "2014",
)
HOMES = (
    Address(lines=("14 Mill Lane",), postcode="NB1 4QT", uprn="100023336956"),
    Address(lines=("Flat 2, 14 Mill Lane",), postcode="NB1 4QT"),
    Address(lines=("9 Quarry View",), postcode="NB7 2AA", uprn="100023339999"),
    Address(postcode="ZZ99 3VZ"),
)
HOSTILE = st.one_of(
    st.just(""), st.sampled_from("aÅж"),
    st.sampled_from(("x" * 500, "\u202eahsiA", "A" + "\u0301" * 60 + "isha", "A\0isha")),
    st.text(alphabet=st.characters(categories=["Cf", "Cc", "Mn", "Zs", "Nd", "Po"]), max_size=40),
)  # fmt: skip
names = st.builds(
    lambda given, family: Name(given=(given,), family=family), st.sampled_from(GIVEN), st.sampled_from(FAMILY)
)
days = st.none() | st.sampled_from(DAYS).map(PartialDate.parse)
facts = st.fixed_dictionaries(
    {
        "names": st.lists(names, max_size=1).map(tuple),
        "born": days,
        "sex": st.sampled_from(("female", "male", "unknown")),
        "addresses": st.lists(st.sampled_from(HOMES), max_size=2, unique=True).map(tuple),
        "identifiers": st.dictionaries(st.just("nhs_number"), st.sampled_from(NUMBERS), max_size=1),
        "restrictions": st.sampled_from(((), (), (), ("adoption",), ("hidden_address",))),
    }
)
policies = st.builds(
    MatchPolicy, population=st.sampled_from((2, 5_000, 300_000)), social_care_dates=st.booleans(),
    lead_millibits=st.sampled_from((7_000, 12_000)),
)  # fmt: skip


def one(here, there, policy=None, **how):
    (found,) = match(Person(id="p1", **here), [Candidate(ref="a", **there)], policy, **how)
    return found


@settings(max_examples=50, deadline=None)
@given(facts, facts, policies)
def test_it_is_no_matter_which_side_is_asked_about(here, there, policy):
    found, turned = one(here, there, policy), one(there, here, policy)
    assert (found.outcome, found.millibits) == (turned.outcome, turned.millibits)
    assert {guard.id for guard in found.guards} == {guard.id for guard in turned.guards}


@settings(max_examples=50, deadline=None)
@given(facts, st.lists(facts, min_size=2, max_size=5), policies, st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters(here, others, policy, chance):
    rows = [Candidate(ref=f"c{number // 2}", **there) for number, there in enumerate(others)]
    turned = chance.sample(rows, len(rows))
    assert match(Person(id="p1", **here), rows, policy) == match(Person(id="p1", **here), turned, policy)


@settings(max_examples=50, deadline=None)
@given(facts, facts, st.sampled_from(("nhs_number", "upn", "sex", "address")))
def test_evidence_that_agrees_never_lowers(here, there, what):
    more = {
        "nhs_number": {"identifiers": {"nhs_number": "9990000042"}},
        "upn": {"identifiers": {"upn": "A812120000001"}},
        "sex": {"sex": "female"},
        "address": {"addresses": (Address(lines=("7 Forge Street",), postcode="NB2 9ZZ", uprn="100023331111"),)},
    }[what]
    field = next(iter(more))
    bare = {field: {"identifiers": {}, "sex": "unknown", "addresses": ()}[field]}
    before, after = one(here | bare, there | bare), one(here | more, there | more)
    assert after.millibits >= before.millibits
    assert RANK[after.outcome] >= RANK[before.outcome]


@settings(max_examples=50, deadline=None)
@given(facts, facts, st.sampled_from(("nhs_number", "upn", "sex", "born", "given")))
def test_a_conflict_never_raises(here, there, what):
    """Beside records that say nothing in the field, or the same: two that contradict each other score no higher."""
    ours, theirs = {
        "nhs_number": ({"identifiers": {"nhs_number": NUMBERS[0]}}, {"identifiers": {"nhs_number": NUMBERS[1]}}),
        "upn": ({"identifiers": {"upn": "A812120000001"}}, {"identifiers": {"upn": "H812120000002"}}),
        "sex": ({"sex": "female"}, {"sex": "male"}),
        "born": ({"born": PartialDate.parse("2014-05-17")}, {"born": PartialDate.parse("1988-11-02")}),
        "given": (
            {"names": (Name(given=("Aisha",), family="Khan"),)},
            {"names": (Name(given=("Zahra",), family="Khan"),)},
        ),
    }[what]
    field = next(iter(ours))
    after = one(here | ours, there | theirs)
    for same in (ours, theirs):
        before = one(here | same, there | same)
        assert after.millibits <= before.millibits
        assert RANK[after.outcome] <= RANK[before.outcome]
    nothing = {"identifiers": {}, "sex": "unknown"}.get(field)
    if nothing is not None:
        before = one(here | {field: nothing}, there | {field: nothing})
        assert after.millibits <= before.millibits
        assert RANK[after.outcome] <= RANK[before.outcome]


@settings(max_examples=50, deadline=None)
@given(facts, st.lists(facts, min_size=1, max_size=4), policies)
def test_the_bars_and_the_start_sum_to_the_total(here, others, policy):
    for found in match(
        Person(id="p1", **here), [Candidate(ref=f"c{n}", **there) for n, there in enumerate(others)], policy
    ):
        assert abs(found.prior / 1000 + sum(line.millibits for line in found.lines) / 1000 - found.bits) < 1e-9
        running = found.prior
        for line in found.lines:
            running += line.millibits
            assert line.running == running
        assert running == found.millibits


@settings(max_examples=50, deadline=None)
@given(facts, facts, HOSTILE, HOSTILE, st.booleans())
def test_a_name_that_nobody_bears_is_no_crash_and_never_certain(here, there, mine, yours, both):
    ours = here | {"names": (Name(given=(mine,), family=yours),)}
    theirs = ours if both else there | {"names": (Name(given=(yours,), family=mine),)}
    numbers = {"identifiers": {"nhs_number": NUMBERS[0]}}
    assert one(ours, theirs).outcome != "auto"
    assert one(ours | numbers, theirs | numbers).outcome != "auto"


@settings(max_examples=50, deadline=None)
@given(facts, HOSTILE, HOSTILE, HOSTILE)
def test_hostile_numbers_postcodes_and_lines_are_no_crash_and_prove_nothing(here, number, code, line):
    hostile = {
        "identifiers": {"nhs_number": number, "upn": number, line: code},
        "addresses": (Address(lines=(line, number), postcode=code, uprn=number),),
    }
    plain = {"identifiers": {}, "addresses": ()}
    ours, theirs = here | {"born": None} | hostile, here | {"born": None} | hostile
    assert one(ours, theirs).outcome != "auto"
    assert RANK[one(here | hostile, here | plain).outcome] <= 1


@settings(max_examples=50, deadline=None)
@given(facts, facts, policies)
def test_a_search_that_was_cut_off_makes_nothing_certain(here, there, policy):
    whole, part = one(here, there, policy), one(here, there, policy, truncated=True)
    assert part.outcome != "auto"
    assert part.millibits == whole.millibits
    assert "G12" in {guard.id for guard in part.guards}


@settings(max_examples=50, deadline=None)
@given(facts, facts, policies)
def test_a_profile_that_asks_for_more_never_gets_more(here, there, policy):
    stricter = replace(
        policy, auto_per_million=999_999, lead_millibits=policy.lead_millibits + 5_000, social_care_dates=True
    )
    loose, strict = one(here, there, policy), one(here, there, stricter)
    assert (strict.outcome == "auto") <= (loose.outcome == "auto")


def test_fifty_thousand_candidates_end_and_make_nobody_certain():
    """A source that answers with half its table: namesakes on every day of a century, and one that is the same."""
    same = {"names": (Name(given=("Aisha",), family="Khan"),), "sex": "female"}
    first = date(1930, 1, 1).toordinal()
    rows = [Candidate(ref=f"r{number}", born=PartialDate.of(date.fromordinal(first + number % 33_000)), **same)
            for number in range(50_000)]  # fmt: skip
    found = match(Person(id="p1", born=PartialDate.parse("2014-05-17"), **same), rows)
    assert Counter(item.outcome for item in found).get("auto", 0) == 0
    assert len(found.review) < 5_000


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_and_one_nobody_are_answers_too(count):
    found = match(Person(id="p1"), [Candidate(ref="a")][:count])
    assert [item.outcome for item in found] == ["review"][:count]
