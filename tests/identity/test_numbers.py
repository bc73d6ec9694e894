"""Identifiers that can be somebody's, and those that prove nothing."""

from __future__ import annotations

import pytest

from mash_trawl.identity.numbers import compare_nhs_number, compare_upn, nhs_number_can_be, upn_can_be


def upn(body: str) -> str:
    """The number with its right check letter."""
    return next(letter + body for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if upn_can_be(letter + body))


def test_a_number_is_the_same_however_it_is_parted():
    assert compare_nhs_number("943 476 5919", "943-476-5919").name == "same"


def test_two_right_numbers_that_differ_differ():
    assert compare_nhs_number("943 476 5919", "999 000 0018").name == "different"
    assert compare_upn(upn("801200001001"), upn("801200001002")).name == "different"


@pytest.mark.parametrize(
    "wrong", ["943 476 5918", "0000000000", "123", "943476591", "not known", "９４３４７６５９１９"]
)
def test_a_number_with_a_wrong_check_figure_proves_nothing(wrong):
    assert not nhs_number_can_be(wrong.replace(" ", ""))
    assert compare_nhs_number(wrong, "943 476 5919").name == "not compared"
    assert compare_nhs_number("943 476 5919", wrong).name == "not compared"
    assert compare_nhs_number(wrong, wrong).name == "not compared"


def test_a_upn_with_a_wrong_check_letter_proves_nothing():
    right = upn("801200001001")
    wrong = ("A" if right[0] != "A" else "B") + right[1:]
    assert compare_upn(wrong, right).name == compare_upn(wrong, wrong).name == "not compared"


def test_a_temporary_upn_agrees_but_never_contradicts():
    temporary = upn("80120000100A")
    assert compare_upn(temporary, temporary).name == "same"
    assert compare_upn(temporary, upn("801200001001")).name == "not compared"


def test_what_is_longer_than_any_number_is_no_slip():
    assert compare_nhs_number("943 476 5919", "9" * 500).name == "different"
    assert not nhs_number_can_be("9" * 500)
