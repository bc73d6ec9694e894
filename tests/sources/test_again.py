"""What a second trawl asks, and what it carries over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.api import Candidate, Event, PartialDate, name
from mash_trawl.config.case import load_case
from mash_trawl.config.read import read_value
from mash_trawl.model.answer import STATUS_OF, Answer, Why
from mash_trawl.model.base import to_plain
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.hidden import Hidden
from mash_trawl.model.match import Company, Match
from mash_trawl.sources.again import Asked, Kept, Memory, facts_of, permits, what_to_ask
from mash_trawl.sources.carried import remember, together
from mash_trawl.sources.refusals import refusal

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
THEN = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
CASE = load_case(
    {
        "version": 1, "id": "MASH-2026-0001", "profile": "children_in_need", "opened_at": "2026-11-03T09:20:00+00:00",
        "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
        "people": [
            {"id": "p1", "roles": ["subject"], "names": [{"given": ["Synthetica"], "family": "Testfall"}],
             "born": "2014-05-17"},
            {"id": "p2", "roles": ["parent"], "names": [{"given": ["Fictia"], "family": "Testfall"}],
             "born": "1988-11-02"},
        ],
    }
)  # fmt: skip
CATEGORIES = ("housing.asb", "housing.tenancy")


def sources(fresh_for=None, digest="housing 1.0"):
    return {"housing": Asked(fresh_for=fresh_for, digest=digest)}


def decided(permitted, since=None):
    """Decisions on both people; `permitted` maps a person to the categories that may be asked for."""
    items = tuple(
        Decision(
            person=person.id, source="housing", agency="housing", category=category, rule="r", reason="because",
            outcome=Outcome.PERMIT if category in permitted.get(person.id, ()) else Outcome.DENY,
            why="" if category in permitted.get(person.id, ()) else Why.CONSENT_NOT_GIVEN.value, since=since,
        )
        for person in CASE.people
        for category in CATEGORIES
    )  # fmt: skip
    return Decisions(case=CASE.id, profile=CASE.profile, at=NOW, items=items)


def event(ref, person, category="housing.asb", when=date(2025, 3, 4)):
    return Event(ref=ref, about=(f"r-{person}",), category=category, when=PartialDate.of(when), headline="Noise")


def matched(person, ref=None):
    candidate = Candidate(ref=ref or f"r-{person}", names=(name("Synthetica", "Testfall"),))
    return Match(person=person, candidate=candidate, outcome="auto", millibits=9000, prior=-9000, lines=())


def answer(person, why=Why.MATCHED, findings=(), matches=None, **more):
    if matches is None:
        matches = (matched(person),) if findings else ()
    return Answer(
        source="housing", agency="housing", person=person, status=STATUS_OF[why], why=why, findings=tuple(findings),
        matches=matches, asked_at=THEN, attempts=1, milliseconds=5, **more,
    )  # fmt: skip


def memory(*answers, categories=CATEGORIES):
    kept = tuple(
        Kept(
            answer=item,
            categories=dict.fromkeys(categories, ""),
            facts=facts_of(CASE.person(item.person)),
            source="housing 1.0",
        )
        for item in answers
    )
    return Memory(case="x", decided="y", kept=kept, version=1)


BOTH = {"p1": CATEGORIES, "p2": CATEGORIES}
FIRST = answer("p1", findings=[event("e1", "p1"), event("e2", "p1", "housing.tenancy")])
SECOND = answer("p2", Why.SEARCHED_ALL_KEYS)


def delta(decisions, last, *, case=CASE, refresh=(), fresh_for=None, digest="housing 1.0"):
    return what_to_ask(case, decisions, last, sources(fresh_for, digest), refresh)


def left(decisions, answers, before, found):
    kept = remember(CASE, decisions, answers, before, found, sources())
    return Memory(case="x", decided="y", kept=kept, version=2)


def reasons(found):
    return {ask.person: ask.why for ask in found.asks}


def test_the_first_trawl_asks_everything_that_is_permitted():
    found = delta(decided({"p1": CATEGORIES}), None)
    assert reasons(found) == {"p1": "new"}
    assert len(found.decisions) == len(decided(BOTH))


def test_what_was_answered_is_not_asked_again():
    found = delta(decided(BOTH), memory(FIRST, SECOND))
    assert found.asks == ()
    assert [kept.answer.person for kept in found.stands] == ["p1", "p2"]
    assert len(found.decisions) == 0


@pytest.mark.parametrize("why", [Why.DEADLINE, Why.CONNECTION_REFUSED, Why.NO_END_PROOF, Why.DRIVER_MISSING])
def test_what_failed_is_asked_again(why):
    assert reasons(delta(decided(BOTH), memory(FIRST, answer("p2", why)))) == {"p2": "failed"}


@pytest.mark.parametrize("why", [Why.CUSTODIAN_SAID_NO, Why.POSSIBLE_MATCHES, Why.SEARCHED_ALL_KEYS])
def test_a_no_an_open_question_and_nothing_known_are_answers_and_stand(why):
    assert reasons(delta(decided(BOTH), memory(FIRST, answer("p2", why)))) == {}


def test_what_is_older_than_the_source_is_fresh_for_is_asked_again():
    last = memory(FIRST, SECOND)
    assert reasons(delta(decided(BOTH), last, fresh_for=3 * 3600)) == {}
    assert reasons(delta(decided(BOTH), last, fresh_for=3 * 3600 - 1)) == {"p1": "stale", "p2": "stale"}


def test_a_pair_that_nobody_might_ask_before_is_new():
    last = memory(FIRST, answer("p2", Why.CONSENT_NOT_GIVEN))
    assert reasons(delta(decided(BOTH), last)) == {"p2": "new"}


def test_only_the_newly_permitted_category_is_asked_for():
    last = memory(replace(FIRST, findings=(event("e1", "p1"),)), SECOND, categories=("housing.asb",))
    found = delta(decided({"p1": CATEGORIES, "p2": ("housing.asb",)}), last)
    assert reasons(found) == {"p1": "newly_permitted"}
    assert permits(found.decisions.about("housing", "p1")) == {"housing.tenancy": ""}


def test_a_period_that_reaches_further_back_is_newly_permitted():
    last = memory(FIRST, SECOND)
    last = replace(last, kept=tuple(replace(k, categories=dict.fromkeys(CATEGORIES, "2024-01-01")) for k in last.kept))
    assert reasons(delta(decided(BOTH, since=date(2024, 6, 1)), last)) == {}
    assert reasons(delta(decided(BOTH, since=date(2020, 1, 1)), last)) == {
        "p1": "newly_permitted",
        "p2": "newly_permitted",
    }


def test_a_person_whose_facts_changed_is_asked_about_afresh_and_keeps_nothing():
    person = replace(CASE.people[0], born=PartialDate.parse("2015-05-17"))
    case = replace(CASE, people=(person, CASE.people[1]))
    last = memory(FIRST, SECOND)
    found = delta(decided(BOTH), last, case=case)
    assert reasons(found) == {"p1": "changed"}
    came = [answer("p1", Why.DEADLINE)]
    joined = together(came, found, last, decided(BOTH))
    assert joined.answers[0].findings == () and joined.answers[0].carried_from is None


def test_naming_a_source_asks_it_again_on_purpose():
    last = memory(FIRST, SECOND)
    assert reasons(delta(decided(BOTH), last, refresh=("housing",))) == {"p1": "on_purpose", "p2": "on_purpose"}
    assert reasons(delta(decided(BOTH), last, refresh=("all",))) == {"p1": "on_purpose", "p2": "on_purpose"}


def join(came, last, decisions, **how):
    return together(came, delta(decisions, last, **how), last, decisions)


def in_one_home():
    """Each recognised beside the other."""
    return [
        answer(one, findings=[event(f"e-{one}", one)],
               matches=(replace(matched(one), company=(Company(person=other, ref=f"r-{other}"),)),))
        for one, other in (("p1", "p2"), ("p2", "p1"))
    ]  # fmt: skip


def test_what_rests_on_a_record_in_the_same_home_stands_as_long_as_that_does():
    last = memory(*in_one_home())
    assert reasons(delta(decided(BOTH), last)) == {}
    people = tuple(replace(one, born=PartialDate.parse("1989")) if one.id == "p2" else one for one in CASE.people)
    assert reasons(delta(decided(BOTH), last, case=replace(CASE, people=people))) == {"p1": "changed", "p2": "changed"}
    assert reasons(delta(decided({"p1": CATEGORIES}), last)) == {"p1": "changed"}
    said = {("housing", "p2"): "another digest"}
    assert reasons(what_to_ask(CASE, decided(BOTH), last, sources(), (), said)) == {
        "p1": "identified", "p2": "identified",
    }  # fmt: skip


def test_beside_a_source_that_failed_for_one_the_other_is_asked_about_too_and_goes_on_being_shown():
    one, other = in_one_home()
    last = memory(one, replace(other, status=STATUS_OF[Why.DEADLINE], why=Why.DEADLINE))
    assert reasons(delta(decided(BOTH), last)) == {"p1": "stale", "p2": "failed"}
    alone = memory(
        replace(one, matches=(matched("p1"),)), replace(other, status=STATUS_OF[Why.DEADLINE], why=Why.DEADLINE)
    )
    assert reasons(delta(decided(BOTH), alone)) == {"p2": "failed"}


def test_a_carried_answer_says_from_which_version_and_when_and_nothing_was_sent_for_it():
    first, second = join([], memory(FIRST, SECOND), decided(BOTH)).answers
    assert first.findings == FIRST.findings
    assert (first.carried_from, first.carried_at, first.attempts) == (1, THEN, 0)
    assert (second.status.value, second.carried_from) == ("none_found", 1)


def test_an_answer_carried_twice_names_the_version_it_came_from():
    once = join([], memory(FIRST, SECOND), decided(BOTH)).answers
    again = replace(memory(*once), version=2)
    assert join([], again, decided(BOTH)).answers[0].carried_from == 1


def test_nothing_is_carried_that_is_not_permitted_today():
    narrowed = decided({"p1": ("housing.asb",)})
    last = memory(FIRST, SECOND)
    found = delta(narrowed, last)
    came = [answer("p2", Why.CONSENT_NOT_GIVEN, matches=())]
    first, second = together(came, found, last, narrowed).answers
    assert [item.ref for item in first.findings] == ["e1"]
    assert [item.category for item in first.withheld] == ["housing.tenancy"]
    assert second.status.value == "consent_missing"


def test_what_lies_before_the_period_of_today_is_not_carried():
    decisions = decided(BOTH, since=date(2026, 1, 1))
    first, _ = join([], memory(FIRST, SECOND), decisions).answers
    assert first.findings == () and first.why is Why.KNOWN_NOTHING_IN_SCOPE


def test_a_source_that_is_silent_today_still_shows_what_it_said_before():
    last = memory(FIRST, SECOND)
    came = [answer("p1", Why.DEADLINE), answer("p2", Why.SEARCHED_ALL_KEYS)]
    first, second = join(came, last, decided(BOTH), refresh=("housing",)).answers
    assert first.status.value == "timed_out"
    assert first.findings == FIRST.findings and first.carried_from == 1
    assert second.carried_from is None


def test_a_partial_answer_is_joined_with_what_was_said_before_and_its_own_rows_win():
    newer = replace(event("e1", "p1"), headline="Noise, closed")
    last = memory(FIRST, SECOND)
    came = [answer("p1", Why.NO_END_PROOF, [newer]), SECOND]
    first, _ = join(came, last, decided(BOTH), refresh=("housing",)).answers
    assert first.status.value == "partial"
    assert [(item.ref, item.headline) for item in first.findings] == [("e1", "Noise, closed"), ("e2", "Noise")]


def test_a_full_answer_takes_the_place_of_the_earlier_one():
    last = memory(FIRST, SECOND)
    came = [answer("p1", findings=[event("e9", "p1")]), SECOND]
    first, _ = join(came, last, decided(BOTH), refresh=("housing",)).answers
    assert [item.ref for item in first.findings] == ["e9"] and first.carried_from is None


def test_a_match_that_became_doubtful_shows_nothing_of_before():
    last = memory(FIRST, SECOND)
    came = [answer("p1", Why.POSSIBLE_MATCHES, matches=(), possible=2), SECOND]
    first, _ = join(came, last, decided(BOTH), refresh=("housing",)).answers
    assert first.findings == () and first.matches == () and first.possible == 2


def test_what_is_newly_permitted_joins_what_stands():
    last = memory(replace(FIRST, findings=(event("e1", "p1"),)), SECOND, categories=("housing.asb",))
    decisions = decided({"p1": CATEGORIES, "p2": ("housing.asb",)})
    came = [answer("p1", findings=[event("e2", "p1", "housing.tenancy")])]
    first, _ = join(came, last, decisions).answers
    assert sorted(item.ref for item in first.findings) == ["e1", "e2"]
    assert first.status.value == "found" and first.withheld == ()


def test_a_record_that_comes_now_for_one_and_stands_for_another_is_nobodys():
    last = memory(FIRST, answer("p2", Why.CONSENT_NOT_GIVEN))
    came = [answer("p2", findings=[event("e7", "p1")], matches=(matched("p2", "r-p1"),))]
    joined = join(came, last, decided(BOTH))
    assert [item.status.value for item in joined.answers] == ["ambiguous_identity", "ambiguous_identity"]
    assert all(item.findings == () and item.possible == 1 for item in joined.answers)
    assert joined.disputed[0][1].people == ("p1", "p2")


def test_a_memory_survives_its_plain_form():
    decisions = decided(BOTH)
    found = delta(decisions, None)
    memory = replace(left(decisions, (FIRST, SECOND), None, found), hidden=Hidden(refs=(("police", "N1"),)))
    assert read_value(Memory, to_plain(memory)) == memory
    assert memory.kept[0].categories == dict.fromkeys(CATEGORIES, "")


def test_what_was_permitted_withdrawn_and_permitted_again_is_asked_for_again():
    narrowed, last = decided({"p1": ("housing.asb",), "p2": CATEGORIES}), memory(FIRST, SECOND)
    found = delta(narrowed, last)
    answers = together([], found, last, narrowed).answers
    assert reasons(delta(decided(BOTH), left(narrowed, answers, last, found))) == {"p1": "newly_permitted"}


def test_a_source_that_is_another_now_is_asked_afresh_and_keeps_nothing():
    last = memory(FIRST, SECOND)
    assert reasons(delta(decided(BOTH), last, digest="housing 2.0")) == {"p1": "changed", "p2": "changed"}


def test_a_source_that_is_silent_night_after_night_goes_on_showing_what_it_said():
    last = memory(FIRST, SECOND)
    for version in range(2, 6):
        found = delta(decided(BOTH), last, refresh=("housing",))
        answers = together([answer("p1", Why.DEADLINE), SECOND], found, last, decided(BOTH)).answers
        assert answers[0].findings == FIRST.findings
        assert (answers[0].status.value, answers[0].carried_from, answers[0].carried_at) == ("timed_out", 1, THEN)
        last = replace(left(decided(BOTH), answers, last, found), version=version)


def test_a_partial_answer_that_recognises_another_record_brings_nothing_of_the_first():
    last = memory(FIRST, SECOND)
    other = event("e9", "new")
    came = [answer("p1", Why.NO_END_PROOF, [other], (matched("p1", "r-new"),), refs=("r-new",)), SECOND]
    first, _ = join(came, last, decided(BOTH), refresh=("housing",)).answers
    assert [item.ref for item in first.findings] == ["e9"]
    assert [match.ref for match in first.matches] == ["r-new"]


@pytest.mark.parametrize("why", [Why.SEARCH_TRUNCATED, Why.CONNECTION_LOST])
def test_a_record_that_is_doubtful_now_is_not_shown_whatever_the_status(why):
    last = memory(FIRST, SECOND)
    came = [answer("p1", why, possible=1, matches=(), refs=()), SECOND]
    first, _ = join(came, last, decided(BOTH), refresh=("housing",)).answers
    assert first.findings == () and first.matches == ()


def test_a_period_that_was_cut_and_given_back_is_asked_for_again():
    cut, last = decided(BOTH, since=date(2025, 6, 1)), memory(FIRST, SECOND)
    found = delta(cut, last)
    answers = together([], found, last, cut).answers
    assert answers[0].findings == ()
    assert reasons(delta(decided(BOTH), left(cut, answers, last, found)))["p1"] == "newly_permitted"


def test_an_answer_is_as_old_as_its_oldest_part():
    joined = replace(FIRST, asked_at=NOW, carried_from=1, carried_at=THEN)
    assert reasons(delta(decided(BOTH), memory(joined, SECOND), fresh_for=3 * 3600 - 1))["p1"] == "stale"


def test_categories_whose_findings_fell_away_are_asked_for_again():
    last = memory(replace(FIRST, findings=(event("e1", "p1"),)), SECOND, categories=("housing.asb",))
    decisions = decided({"p1": CATEGORIES, "p2": ("housing.asb",)})
    found = delta(decisions, last)
    came = [answer("p1", findings=[event("e7", "new", "housing.tenancy")], matches=(matched("p1", "r-new"),),
                   refs=("r-new",))]  # fmt: skip
    answers = together(came, found, last, decisions).answers
    assert [item.ref for item in answers[0].findings] == ["e7"]
    assert reasons(delta(decisions, left(decisions, answers, last, found))) == {"p1": "newly_permitted"}


whys = st.sampled_from([why for why in Why if why not in (Why.STOPPED,)])
subsets = st.sets(st.sampled_from(CATEGORIES))


@given(
    then=st.tuples(whys, whys), now=st.tuples(whys, whys), one=subsets, two=subsets, had=subsets,
    days=st.integers(0, 900),
)  # fmt: skip
def test_whatever_happened_every_pair_has_one_answer_and_nothing_is_carried_without_a_permit_of_today(
    then, now, one, two, had, days
):
    since = date(2026, 11, 3) - timedelta(days=days)
    decisions = decided({"p1": one, "p2": two}, since=since)

    def said(person, why):
        good = STATUS_OF[why].value in ("found", "partial")
        findings = [event(f"{person}-{c}", person, c) for c in CATEGORIES] if good else ()
        return answer(person, why, findings)

    last = memory(*(said(person.id, why) for person, why in zip(CASE.people, then, strict=True)), categories=had)
    found = delta(decisions, last)
    asked = {ask.person for ask in found.asks}
    stands = {kept.answer.person for kept in found.stands}
    came = [
        said(person.id, why) if person.id in asked else answer(person.id, Why.CONSENT_NOT_GIVEN, matches=())
        for person, why in zip(CASE.people, now, strict=True)
        if person.id not in stands
    ]
    answers = together(came, found, last, decisions).answers
    assert [item.person for item in answers] == ["p1", "p2"]
    assert not asked & stands
    for item in answers:
        allowed = permits(decisions.about("housing", item.person))
        if item.carried_from is not None and item.person not in asked:
            assert all(finding.category in allowed for finding in item.findings)
        assert allowed or item.person not in asked


def existence(permitted, of):
    """The same decisions, with existence only for these categories."""
    plain = decided(permitted)
    items = tuple(replace(item, mode="existence") if item.category in of else item for item in plain)
    return replace(plain, items=items)


def test_existence_that_rises_to_content_is_asked_again_and_falling_content_is_not_shown():
    known = existence({"p1": CATEGORIES}, CATEGORIES)
    first = answer("p1", Why.KNOWN_EXISTENCE_ONLY, matches=(matched("p1"),))
    refused = answer("p2", Why.CONSENT_NOT_GIVEN)
    delta = what_to_ask(CASE, known, None, sources(), ())
    assert [(ask.person, ask.why) for ask in delta.asks] == [("p1", "new")]
    memory = Memory(case="", decided="", version=1,
                    kept=remember(CASE, known, (first, refused), None, delta, sources()))  # fmt: skip
    assert what_to_ask(CASE, known, memory, sources(), ()).asks == ()
    carried = together((refused,), what_to_ask(CASE, known, memory, sources(), ()), memory, known).answers[0]
    assert (carried.why, carried.carried_from) == ("known_existence_only", 1)

    risen = existence({"p1": CATEGORIES}, CATEGORIES[1:])
    delta = what_to_ask(CASE, risen, memory, sources(), ())
    assert [(ask.person, ask.why) for ask in delta.asks] == [("p1", "newly_permitted")]
    assert [item.category for item in delta.decisions if item.person == "p1"] == ["housing.asb"]
    fresh = answer("p1", findings=(event("e1", "p1"),))
    joined = together((fresh, refused), delta, memory, risen).answers
    assert (joined[0].why, joined[0].found, joined[0].carried_from) == ("matched", 1, None)
    later = Memory(case="", decided="", version=2, kept=remember(CASE, risen, joined, memory, delta, sources()))
    assert later.kept[0].categories.keys() == {"housing.asb"}

    fallen = what_to_ask(CASE, known, later, sources(), ())
    assert fallen.asks == ()
    shown = together((refused,), fallen, later, known).answers[0]
    assert (shown.status, shown.why, shown.findings) == ("found", "known_existence_only", ())
    after = Memory(case="", decided="", version=3,
                   kept=remember(CASE, known, (shown, refused), later, fallen, sources()))  # fmt: skip
    assert [ask.why for ask in what_to_ask(CASE, risen, after, sources(), ()).asks] == ["newly_permitted"]


def test_what_is_new_and_taken_back_before_it_came_leaves_the_earlier_answer_as_it_was():
    before, now = decided({"p1": CATEGORIES[:1]}), decided({"p1": CATEGORIES})
    refused = answer("p2", Why.CONSENT_NOT_GIVEN)
    told = (answer("p1", findings=(event("e1", "p1"),)), refused)
    first = what_to_ask(CASE, before, None, sources(), ())
    memory = Memory(case="", decided="", version=1, kept=remember(CASE, before, told, None, first, sources()))
    delta = what_to_ask(CASE, now, memory, sources(), ())
    assert [ask.why for ask in delta.asks] == ["newly_permitted"]
    withdrawn = replace(answer("p1", Why.CONSENT_WITHDRAWN), attempts=2)
    joined = together((withdrawn, refused), delta, memory, before).answers
    assert (joined[0].status, joined[0].found, joined[0].carried_from) == ("found", 1, 1)
    for decisions in (before, now):
        kept = remember(CASE, decisions, joined, memory, delta, sources())
        assert kept[0].categories.keys() == {"housing.asb"}, "what was taken back was not asked for"
    nothing = together((withdrawn, refused), delta, memory, decided({})).answers
    assert nothing[0].status == "consent_missing"


def test_what_is_refused_now_keeps_what_was_asked_for_however_many_versions_ago():
    first = delta(decided(BOTH), None)
    last = replace(left(decided(BOTH), (FIRST, answer("p2", Why.DRIVER_MISSING)), None, first), version=1)
    none = decided({})
    for version in (2, 3):
        said = tuple(replace(answer(one, Why.CONSENT_WITHDRAWN), attempts=0) for one in ("p1", "p2"))
        found = delta(none, last)
        joined = together(said, found, last, none).answers
        assert [one.asked_before for one in joined] == [tuple(sorted(CATEGORIES)), ()], "nobody could ask about p2"
        last = replace(left(none, joined, last, found), version=version)
    again = delta(decided(BOTH), last)
    assert together((FIRST, SECOND), again, last, decided(BOTH)).answers[0].asked_before == ()


def test_what_was_taken_back_after_a_request_counts_as_asked():
    found = delta(decided({"p1": CATEGORIES[:1]}), None)
    back = (answer("p1", Why.CONSENT_WITHDRAWN), replace(answer("p2", Why.CONSENT_NOT_SOUGHT), attempts=0))
    assert [one.asked_before for one in together(back, found, None, decided({})).answers] == [CATEGORIES[:1], ()]


@pytest.mark.parametrize(("whys", "said"), [
    (("consent_not_sought", "consent_withdrawn"), "consent_withdrawn"),
    (("consent_not_sought", "not_signed"), "not_signed"),
    (("consent_not_sought", "consent_not_counted", "consent_expired"), "consent_expired"),
    (("no_rule", "consent_not_sought", "suspended"), "consent_not_sought"),
    (("no_rule", "suspended"), "suspended"),
    (("consent_not_sought", "consent_not_given", "review_unanswered"), "review_unanswered"),
])  # fmt: skip
def test_of_a_pair_what_somebody_said_goes_before_that_nobody_asked(whys, said):
    about = [
        Decision(person="p1", source="housing", agency="housing", category=f"housing.{why}", reason="", why=why,
                 rule="scope.suspended" if why == "suspended" else "r",
                 outcome=Outcome.REVIEW if why == "review_unanswered" else Outcome.DENY)
        for why in whys
    ]  # fmt: skip
    assert refusal(about) == refusal(about[::-1]) == said
