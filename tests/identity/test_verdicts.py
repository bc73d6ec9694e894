"""What named people said of records: ids, marks, and how far a yes or a no counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.case import load_case
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.identity.verdicts import LONGEST_REASON, Verdicts, check_reason, may_be_linked, record_mark
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import Guard, Match, Matches, match_id
from mash_trawl.model.person import Address, Name
from mash_trawl.model.query import Candidate
from mash_trawl.model.statement import Checked, Identified, Statement, person_mark

CASE = load_case(
    {
        "version": 1, "id": "SYN-1", "profile": "children_in_need", "opened_at": "2026-11-03T09:20:00+00:00",
        "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
        "people": [
            {"id": "p1", "roles": ["subject"], "names": [{"given": ["Synthetica"], "family": "Testfall"}],
             "born": "2014-05-17"},
            {"id": "p2", "roles": ["parent"], "names": [{"given": ["Fictia"], "family": "Testfall"}]},
        ],
    }
)  # fmt: skip
G10 = Guard(id="G10", limit="review", reason="the record is restricted")
HELD = Candidate(
    ref="R", names=(Name(given=("Synthetica",), family="Testfall"), Name(given=("Syn",), family="Testfall")),
    born=PartialDate.of(date(2013, 5, 17)), identifiers={"upn": "H801200001001", "nhs_number": "999 000 0018"},
    addresses=(Address(lines=("1 Example Row",), postcode="NB1 4QT"), Address(lines=("2 Example Row",))),
    restrictions=("adoption", "hidden_address"),
)  # fmt: skip


def match(outcome="review", candidate=HELD, **more):
    return Match(person="p1", candidate=candidate, outcome=outcome, millibits=9000, prior=-9000, lines=(), **more)


def said(same=True, *, number=0, source="housing", ref="R", record=None, case=CASE, person="p1"):
    """A statement that counts, by somebody who looked at HELD."""
    word = Identified(
        person=person, source=source, ref=ref, same=same, reason="Seen.", record=record or record_mark(HELD)
    )
    at = datetime(2026, 11, 3, 10, number, tzinfo=UTC)
    people = {item.id: person_mark(item) for item in case.people if item.id == person}
    statement = Statement(
        id=f"{number:016x}", kind="identity", hub="test", by="j.test", at=at, said=word, case=case.id, people=people,
        roles=("practitioner", "analyst"),
    )  # fmt: skip
    return Checked(statement=statement, roles=frozenset({"analyst"}))


def outcomes(verdicts, *matches, source="housing"):
    found = verdicts.apply(Matches(person="p1", items=matches), source)
    return [item.outcome for item in found]


def named(given_name):
    people = (replace(CASE.people[0], names=(Name(given=(given_name,), family="Testfall"),)), *CASE.people[1:])
    return replace(CASE, people=people)


def test_the_id_of_a_match_is_one_within_a_case_and_nobody_without_its_secret_can_try_out_keys():
    here, there = "00" * 32, "01" * 32
    own = match_id("housing", "T-1207", here)
    assert own == match_id("housing", "T-1207", here) and own.startswith("housing:") and len(own) == len("housing:") + 8
    others = [match_id(*other) for other in (("housing", "T-1207", there), ("police", "T-1207", here))]
    assert own.partition(":")[2] not in {other.partition(":")[2] for other in others}
    with pytest.raises(Refused):
        match_id("housing", "T-1207", "")


def test_without_a_word_the_rules_decide():
    assert outcomes(Verdicts(), match(), match("auto"), match("no_match")) == ["review", "auto", "no_match"]


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [("review", "confirmed", "rejected"), ("auto", "auto", "rejected"), ("no_match", "no_match", "rejected")],
)
def test_a_yes_counts_where_the_rules_leave_it_to_a_person_and_a_no_always(rule, yes, no):
    assert outcomes(Verdicts.of(CASE, [said(True)]), match(rule)) == [yes]
    assert outcomes(Verdicts.of(CASE, [said(False)]), match(rule)) == [no]


def test_a_word_is_about_one_record_of_one_source_and_one_person():
    for other in (said(ref="S"), said(source="police"), said(person="p2")):
        assert outcomes(Verdicts.of(CASE, [other]), match()) == ["review"]


def test_the_last_word_holds():
    assert outcomes(Verdicts.of(CASE, [said(True), said(False, number=1)]), match()) == ["rejected"]
    assert outcomes(Verdicts.of(CASE, [said(False), said(True, number=1)]), match()) == ["confirmed"]


def test_it_says_who_said_so_in_which_roles_when_and_why():
    (found,) = Verdicts.of(CASE, [said(True)]).apply(Matches(person="p1", items=(match(),)), "housing")
    assert (found.verdict.by, found.verdict.roles, found.verdict.at, found.verdict.reason) == (
        "j.test", ("analyst", "practitioner"), "2026-11-03T10:00:00+00:00", "Seen."
    )  # fmt: skip
    assert "j.test" not in repr(found.verdict)


@pytest.mark.parametrize(
    "change",
    [
        {"born": PartialDate.of(date(2013, 5, 18))}, {"sex": "female"}, {"names": HELD.names[:1]}, {"identifiers": {}},
        {"addresses": HELD.addresses[:1]}, {"restrictions": ()}, {"died": PartialDate.of(date(2026, 1, 2))},
    ],
    ids=str,
)  # fmt: skip
def test_a_yes_ends_with_any_change_of_the_record_and_a_no_does_not(change):
    changed = match(candidate=replace(HELD, **change))
    assert outcomes(Verdicts.of(CASE, [said(True)]), changed) == ["review"]
    assert outcomes(Verdicts.of(CASE, [said(False)]), changed) == ["rejected"]


@given(st.permutations(HELD.names), st.permutations(HELD.addresses), st.permutations(HELD.restrictions), st.booleans())
def test_the_order_in_which_a_source_tells_changes_nothing(names, addresses, restrictions, turned):
    numbers = dict(reversed(HELD.identifiers.items())) if turned else HELD.identifiers
    told = replace(
        HELD, names=tuple(names), addresses=tuple(addresses), restrictions=tuple(restrictions), identifiers=numbers
    )
    assert record_mark(told) == record_mark(HELD)


def test_for_somebody_else_under_the_same_id_a_yes_counts_no_more_and_a_no_leaves_it_to_a_person():
    yes, no = Verdicts.of(named("Otheria"), [said(True)]), Verdicts.of(named("Otheria"), [said(False)])
    assert outcomes(yes, match(), match("auto")) == ["review", "auto"]
    assert outcomes(no, match(), match("auto"), match("no_match")) == ["review", "review", "no_match"]
    gone = Verdicts.of(replace(CASE, people=CASE.people[1:]), [said(True)])
    assert outcomes(gone, match()) == ["review"]


def test_a_no_follows_somebody_to_another_id_in_the_case_and_a_yes_does_not():
    moved = replace(CASE, people=(replace(CASE.people[0], id="p9"), CASE.people[1]))

    def at_p9(*words):
        items = (match(), match("auto"))
        found = Verdicts.of(moved, words).apply(Matches(person="p9", items=items), "housing")
        return [item.outcome for item in found]

    assert at_p9(said(False)) == ["review", "review"]
    assert at_p9(said(True)) == at_p9(said(False), said(True, number=1)) == ["review", "auto"]
    assert at_p9(said(False), said(True, number=1, case=moved, person="p9")) == ["confirmed", "auto"]


def test_a_no_about_somebody_whom_the_case_has_no_more_leaves_the_record_to_a_person_for_anybody_in_it():
    entered_anew = replace(CASE, people=(replace(named("Otheria").people[0], id="p9"), CASE.people[1]))

    def at(*words, ref="R", person="p9", source="housing"):
        items = (match("auto", candidate=replace(HELD, ref=ref)), match("no_match"))
        found = Verdicts.of(entered_anew, words).apply(Matches(person=person, items=items), source)
        return [item.outcome for item in found]

    assert at(said(False)) == at(said(False), person="p2") == ["review", "no_match"]
    assert at(said(False), ref="S") == at(said(False), source="police") == at(said(True)) == ["auto", "no_match"]
    assert at(said(False), said(True, number=1)) == ["auto", "no_match"]
    assert at(said(False), said(False, number=1, case=entered_anew, person="p9")) == ["rejected", "rejected"]
    assert Verdicts.of(entered_anew, [said(False)]).marks == Verdicts.of(entered_anew, []).marks | {
        ("housing", "p1"): Verdicts.of(entered_anew, [said(False)]).marks["housing", "p1"]
    }


def test_a_no_about_one_of_two_who_are_called_the_same_is_not_about_the_other():
    twins = replace(CASE, people=(CASE.people[0], replace(CASE.people[0], id="p2")))
    assert not Verdicts.of(twins, [said(False, case=twins)]).denies("housing", replace(match(), person="p2"))


@pytest.mark.parametrize("reason", ["", " \n", "x" * (LONGEST_REASON + 1)])
def test_a_reason_is_there_and_can_be_read(reason):
    check_reason("Seen.", "reason")
    with pytest.raises(Misconfigured):
        check_reason(reason, "reason")


def test_a_record_without_a_key_is_never_anybodys_by_somebodys_word():
    bare = replace(HELD, ref=" ")
    word = said(ref=" ", record=record_mark(bare))
    assert outcomes(Verdicts.of(CASE, [word]), match(candidate=bare)) == ["review"]


@pytest.mark.parametrize("flagged", [0, 1])
def test_two_records_of_which_one_is_restricted_are_never_said_to_be_one_persons(flagged):
    other = replace(HELD, ref="S")
    guards = [(G10,) if number == flagged else () for number in range(2)]
    pair = (match(guards=guards[0]), match(candidate=other, guards=guards[1]))
    both = Verdicts.of(CASE, [said(True), said(True, number=1, ref="S", record=record_mark(other))])
    assert outcomes(both, *pair) == ["review", "review"]
    assert outcomes(both, replace(pair[0], guards=()), replace(pair[1], guards=())) == ["confirmed", "confirmed"]
    beside = (replace(pair[0], outcome="auto", guards=()), replace(pair[1], guards=(G10,)))
    assert outcomes(Verdicts.of(CASE, [said(True, ref="S", record=record_mark(other))]), *beside) == ["auto", "review"]
    assert may_be_linked(pair[:1]) and may_be_linked(()) and not may_be_linked(pair)


def test_what_was_taken_before_stands_only_by_what_is_said_now():
    yes, no, nothing = Verdicts.of(CASE, [said(True)]), Verdicts.of(CASE, [said(False)]), Verdicts()
    other = Verdicts.of(named("Otheria"), [said(False)])
    auto, confirmed = match("auto"), match("confirmed")
    changed = match("confirmed", replace(HELD, sex="female"))
    assert [one.stands("housing", auto) for one in (nothing, yes, no, other)] == [True, True, False, False]
    assert [one.stands("housing", confirmed) for one in (nothing, yes, no, other)] == [False, True, False, False]
    assert [one.stands("housing", match()) for one in (nothing, yes, no, other)] == [True, True, False, True]
    assert [one.denies("housing", auto) for one in (nothing, yes, no, other)] == [False, False, True, True]
    assert not yes.stands("housing", changed) and not yes.stands("police", confirmed)


def test_the_mark_of_a_pair_changes_with_every_word_about_it_and_with_who_the_person_is_and_with_nothing_else():
    one = Verdicts.of(CASE, [said(True)]).marks
    assert list(one) == [("housing", "p1")]
    assert Verdicts.of(CASE, [said(True)]).marks == one
    others = [
        Verdicts.of(CASE, [said(True), said(True, number=1)]).marks, Verdicts.of(named("Otheria"), [said(True)]).marks,
        Verdicts.of(CASE, [said(True), said(True, number=1, ref="S")]).marks,
    ]  # fmt: skip
    assert len({mark["housing", "p1"] for mark in (one, *others)}) == 4
    assert (
        Verdicts.of(CASE, [said(True), said(True, number=1, person="p2")]).marks["housing", "p1"]
        == (one["housing", "p1"])
    )
