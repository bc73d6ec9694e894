"""What the profile makes of a case before anything is asked: who decides, what is cited, which teams it suggests."""

from __future__ import annotations

from mash_trawl.model.ways import Ways
from mash_trawl.render.tables import Table


def ways_tables(ways: Ways) -> list[Table]:
    """Up to three tables: sentences, cited clauses, suggested teams. What there is nothing to say of is left out."""
    tables = [Table(title="", notes=ways.notes)] if ways.notes else []
    threshold = ways.threshold
    if threshold:
        rows = tuple(
            (clause.number, f"level {clause.level} ({clause.level_title})",
             "the level" if clause.cited_for == "level" else clause.cited_for, clause.text)
            for clause in threshold.clauses
        )  # fmt: skip
        title = f"Cited from {threshold.document}"
        tables.append(Table(title=title, columns=("clause", "of", "for", "says"), rows=rows, sentences=True))
    if ways.routes:
        teams = tuple((route.title, route.why) for route in ways.routes)
        columns = ("team", "because of")
        tables.append(
            Table(title="Specialist teams", columns=columns, rows=teams, notes=(ways.who_routes,), sentences=True)
        )
    return tables
