"""What a mapping says and may not mean: it loads and runs, and `check` warns of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mash_trawl.config.mapping_columns import finding_columns, person_columns
from mash_trawl.model.base import file_name
from mash_trawl.model.mapping import CONSTANTS, FetchStep, FindStep, MappingFile
from mash_trawl.model.sql_words import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`step` as an operator calls it, `what` looks wrong, what to `do`."""

    step: str
    what: str
    do: str


def constants(step: FetchStep) -> Mapping[str, str]:
    """Every constant of a step with its text, by `event: kind`."""
    found = {}
    for item in step.findings:
        kind = type(item).__name__.removesuffix("Map").lower()
        for field in CONSTANTS:
            value = getattr(item, field, None)
            if isinstance(value, str):
                found[f"{kind}: {file_name(field)}"] = value
    return found


def named_like_columns(step: FetchStep, columns: Collection[str]) -> Iterator[Remark]:
    """Constants whose text is the name of a column; `columns` in small letters."""
    for place, text in constants(step).items():
        if text.lower() in columns:
            field = place.rpartition(" ")[2]
            what = (
                f"`{place}: {text}` is a constant: every finding shows the word `{text}`, and a column has that name."
            )
            yield Remark(
                step=f"fetch {step.category}", what=what, do=f"For the column write `{field}: {{from: {text}}}`."
            )


def remarks(mapping: MappingFile) -> Iterator[Remark]:
    """What shows without the system: constants like columns that the step itself names."""
    for step in mapping.fetch:
        yield from named_like_columns(step, _columns(step))


def not_before_2025(mapping: MappingFile) -> Iterator[Remark]:
    """Statements that join texts with `||`, which SQL Server understands from 2025 on only."""
    for label, sql in _statements(mapping):
        if "||" in "".join(token.text for token in tokens(sql) if token.kind == "sign"):
            what = "its statement joins texts with `||`, which SQL Server does not know before 2025."
            yield Remark(step=label, what=what, do="Write concat(a, b, c) in a copy of the mapping.")


def _columns(step: FetchStep) -> frozenset[str]:
    """In small letters, what a statement selects, or what a step with a table reads and compares."""
    if step.sql is None:
        places = [place for item in finding_columns(step, ()) for place in item]
        named = (*(place.column for place in (*places, *person_columns(step.person, ()))), *step.where)
        return frozenset(name.lower() for name in named)
    found, selects = set(), False
    for token in tokens(step.sql):
        if token.kind == "word" and token.name in ("select", "from"):
            selects = token.name == "select"
        elif selects and token.kind in ("word", "quoted"):
            found.add(token.name)
    return frozenset(found)


def _statements(mapping: MappingFile) -> Iterator[tuple[str, str]]:
    steps: tuple[FindStep | FetchStep, ...] = (*mapping.find, *mapping.fetch)
    for step in steps:
        label = f"find by {', '.join(step.by)}" if isinstance(step, FindStep) else f"fetch {step.category}"
        if step.sql is not None:
            yield label, step.sql
    if mapping.as_of is not None and mapping.as_of.sql is not None:
        yield "as_of", mapping.as_of.sql
