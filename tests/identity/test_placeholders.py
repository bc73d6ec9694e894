"""What is no name: words in its place, crosses, figures; and what is one though it is short."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.identity.placeholders import (
    is_initial,
    is_odd,
    is_placeholder,
    is_placeholder_family,
    one_script,
    scripts,
)
from mash_trawl.model.folding import fold


@pytest.mark.parametrize(
    "words", ["Baby", "Twin 2", "B/O Samira", "not known", "xxx", "zz", "1234", "(2)", "baby-girl", "N/K"]
)
def test_words_in_place_of_a_given_name_are_none(words):
    assert is_placeholder(fold(words))


@pytest.mark.parametrize("name", ["Babar", "Bo", "Xu", "Z", "Notburga", "伟", "Оксана", "Twinkle"])
def test_a_name_that_only_looks_like_such_a_word_is_one(name):
    assert not is_placeholder(fold(name))


@pytest.mark.parametrize("words", ["Unknown", "NK", "Not Known", "Not stated", "xx", "-1", "No name given"])
def test_words_in_place_of_a_family_name_are_none(words):
    assert is_placeholder_family(fold(words))
    assert not is_placeholder_family(fold("Nott"))


def test_one_letter_is_an_initial_and_one_chinese_sign_is_a_name():
    assert is_initial("a b")
    assert not is_initial("伟")
    assert not is_initial("al")


@pytest.mark.parametrize("name", ["Nguyễn", "Ọlábísí", "مُحَمَّد", "Siobhán", "Ṣọlá", "Zo\u00eb", "伟", "Дар'я", "שָׁלוֹם"])
def test_marks_that_a_language_has_are_not_odd(name):
    assert not is_odd(name)


@pytest.mark.parametrize("name", ["\u202eAisha", "Ai\u200esha", "A" + "\u0301" * 4, "A\tB", "\x7f"])
def test_signs_that_mislead_the_eye_are_odd(name):
    assert is_odd(name)


def test_scripts_are_those_of_the_letters_alone():
    assert scripts("Aisha 2!") == {"LATIN"}
    assert scripts("Оксана Khan") == {"LATIN", "CYRILLIC"}
    assert scripts("12 ?") == frozenset()
    assert one_script("Aisha", "12")
    assert not one_script("Aisha", "Оксана")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text):
    answers = (is_placeholder(fold(text)), is_placeholder_family(fold(text)), is_odd(text), is_initial(fold(text)))
    assert set(answers) <= {True, False}
