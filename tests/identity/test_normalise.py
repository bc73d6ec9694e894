"""The forms in which names are compared: marks go, scripts stay, and nothing is nobody's name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity.normalise import family_names, given_names, soundex
from mash_trawl.identity.romanise import romanised
from mash_trawl.model.folding import fold, written_out
from mash_trawl.model.person import Name


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Zoë-Marie  ", "zoe marie"), ("Łukasz", "lukasz"), ("Søren", "soren"), ("Æthel", "aethel"),
        ("O’Brien", "obrien"), ("伟", "伟"), ("काजल", "काजल"),
        ("STRAẞE", "strasse"), ("İbrahim", "ibrahim"), ("Ọlá", "ola"), ("Ｗｅｉ", "wei"), ("Caoimhe\u00ad", "caoimhe"),
        ("Дар'я", "даря"), ("Андрій", "андрій"), ("Γιώργος", "γιωργοσ"), ("محمّد", "محمد"),
    ],
)  # fmt: skip
def test_a_name_is_folded_and_keeps_its_script(text, folded):
    assert fold(text) == folded


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=20))
def test_no_letter_of_any_script_is_ever_folded_away(text):
    assert fold(text) != ""


@pytest.mark.parametrize("text", ["", "  ", "-", "Оксана", "伟", "123", "'"])
def test_what_has_no_latin_letter_has_no_soundex(text):
    assert soundex(text) == ""


def test_soundex_is_that_of_the_folded_name():
    assert soundex("Ó Briain") == soundex("OBRIAIN") == "O165"
    assert soundex("x" * 100_000) == soundex("x" * 256)


@pytest.mark.parametrize(("text", "out"), [("Müller", "mueller"), ("Ṣade", "shade"), ("Åse", "aase"), ("Khan", "khan")])
def test_one_letter_is_written_out_as_two(text, out):
    assert written_out(text) == out


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Олександр", "oleksandr"), ("Сергій", "serhii"), ("Юлія", "yuliia"), ("Згурський", "zghurskyi"),
        ("Зоряна", "zoriana"), ("Щербак", "shcherbak"), ("Александр", "aleksandr"), ("Дмитрий", "dmitriy"),
        ("Иванов", "ivanov"), ("Щерев", "shterev"), ("Ёлкин", "elkin"),
    ],
)  # fmt: skip
def test_a_cyrillic_name_has_the_latin_forms_of_passports(cyrillic, latin):
    assert latin in romanised(fold(cyrillic))


def test_words_in_place_of_a_name_are_no_names():
    names = (Name(given=("Baby", "Girl"), family="Unknown"), Name(given=(" ", "-"), family="  "), Name())
    assert given_names(names) == ()
    assert family_names(names) == ()


def test_each_name_stands_once_in_its_order():
    names = (Name(given=("Zoë",), family="Bell"), Name(given=("ZOE",), family="BELL"), Name(given=("A",), family="Fox"))
    assert given_names(names) == (("zoe",), ("a",))
    assert family_names(names) == ("bell", "fox")
