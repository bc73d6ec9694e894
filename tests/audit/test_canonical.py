"""Canonical JSON against an independent implementation of RFC 8785, and everything that must be refused."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.audit.canonical import LARGEST, canonical, parse_canonical
from mash_trawl.errors import Refused

_text = st.text(st.characters(exclude_categories=["Cs"]))
_scalars = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | _text
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(_values)
def test_the_bytes_are_those_of_rfc_8785_and_read_back_as_the_same_value(value: Any) -> None:
    data = canonical(value)
    assert data == rfc8785.dumps(value)
    assert parse_canonical(data) == value


@given(_values, st.data())
def test_any_other_spelling_of_the_same_value_is_refused(value: Any, data: st.DataObject) -> None:
    written = canonical(value)
    place = data.draw(st.integers(0, len(written)))
    spaced = written[:place] + b" " + written[place:]
    try:
        again = parse_canonical(spaced)
    except Refused:
        return
    assert again != value, "white space outside a text was accepted"


@pytest.mark.parametrize(
    "wrong",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        {"k": "\udfff"},
        {"é": 1},
        {1: 1},
        b"bytes",
        object(),
        {"a": {1, 2}},
    ],
)
def test_a_value_outside_the_profile_is_refused(wrong: Any) -> None:
    with pytest.raises(Refused, match="Not a canonical document") as problem:
        canonical(wrong)
    assert problem.value.why == "not_canonical"


def test_a_value_nested_too_deeply_is_refused() -> None:
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(Refused):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"9007199254740992",
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b"Infinity",
        b'"\\ud800"',
        b'"\\u0041"',
        b'"\\/"',
        b'{"\xc3\xa9":1}',
        b"\xff",
        b"",
        b"1\n",
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as problem:
        parse_canonical(data)
    assert problem.value.why == "not_canonical"


def test_names_keep_their_code_points() -> None:
    composed, decomposed = "Zoë", "Zoe\u0308"
    assert parse_canonical(canonical([composed, decomposed])) == [composed, decomposed]
    assert canonical(composed) != canonical(decomposed)
