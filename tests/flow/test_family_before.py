"""A sheet after a withdrawal: what was shared before stays told, and why it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete

from mash_trawl.cli.main import main
from mash_trawl.store.tables import audit_private

FAMILY = """
family: {team: the family desk, telephone: "01632 960123", complaints: the complaints officer}
"""
CONTACT = '  contacts: [{kind: letter, value: "9 Safe Street", safe: yes, confirmed_on: 2026-11-01}]\n'


@pytest.fixture
def letter(place, tmp_path, monkeypatch, capsys):
    """The sheet to somebody of the early help case, as one line of text."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with (place.hub / "hub.yaml").open("a", encoding="utf-8") as file:
        file.write(FAMILY)
    numbers = iter(range(9))

    def make(person: str, kind: str = "sheet") -> str:
        to = tmp_path / f"out-{next(numbers)}"
        code = main(["--hub", str(place.hub), "family", kind, "DEMO-2026-0001", "--person", person, "--to", str(to)])
        assert code == 0, capsys.readouterr()
        return " ".join(next(Path(to).glob("*.txt")).read_text("utf-8").split())

    return make


def part(said: str, start: str, end: str) -> str:
    """What stands between two headings."""
    return said[said.index(start) : said.index(end)]


def test_after_a_withdrawal_a_sheet_tells_what_was_shared_before_and_that_it_stopped(place, county, letter):
    file = place.case("early-help")
    said = file.read_text("utf-8").replace("- id: p3\n", f"- id: p3\n{CONTACT}", 1)
    file.write_text(said, "utf-8")
    assert "What we asked already" not in letter("p3", "notice")
    with place.open() as hub:
        hub.run(file)
    assert "What we asked already" in letter("p3", "notice")
    first = letter("p3")
    shared = part(first, "What was shared with us -", "Your family's choice -")
    assert all(words in shared for words in ("The police, about you", "Housing, about you", "trouble with neighbours"))
    assert "and not any more" not in first

    back = said.replace("  how: face_to_face\n", '  how: face_to_face\n  withdrawn_at: "2026-11-21T23:30:00+00:00"\n')
    file.write_text(back, "utf-8")
    for _ in range(2):
        with place.open() as hub:
            told = hub.run(file, refresh=("health",)).product.answers
    assert [one.sentence for one in told if one.why == "consent_withdrawn"] == [
        f"{agency}: not asked again about Louise Tansley: consent was withdrawn. That is the family's choice, "
        "not a concern." for agency in ("Housing", "Police")
    ]  # fmt: skip
    after = letter("p3")
    assert part(after, "What was shared with us -", "Asked before, and not any more -") == shared
    stopped = part(after, "Asked before, and not any more -", "Your family's choice -")
    assert "Housing, about you, on 21 November 2026: you took back your yes, and we stopped" in stopped
    never = after[after.index("Your family's choice -") :]
    assert "trouble with neighbours" not in never and "Housing, about you" not in never
    assert "arrests, and what came of them" in never
    assert "no longer tell" not in after


def test_a_sheet_says_when_a_part_of_the_list_of_asks_is_gone(place, county, letter):
    file = place.case("early-help")
    file.write_text(file.read_text("utf-8").replace("- id: p3\n", f"- id: p3\n{CONTACT}", 1), "utf-8")
    with place.open() as hub:
        hub.run(file)
        asked = [row.n for row in hub.ledger.rows("source.asked")]
        with hub.store.begin() as connection:
            connection.execute(delete(audit_private).where(audit_private.c.n == asked[0]))
    assert "A part of that list has been deleted" in letter("p3")
