"""Check digits and shapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.identifiers import nhs_number_fault, postcode_fault, upn_fault, uprn_fault

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "999 000 0018"])
def test_good_nhs_numbers_are_good(text: str) -> None:
    assert not nhs_number_fault(text)


@pytest.mark.parametrize("text", ["943-476-5919", "94347659", "", "٩٤٣٤٧٦٥٩١٩", "943 476 591X", "0000000001"])
def test_bad_nhs_numbers_are_bad(text: str) -> None:
    assert nhs_number_fault(text)


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, shift: int) -> None:
    digits = list("9434765919")
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert nhs_number_fault("".join(digits))


def test_a_temporary_upn_ends_in_a_letter_that_counts_by_its_place() -> None:
    body = "80120000100"
    total = sum(weight * int(digit) for weight, digit in enumerate(body, 2)) + 13 * LETTERS.index("B")
    assert not upn_fault(f"{LETTERS[total % 23]}{body}B")
    assert upn_fault(f"{LETTERS[(total + 1) % 23]}{body}B")


@pytest.mark.parametrize("text", ["h801200001001", " H801200001001 "])
def test_small_letters_and_space_around_do_not_matter(text: str) -> None:
    assert not upn_fault(text)


@pytest.mark.parametrize("text", ["I801200001001", "H80120000100O", "H80120000100", "H8012000010011", ""])
def test_letters_that_no_upn_has_and_wrong_lengths_are_bad(text: str) -> None:
    assert upn_fault(text)


@given(st.sampled_from("0123456789"), st.integers(0, 11))
def test_a_changed_digit_of_a_upn_is_noticed(digit: str, place: int) -> None:
    body = list("801200001001")
    changed = body[place] != digit
    body[place] = digit
    assert bool(upn_fault(f"H{''.join(body)}")) == changed


@pytest.mark.parametrize("text", ["1", "100023336956", "000010001234"])
def test_uprns_are_text_of_digits(text: str) -> None:
    assert not uprn_fault(text)


@pytest.mark.parametrize("text", ["", "0", "000", "1000233369561", "10002333695A", "1.0e11", "-1"])
def test_other_uprns_are_bad(text: str) -> None:
    assert uprn_fault(text)


@pytest.mark.parametrize(
    "text", ["NB1 4QT", "nb14qt", "SW1A 1AA", "M1 1AE", "B33 8TH", "EC1A 1BB", "ZZ99 3VZ", "GIR 0AA"]
)
def test_postcodes_are_known_by_shape(text: str) -> None:
    assert not postcode_fault(text)


@pytest.mark.parametrize("text", ["", "NB1", "NB1 4Q", "1NB 4QT", "NB1  4QT", "QQ1 1CC", "12345"])
def test_other_shapes_are_no_postcodes(text: str) -> None:
    assert postcode_fault(text)
