"""Hostile and surprising YAML: everything is text, nothing refers, repeats, constructs or explodes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.config.files import MAX_BYTES, read_tree
from mash_trawl.config.tree import MAX_DEPTH
from mash_trawl.config.yamltext import FastLoader, StrictLoader, parse_yaml
from mash_trawl.errors import Misconfigured

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)


@pytest.fixture(params=[FastLoader, StrictLoader], ids=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest) -> Any:
    return request.param


def problems(text: str, loader: Any) -> list[str]:
    """Problems that stopped the reading, or that were noted on the way."""
    try:
        tree = parse_yaml(text, "f", loader)
    except Misconfigured as error:
        return [str(problem) for problem in error.problems]
    return [str(problem) for problem in tree.faults]


@pytest.mark.parametrize(
    "word",
    ["NO", "yes", "012", "12:30:00", "2021-03", "1_000", "0x1F", "1e3", ".inf", "Null", "NULL", "=", "0o17", "on"],
)
def test_every_scalar_is_text(word: str, loader: Any) -> None:
    assert parse_yaml(f"a: {word}\nb: [{word}]", "f", loader).data == {"a": word, "b": [word]}


@pytest.mark.parametrize("word", ["", "~", "null"])
def test_only_nothing_is_nothing(word: str, loader: Any) -> None:
    assert parse_yaml(f"a: {word}\nb: 'null'", "f", loader).data == {"a": None, "b": "null"}


def test_an_alias_bomb_is_refused_at_its_first_alias(loader: Any) -> None:
    started = time.process_time()
    found = problems(BOMB, loader)
    assert any("f:2:8: an alias (*) is not allowed." in item for item in found)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", "f:1:4: an anchor (&) is not allowed."),
        ("a: !!python/object/apply:os.system [x]", "f:1:4: a tag (!) is not allowed."),
        ("a: !secret x", "f:1:4: a tag (!) is not allowed."),
        ("!!set {a, b}", "f:1:1: a tag (!) is not allowed."),
        ("allow: no\nallow: yes", "f:2:1: this key stands here twice. It is also in line 1; keep one."),
        ("a: {b: 1, b: 2}", "f:1:11: this key stands here twice. It is also in line 1; keep one."),
        ("? [a, b]\n: 1", "a list or a group stands where a key must stand"),
        ("a: 1\n---\nb: 2", "a second document begins here"),
        ("%YAML 1.1\n---\na: 1", "a directive (%) is not allowed."),
        ("a: b: c", "a colon and a space stand inside a plain text"),
        ("a:\n\tb: 1", "tab"),
        ("a: [1, 2", "never closed"),
        ('a: "x', "never closed"),
        ("", "the file is empty"),
        ("# only words\n", "the file is empty"),
        ('a: "\\e[31m"', "f:1:4: a control character stands in the text."),
        ('"": 1', "a key is empty"),
        ("a: @x", "YAML keeps for itself"),
    ],
)
def test_each_trick_is_named_with_its_place(text: str, said: str, loader: Any) -> None:
    assert any(said in item for item in problems(text, loader)), problems(text, loader)


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 20_000, "- " * 50_000 + "x", "[" * 40 + "]" * 40])
def test_deep_nesting_is_refused_and_nothing_recurses(text: str, loader: Any) -> None:
    assert any("nested too deeply" in item for item in problems(text, loader))


def test_the_deepest_that_is_allowed_is_read(loader: Any) -> None:
    text = "[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH
    assert not problems(text, loader)


@pytest.mark.parametrize("escape", ["\\ud800", "\\UFFFFFFFF", "\\U00110000", "\\xZZ"])
def test_an_escape_that_is_no_character_is_refused(escape: str, loader: Any) -> None:
    assert problems(f'a: "{escape}"', loader)


def test_a_merge_key_is_a_key_like_any_other(loader: Any) -> None:
    assert parse_yaml("<<: {a: 1}", "f", loader).data == {"<<": {"a": "1"}}


def test_every_part_has_its_place(loader: Any) -> None:
    tree = parse_yaml("a: 1\nb:\n  - {c: x}\n", "f", loader)
    assert tree.where(("b", 0, "c")) == "f:3:9"
    assert tree.where(("b", 0, "missing")) == "f:3:5"


def test_a_byte_order_mark_is_no_part_of_the_first_key(write: Any) -> None:
    assert read_tree(write(b"\xef\xbb\xbfa: 1")).data == {"a": "1"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: caf\xe9 au lait", "2:7 the file is not UTF-8 here."),
        ("a: 1".encode("utf-16"), "the file is UTF-16."),
        (b"a: x\x00y", "1:5 a control character stands here."),
        (b"a: x\x1b[31m", "1:5 a control character stands here."),
        ("a: x\u0085y".encode(), "1:5 a control character stands here."),
        (b"a: " + b"x" * MAX_BYTES, "the file is larger than 1 MB."),
    ],
)
def test_bytes_that_are_no_plain_text_are_refused(content: bytes, said: str, write: Any, complaints: Any) -> None:
    assert said in complaints(read_tree, write(content))[0]


def test_a_file_that_is_not_there_or_a_folder_is_said(tmp_path: Any, complaints: Any) -> None:
    assert "there is no such file" in complaints(read_tree, tmp_path / "none.yaml")[0]
    assert "cannot be read" in complaints(read_tree, tmp_path)[0]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab:- \n\t[]{},&*!%|>'\"#?@`~\\0é", max_size=60))
def test_any_text_gives_a_tree_or_a_typed_error_in_both_readers(text: str) -> None:
    for loader in (FastLoader, StrictLoader):
        try:
            parse_yaml(text, "f", loader)
        except Misconfigured as error:
            assert error.problems
