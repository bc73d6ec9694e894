"""The files of names: readable, and careful with what twins can both bear."""

from __future__ import annotations

from collections import Counter

import pytest

from mash_trawl.identity.placeholders import is_placeholder
from mash_trawl.identity.variants import (
    KINDS,
    PARTS,
    is_name,
    is_plain_short_form,
    is_same_family_name,
    kind_of_variant,
    parts,
    read_lines,
)

LINES = [(file, number, kind, names) for file, number, kind, names in read_lines() if kind in KINDS]


def test_every_line_has_a_known_kind_and_at_least_two_names():
    assert {kind for _, _, kind, _ in read_lines()} == set(KINDS + PARTS)
    assert [line[:2] for line in LINES if len(set(line[3])) < 2] == []


def test_no_name_stands_twice_in_a_line_and_no_line_stands_twice():
    assert [line[:2] for line in LINES if len(set(line[3])) != len(line[3])] == []
    twice = Counter((kind, frozenset(names)) for _, _, kind, names in LINES)
    assert [sorted(names) for (_, names), times in twice.items() if times > 1] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("taiwo", "kehinde"), ("hassan", "hussain"), ("hasan", "husayn"), ("xasan", "xuseen"), ("amina", "amna"),
        ("karim", "karima"), ("emma", "emily"), ("isabelle", "isabella"), ("lewis", "louis"), ("jayden", "hayden"),
        ("oluwaseun", "oluwatobi"), ("adewale", "olawale"), ("ella", "bella"), ("lauren", "laura"), ("mia", "maya"),
        ("abdirahman", "abdirashid"), ("mateusz", "maciej"), ("michal", "mikolaj"), ("zara", "sara"),
        ("rashid", "rasheed"),
        ("oleksandr", "oleksii"), ("ciara", "keira"), ("marian", "miriam"), ("eoin", "owen"), ("harry", "henry"),
        ("oleksandr", "oleksandra"), ("con", "neil"), ("george", "georgina"), ("lucy", "lucinda"),
        ("beth", "liz"), ("wale", "tunde"),
    ],
)  # fmt: skip
def test_what_brothers_or_sisters_can_both_bear_is_never_a_spelling(one, other):
    assert kind_of_variant(one, other) in (None, "sometimes")
    assert kind_of_variant(other, one) == kind_of_variant(one, other)


def test_twin_names_stand_in_no_line():
    variants = {name for _, _, kind, names in read_lines() for name in names if kind in KINDS}
    assert variants.isdisjoint({"taiwo", "taiye", "kehinde"})


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("spelling", "mohammed", "md"), ("spelling", "xasan", "hassan"), ("spelling", "caoimhe", "keeva"),
        ("spelling", "serhii", "sergiy"), ("short", "bill", "william"), ("short", "kasia", "katarzyna"),
        ("short", "olu", "seun"), ("sometimes", "oleksandr", "alexander"), ("sometimes", "sean", "john"),
    ],
)  # fmt: skip
def test_the_kinds_say_how_far_a_pair_may_be_trusted(kind, one, other):
    assert kind_of_variant(one, other) == (None if one == "olu" else kind)


def test_family_names_in_irish_and_english_are_one():
    assert is_same_family_name("ni bhriain", "obrien")
    assert is_same_family_name("choudhury", "chaudhry")
    assert not is_same_family_name("obrien", "oneill")
    assert not is_same_family_name("nobody", "nobody else")


def test_what_is_left_out_in_speech_is_among_what_brothers_share():
    assert parts("dropped") <= parts("shared")
    assert parts("before") <= parts("woman")
    assert parts("woman").isdisjoint(parts("man"))


@pytest.mark.parametrize(
    "name",
    [
        "jaspal", "kuldeep", "vivaan", "saqib", "alicja", "weronika", "antoni", "bogdan", "eszter", "jing",
        "xinyi", "huong",
        "khadar", "zamzam", "tigist", "kelechi", "dayo", "akosua", "chantelle", "devonte", "fionn", "gwenllian",
        "mhairi",
    ],
)  # fmt: skip
def test_names_of_every_origin_are_known_so_that_a_slip_in_them_is_seen(name):
    assert is_name(name)


def test_no_name_is_taken_for_a_word_in_place_of_a_name():
    names = {name for _, _, kind, held in read_lines() if kind in (*KINDS, "own") and kind != "family" for name in held}
    assert {name for name in names if is_placeholder(name)} == set()


@pytest.mark.parametrize(
    ("short", "full"), [("joe", "joseph"), ("vicky", "victoria"), ("mick", "michael"), ("chuck", "charles")]
)
def test_a_short_form_of_one_name_alone_is_plain(short, full):
    assert is_plain_short_form(short, full)
    assert not is_plain_short_form("alex", "alexander")
