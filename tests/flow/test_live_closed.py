"""`connectors test --live` asks a real system without a case: what must stand open before anything is sent."""

from __future__ import annotations

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.model.statement import Suspension

PERSON = "  - name: housing\n    test_person: {ref: P1, family: Testfall, born: 2014-05-17, given: Testa}\n"


@pytest.fixture
def tested(place):
    place.edit("  - name: housing\n", PERSON)
    return place


def asked(place):
    with place.open() as hub:
        return [row.kind for row in hub.ledger.rows() if row.kind.startswith("source.")]


def test_a_hub_file_that_nobody_approved_asks_no_real_system(tested, trawl_here):
    tested.edit("statements: from_file", "statements: signed")
    done = trawl_here("connectors", "test", "housing", "--live")
    assert done.code == 5 and "hub.yaml" in done.err and "not approved" in done.err and asked(tested) == []


def test_a_suspended_source_is_not_tested_either(tested, trawl_here):
    with tested.open() as hub:
        hub.say(Suspension(source="housing", reason="moved to another system"))
    done = trawl_here("connectors", "test", "housing", "--live")
    assert done.code == 5 and "suspended" in done.err and asked(tested) == []


def test_it_takes_a_role_of_its_own(tested, trawl_here):
    tested.edit("roles:\n", "roles:\n  may: {test_source: []}\n")
    done = trawl_here("connectors", "test", "housing", "--live")
    assert done.code == 5 and "test a source" in done.err and asked(tested) == []


def test_a_source_that_the_hub_has_not_is_a_mistake_of_the_caller(tested, trawl_here):
    done = trawl_here("connectors", "test", "elsewhere", "--live")
    assert done.code == 2 and "no source of this name" in done.err


def test_where_all_stands_open_it_is_asked_and_nothing_of_the_answer_is_said(tested, trawl_here):
    done = trawl_here("connectors", "test", "housing", "--live")
    assert done.code in (0, 3) and "find by" in done.out and "Testfall" not in done.out + done.err
    assert "source.asked" in asked(tested)


@pytest.mark.parametrize(("facts", "said"), [
    ('nhs_number: "943 476 5919"', "may be a real person's"), ("postcode: N1", "a postcode"),
])  # fmt: skip
def test_facts_that_may_be_somebody_s_are_refused_with_the_file(tested, facts, said):
    tested.edit("given: Testa", facts)
    with pytest.raises(Misconfigured, match=said):
        tested.open()
