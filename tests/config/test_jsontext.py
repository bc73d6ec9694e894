"""JSON files: the same rules as YAML, with places."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.config.jsontext import parse_json
from mash_trawl.errors import Misconfigured

TEXT = st.text(alphabet='aé"\\/{}[]:, \n1')
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**14), 10**14), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT.filter(bool), inner, max_size=4)),
    max_leaves=12,
)


@settings(deadline=None)
@given(PLAIN, st.sampled_from([None, 1]), st.booleans())
def test_it_reads_what_the_standard_reader_reads(data: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    assert parse_json(text, "f").data == data


def test_every_part_has_its_place() -> None:
    tree = parse_json('{\n "a": [\n  1, {"b": "\\ud83d\\ude00"}]}', "f")
    assert tree.data == {"a": [1, {"b": "😀"}]}
    assert tree.where(("a", 1, "b")) == "f:3:12"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "a": 2}', "f:1:10: this key stands here twice."),
        ('{"a": 1.5}', "f:1:7: this number is too long, or not whole."),
        ('{"a": 1e400}', "f:1:7: this number is too long, or not whole."),
        ('{"a": ' + "9" * 5000 + "}", "f:1:7: this number is too long, or not whole."),
        ('{"a": NaN}', "NaN and Infinity are not JSON"),
        ('{"a": 1,}', "this is not JSON that can be read."),
        ('{"a" 1}', "f:1:6: this is not JSON that can be read."),
        ("", "this is not JSON that can be read."),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 40 + "]" * 40, "nested too deeply"),
        ('{"a": "\\ud800"}', "half a character"),
        ('{"a": "\\u0000"}', "a control character"),
    ],
)
def test_each_fault_is_named_with_its_place(text: str, said: str) -> None:
    try:
        found = parse_json(text, "f").faults
    except Misconfigured as error:
        found = error.problems
        assert error.__context__ is None
    assert any(said in str(problem) for problem in found), found
