"""Secrets by reference: found where the hub file says, never shown, and missing without a word about where."""

from __future__ import annotations

import copy
import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mash_trawl.config.secrets import Secret, is_reference, resolve
from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why

CANARY = "Zq7canaryZq7"


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A stand-in for the optional package."""
    module = ModuleType("keyring")
    module.get_password = lambda service, name: CANARY if (service, name) == ("mash", "police/api") else None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    return module


def test_a_secret_is_shown_only_on_purpose() -> None:
    secret = Secret(CANARY)
    assert secret.reveal() == CANARY
    assert CANARY not in f"{secret}{secret!r}{[secret]}{vars(type(secret))}"
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            attempt(secret)


def test_references_are_known_by_their_beginning() -> None:
    assert all(map(is_reference, ["env:NAME", "file:keys/x", "keyring:mash/police"]))
    assert not any(map(is_reference, ["", "env:", "sqlite:///x.db", "ENV:NAME", "https://env:x@host"]))


def test_plain_text_is_itself(tmp_path: Path) -> None:
    assert resolve("sqlite:///x.db", tmp_path).reveal() == "sqlite:///x.db"


def test_a_variable_a_file_and_a_keyring_entry_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring: ModuleType
) -> None:
    monkeypatch.setenv("POLICE_SECRET", CANARY)
    (tmp_path / "secret").write_bytes(b"\xef\xbb\xbf" + CANARY.encode() + b"\r\n")
    assert resolve("env:POLICE_SECRET", tmp_path).reveal() == CANARY
    assert resolve("file:secret", tmp_path).reveal() == CANARY
    assert resolve(f"file:{tmp_path / 'secret'}", Path("/nowhere")).reveal() == CANARY
    assert resolve("keyring:mash/police/api", tmp_path).reveal() == CANARY


def test_only_one_line_end_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b" two lines\n\n")
    assert resolve("file:secret", tmp_path).reveal() == " two lines\n"


@pytest.mark.parametrize(
    "reference",
    ["env:NOT_THERE", "env:EMPTY", "env:a\0b", "file:none", "file:.", "file:empty", "file:latin", "file:a\0b",
     "file:huge", "keyring:mash/none", "keyring:mash", "keyring:/x"],
)  # fmt: skip
def test_what_is_missing_says_neither_where_nor_what(
    reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring: ModuleType
) -> None:
    monkeypatch.setenv("EMPTY", "")
    (tmp_path / "empty").write_bytes(b"\n")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    (tmp_path / "huge").write_bytes(b"x" * 70_000)
    with pytest.raises(Unavailable) as caught:
        resolve(reference, tmp_path)
    assert caught.value.why == Why.SECRET_MISSING
    assert str(caught.value) == "secret missing"
    assert caught.value.__context__ is None


def test_without_the_keyring_package_its_entries_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Unavailable):
        resolve("keyring:mash/police", tmp_path)
