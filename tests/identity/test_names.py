"""At which level names agree: what is one name written in several ways, and what twins can both bear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity.names import FAMILY_LEVELS, GIVEN_LEVELS, compare_family, compare_given, names_swapped
from mash_trawl.model.person import Name


def named(words, use="usual"):
    """`Aisha Noor | Khan`: given names before the bar, family name after it."""
    first, _, last = words.partition("|")
    return (Name(given=tuple(first.split()), family=last.strip() or None, use=use),)


def both_ways(compare, here, there):
    one, other = compare(named(here), named(there)), compare(named(there), named(here))
    assert (one.name, one.here, one.there) == (other.name, other.there, other.here)
    return one.name


@pytest.mark.parametrize(
    ("level", "here", "there"),
    [
        ("exact", "Zoë | Bell", "Zoe | Bell"),
        ("exact", "Łukasz | Nowak", "Lukasz | Nowak"),
        ("exact", "Xiao-Ming | Zhang", "Xiaoming | Zhang"),
        ("exact", "Xiao Ming | Zhang", "Xiaoming | Zhang"),
        ("exact", "Nasrin Begum | Ali", "Nasrin Khatun | Ali"),
        ("exact", "Harpreet Kaur | Gill", "Harpreet | Gill"),
        ("exact", "Thi Lan | Nguyen", "Lan | Nguyen"),
        ("exact", "Mst Rahima | Begum", "Rahima | Khatun"),
        ("exact", "Seán | Ward", "Sean | Ward"),
        ("spelling", "Jörg | Bauer", "Joerg | Bauer"),
        ("spelling", "Ṣade | Bello", "Shade | Bello"),
        ("spelling", "Xasan | Cali", "Hassan | Ali"),
        ("spelling", "Md | Miah", "Mohammed | Miah"),
        ("spelling", "Caoimhe | Ward", "Keeva | Ward"),
        ("spelling", "Abdul Rahman | Khan", "Abdurrahman | Khan"),
        ("spelling", "Abdul Karim |", "Abdul | Karim"),
        ("spelling", "Serhii | Bondar", "Sergiy | Bondar"),
        ("short form", "Md Karim | Miah", "Karim | Miah"),
        ("short form", "Katarzyna | Nowak", "Kasia | Nowak"),
        ("short form", "Oluwaseun | Bello", "Seun | Bello"),
        ("near", "Harpreet Kaur | Gill", "Harpreet Singh | Gill"),
        ("near", "Mohammed Karim | Miah", "Karim | Miah"),
        ("near", "Олександр | Шевченко", "Oleksandr | Shevchenko"),
        ("near", "Сергій | Бондар", "Serhii | Bondar"),
        ("near", "Юлія | Бондар", "Yuliia | Bondar"),
        ("weak", "Siobhan | Ward", "Joan | Ward"),
        ("weak", "Kyrylo | Bondar", "Cyril | Bondar"),
        ("different", "Taiwo | Bello", "Kehinde | Bello"),
        ("different", "Oluwatobi | Bello", "Oluwaseun | Bello"),
        ("different", "Abdirahman | Ali", "Abdirashid | Ali"),
        ("not compared", "عائشة | خان", "Aisha | Khan"),
        ("not compared", "| Khan", "Aisha | Khan"),
    ],
)  # fmt: skip
def test_given_names_agree_at_the_level_that_usage_allows(level, here, there):
    assert both_ways(compare_given, here, there) == level
