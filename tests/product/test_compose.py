"""One product: the same bytes for any order of answers, every finding shown or counted, every status its own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.config.read import read_value
from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.base import to_plain
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.person import Address, Name
from mash_trawl.model.product import Product
from mash_trawl.model.query import Searched
from mash_trawl.product import compose

STATUS_OF = {
    Status.FOUND: (Why.MATCHED, Why.KNOWN_NOTHING_IN_SCOPE),
    Status.NONE_FOUND: (Why.SEARCHED_ALL_KEYS,),
    Status.NOT_PERMITTED: (Why.NO_RULE, Why.FORBIDDEN_BY_RULE, Why.GATEWAY_NOT_MET, Why.OUT_OF_SCOPE, Why.NOT_SIGNED),
    Status.CONSENT_MISSING: (
        Why.CONSENT_NOT_SOUGHT, Why.CONSENT_NOT_COUNTED, Why.CONSENT_NOT_GIVEN, Why.CONSENT_WITHDRAWN,
        Why.CONSENT_EXPIRED,
    ),
    Status.REFUSED_BY_CUSTODIAN: (Why.CUSTODIAN_SAID_NO,),
    Status.AMBIGUOUS_IDENTITY: (Why.NO_USABLE_KEY, Why.POSSIBLE_MATCHES),
    Status.TIMED_OUT: (Why.DEADLINE, Why.STOPPED),
    Status.UNREACHABLE: (Why.NAME_NOT_RESOLVED, Why.TLS_FAILED, Why.BREAKER_OPEN),
    Status.PARTIAL: (Why.NO_END_PROOF, Why.ROW_BUDGET, Why.ROWS_QUARANTINED, Why.SEARCH_TRUNCATED, Why.TOO_OLD),
    Status.PENDING_PERSON: (Why.REVIEW_UNANSWERED, Why.RETURN_OWED),
    Status.NOT_CONNECTED: (
        Why.NOT_INSTALLED, Why.NOT_APPROVED, Why.SUSPENDED, Why.DRIVER_MISSING, Why.SECRET_MISSING,
        Why.NOTHING_RECEIVED,
    ),
}  # fmt: skip


def _bytes(product: Product) -> bytes:
    return json.dumps(to_plain(product), sort_keys=True).encode()


def _delivered(product: Product) -> int:
    rows = (*product.chronology, *product.involvements, *product.residences, *product.relationships, *product.facts)
    return sum(delivery.times for row in rows for delivery in row.origin.deliveries)


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_answers_and_findings_in_any_order_give_the_same_bytes(rich_trawl: Any, data: st.DataObject) -> None:
    answers = data.draw(st.permutations(rich_trawl.answers))
    shuffled = tuple(replace(answer, findings=tuple(data.draw(st.permutations(answer.findings)))) for answer in answers)
    assert _bytes(compose(rich_trawl.case, rich_trawl.decisions, shuffled)) == _bytes(rich_trawl.product())


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_has_no_order_inside_an_answer_may_come_in_any(make: Callable[..., Any], data: st.DataObject) -> None:
    def any_order(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(data.draw(st.permutations(items)))

    def somebody(ref: str, shuffled: bool) -> Any:
        found = make("candidate", ref, "Ada", "2014-05-17", restrictions=("staff_interest", "gender_history"))
        names = (*found.names, Name(given=("Adele",), family="Other"), Name(given=("A",), use="nickname"))
        places = tuple(Address(lines=(line,), postcode="NB1 4QT") for line in ("14 Mill Lane", "2 Oak Road", "Elm End"))
        if shuffled:
            names, places = any_order(names), any_order(places)
        return replace(found, names=names, addresses=places)

    def product(shuffled: bool) -> bytes:
        order = any_order if shuffled else tuple
        told = make("event", "e", "2020-01-01", *order(("h1", "h8", "h9")), cites=order(("e", "x", "y")),
                    mentions=order((somebody("h8", shuffled), somebody("h9", shuffled))))  # fmt: skip
        found = (make("matched", "p1", somebody("h1", shuffled)), make("matched", "p1", somebody("h2", shuffled)))
        keys = order((Searched(by=("family", "born"), candidates=1), Searched(by=("upn",), candidates=0)))
        answer = make("answer", "housing", "p1", findings=(told,), matches=order(found), searched=keys,
                      not_searched=order((("nhs_number",), ("uprn", "born"))))  # fmt: skip
        case = make("case", make("person", "p1", "Ada", "2014-05-17"))
        return _bytes(compose(case, make("decided", case, ("housing",)), [answer]))

    assert product(shuffled=True) == product(shuffled=False)


def test_a_product_survives_being_written_and_read(rich_trawl: Any) -> None:
    product = rich_trawl.product(notes=("Statements are not signed.",))
    assert read_value(Product, json.loads(_bytes(product))) == product


def test_a_product_holds_text_and_whole_numbers_only(rich_trawl: Any) -> None:
    def walk(value: Any) -> None:
        assert not isinstance(value, float)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(to_plain(rich_trawl.product()))


def test_times_taken_and_attempts_stay_out_of_the_product(rich_trawl: Any) -> None:
    hurried = tuple(replace(answer, attempts=3, milliseconds=1234) for answer in rich_trawl.answers)
    assert _bytes(compose(rich_trawl.case, rich_trawl.decisions, hurried)) == _bytes(rich_trawl.product())


def test_every_finding_of_every_answer_is_shown_or_counted(rich_trawl: Any) -> None:
    product = rich_trawl.product()
    sent = sum(answer.found for answer in rich_trawl.answers)
    assert _delivered(product) + sum(item.count for item in product.left_out) == sent


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_statuses_no_finding_is_lost_without_a_count(rich_trawl: Any, data: st.DataObject) -> None:
    answers = tuple(
        replace(answer, status=(status := data.draw(st.sampled_from(list(STATUS_OF)))), why=STATUS_OF[status][0])
        for answer in rich_trawl.answers
    )
    product = compose(rich_trawl.case, rich_trawl.decisions, answers)
    sent = sum(answer.found for answer in answers)
    assert _delivered(product) + sum(item.count for item in product.left_out) == sent


def test_a_category_that_nobody_permitted_is_left_out_and_counted(rich_trawl: Any, make: Callable[..., Any]) -> None:
    stray = make("event", "x1", "2020-01-01", "h1", category="housing.secret", headline="Stray")
    first = replace(rich_trawl.answers[0], findings=(*rich_trawl.answers[0].findings, stray))
    product = compose(rich_trawl.case, rich_trawl.decisions, (first, *rich_trawl.answers[1:]))
    assert "Stray" not in _bytes(product).decode()
    assert [(item.source, item.person, item.count) for item in product.left_out] == [("housing", "p1", 1)]


def test_the_same_answer_handed_in_twice_changes_nothing(rich_trawl: Any) -> None:
    twice = compose(rich_trawl.case, rich_trawl.decisions, rich_trawl.answers * 2)
    assert _bytes(twice) == _bytes(rich_trawl.product())


def test_every_pair_has_exactly_one_outcome(rich_trawl: Any) -> None:
    pairs = [(item.source, item.person) for item in rich_trawl.product().answers]
    assert sorted(pairs) == sorted((answer.source, answer.person) for answer in rich_trawl.answers)


def test_no_two_statuses_or_reasons_read_alike(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"))
    decisions = make("decided", case, ("housing",))
    sentences = {}
    for status, whys in STATUS_OF.items():
        for why in whys:
            answer = make("answer", "housing", "p1", status, why, possible=2 if why is Why.POSSIBLE_MATCHES else 0)
            sentences[(status, why)] = compose(case, decisions, [answer]).answers[0].sentence
    assert len(set(sentences.values())) == len(sentences)
    assert all(text.startswith("Housing: ") and "Ada Example" in text for text in sentences.values())
    assert sentences[(Status.NONE_FOUND, Why.SEARCHED_ALL_KEYS)] == "Housing: answered, holds nothing for Ada Example."


def test_every_why_code_has_words_of_its_own(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"))
    decisions = make("decided", case, ("housing",))
    for status, whys in STATUS_OF.items():
        for why in whys:
            answer = make("answer", "housing", "p1", status, why)
            assert "_" not in compose(case, decisions, [answer]).answers[0].sentence


def test_a_family_choice_the_law_and_a_custodian_refuse_in_three_ways(rich_trawl: Any) -> None:
    kinds = {(item.source, item.person): item.kind for item in rich_trawl.product().refusals}
    assert kinds == {
        ("housing", "p3"): "family_choice",
        ("health", "p2"): "law",
        ("police", "p3"): "custodian",
    }


def test_possible_matches_are_counted_without_a_word_of_their_content(rich_trawl: Any) -> None:
    (possible,) = rich_trawl.product().possible
    assert possible.count == 2
    assert "possible, unconfirmed: 2" in possible.sentence


def test_a_match_that_awaits_review_lends_neither_name_nor_finding(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"))
    waiting = replace(make("matched", "p1", make("candidate", "h1", "Wrong", family="Person")), outcome="review")
    answer = make("answer", "housing", "p1", matches=(waiting,), possible=1)
    product = compose(case, make("decided", case, ("housing",)), [answer])
    assert "Wrong" not in _bytes(product).decode()
    assert product.matches == ()


def test_the_deadline_is_named_where_the_hub_file_gives_it(rich_trawl: Any) -> None:
    product = rich_trawl.product(sources=(SourceSettings(name="police", agency="police"),))
    late = next(item for item in product.answers if item.status is Status.TIMED_OUT)
    assert late.sentence == "Police: asked, did not answer about Dan Example within 20 seconds."


@pytest.mark.parametrize("restricted", ["health", "health.gp_summary"])
def test_restricted_services_leave_one_sentence_and_no_trace(rich_trawl: Any, restricted: str) -> None:
    product = rich_trawl.product(restricted=(restricted,))
    text = _bytes(product).decode()
    assert "Canal Walk" not in text
    assert restricted not in text
    assert product.restricted_services == rich_trawl.product().restricted_services
    assert product.left_out == ()


def test_whether_a_restricted_service_was_asked_held_or_absent_the_product_is_the_same(rich_trawl: Any) -> None:
    closed = ("health",)
    absent = tuple(answer for answer in rich_trawl.answers if answer.agency != "health")
    silent = tuple(
        answer if answer.agency != "health" else replace(answer, findings=(), status=Status.NONE_FOUND,
                                                         why=Why.SEARCHED_ALL_KEYS)
        for answer in rich_trawl.answers
    )  # fmt: skip
    versions = {
        _bytes(compose(rich_trawl.case, rich_trawl.decisions, answers, restricted=closed))
        for answers in (rich_trawl.answers, absent, silent)
    }
    assert len(versions) == 1


def test_an_empty_trawl_still_makes_a_product(make: Callable[..., Any]) -> None:
    case = make("case", make("person", "p1", "Ada"))
    answers: tuple[Answer, ...] = ()
    product = compose(case, make("decided", case, ()), answers)
    assert product.chronology == ()
    assert product.person("p1").name == "Ada Example"


@pytest.mark.parametrize("status, said", [(Status.UNREACHABLE, True), (Status.TIMED_OUT, True), (Status.FOUND, False)])
def test_a_match_to_confirm_is_told_as_an_earlier_one_only_where_nothing_was_heard(make, status, said):
    why = {Status.UNREACHABLE: Why.CONNECTION_REFUSED, Status.TIMED_OUT: Why.DEADLINE, Status.FOUND: Why.MATCHED}[
        status
    ]
    case = make("case", make("person", "p1", "Ada", "2014-05-17"))
    decisions = make("decided", case, ("housing",))
    (told,) = (
        make("trawl", case, decisions, (make("answer", "housing", "p1", status, why, possible=1),)).product().answers
    )
    assert ("An earlier search had found 1 possible record, unconfirmed; nothing was read." in told.sentence) is said
    assert told.possible == 1
