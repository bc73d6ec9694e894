"""Weights: log2(m/u), by the frequency of a name where it is known, capped where only the household agrees."""

from __future__ import annotations

import math
from datetime import date
from importlib import import_module

import pytest

from mash_trawl.identity import match
from mash_trawl.identity.frequencies import COMMONEST, RAREST, commonest
from mash_trawl.identity.score import WEIGHTS
from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.person import Name
from mash_trawl.model.weighing import NameShares
from mash_trawl.model.weights import TABLE, disorder


def only(matches):
    (item,) = matches
    return item


def weight(item, field):
    (found,) = [line.millibits for line in item.lines if line.field == field]
    return found


def shares(**given):
    return MatchPolicy(names=NameShares(given=given, family={}, least={}, date=date(2026, 11, 1)))


def test_every_weight_is_log2_of_m_over_u_and_falls_from_level_to_level():
    for field, levels in TABLE.items():
        for level, (m, u) in levels.items():
            assert WEIGHTS[field][level] == round(1000 * math.log2(m / u))
    assert disorder(TABLE) is None


def test_a_common_name_weighs_less_than_one_that_no_list_holds(person, candidate):
    def of(family):
        return weight(only(match(person(family=family), [candidate(family=family)])), "family name")

    assert of("Smith") < of("Bennett") < of("Fenwick") == WEIGHTS["family name"]["exact"]
    assert of("Smith") == round(1000 * math.log2(0.90 / 0.0126))


@pytest.mark.parametrize(("share", "counts_as"), [(1, RAREST), (900_000_000, COMMONEST), (700_000, 700_000)])
def test_a_frequency_counts_within_bounds(person, candidate, share, counts_as):
    found = only(match(person(), [candidate()], shares(aisha=share)))
    assert weight(found, "given name") == round(1000 * math.log2(0.86 / (counts_as / 1e9)))


def test_of_several_names_that_agree_the_rarest_counts(person, candidate):
    names = (Name(given=("Aisha",), family="Smith"), Name(given=("Aisha",), family="Bennett", use="old"))
    both = only(match(person(names=names), [candidate(names=names)]))
    rare = only(match(person(names=names[1:]), [candidate(names=names[1:])]))
    assert weight(both, "family name") == weight(rare, "family name")


def test_the_frequency_of_another_spelling_is_not_that_of_the_name(person, candidate):
    found = only(match(person(given="Mohammed", sex="male"), [candidate(given="Muhammad", sex="male")]))
    assert weight(found, "given name") == WEIGHTS["given name"]["spelling"]


def test_address_and_a_rare_family_name_stay_below_the_cap_of_a_household(person, candidate):
    policy = MatchPolicy(names=NameShares(family={"khan": 10_000}, date=date(2026, 11, 1)))
    found = only(match(person(), [candidate(given="Zahra")], policy))
    assert weight(found, "family name") + weight(found, "address") == 8000


def test_what_is_missing_weighs_nothing(person, candidate):
    bare = candidate(given="", family="", born=None, sex="unknown", addresses=())
    found = only(match(person(), [bare]))
    assert {line.level for line in found.lines} == {"not compared"}
    assert found.millibits == found.prior


def test_the_built_in_table_is_of_common_names_and_within_reason():
    table = commonest()
    assert (table.source, min(len(table.given), len(table.family)) > 150) == ("literature", True)
    assert all(RAREST <= share <= COMMONEST for held in (table.given, table.family) for share in held.values())
    assert min(table.given.values()) >= table.least["given"]
    assert min(table.family.values()) >= table.least["family"]


def test_of_very_many_candidates_the_likeliest_are_looked_at_and_none_is_certain(person, candidate, monkeypatch):
    monkeypatch.setattr(import_module("mash_trawl.identity.match"), "MOST", 50)
    rows = [candidate(ref="zz"), *(candidate(ref=f"n{n}", given="Nell", family=f"Fenwick{n % 7}", born="1979-02-11",
                                             addresses=()) for n in range(2_000))]  # fmt: skip
    found = match(person(), rows)
    assert (found.cut, len(found), found.auto) == (True, 50, ())
    assert [item.ref for item in found.review] == ["zz"]
    assert match(person(), rows[::-1]) == found
    assert not match(person(), rows[:50]).cut
