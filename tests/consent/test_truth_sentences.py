"""The sentences of the truth table's rows are the ones that somebody has read."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def sentences():
    """The module that keeps them."""
    file = Path(__file__).with_name("truth_sentences.py")
    spec = importlib.util.spec_from_file_location("truth_sentences", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reason_unlock_and_derivation_of_every_row_are_word_for_word_those_that_were_read(sentences):
    """After a wanted change: `python tests/consent/truth_sentences.py`, then read the difference."""
    for row, question, kept in sentences.questions():
        found = sentences.WORDS.decided(question)
        assert sentences.sentences(question, found, "steps" in kept) == kept, row["says"]
