"""A body is whole, strict JSON, or it is an error."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.errors import Malformed
from mash_trawl.transports.http_body import MAX_DEPTH, check_kind, parse

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_what_was_written_is_read(value: Any, plain: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=plain).encode()) == value


@given(VALUES.filter(lambda value: isinstance(value, dict | list)), st.data())
def test_any_beginning_of_a_list_or_object_is_refused(value: Any, data: st.DataObject) -> None:
    body = json.dumps(value).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(Malformed):
        parse(body[:cut])


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    try:
        parse(body)
    except Malformed as error:
        assert error.__context__ is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty_body"),
        (b" \r\n", "empty_body"),
        (b"NaN", "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b"1e999", "not_a_number"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate_key"),
        (b'"\\ud800"', "broken_text"),
        (b'{"\\udfff": 1}', "broken_text"),
        (b'"\xff"', "not_json"),
        ('"é"'.encode("utf-16"), "not_json"),
        (b"{} {}", "not_json"),
        (b"[1,]", "not_json"),
        (b"'a'", "not_json"),
        (b"9" * 5000, "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b"[" * 150 + b"]" * 150, "too_deep"),
        (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), "too_deep"),
        (b"[" + b"{}," * 300_000 + b"{}]", "too_many_parts"),
    ],
)
def test_what_is_not_strict_is_refused_by_name(body: bytes, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(body)
    assert caught.value.why == why
    assert caught.value.__context__ is None


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_the_deepest_permitted_answer_is_read() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None


def test_a_host_with_a_high_recursion_limit_is_safe() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    try:
        with pytest.raises(Malformed, match="too deep"):
            parse(b"[" * 4000 + b"]" * 4000)
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("kind", ["application/json", "application/fhir+json; charset=utf-8", "Application/JSON"])
def test_json_may_call_itself_so(kind: str) -> None:
    check_kind({"Content-Type": kind})


@pytest.mark.parametrize("kind", ["", "text/html", "text/json", "application/xml", "image/x+json"])
def test_anything_else_is_refused(kind: str) -> None:
    with pytest.raises(Malformed):
        check_kind({"Content-Type": kind})
