"""The youth offending connector over a real ODBC driver: the right people, the granted categories, nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mash_trawl.model.finding import Event, Fact, Involvement
from mash_trawl.model.hub import Limits
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.sieve import FINDINGS, in_scope, sound
from mash_trawl_youth_offending import YouthOffending

ALL = ("involvement", "offences", "risk")
BIRTHDAY = date(2009, 5, 17)


def ask(**fields: Any) -> PersonQuery:
    return PersonQuery(id="q1", person="p1", by=tuple(fields), **fields)


def refs(opener: Any, grant: Any, **fields: Any) -> list[str]:
    return [found.ref for found in YouthOffending(opener).find(ask(**fields), grant(*ALL))]


def test_surname_and_birthday_find_him_in_capitals_or_not_and_offer_his_twin(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Nowak", born=BIRTHDAY) == ["Y1", "Y2"]


def test_his_father_of_the_same_name_and_a_stranger_of_the_same_day_are_others(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, family="Nowak", born=date(1979, 5, 17)) == ["Y3"]
    assert refs(opener, grant, family="Stone", born=BIRTHDAY) == ["Y4"]


@pytest.mark.parametrize("key", YouthOffending.search_keys)
def test_every_search_key_that_is_offered_finds_him(opener: Any, grant: Any, key: tuple[str, ...]) -> None:
    known = {"family": "Nowak", "former_names": "malik", "given": "Kacper", "born": BIRTHDAY, "postcode": "NB14QT"}
    assert "Y1" in refs(opener, grant, **{name: known[name] for name in key})


def test_a_postcode_is_found_with_and_without_its_space(opener: Any, grant: Any) -> None:
    assert refs(opener, grant, born=date(2008, 3, 9), postcode="NB14QT") == ["Y5"]


def test_a_candidate_carries_all_that_identifies(opener: Any, grant: Any) -> None:
    found, _ = YouthOffending(opener).find(ask(family="Nowak", born=BIRTHDAY), grant(*ALL))
    assert [(name.given, name.family, name.use) for name in found.names] == [
        (("Kacper", "Jan"), "NOWAK", "usual"), (("Kacper",), "Malik", "old"),
    ]  # fmt: skip
    assert found.born and found.born.earliest == BIRTHDAY and found.sex == "male"
    assert found.identifiers == {"pnc_id": "2023/0001234X"} and found.addresses[0].lines == ("14 Mill Lane",)


def test_a_flag_restricts_and_one_that_is_not_known_does_too(opener: Any, grant: Any) -> None:
    (found,) = YouthOffending(opener).find(ask(family="Stone", born=BIRTHDAY), grant(*ALL))
    assert found.restrictions == ("hidden_address", "restricted") and found.addresses == ()


@pytest.mark.parametrize("family", ["O'Brien", "o'brien", "' or 1=1 --", "Nowak'; drop table person; --", "%", "?",
                                    "K" * 200, "{fn now()}", "\u202eNowak"])  # fmt: skip
def test_a_hostile_surname_is_only_ever_a_value(opener: Any, grant: Any, family: str, statements: list[str]) -> None:
    expected = ["Y5"] if family.lower() == "o'brien" else []
    assert refs(opener, grant, family=family, born=date(2008, 3, 9)) == expected
    assert statements and not any(family in text for text in statements if len(family) > 1)


def test_a_day_that_cannot_be_read_is_unknown_and_keeps_its_own_words(opener: Any, grant: Any, database: Any) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as db, db:
        db.execute("update person set postcode = 'NB1 4QT' where person_id = 'Y6'")
    (found,) = YouthOffending(opener).find(ask(family="Łukasz-Żuk", given="Zoë", postcode="NB14QT"), grant(*ALL))
    assert found.born and (found.born.precision, found.born.original) == ("unknown", "31/02/2010")
    assert found.sex == "unknown"


def test_orders_and_prevention_name_the_worker_and_how_to_reach_them(opener: Any, grant: Any) -> None:
    first, second, third = YouthOffending(opener).fetch("Y1", grant("involvement"))
    assert isinstance(first, Involvement) and isinstance(second, Involvement) and isinstance(third, Involvement)
    assert (first.service, first.status, first.practitioner) == ("Referral order (RO)", "current", "Lesley Quint")
    assert first.contact == "01632 960401" and first.from_ and first.from_.edtf == "2025-03-01"
    assert (second.service, second.status) == ("Turnaround programme (TURN)", "historic")
    assert (third.service, third.practitioner, third.from_) == ("NEW", "", None)


def test_an_offence_says_how_well_it_is_established(opener: Any, grant: Any) -> None:
    told = {one.ref: one for one in YouthOffending(opener).fetch("Y1", grant("offences")) if isinstance(one, Event)}
    proved, dropped, unknown = told["offence:O1"], told["offence:O2"], told["offence:O3"]
    assert (proved.basis, proved.polarity, proved.outcome) == ("documented", "concern", "convicted")
    assert proved.text == "Seriousness 4 of 8. Decided 2025-02-27."
    assert (dropped.basis, dropped.polarity, dropped.outcome) == ("alleged", "neutral", "no further action")
    assert (unknown.basis, unknown.outcome, unknown.text) == ("alleged", "???", "")


def test_each_judgement_of_an_assessment_is_a_fact_and_one_not_made_is_none(opener: Any, grant: Any) -> None:
    told = {one.name: one for one in YouthOffending(opener).fetch("Y1", grant("risk")) if isinstance(one, Fact)}
    assert {name: one.value for name, one in told.items()} == {
        "likelihood_of_reoffending": "medium", "risk_of_serious_harm": "very high",
    }  # fmt: skip
    assert all(one.basis == "professional_opinion" and one.about == ("Y1",) for one in told.values())
    assert len({one.ref for one in told.values()}) == 2


@pytest.mark.parametrize(
    ("category", "tables"),
    [("involvement", {"intervention", "worker"}), ("offences", {"offence"}), ("risk", {"asset_plus"})],
)
def test_only_the_granted_category_is_asked_for_and_comes_back(
    opener: Any, grant: Any, statements: list[str], category: str, tables: set[str]
) -> None:
    found = list(YouthOffending(opener).fetch("Y1", grant(category)))
    assert found and {one.category for one in found} == {f"youth_offending.{category}"}
    words = " ".join(statements).lower().split()
    assert {words[place + 1] for place, word in enumerate(words[:-1]) if word in ("from", "join")} == tables


def test_nothing_outside_the_period_is_read_and_what_lasts_into_it_is(opener: Any, grant: Any, door: Any) -> None:
    given = grant(*ALL, since=date(2024, 1, 1), until=date(2025, 2, 28))
    found = list(YouthOffending(opener).fetch("Y1", given))
    assert {one.ref for one in found} == {"intervention:I3", "offence:O1", "offence:O2"}
    assert all(in_scope(one, given) for one in found)
    before = grant("involvement", since=date(2023, 6, 1))
    assert {one.ref for one in YouthOffending(opener).fetch("Y1", before)} == {
        "intervention:I1", "intervention:I2", "intervention:I3",
    }  # fmt: skip


def test_nothing_granted_opens_nothing(grant: Any) -> None:
    def refuse(_: Any) -> Any:
        raise AssertionError("nothing may be opened")

    assert list(YouthOffending(refuse).fetch("Y1", grant())) == []


def test_the_row_budget_cuts_and_says_so(opener: Any, grant: Any, door: Any) -> None:
    door.limits = Limits(rows=2)
    assert len(list(YouthOffending(opener).fetch("Y1", grant("offences")))) == 2
    assert door.tally.truncated


def test_everything_that_comes_back_is_sound_and_about_him(opener: Any, grant: Any) -> None:
    for one in YouthOffending(opener).fetch("Y1", grant(*ALL)):
        assert sound(one, FINDINGS) == one and one.about == ("Y1",)


def test_it_says_what_it_offers_before_anything_is_opened() -> None:
    assert (YouthOffending.name, YouthOffending.agency, YouthOffending.kind) == (
        "youth_offending", "youth_offending", "odbc",
    )  # fmt: skip
    assert YouthOffending.offers == {f"youth_offending.{name}" for name in ALL}
