"""The second lock: what no decision permits is not shown, whoever sent it; what is wholly hidden was never there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mash_trawl.model.answer import STATUS_OF, Answer, Status, Why, Withheld
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.finding import Fact, Residence
from mash_trawl.model.match import Guard, Line
from mash_trawl.model.person import Address
from mash_trawl.product import compose
from mash_trawl.render import page
from mash_trawl.render.terminal import text

HOME = Address(lines=("14 Mill Lane",), postcode="NB1 4QT")


def _bytes(product: Any) -> str:
    return json.dumps(to_plain(product), sort_keys=True)


def _trawl(make: Callable[..., Any]) -> tuple[Case, Answer]:
    case = make("case", make("person", "p1", "Ada"))
    known = make("candidate", "h1", "Ada", identifiers={"nhs_number": "999 000 2533"}, addresses=(HOME,))
    row = make("event", "e1", "2026-01-02", "h1", headline="Secret row")
    return case, make("answer", "housing", "p1", findings=(row,), matches=(make("matched", "p1", known),))


@pytest.mark.parametrize(("outcome", "why", "status"), [
    (None, "", "not_permitted"), (Outcome.DENY, "no_rule", "not_permitted"),
    (Outcome.DENY, "consent_withdrawn", "consent_missing"), (Outcome.REVIEW, "review_unanswered", "pending_person"),
])  # fmt: skip
def test_without_a_permit_neither_rows_nor_who_was_recognised_are_shown(
    make: Callable[..., Any], outcome: Outcome | None, why: str, status: str
) -> None:
    case, answer = _trawl(make)
    decisions = make("decided", case, ("housing",))
    items = tuple(replace(item, outcome=outcome, why=why) for item in decisions if outcome)
    product = compose(case, replace(decisions, items=items), [answer])
    assert not [trace for trace in ("Secret row", "999", "Mill Lane", '"h1"') if trace in _bytes(product)]
    assert [(item.count, item.person) for item in product.left_out] == [(1, "p1")]
    assert (product.answers[0].status, product.answers[0].found) == (status, 0)
    assert product.matches == ()


def test_a_permit_that_expired_on_the_way_shows_nobody_who_was_recognised(make: Callable[..., Any]) -> None:
    case, answer = _trawl(make)
    late = replace(answer, status=Status.NOT_PERMITTED, why=Why.PERMIT_EXPIRED)
    product = compose(case, make("decided", case, ("housing",)), [late])
    assert product.matches == ()
    assert "999" not in _bytes(product)


def test_records_older_than_the_permitted_period_are_left_out_and_undated_ones_stay(make: Callable[..., Any]) -> None:
    case, answer = _trawl(make)
    rows = (
        make("event", "old", "2026-05-31", "h1"), make("event", "edge", "2026-06-01", "h1"),
        make("event", "month", "2026-06", "h1"), make("event", "year", "2026", "h1"),
        replace(make("event", "none", "2019", "h1"), when=replace(make("day", "2019"), earliest=None, latest=None)),
        make("event", "free", "2001-01-01", "h1", category="housing.safeguarding"),
        Fact(ref="fact", about=("h1",), category="housing.asb", name="note", value="undated"),
        Residence(ref="stay", about=("h1",), category="housing.asb", address=HOME, from_=make("day", "2001")),
        Residence(ref="gone", about=("h1",), category="housing.asb", address=HOME, to=make("day", "2002")),
    )  # fmt: skip
    decisions = make("decided", case, ("housing",))
    items = tuple(replace(item, since=date(2026, 6, 1)) if item.category == "housing.asb" else item
                  for item in decisions)  # fmt: skip
    product = compose(case, replace(decisions, items=items), [replace(answer, findings=rows)])
    shown = {row.origin.ref for row in (*product.chronology, *product.facts, *product.residences)}
    assert shown == {"edge", "month", "year", "none", "free", "fact", "stay"}
    assert [(item.count, item.why) for item in product.left_out] == [
        (2, "older than what may be asked for, from 1 June 2026 on")
    ]


def _mixed(case: Case, decisions: Decisions, *categories: tuple[str, Outcome, str]) -> Decisions:
    more = tuple(
        Decision(person=one.id, source="health", agency="health", category=category, outcome=outcome, rule="r",
                 reason="For the test.", why=why)
        for one in case.people for category, outcome, why in categories
    )  # fmt: skip
    return replace(decisions, items=(*decisions.items, *more))


HIDDEN = ("health.sexual_health", "health.refuge")


def test_a_source_of_which_every_category_is_hidden_was_never_there(make: Callable[..., Any]) -> None:
    case, housing = _trawl(make)
    plain = make("decided", case, ("housing",))
    both = _mixed(case, plain, *((name, Outcome.PERMIT, "") for name in HIDDEN))
    denied = _mixed(case, plain, *((name, Outcome.DENY, "no_rule") for name in HIDDEN))
    known = make("candidate", "n1", "Ada", addresses=(Address(lines=("7 Hidden Row",), postcode="NB9 9ZZ"),),
                 restrictions=("hidden_address",))  # fmt: skip
    match = (make("matched", "p1", known),)
    row = make("event", "x", "2026-01-02", "n1", category=HIDDEN[0], headline="Seen at the refuge")
    withheld = tuple(Withheld(category=name, rule="r", why="no_rule") for name in HIDDEN)
    versions = {
        "held": (both, make("answer", "health", "p1", findings=(row,), matches=match)),
        "known only": (both, make("answer", "health", "p1", why=Why.KNOWN_NOTHING_IN_SCOPE, matches=match)),
        "nothing": (both, make("answer", "health", "p1", Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS)),
        "refused": (both, make("answer", "health", "p1", Status.REFUSED_BY_CUSTODIAN, Why.CUSTODIAN_SAID_NO)),
        "possible": (both, make("answer", "health", "p1", Status.AMBIGUOUS_IDENTITY, Why.POSSIBLE_MATCHES, possible=2)),
        "denied": (denied, make("answer", "health", "p1", Status.NOT_PERMITTED, Why.NO_RULE, withheld=withheld)),
        "no decision": (plain, make("answer", "health", "p1", findings=(row,), matches=match)),
        "no answer": (both, None),
    }
    absent = _bytes(compose(case, plain, [housing], restricted=HIDDEN))
    for name, (decisions, answer) in versions.items():
        answers = [housing] if answer is None else [housing, answer]
        assert _bytes(compose(case, decisions, answers, restricted=HIDDEN)) == absent, name


def test_a_pair_asked_for_hidden_categories_alone_reads_as_one_that_was_not_asked(make: Callable[..., Any]) -> None:
    case, housing = _trawl(make)
    open_part = (("health.gp_summary", Outcome.DENY, "consent_not_given"),)
    plain = make("decided", case, ("housing",))
    one = _mixed(case, plain, *open_part)
    told = make("answer", "health", "p1", Status.CONSENT_MISSING, Why.CONSENT_NOT_GIVEN,
                withheld=(Withheld(category="health.gp_summary", rule="r", why="consent_not_given"),))  # fmt: skip
    expected = _bytes(compose(case, one, [housing, told], restricted=HIDDEN))
    known = (make("matched", "p1", make("candidate", "n1", "Ada", addresses=(HOME,))),)
    row = make("event", "x", "2026-01-02", "n1", category=HIDDEN[0])
    both = _mixed(case, plain, *open_part, (HIDDEN[0], Outcome.PERMIT, ""))
    asked = make("answer", "health", "p1", findings=(row,), matches=known, withheld=told.withheld, possible=1)
    assert _bytes(compose(case, both, [housing, asked], restricted=HIDDEN)) == expected
    open_question = _mixed(case, plain, *open_part, (HIDDEN[0], Outcome.REVIEW, "review_unanswered"))
    waits = make("answer", "health", "p1", Status.PENDING_PERSON, Why.REVIEW_UNANSWERED)
    assert _bytes(compose(case, open_question, [housing, waits], restricted=HIDDEN)) == expected


def test_where_only_existence_was_permitted_nothing_that_the_source_holds_is_shown(make: Callable[..., Any]) -> None:
    case, decisions, answer = _existence(make)
    product = compose(case, decisions, [answer])
    assert not _values(product)
    assert product.answers[0].sentence.startswith("Housing: answered, knows Ada")
    assert [(held.value, held.origins[0].source) for held in product.people[0].names] == [("Ada Example", "")]
    assert [(one.ref, one.millibits, one.lines) for one in product.matches] == [("known-1", 21500, ())]
    assert not any(trace in drawn for drawn in (page(product, {}), text(product)) for trace in SECRETS)
    assert "only whether it knows them was permitted" in page(product, {})


@pytest.mark.parametrize("status", [Status.PARTIAL, Status.TIMED_OUT, Status.AMBIGUOUS_IDENTITY, Status.UNREACHABLE])
def test_an_answer_that_broke_off_shows_no_more_than_the_permit_of_existence(
    make: Callable[..., Any], status: Status
) -> None:
    case, decisions, answer = _existence(make)
    why = next(why for why, of in STATUS_OF.items() if of is status)
    assert not _values(compose(case, decisions, [replace(answer, status=status, why=why)]))


def test_one_record_for_two_people_is_told_without_its_key_where_only_existence_was_permitted(
    make: Callable[..., Any],
) -> None:
    case, decisions, answer = _existence(make, "p2")
    also = replace(answer, person="p2", matches=tuple(replace(one, person="p2") for one in answer.matches))
    product = compose(case, decisions, [answer, also])
    assert not _values(product)
    assert [found.people for found in product.contradictions if found.field == "match"] == [("p1", "p2")]


def test_a_record_about_somebody_else_still_says_whom_the_service_knows(make: Callable[..., Any]) -> None:
    case, decisions, answer = _existence(make, "p2")
    items = tuple(replace(item, mode="content") if item.person == "p2" else item for item in decisions)
    row = make("event", "e1", "2026-01-02", "h-77-secret", "h2")
    other = make(
        "answer", "housing", "p2", findings=(row,), matches=(make("matched", "p2", make("candidate", "h2", "Bea")),)
    )
    product = compose(case, replace(decisions, items=items), [answer, other])
    assert product.chronology[0].people == ("p1", "p2") and not any(one.found for one in product.people)
    assert _values(product) <= {"h-77-secret"}


def test_an_address_that_only_a_search_for_existence_brought_hides_as_any_other(make: Callable[..., Any]) -> None:
    case, decisions, answer = _existence(make, "p2")
    match = answer.matches[0]
    answer = replace(
        answer, matches=(replace(match, candidate=replace(match.candidate, restrictions=("hidden_address",))),)
    )
    items = tuple(replace(item, mode="content") if item.person == "p2" else item for item in decisions)
    row = make("event", "e1", "2026-01-02", "h2", headline="Seen near 14 Mill Lane")
    other = make(
        "answer", "housing", "p2", findings=(row,), matches=(make("matched", "p2", make("candidate", "h2", "Bea")),)
    )
    product = compose(case, replace(decisions, items=items), [answer, other])
    assert not _values(product) and product.chronology[0].headline == "Seen near address withheld"
    assert product.people[0].address_withheld


SECRETS = ("Adah", "Zweitname", "2013-02-03", "999 000 2533", "Mill Lane", "h-77-secret", "born agrees")


def _existence(make: Callable[..., Any], *more: str) -> tuple[Case, Decisions, Answer]:
    """A case of which housing may only say whether it knows p1 (and more); its answer brings all that a search does."""
    case = make("case", make("person", "p1", "Ada", "2014-05-17"), *(make("person", one, "Bea") for one in more))
    known = make("candidate", "h-77-secret", "Adah", "2013-02-03", family="Zweitname", sex="female",
                 identifiers={"nhs_number": "999 000 2533"}, addresses=(HOME,))  # fmt: skip
    line = Line(field="born", here="2014-05-17", there="2013-02-03", level="differs", millibits=-5, running=-5)
    match = replace(make("matched", "p1", known, line), guards=(Guard(id="G1", limit="auto", reason="born agrees"),))
    decisions = make("decided", case, ("housing",))
    items = tuple(replace(item, mode="existence") for item in decisions)
    answer = make("answer", "housing", "p1", Status.FOUND, Why.KNOWN_EXISTENCE_ONLY, matches=(match,))
    return case, replace(decisions, items=items), answer


def _values(product: Any) -> set[str]:
    return {trace for trace in SECRETS if trace in _bytes(product)}


@pytest.mark.parametrize(("before", "words"), [
    (("housing.asb",), "Housing: not asked again about Ada Example: consent was withdrawn."),
    ((), "Housing: not asked about Ada Example: consent was withdrawn."),
    (("housing.hidden",), "Housing: not asked about Ada Example: consent was withdrawn."),
])  # fmt: skip
def test_what_was_asked_for_before_is_not_asked_again_and_says_so_unless_it_is_hidden(
    make: Callable[..., Any], before: tuple[str, ...], words: str
) -> None:
    case, answer = _trawl(make)
    decisions = make("decided", case, ("housing",), [("housing", "p1")])
    whys = {"housing.tenancy": "consent_withdrawn"}
    items = tuple(replace(one, why=whys.get(one.category, "consent_not_sought")) for one in decisions)
    refused = replace(answer, status=Status.CONSENT_MISSING, why=Why.CONSENT_WITHDRAWN, asked_before=before)
    told = compose(case, replace(decisions, items=items), [refused]).answers[0]
    assert told.sentence.startswith(words)
    sent = compose(case, replace(decisions, items=items), [replace(answer, asked_before=before)]).answers[0]
    assert sent.sentence.startswith(words), "the second lock ranks alike"
