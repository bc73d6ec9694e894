"""Does a database have what a mapping's statements name? For `check` alone: nothing about anybody is asked.

A step with a table is compared with the catalogue. A statement of the mapping's own is sent with nothing in place of
each value, which matches no record, and no row of it leaves the process that is killed when its time is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.model.mapping import Step
from mash_trawl.transports import rights

WAIT = 30.0
"""Seconds for all statements of one source."""
_WORDS = {
    Why.SERVER_ERROR: "the database does not take this statement",
    Why.CUSTODIAN_SAID_NO: "this login may not read it",
    Why.DEADLINE: "no answer came in time",
    Why.UNREADABLE_ANSWER: "its answer cannot be read",
}
"""What is said of one statement; any other fault is one of the whole source."""


@dataclass(frozen=True, slots=True)
class Looked:
    """For each step by its place: a sentence for each fault, and the columns of its table, in small letters."""

    faults: tuple[tuple[int, str], ...]
    columns: Mapping[int, tuple[str, ...]]


def look(
    kind: str, connect: Mapping[str, str], tls: Tls, base: Path, steps: Sequence[Step], seconds: float = WAIT
) -> Looked:
    """What a source's steps lack there. `connect` holds resolved values; kinds are `sql`, `odbc`.

    Raises Unavailable (`deadline` when all took longer), Malformed or Misconfigured.
    """
    plain = [{"table": step.table, "columns": named(step), "sql": step.sql} for step in steps]
    told = rights.asked(__name__, kind, connect, tls, base, seconds, {"steps": plain})
    columns = {number: tuple(found) for number, found in enumerate(told["columns"])}
    return Looked(tuple((number, str(words)) for number, words in told["faults"]), columns)


def named(step: Step) -> tuple[str, ...]:
    """Every column that a step with a table names."""
    return tuple(dict.fromkeys((*step.columns, *(item.column for item in step.where), *step.order)))


def faults(order: Mapping[str, Any], door: Any) -> dict[str, Any]:
    """In the process that asks: what each step lacks."""
    found: list[tuple[int, str]] = []
    columns: list[list[str]] = []
    for number, told in enumerate(order["steps"]):
        step = Step(table=told["table"], columns=tuple(told["columns"]), sql=told["sql"])
        columns.append([])
        try:
            with rights.session(order["kind"], door) as session:
                lacking = session.lacks(step)
                found += [(number, words) for words in lacking]
                if step.table is not None and not lacking:
                    columns[number] += [name.lower() for name in session.columns(step.table)]
        except (Unavailable, Malformed) as failed:
            why = Why.UNREADABLE_ANSWER if isinstance(failed, Malformed) else Why(failed.why)
            if why not in _WORDS:
                raise
            found.append((number, _WORDS[why]))
    return {"faults": found, "columns": columns}


if __name__ == "__main__":
    rights.serve(faults)
