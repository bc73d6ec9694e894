"""The incident sheet: a record was taken for the wrong person. What a data protection officer needs, and no more.

It names the record by its id and says nothing of what it holds: the sheet must not become one more copy. Whether
anybody has to be told is theirs to decide; the sheet says by when, and what was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from mash_trawl.model.incident import Handled, Incident
from mash_trawl.model.shown import instant_words
from mash_trawl.render.paper import Cell, Grid, Paper, Part, cells, print_paper
from mash_trawl.render.safe import visible

MARKING = "OFFICIAL-SENSITIVE"
SOURCE = "https://www.legislation.gov.uk/eur/2016/679/article/33"
REVIEWED = "2026-11-22"
HOW = {
    "opened": "Opened", "looked_through": "Looked through, to take it back", "passed_on": "Passed on to another reader",
    "exported": "Plain copy written", "printed": "Sheet printed",
}  # fmt: skip


def incident_sheet(incident: Incident) -> str:
    """The sheet as one HTML page."""
    return print_paper(_paper(incident))


def incident_text(incident: Incident) -> str:
    """The same as plain text, for a case-management system or an e-mail."""
    return "\n".join(_lines(_paper(incident))) + "\n"


def both_clocks(at: datetime) -> str:
    """A moment in UK time and in UTC."""
    return f"{instant_words(at.isoformat())} ({at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def _paper(incident: Incident) -> Paper:
    return Paper(
        marking=MARKING, kind="Incident: a record was taken for the wrong person", heading=f"Case {incident.case}",
        lead="An agency's record was taken for a person of this case and is somebody else's. What is known, what was "
        "done, and what has to be decided.",
        facts=(
            ("Found out", both_clocks(incident.discovered_at)),
            ("72 hours end", both_clocks(incident.notify_by)),
            ("Said and signed", f"by {incident.by}, {both_clocks(incident.noted_at)}"),
            ("Record", f"{incident.match}, of {incident.source}"),
            ("Taken for", ", ".join(incident.people)),
        ),
        parts=(_what(incident), _done(incident), _hands(incident), _copies(incident), _decide(incident)),
        foot=(
            f"Statements: {', '.join(incident.statements)}. Sealed record: {incident.record}.",
            "Made from the ledger of this hub; `audit verify` checks it. This sheet is a plain copy: keep it with the "
            "register of breaches.",
        ),
    )  # fmt: skip


def _what(incident: Incident) -> Part:
    return Part(
        anchor="what", title="What happened",
        notes=(
            f"A record that {incident.source} holds was taken to be about {', '.join(incident.people)} of this case. "
            "It is about somebody else. What it says was shown in the versions named below.",
            "Whose it is, is told by the agency that holds it: give them the record's id. Nothing of what it says "
            "stands on this sheet.",
        ),
    )  # fmt: skip


def _done(incident: Incident) -> Part:
    rows = tuple(cells(f"Version {one.version}", one.by, both_clocks(one.at)) for one in incident.closed)
    grid = Grid(
        caption="Versions that are closed to every reader", columns=("Version", "Closed by", "When"), rows=rows,
        empty="No version is closed yet: run the command again.",
    )  # fmt: skip
    notes = (
        f"Version {incident.version} holds nothing of that record and is the one to read. Nobody was asked for it.",
        "A closed version opens for nobody, in any copy. It is not deleted: what opens it stays under the key of the "
        "case, as evidence, until the case is destroyed. No command opens it again.",
        "No later version can show this record as that person's unless somebody signs that it is.",
    )
    return Part(anchor="done", title="What was done", notes=notes, grids=(grid,))


def _hands(incident: Incident) -> Part:
    rows = tuple(
        cells(HOW[one.how], one.who, "" if one.version is None else f"Version {one.version}", both_clocks(one.at))
        for one in incident.handled
        if one.how != "exported"
    )
    grid = Grid(
        caption="As the ledger has it, oldest first", columns=("How", "Who", "Version", "When"), rows=rows,
        empty="Nobody opened one of these versions.",
    )  # fmt: skip
    note = "What somebody read cannot be recalled. Ask each whether they told, noted or did anything because of it."
    return Part(anchor="hands", title="Who had it in their hands", notes=(note,), grids=(grid,))


def _copies(incident: Incident) -> Part:
    grid = Grid(
        caption="Plain copies to be recovered, and deleted",
        columns=("Copy", "Version", "Written by", "Format", "When"),
        rows=tuple(_copy(one) for one in incident.exports),
        empty="None was written.",
    )  # fmt: skip
    note = "Closing does not reach a plain copy. Ask whoever wrote it where it is, and who was given it."
    return Part(anchor="copies", title="Copies to recover", notes=(note,), grids=(grid,))


def _copy(one: Handled) -> tuple[Cell, ...]:
    return cells(f"Copy {one.copy}", f"Version {one.version}", one.who, one.form, both_clocks(one.at))


def _decide(incident: Incident) -> Part:
    return Part(
        anchor="decide", title="What the data protection officer decides",
        notes=(
            "This program does not decide whether it is a breach that anybody must be told of.",
            "The 72 hours are counted from the time above. If the authority was aware of it earlier, they began then.",
        ),
        listed=(
            "Is it a personal data breach, and is it unlikely to be a risk to anybody's rights and freedoms?",
            "If it is not unlikely: tell the Information Commissioner without undue delay and, where feasible, by "
            f"{both_clocks(incident.notify_by)}; later only with the reasons for the delay (Article 33(1)).",
            "Must the people whose data it is be told? Is it safe to tell them (Article 34)?",
            "Was anything decided about either family because of that record, and who puts it right?",
            "Write down the facts, the effects and what was done, whatever is decided (Article 33(5)).",
        ),
        pre=f"Rule: UK GDPR Article 33(1) and 33(5), Article 34. {SOURCE}\nReviewed {REVIEWED}. Not advice; read in "
        "secondary sources, to be checked against legislation.gov.uk before use.",
    )  # fmt: skip


def _lines(paper: Paper) -> Iterator[str]:
    yield from (paper.marking, paper.kind, visible(paper.heading), "", visible(paper.lead), "")
    yield from (f"{name}: {visible(value)}" for name, value in paper.facts)
    for part in paper.parts:
        yield from ("", part.title.upper(), *map(visible, part.notes))
        for grid in part.grids:
            yield f"{grid.caption}:"
            yield from (f"- {visible('; '.join(cell.text for cell in row if cell.text))}" for row in grid.rows)
            if not grid.rows:
                yield f"- {grid.empty}"
        yield from (f"{number}. {visible(text)}" for number, text in enumerate(part.listed, start=1))
        if part.pre:
            yield part.pre
    yield from ("", *map(visible, paper.foot))
