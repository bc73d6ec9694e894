"""What a return that has to wait says of whom to ask first."""

from __future__ import annotations

import pytest

from mash_trawl.paper.returning import run_first


@pytest.mark.parametrize(("first", "words"), [
    (("housing",), "housing has to be asked first"),
    (("housing", "police", "health"), "housing, police and health have to be asked first"),
])  # fmt: skip
def test_it_names_every_source_and_both_commands(first, words):
    refused = run_first("DEMO-1", "desk", first)
    assert refused.why == "run_first"
    assert str(refused).startswith(words)
    assert refused.do == "Ask with `mash-trawl run DEMO-1`, then `mash-trawl return DEMO-1 desk FILE` again."
