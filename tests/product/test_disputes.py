"""Every claim has an id that stays, and what is disputed stands beside it, whatever comes and goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.finding import Event
from mash_trawl.model.person import Address
from mash_trawl.model.statement import Checked, Dispute, Identified, Statement
from mash_trawl.product import compose
from mash_trawl.product.claims import claims, find_claim
from mash_trawl.product.disputes import LONGEST, check_dispute, told
from mash_trawl.product.items import ITEM, item_of, same_record

Make = Callable[..., Any]
THEN = datetime(2026, 11, 4, 9, tzinfo=UTC)
SAYS = "We were away that week."


def _said(item: str, says: str = SAYS, *, stands: bool = True, days: int = 0, **more: Any) -> Checked:
    said = Dispute(item=item, by=more.pop("by", "family"), who=more.pop("who", "Bea Example, mother"), says=says,
                   stands=stands, **more)  # fmt: skip
    statement = Statement(id=f"{days:016d}", kind="dispute", hub="north", by="j.shah", at=THEN + timedelta(days=days),
                          said=said, case="TEST-1")  # fmt: skip
    return Checked(statement=statement, roles=frozenset({"practitioner"}))


@pytest.fixture
def trawl(make: Make) -> Callable[..., Any]:
    """The product of one child of whom housing, which knows them, says these things; `spoken` is what was signed."""

    def run(*findings: Any, spoken: Any = (), deny: Any = (), known: bool = True, since: Any = None) -> Any:
        flags = ("hidden_address",) if any(isinstance(one, Address) for one in findings) else ()
        homes = tuple(one for one in findings if isinstance(one, Address))
        case = make(
            "case", make("person", "p1", "Ada", addresses=homes, restrictions=flags), make("person", "p2", "Bea")
        )
        decisions = make("decided", case, ("housing",), deny)
        decisions = replace(decisions, items=tuple(replace(one, since=since) for one in decisions.items))
        match = (make("matched", "p1", make("candidate", "h1", "Ada")),) if known else ()
        told = tuple(one for one in findings if not isinstance(one, Address))
        answers = (make("answer", "housing", "p1", findings=told, matches=match),)
        return compose(case, decisions, answers, spoken=spoken)

    return run


def _about(product: Any) -> dict[str, Any]:
    """What a dispute of the first event of a product copies from it."""
    claim = claims(product)[product.chronology[0].origin.item]
    return {"item": claim.item, "source": claim.source, "category": claim.category, "about": claim.about}


def _event(ref: str, headline: str, **more: Any) -> Event:
    return Event(
        ref=ref, about=("h1",), category="housing.asb", when=PartialDate.parse("2020"), headline=headline, **more
    )


KEYS = st.text(max_size=8)


@given(one=st.tuples(KEYS, KEYS, KEYS), other=st.tuples(KEYS, KEYS, KEYS))
def test_one_claim_has_one_item_and_two_claims_have_two(one: Any, other: Any) -> None:
    first, second = (item_of("C-1", source, _event(ref, words)) for source, ref, words in (one, other))
    assert ITEM.fullmatch(first)
    assert (first == second) == (one == other)
    assert same_record(first, second) == (one[:2] == other[:2])


def test_who_wrote_a_record_when_and_about_whom_is_no_part_of_its_item() -> None:
    bare = item_of("C-1", "housing", _event("a1", "Noise"))
    told = replace(_event("a1", "Noise", recorded_on=date(2026, 1, 2), recorded_by="B. Clerk"), about=("h1", "h9"))
    assert item_of("C-1", "housing", told) == bare
    assert item_of("C-2", "housing", told) != bare


def test_every_row_and_every_value_of_a_source_has_an_item_and_the_case_file_has_none(rich_trawl: Any) -> None:
    product = rich_trawl.product()
    rows = [row.origin.item for part in (product.chronology, product.involvements, product.residences,
                                         product.relationships, product.facts) for row in part]  # fmt: skip
    held = [origin for person in product.people for one in (*person.names, *person.identifiers, *person.addresses)
            for origin in one.origins]  # fmt: skip
    assert len(set(rows)) == len(rows)
    assert all(ITEM.fullmatch(item) for item in rows)
    assert all((origin.item is None) == (not origin.source) for origin in held)
    assert {origin.item for one in product.contradictions for value in one.values for origin in value.origins
            if origin.source} <= set(claims(product))  # fmt: skip


def test_a_dispute_stands_beside_its_claim_again_when_the_record_comes_again(trawl: Any) -> None:
    noise, other = _event("a1", "Noise"), _event("a2", "Rubbish")
    spoken = [_said(**_about(trawl(noise)))]
    rows = [trawl(*found, spoken=spoken).disputes[0].row for found in ((noise, other), (other,), (other, noise))]
    assert rows == [spoken[0].statement.said.item, None, spoken[0].statement.said.item]


def test_a_record_that_reads_differently_now_shows_the_dispute_and_says_so(trawl: Any) -> None:
    spoken = [_said(**_about(trawl(_event("a1", "Noise"))))]
    (changed,) = trawl(_event("a1", "Noise, withdrawn"), spoken=spoken).disputes
    assert changed.changed
    assert changed.says == SAYS
    (unclear,) = trawl(_event("a1", "Noise, withdrawn"), _event("a1", "Noise, upheld"), spoken=spoken).disputes
    assert unclear.row is None


@pytest.mark.parametrize(
    ("now", "words"),
    [({}, True), ({"deny": (("housing", "p1"),)}, False), ({"known": False}, False),
     ({"since": date(2022, 1, 1)}, False)],
)  # fmt: skip
def test_of_what_is_no_longer_shown_the_words_stay_only_where_it_might_be(trawl: Any, now: Any, words: bool) -> None:
    spoken = [
        _said(**_about(trawl(_event("a1", "Noise")))),
        _said(**_about(trawl(_event("a1", "Noise"))), stands=False),
    ]
    product = trawl(spoken=spoken, **now)
    (gone,) = product.disputes
    assert gone.row is None
    assert (gone.who, gone.says) == (("Bea Example, mother", SAYS) if words else (None, None))
    assert (SAYS in json.dumps(to_plain(product))) is words


@pytest.mark.parametrize(("days", "words"), [(1, False), (-1, True)])
def test_words_against_a_claim_go_when_a_record_of_that_source_turned_out_to_be_somebody_elses(
    trawl: Any, days: int, words: bool
) -> None:
    disputed = _said(**_about(trawl(_event("a1", "Noise"))))
    no = Identified(person="p1", source="housing", ref="h9", same=False, reason="A namesake.")
    statement = replace(disputed.statement, kind="identity", said=no, at=THEN + timedelta(days=days))
    spoken = sorted([disputed, replace(disputed, statement=statement)], key=lambda one: one.statement.at)
    assert (trawl(spoken=spoken).disputes[0].says == SAYS) is words
    assert trawl(_event("a1", "Noise"), spoken=spoken).disputes[0].says == SAYS


def test_a_dispute_that_repeats_a_hidden_address_is_masked_as_all_else(trawl: Any) -> None:
    secret = Address(lines=("7 Hidden Row", "Northborough"), postcode="NB9 9ZZ")
    about = _about(trawl(_event("a1", "Noise")))
    says = "We lived at 7 Hidden Row, NB9 9ZZ, and heard nothing."
    spoken = [_said(says=says, **about), _said(says=says, who="A neighbour, 7 Hidden Row", **about),
              _said(says=f"It was at {says}", stands=False, days=1, **about)]  # fmt: skip
    product = trawl(secret, _event("a1", "Noise"), spoken=spoken)
    assert len(product.disputes) == 2
    assert all("address withheld" in one.says for one in product.disputes)
    shown = json.dumps(to_plain(product)).casefold()
    assert "hidden row" not in shown
    assert "9zz" not in shown


def test_a_settlement_ends_only_its_own_dispute_and_both_stay() -> None:
    item = "e0123456789ab"
    found = told([
        _said(item), _said(item, days=1), _said(item, who="Housing", by="agency", days=2),
        _said(item, "The school mended it.", stands=False, days=3), _said(item, "Not mended after all.", days=4),
    ])  # fmt: skip
    assert [(one.said.by, one.said.says, one.settled[0].says if one.settled else None) for one in found] == [
        ("family", SAYS, "The school mended it."), ("agency", SAYS, None), ("family", "Not mended after all.", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [({"item": "e01"}, "bad_dispute"), ({"item": "e0123456789ab", "says": " "}, "bad_dispute"),
     ({"item": "e0123456789ab", "who": ""}, "bad_dispute"),
     ({"item": "e0123456789ab", "says": "x" * (LONGEST + 1)}, "bad_dispute"),
     ({"item": "e0123456789ab", "stands": False}, "no_such_dispute")],
)  # fmt: skip
def test_what_could_stand_beside_no_claim_is_refused_before_it_is_signed(said: Any, why: str) -> None:
    with pytest.raises(Refused) as refused:
        check_dispute(_said(**said).statement.said, ())
    assert refused.value.why == why


def test_an_item_is_named_by_the_beginning_that_no_other_has(rich_trawl: Any) -> None:
    product = rich_trawl.product()
    item = product.facts[0].origin.item
    assert find_claim(product, f" {item[:5].upper()} ").words == "Ada Example: gp practice Canal Walk Surgery"
    for text, what in (("e01", "at least 4"), ("zz zz", "no item id"), ("e000000000000", "no claim")):
        with pytest.raises(Misconfigured, match=what):
            find_claim(product, text)
    alike = replace(product.facts[0], origin=replace(product.facts[0].origin, item=item[:6] + "0" * 7), value="Other")
    with pytest.raises(Misconfigured, match="2 begin so"):
        find_claim(replace(product, facts=(product.facts[0], alike)), item[:6])
