"""Splink counts over two synthetic tables what was put into them."""

from __future__ import annotations

import random
import sys

import pytest
from nhs_number import REGION_SYNTHETIC, generate

from mash_trawl.calibrate import weights
from mash_trawl.calibrate.weights import PRIOR_PAIRS, Agreement, agreement, document, in_order
from mash_trawl.config.read import read_value
from mash_trawl.errors import Misconfigured
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Name, Person
from mash_trawl.model.weights import TABLE, disorder, with_weights

GIVEN = ("Alice", "Bob", "Carol", "Deborah", "Edith", "Frank", "Gustav", "Hilda")
FAMILY = ("Ashdown", "Birkwood", "Cloverly", "Dunmoor", "Eastcote")


def person(given: str, family: str, born: str, number: str) -> Person:
    name = Name(given=(given,), family=family)
    return Person(id="", names=(name,), born=PartialDate.parse(born), sex="male", identifiers={"nhs_number": number})


def tables(size: int) -> tuple[list[Person], list[Person]]:
    """The same synthetic people twice; in the second, one in ten bears another family name."""
    chance, here, there = random.Random(5), [], []
    for number in sorted(set(generate(for_region=REGION_SYNTHETIC, quantity=size))):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        born = f"{chance.randrange(1990, 2020)}-{chance.randrange(1, 13):02}-{chance.randrange(2, 28):02}"
        here.append(person(given, family, born, number))
        there.append(person(given, chance.choice([name for name in FAMILY if name != family])
                            if chance.random() < 0.1 else family, born, number))  # fmt: skip
    return here, there


def test_pairs_of_one_nhs_number_give_m_and_strangers_give_u() -> None:
    here, there = tables(700)
    found = {(one.field, one.level): one for one in agreement(here, there, 7, 3_000)}
    apart = sum(one.names != other.names for one, other in zip(here, there, strict=True))
    pairs = len(here)
    drawn = ((pairs - apart) + TABLE["family name"]["exact"][0] * PRIOR_PAIRS) / (pairs + PRIOR_PAIRS)
    assert found["family name", "exact"].m == pytest.approx(drawn, abs=1e-6)
    assert found["family name", "exact"].u == pytest.approx(1 / len(FAMILY), abs=0.05)
    assert found["given name", "exact"].u == pytest.approx(1 / len(GIVEN), abs=0.05)
    assert {one.pairs for one in found.values()} == {pairs}
    written = document(tuple(found.values()), "2026-11-01", "education")
    policy = read_value(MatchPolicy, written, "matching")
    assert {(one.source, one.n, one.at) for one in policy.weights} == {("local", pairs, "education")}


def test_a_level_that_would_weigh_more_than_a_better_one_is_left_out_and_a_profile_takes_the_rest() -> None:
    found = (
        Agreement(field="given name", level="exact", m=0.93, u=0.003, pairs=900),
        Agreement(field="given name", level="near", m=0.05, u=0.0018, pairs=900),
        Agreement(field="family name", level="near", m=0.05, u=0.00001, pairs=900),
        Agreement(field="sex", level="same", m=0.99, u=0.5, pairs=900),
    )
    kept, dropped = in_order(found)
    assert [(one.field, one.level) for one in dropped] == [("given name", "near"), ("family name", "near")]
    assert (
        disorder(with_weights(read_value(MatchPolicy, document(kept, "2026-11-01", None), "matching").weights)) is None
    )
    weak = Agreement(field="given name", level="exact", m=0.9, u=0.3, pairs=900)
    assert in_order((weak,)) == ((), (weak,))


def test_too_few_labelled_pairs_are_refused_and_a_wrong_number_is_no_label() -> None:
    here, there = tables(300)
    wrong = [person("Alice", "Ashdown", "2014-05-17", "9990000000")] * 600
    with pytest.raises(Misconfigured, match="too few"):
        agreement([*here, *wrong], [*there, *wrong], 7, 1000)


def test_without_splink_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(Misconfigured, match=r"mash-trawl\[calibrate\]"):
        weights.agreement([], [], 7, 1000)
