"""Adding a person to hub.yaml: one line more, everything else as it was, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.config.people import person_line, with_person
from mash_trawl.model.hub import Enrolled

NEW = Enrolled(id="r.cole", account="rcole", roles=("mash_manager", "decider"))
LINE = "{id: r.cole, account: rcole, roles: [mash_manager, decider]}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("people:\n  - {id: a}\nx: 1\n", f"people:\n  - {{id: a}}\n  - {LINE}\nx: 1\n"),
        ("people: # who\n- id: a\n  roles: []\nx: 1\n", f"people: # who\n- id: a\n  roles: []\n- {LINE}\nx: 1\n"),
        ("people:\n  # 1\n  - {id: a}\n\n# 2\nx: 1\n", f"people:\n  # 1\n  - {{id: a}}\n  - {LINE}\n\n# 2\nx: 1\n"),
        ("people: [{id: a}]   # all\nx: 1\n", f"people: [{{id: a}}, {LINE}]   # all\nx: 1\n"),
        ("people: []\n", f"people: [{LINE}]\n"),
        ("x: 1\r\npeople:\r\n  - {id: a}\r\n", f"x: 1\r\npeople:\r\n  - {{id: a}}\r\n  - {LINE}\r\n"),
        ("people:\n  - {id: a}", f"people:\n  - {{id: a}}\n  - {LINE}\n"),
        ("people:\n  [\n  ]\nx: 1\n", None),
        ("people:\nx: 1\n", None),
        ("x: 1\n", None),
    ],
)  # fmt: skip
def test_a_person_is_added_after_the_last_and_nothing_else_moves(old, new):
    assert with_person(old, NEW) == new


@given(
    name=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,20}", fullmatch=True),
    account=st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20),
    roles=st.lists(st.sampled_from(["analyst", "decider"]), unique=True).map(tuple),
)
def test_what_is_written_reads_back_as_the_same_person(name, account, roles):
    line = person_line(Enrolled(id=name, account=account, roles=roles))
    read = yaml.load(line, yaml.BaseLoader)  # noqa: S506 - every scalar as text, as our own reader does
    assert (read["id"], read.get("account"), tuple(read["roles"])) == (name, account, roles)


def test_a_windows_account_keeps_its_backslash():
    line = person_line(Enrolled(id="j.shah", account="NORTH\\jshah", roles=()))
    assert yaml.safe_load(line)["account"] == "NORTH\\jshah"


def test_the_day_on_which_somebody_left_is_written_too():
    gone = Enrolled(id="r.cole", roles=("decider",), left=date(2026, 11, 3))
    assert person_line(gone) == "{id: r.cole, roles: [decider], left: 2026-11-03}"
