"""The people of a case beside one another at one source: a family that moved is recognised by its being together."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity import match, match_together
from mash_trawl.identity.explain import words
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.score import WEIGHTS
from mash_trawl.identity.trace import rebuild, rerun
from mash_trawl.identity.verdicts import Judged, Verdicts
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import Company, Looked, MatchPolicy, Verdict
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate
from mash_trawl.model.weighing import NameShares

OLD = Address(lines=("3 Weir Street",), postcode="NB7 1AA", uprn="100023330003")
OTHER = Address(lines=("88 Quarry Road",), postcode="NB9 8ZZ", uprn="100023330088")
HOSTEL = Address(lines=("Dock Street Hostel",), postcode="NB2 2BB")
MOTHER = {"given": "Samira", "born": "1988-11-02"}


def outcomes(*decided):
    return [[item.outcome for item in matches] for matches in decided]


def test_two_who_moved_are_certain_together_and_each_alone_is_for_a_person(child, mother, candidate):
    here, there = [candidate(addresses=(OLD,))], [candidate(**MOTHER, ref="b", addresses=(OLD,))]
    assert outcomes(match(child, here), match(mother, there)) == [["review"], ["review"]]
    ours, theirs = match_together([(child, here), (mother, there)])
    assert outcomes(ours, theirs) == [["auto"], ["auto"]]
    assert [item.company for item in (*ours, *theirs)] == [
        (Company(person="p2", ref="b"),), (Company(person="p1", ref="a"),),
    ]  # fmt: skip


def test_it_counts_as_much_as_a_postcode_and_is_told_without_saying_who(child, mother, candidate):
    here, there = [candidate(addresses=(OLD,))], [candidate(**MOTHER, ref="b", addresses=(OLD,))]
    (alone,), (beside,) = match(child, here), match_together([(child, here), (mother, there)])[0]
    assert beside.lines[:-1] == alone.lines[:-1] and beside.guards == ()
    line = beside.lines[-1]
    assert (line.level, line.millibits) == ("company", WEIGHTS["address"]["postcode"])
    assert (line.here, line.there) == (alone.lines[-1].here, alone.lines[-1].there)
    assert beside.millibits - alone.millibits == line.millibits - alone.lines[-1].millibits
    told = " ".join(words(beside))
    assert "somebody else of the case is in the same home there, +9.644" in told
    assert "Samira" not in told and "p2" not in told


def test_of_a_person_without_an_address_the_home_of_the_record_is_shown(child, mother, candidate):
    asked = [(replace(child, addresses=()), [candidate(addresses=(OLD,))]),
             (mother, [candidate(**MOTHER, ref="b", addresses=(OLD,))])]  # fmt: skip
    (line,) = (one for one in match_together(asked)[0].items[0].lines if one.field == "address")
    assert (line.level, line.here, line.there) == ("company", "", "3 Weir Street, NB7 1AA")


def test_names_that_many_bear_need_the_sex_as_well(child, mother, candidate):
    common = {"given": {"aisha": 9_000_000, "samira": 100}, "family": {"khan": 31_000_000},
              "least": {"given": 100, "family": 100}}  # fmt: skip
    policy = MatchPolicy(names=NameShares(source="local", date=date(2026, 10, 1), sha256="f" * 64, **common))
    there = [candidate(**MOTHER, ref="b", addresses=(OLD,))]
    for sex, outcome in (("female", "auto"), ("unknown", "review")):
        here = [candidate(addresses=(OLD,), sex=sex)]
        (alone,) = match(child, here, policy)
        assert [guard.id for guard in alone.guards] == ["G11", "G15"]
        assert outcomes(match_together([(child, here), (mother, there)], policy)[0]) == [[outcome]]


def test_beside_a_record_that_is_certain_itself_one_is_enough(child, mother, candidate):
    there = [candidate(**MOTHER, ref="b", addresses=(replace(OLD, to=PartialDate.parse("2020")), mother.addresses[0]))]
    ours, theirs = match_together([(child, [candidate(addresses=(OLD,))]), (mother, there)])
    assert outcomes(ours, theirs) == [["auto"], ["auto"]]
    assert theirs.items[0].company == ()


@pytest.mark.parametrize(
    "stranger",
    [
        {"addresses": (OTHER,)}, {"addresses": ()}, {"addresses": (Address(lines=("3 Weir Street",)),)},
        {"addresses": (OLD,), "family": "Kahn"}, {"addresses": (OLD,), "given": "Aisah"},
        {"addresses": (OLD,), "born": "2014-05-18"}, {"addresses": (OLD,), "born": "2014-05"},
        {"addresses": (OLD,), "born": "2014-01-01"}, {"addresses": (OLD,), "sex": "male"},
        {"addresses": (OLD,), "restrictions": ("adoption",)}, {"addresses": (OLD,), "ref": "b"},
        {"addresses": (OLD,), "ref": " "},
    ],
)  # fmt: skip
def test_whoever_lives_elsewhere_or_is_not_quite_the_same_or_restricted_stays_for_a_person(
    child, mother, candidate, stranger
):
    there = [candidate(**MOTHER, ref="b", addresses=(OLD,))]
    decided = match_together([(child, [candidate(**stranger)]), (mother, there)])
    assert outcomes(*decided) == [["review"], ["review"]]
    assert all(item.company == () for matches in decided for item in matches)


def test_a_place_that_many_share_is_nobodys_home(child, mother, candidate):
    def asked(place, policy=None, more=()):
        here, there = [candidate(addresses=(place,)), *more], [candidate(**MOTHER, ref="b", addresses=(place,))]
        ours, theirs = match_together([(child, here), (mother, there)], policy)
        return ours.items[0].outcome, theirs.items[0].outcome

    assert asked(HOSTEL) == ("review", "review")
    assert asked(OLD, MatchPolicy(shared_addresses=("NB7 1AA",))) == ("review", "review")
    crowd = [candidate(given=f"Synthetic{n}", family="Other", born=f"19{n + 60}-03-04", ref=f"c{n}", addresses=(OLD,))
             for n in range(13)]  # fmt: skip
    assert asked(OLD, more=crowd) == ("review", "review")


def test_a_place_that_is_strict_about_names_and_birth_date_stays_strict(child, mother, candidate):
    here, there = [candidate(addresses=(OLD,))], [candidate(**MOTHER, ref="b", addresses=(OLD,))]
    decided = match_together([(child, here), (mother, there)], MatchPolicy(guards={"G15": "strict"}))
    assert outcomes(*decided) == [["review"], ["review"]]


def test_two_records_of_the_same_names_and_date_are_for_a_person_wherever_they_live(child, mother, candidate):
    here = [candidate(addresses=(OLD,)), candidate(ref="z", addresses=(OTHER,))]
    ours, _ = match_together([(child, here), (mother, [candidate(**MOTHER, ref="b", addresses=(OLD,))])])
    assert outcomes(ours) == [["review", "review"]]


def test_a_search_that_was_cut_off_makes_nobody_certain(child, mother, candidate):
    here, there = [candidate(addresses=(OLD,))], [candidate(**MOTHER, ref="b", addresses=(OLD,))]
    assert outcomes(*match_together([(child, here), (mother, there)], truncated=True)) == [["review"], ["review"]]


def looked(recognise, person, *found):
    matches = recognise(person, found, source="housing", truncated=False)
    return Looked(person=person, candidates=found, matches=matches)


def verdict(same):
    said = Verdict(statement="00", by="j.test", roles=("analyst",), at="2026-11-03T10:00:00+00:00", reason="Seen.")
    return Judged(same=same, record="", known=True, verdict=said)


def test_a_record_that_somebody_denied_stands_beside_nobody(child, mother, candidate):
    said = Verdicts(held={("housing", "p2"): {"b": verdict(same=False)}})
    recognise = Recognise(verdicts=said)
    both = [looked(recognise, child, candidate(addresses=(OLD,))),
            looked(recognise, mother, candidate(**MOTHER, ref="b", addresses=(OLD,)))]  # fmt: skip
    assert recognise.together(both, (), source="housing") == ()
    taken = match_together([(one.person, one.candidates) for one in both])[1].items
    carried = Recognise(verdicts=said, carried={"housing": taken})
    assert carried.together(both[:1], (), source="housing") == ()
    assert [
        item.outcome for item in Recognise(carried={"housing": taken}).together(both[:1], (), source="housing")[0]
    ] == ["auto"]


def test_what_an_earlier_trawl_took_counts_at_its_own_source_alone(child, mother, candidate):
    there = match(mother, [candidate(**MOTHER, ref="b", addresses=(OLD, mother.addresses[0]))])
    recognise = Recognise(carried={"police": there.items})
    held = [looked(recognise, child, candidate(addresses=(OLD,)))]
    assert recognise.together(held, (), source="housing") == ()
    assert len(recognise.together(held, (), source="police")) == 1


def test_a_decision_made_together_is_rebuilt_and_made_again_from_its_trace(child, mother, candidate):
    recognise = Recognise()
    both = [looked(recognise, child, candidate(addresses=(OLD,)), candidate(given="Zahra", ref="z")),
            looked(recognise, mother, candidate(**MOTHER, ref="b", addresses=(OLD,)))]  # fmt: skip
    for decided in recognise.together(both, (), source="housing"):
        plain = json.loads(json.dumps(decided.trace))
        assert rebuild(plain).items == rerun(plain).items == decided.auto
        assert [item.company for item in decided.auto] != [()]


family = st.sampled_from(["Khan", "Kahn", "Fenwick"])
homes = st.lists(st.sampled_from([OLD, OTHER, HOSTEL]), max_size=2).map(tuple)
who = st.tuples(
    st.sampled_from(["Aisha", "Samira", "Yusuf", "A", ""]), family,
    st.sampled_from(["2014-05-17", "1988-11-02", "2014", None]), homes,
)  # fmt: skip


def facts(one):
    given_name, family_name, born, places = one
    return {
        "names": (Name(given=(given_name,) if given_name else (), family=family_name),),
        "born": PartialDate.parse(born) if born else None, "addresses": places,
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(who, min_size=1, max_size=4),
    held=st.lists(who, max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_whatever_a_source_holds_the_order_never_matters_and_only_what_g15_alone_left_open_gets_more(
    people, held, order
):
    rows = tuple(Candidate(ref=f"r{n}", **facts(one)) for n, one in enumerate(held))
    asked = [(Person(id=f"p{n}", **facts(one)), rows) for n, one in enumerate(people)]
    together = {matches.person: matches for matches in match_together(asked)}
    turned = [(person, order.sample(rows, len(rows))) for person, rows in order.sample(asked, len(asked))]
    assert {matches.person: matches.items for matches in match_together(turned)} == {
        person: matches.items for person, matches in together.items()
    }
    for person, _ in asked:
        alone = {item.ref: item for item in match(person, rows)}
        for item in together[person.id]:
            before = alone[item.ref]
            more = before.alone and item.outcome == "auto" and item.company
            rival = (before.outcome, item.outcome) == ("auto", "review") and "G6" in {one.id for one in item.guards}
            assert item.outcome == before.outcome or more or rival


def test_plain_dicts_are_matched_together_and_two_people_of_one_id_are_refused():
    def plain(given_name, born, **more):
        return {"names": [{"given": [given_name], "family": "Synthetic-Weir"}], "born": born, "sex": "female"} | more

    home = [{"lines": ["3 Weir Street"], "postcode": "NB7 1AA"}]
    family = [("Aisha", "2014-05-17"), ("Samira", "1988-11-02")]
    asked = [(plain(*one), [plain(*one, addresses=home, ref=f"r{at}")]) for at, one in enumerate(family)]
    assert [(matches.person, matches.items[0].outcome) for matches in match_together(asked)] == [
        ("p1", "auto"), ("p2", "auto"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="one id"):
        match_together([(person | {"id": "p1"}, found) for person, found in asked])
