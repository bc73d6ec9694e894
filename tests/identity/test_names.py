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


@pytest.mark.parametrize(
    ("level", "here", "there"),
    [
        ("exact", "Jan | van der Berg", "Jan | Vanderberg"),
        ("exact", "Sean | O'Brien", "Sean | O Brien"),
        ("near", "Sean | Ó Briain", "Sean | O'Brien"),
        ("near", "Nora | Ní Bhriain", "Nora | O'Brien"),
        ("near", "Jan | Kowalski", "Anna | Kowalska"),
        ("near", "Jonas | Kazlauskas", "Ruta | Kazlauskaitė"),
        ("near", "Jonas | Kazlauskas", "Ona | Kazlauskienė"),
        ("near", "Petr | Novák", "Jana | Nováková"),
        ("near", "Jon | Einarsson", "Anna | Einarsdóttir"),
        ("near", "Omar | al-Masri", "Omar | Masri"),
        ("near", "Ana | García López", "Ana | García"),
        ("near", "Ana | García López", "Ana | López"),
        ("near", "Amy | Smith-Jones", "Amy | Jones Smith"),
        ("near", "Hodan Abdi | Warsame", "Hodan | Abdi"),
        ("near", "Ana García | López", "Ana | García"),
        ("near", "Tom | Müller", "Tom | Mueller"),
        ("near", "Rina | Begum", "Rina | Begum"),
        ("near", "Rina | Choudhury", "Rina | Chaudhry"),
        ("near", "Олена | Шевченко", "Olena | Shevchenko"),
        ("not compared", "Rina | Begum", "Rina | Khatun"),
        ("not compared", "Harpreet | Kaur", "Harpreet | Gill"),
        ("not compared", "Aisha | Unknown", "Aisha | Khan"),
        ("different", "Harpreet | Kaur Gill", "Harpreet | Kaur Dhillon"),
        ("different", "Omar | al-Masri", "Omar | al-Hadi"),
    ],
)
def test_family_names_agree_at_the_level_that_usage_allows(level, here, there):
    assert both_ways(compare_family, here, there) == level


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Wei | Li", "Li | Wei"),
        ("Xiao Ming | Zhang", "Zhang | Xiaoming"),
        ("Lan | Nguyen", "Nguyen Thi | Lan"),
        ("Mohammed | Ali", "Ali | Muhammad"),
    ],
)
def test_a_naming_order_read_the_wrong_way_round_is_seen(here, there):
    assert names_swapped(named(here), named(there))
    assert names_swapped(named(there), named(here))
    assert not names_swapped(named(here), named(here))


def test_a_name_that_is_given_and_family_name_in_one_is_not_taken_for_swapped():
    assert not names_swapped(named("Ali | Ali"), named("Ali | Ali"))
    assert not names_swapped(named("| Li"), named("Li |"))


@pytest.mark.parametrize("odd", ["ab" * 250, "Ais\u200fha", "\u202eAisha", "A" + "\u0301" * 40 + "isha", "A\x00isha"])
def test_a_name_that_no_register_writes_is_near_at_best_even_to_itself(odd):
    one = (Name(given=(odd,), family="Khan"),)
    assert compare_given(one, one).name == "near"


def test_a_direction_mark_at_the_end_of_a_name_is_dust_of_copying():
    assert compare_given((Name(given=("عائشة\u200f",)),), (Name(given=("عائشة",)),)).name == "exact"


def test_a_name_in_very_many_parts_is_compared_in_bounded_time_and_never_certain():
    many = (Name(given=tuple(f"Aisha{n}" for n in range(20_000)), family=" ".join(["Khan"] * 20_000)),)
    assert compare_given(many, many).name == "near"
    assert compare_given(many, named("Zahra | Malik")).name == "different"


def test_parts_that_come_as_lists_do_no_harm():
    assert compare_given((Name(given=["Aisha"], family="Khan"),), named("Aisha | Khan")).name == "exact"  # type: ignore[arg-type]


WORDS = (
    "Aisha", "Ayesha", "Zahra", "Md", "Mohammed", "Abdul", "Karim", "Rahman", "Begum", "Bibi", "Kaur", "Singh", "Baby",
    "Harpreet", "A", "Kate", "Katherine", "Оксана", "Oksana", "Сергій", "Serhii", "محمد", "伟", "Wei", "Li", "O'Brien",
    "Ó Briain", "Jörg", "Joerg", "van der Berg", "Smith-Jones", "Jones", "Oluwaseun", "Oluwatobi", "Seun", "",
    "Thi", "Kowalski", "Kowalska",
)  # fmt: skip
some_word = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.text(max_size=12))
some_name = st.builds(
    Name,
    given=st.lists(some_word, max_size=3).map(tuple),
    family=st.one_of(st.none(), some_word),
    use=st.sampled_from(["usual", "old"]),
)
some_names = st.lists(some_name, max_size=2).map(tuple)


@settings(max_examples=120, deadline=None)
@given(here=some_names, there=some_names)
def test_names_compare_alike_from_both_sides(here, there):
    for compare in (compare_given, compare_family):
        assert compare(here, there).name == compare(there, here).name
    assert names_swapped(here, there) == names_swapped(there, here)


@settings(max_examples=120, deadline=None)
@given(here=some_names, there=some_names, alias=some_name, first=st.booleans())
def test_another_alias_never_makes_the_level_worse(here, there, alias, first):
    more = (alias, *here) if first else (*here, alias)
    for compare, levels in ((compare_given, GIVEN_LEVELS), (compare_family, FAMILY_LEVELS)):
        before, after = compare(here, there).name, compare(more, there).name
        assert before == "not compared" or levels.index(after) <= levels.index(before)


@settings(max_examples=120, deadline=None)
@given(one=some_name, other=some_name)
def test_names_of_two_scripts_never_agree_better_than_nearly(one, other):
    from mash_trawl.identity.forms import forms

    for mine in forms((one,)):
        for yours in forms((other,)):
            if mine.scripts and yours.scripts and mine.scripts.isdisjoint(yours.scripts):
                assert compare_given((one,), (other,)).name in ("near", "weak", "not compared")
