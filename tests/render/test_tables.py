"""Tables read the same on a terminal, in a pipe and in sixty columns, and nothing in a cell can drive the terminal."""

from __future__ import annotations

import io
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_trawl.render.tables import Table, draw, plain

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals, so nothing is drawn on one here")
CHASE = Table(
    title="To chase",
    columns=("Source", "State", "Whom to ring"),
    rows=(
        ("Housing", "answer owed: no answer in time", "Housing data team, 01632 960001"),
        ("Police", "the agency said no", "no contact in hub.yaml"),
    ),
)


def drawn(*tables: Table, term: str = "xterm-256color", columns: int = 100, simple: bool = False) -> str:
    """What a terminal of this width is sent."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TERM", term)
            patch.setenv("COLUMNS", str(columns))
            draw(tables, out, simple=simple)
        out.write("END")
        out.flush()
        shown = b""
        while b"END" not in shown:
            shown += os.read(ours, 65536)
    os.close(ours)
    return shown.decode("utf-8").replace("\r\n", "\n").removesuffix("END")


STACKED = [
    "To chase",
    "--------",
    "Source: Housing",
    "  State: answer owed: no answer in time",
    "  Whom to ring: Housing data team, 01632 960001",
    "Source: Police",
    "  State: the agency said no",
    "  Whom to ring: no contact in hub.yaml",
]


def test_in_a_pipe_each_cell_has_a_line_of_its_own_after_its_columns_name():
    out = io.StringIO()
    draw([CHASE], out)
    assert out.getvalue().splitlines() == STACKED


@pytest.mark.parametrize("width", [60, 76, 120, 500])
def test_plain_text_never_puts_two_cells_side_by_side(width):
    assert plain([CHASE], width) == STACKED


COMMAND = "`mash-trawl --hub '/srv/north hub' case consent add CASE-1`"


@pytest.mark.parametrize("columns", [40, 100])
def test_a_command_to_copy_is_never_broken_over_two_lines(columns):
    told = Table(
        title="T", columns=("What",), rows=(("x",),), notes=(f"To write it into the case, once said: {COMMAND}.",)
    )
    assert any(COMMAND in line for line in plain([told], columns))
    assert COMMAND in re.sub(r"\x1b\[[0-9;]*m", "", drawn(told, columns=columns))


def test_a_first_cell_that_is_a_sentence_needs_no_name_before_it():
    said = Table(title="T", columns=("What to do", "It would open"), rows=(("Ask her.", "Housing"),), sentences=True)
    assert plain([said])[2:] == ["Ask her.", "  It would open: Housing"]


def test_a_terminal_gets_a_drawn_table_with_every_word_of_the_plain_one():
    shown = drawn(CHASE)
    assert "\x1b[" in shown
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert set(" ".join(plain([CHASE])).replace("-", " ").replace(":", "").split()) <= set(
        bare.replace(":", "").split()
    )


@pytest.mark.parametrize("simple, term, columns", [(True, "xterm", 100), (False, "dumb", 100), (False, "xterm", 60)])
def test_a_screen_reader_a_dumb_terminal_and_a_narrow_one_get_plain_lines(simple, term, columns):
    assert drawn(CHASE, term=term, columns=columns, simple=simple).splitlines() == plain([CHASE], columns)


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert re.findall(r"\x1b\[[0-9;]*3[0-9][0-9;]*m", drawn(CHASE)) == []


def test_an_empty_table_says_so_in_words():
    assert plain([Table(title="To chase", columns=("Source",), empty="Nothing is owed.")]) == [
        "To chase",
        "--------",
        "Nothing is owed.",
    ]


@pytest.mark.parametrize("columns", [60, 100])
def test_a_cell_can_neither_move_the_cursor_nor_be_read_as_markup(columns):
    nasty = Table(title="[red]T[/red]", columns=("A", "B"), rows=(("\x1b[2Jgone", "[bold]:smile:\u202eback\r\nnext"),))
    shown = re.sub(r"\x1b\[[0-9;]*m", "", drawn(nasty, columns=columns))
    assert not {"\x1b", "\u202e", "\r"} & set(shown)
    assert "[red]T[/red]" in shown
    assert "[bold]:smile:[U+202E]back" in shown
    assert "[U+001B][2Jgone" in shown


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=12)


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(st.tuples(*(st.lists(WORDS, max_size=6).map(" ".join) for _ in range(4))), max_size=4),
    width=st.integers(40, 130),
)
def test_no_word_is_lost_at_any_width(rows, width):
    lines = plain([Table(title="T", columns=("one", "two", "three", "four"), rows=tuple(rows))], width)
    shown = "".join("".join(lines).split())
    for letter in "".join(word for row in rows for cell in row for word in cell.split()):
        assert letter in shown
    total = sum(len("".join(cell.split())) for row in rows for cell in row)
    assert len(shown) >= total
