"""Signing keys and signed notes: the published example, and everything a strict reader refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mash_trawl.audit.note import open_note, sign_note
from mash_trawl.audit.signing import Signer, Verifier
from mash_trawl.errors import Misconfigured, Refused

# The example of Go's golang.org/x/mod/sumdb/note package.
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.fixture
def peter(tmp_path: Path) -> Signer:
    path = tmp_path / "peter"
    path.write_text(SECRET)
    return Signer.load(path)


def test_the_published_note_is_signed_and_opened(peter: Signer) -> None:
    note = f"{TEXT}\n{SIGNATURE}"
    assert peter.verifier.line == PUBLIC
    assert sign_note(TEXT, peter) == note
    assert open_note(note, [Verifier.parse(PUBLIC)]) == TEXT


def test_a_key_survives_its_file_which_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = Signer.create(tmp_path / "hub.sign", "north-borough/mash-trawl")
    assert Signer.load(tmp_path / "hub.sign").verifier == made.verifier
    assert (tmp_path / "hub.sign.pub").read_text() == made.verifier.line + "\n"
    if os.name == "posix":
        assert (tmp_path / "hub.sign").stat().st_mode & 0o777 == 0o600
    assert repr(made) == "<Signer north-borough/mash-trawl>"


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    Signer.create(tmp_path / "hub.sign", "a")
    before = (tmp_path / "hub.sign").read_bytes()
    with pytest.raises(Misconfigured):
        Signer.create(tmp_path / "hub.sign", "a")
    assert (tmp_path / "hub.sign").read_bytes() == before


@pytest.mark.parametrize("name", ["", "two words", "plus+plus", "line\nbreak", "é", "\u00a0"])
def test_a_key_name_that_could_break_the_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        Signer.create(tmp_path / "key", name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY+a",
        SECRET.replace("c74f20a3", "c74f20a4"),
        SECRET.replace("PeterNeumann", "PeterNewmann"),
        SECRET.removeprefix("PRIVATE+KEY+"),
        SECRET.replace("AYEK", "AYE"),
        SECRET.replace("+AYEK", "+AoEK"),
        "é" + SECRET,
    ],
)
def test_a_damaged_key_file_is_named_and_never_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured) as problem:
        Signer.load(path)
    assert "not a signing key" in str(problem.value)
    assert "FALVFGyNhPJEMzD1QIDr" not in str(problem.value)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="signing key cannot be read"):
        Signer.load(tmp_path / "hub.sign")


@pytest.mark.parametrize(
    "line",
    [
        "",
        PUBLIC + "\n",
        PUBLIC.replace("c74f20a3", "C74F20A3"),
        PUBLIC.replace("c74f20a3", "00000000"),
        PUBLIC[:-4],
        PUBLIC.replace("+ARpc", "+ A pc"),
        "é" + PUBLIC,
    ],
)
def test_a_public_line_is_read_strictly(line: str) -> None:
    with pytest.raises(Refused) as problem:
        Verifier.parse(line)
    assert problem.value.why == "key_malformed"


def test_every_changed_character_of_a_note_is_refused(peter: Signer) -> None:
    note = sign_note(TEXT, peter)
    for place, letter in enumerate(note):
        changed = note[:place] + chr(ord(letter) ^ 1) + note[place + 1 :]
        with pytest.raises(Refused):
            open_note(changed, [peter.verifier])


def test_a_note_with_carriage_returns_or_trailing_space_is_refused(peter: Signer) -> None:
    note = sign_note(TEXT, peter)
    spoilt = [
        note.replace("\n", "\r\n"),
        note[:-1] + " \n",
        note + " ",
        note + "\n",
        note[:-1],
        TEXT,
        "",
        "\n\n",
        "\n" + note,
    ]
    for wrong in spoilt:
        with pytest.raises(Refused):
            open_note(wrong, [peter.verifier])


def test_signatures_by_strangers_are_passed_over_but_do_not_count(peter: Signer, tmp_path: Path) -> None:
    same_name = Signer.create(tmp_path / "other", "PeterNeumann")
    mine, theirs = sign_note(TEXT, peter), sign_note(TEXT, same_name)
    both = mine + theirs.rpartition("\n\n")[2]
    assert open_note(both, [peter.verifier]) == TEXT
    assert open_note(both, [peter.verifier, same_name.verifier]) == TEXT
    with pytest.raises(Refused) as problem:
        open_note(theirs, [peter.verifier])
    assert problem.value.why == "signature_missing"


def test_one_bad_signature_by_a_known_key_spoils_a_good_one(peter: Signer, tmp_path: Path) -> None:
    second = Signer.create(tmp_path / "second", "second")
    elsewhere = sign_note("another text\n", second).rpartition("\n\n")[2]
    with pytest.raises(Refused) as problem:
        open_note(sign_note(TEXT, peter) + elsewhere, [peter.verifier, second.verifier])
    assert problem.value.why == "signature_bad"


def test_a_note_with_too_many_signatures_is_refused(peter: Signer) -> None:
    with pytest.raises(Refused):
        open_note(f"{TEXT}\n{SIGNATURE * 101}", [peter.verifier])


@pytest.mark.parametrize("text", ["no newline", "tab\there\n", "half \ud800 a pair\n"])
def test_a_text_that_no_reader_would_accept_is_not_signed(peter: Signer, text: str) -> None:
    with pytest.raises(Refused):
        sign_note(text, peter)
