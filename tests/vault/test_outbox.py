"""Letters that name a case do not outlive it here, and letters of other cases do."""

from __future__ import annotations

import os

import pytest

from mash_trawl.errors import Refused
from mash_trawl.vault.outbox import SENT, forget_letters, letter, lies_here


def write(outbox, statement, *, over):
    outbox.mkdir(exist_ok=True)
    path = letter(outbox, statement, over=over)
    path.write_text("To: r.cole (synthetic)\n", "utf-8")
    return path


def test_both_letters_of_an_emergency_go_and_those_of_another_stay(tmp_path):
    mine = [write(tmp_path / "outbox", "s1", over=over) for over in (False, True)]
    other = write(tmp_path / "outbox", "s11", over=False)
    forget_letters(tmp_path / "outbox", ["s1"])
    assert not any(path.exists() for path in mine)
    assert other.exists()


def test_a_letter_that_was_put_among_the_sent_ones_is_known_and_goes_with_the_case(tmp_path):
    path = write(tmp_path / "outbox", "s1", over=False)
    (tmp_path / "outbox" / SENT).mkdir()
    sent = path.rename(tmp_path / "outbox" / SENT / path.name)
    assert lies_here(tmp_path / "outbox", "s1", over=False)
    assert not lies_here(tmp_path / "outbox", "s1", over=True)
    forget_letters(tmp_path / "outbox", ["s1"])
    assert not sent.exists()
    assert not lies_here(tmp_path / "outbox", "s1", over=False)


def test_letters_that_were_delivered_already_and_a_missing_outbox_are_fine(tmp_path):
    forget_letters(tmp_path / "outbox", ["s1"])
    assert not (tmp_path / "outbox").exists()


def test_a_letter_that_cannot_be_deleted_is_told_and_never_passed_over(tmp_path):
    letter(tmp_path, "s1", over=False).mkdir()
    with pytest.raises(Refused) as refused:
        forget_letters(tmp_path, ["s1"])
    assert refused.value.why == "letter_stays"
    assert os.fspath(tmp_path) not in str(refused.value)
