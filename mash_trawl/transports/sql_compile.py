"""A plain step becomes one SQLAlchemy Core statement: names checked against the catalogue, values only ever bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    TextClause,
    and_,
    bindparam,
    column,
    false,
    or_,
    select,
    table,
    text,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import String, TypeEngine

from mash_trawl.errors import Problem, WrongStatement
from mash_trawl.model.mapping import Bound, Condition, Step
from mash_trawl.model.sql_words import not_read_only, tokens
from mash_trawl.transports.sql_missing import Missing, not_there
from mash_trawl.transports.written import plain_sector, written


@dataclass(frozen=True, slots=True)
class Found:
    """A table as the catalogue has it: schema and name as written there, and its columns with their types."""

    schema: str | None
    name: str
    columns: Mapping[str, TypeEngine[Any]]

    def exact(self, wanted: str) -> str:
        """The column's name as the catalogue writes it. Unavailable when there is none: the system has changed."""
        if wanted in self.columns:
            return wanted
        same = [name for name in self.columns if name.lower() == wanted.lower()]
        if not same:
            raise Missing(not_there("column", f"{self.name}.{wanted}"))
        if len(same) > 1:
            raise Missing(f"more than one column of `{self.name}` is called `{wanted}`, in other letters")
        return same[0]


class Sound(FunctionElement[str]):
    """`soundex(column)`: a letter and three digits. MySQL and MariaDB give as many digits as they find; four count."""

    type = String()
    inherit_cache = True


@compiles(Sound)
def _sound(element: Sound, compiler: Any, **options: Any) -> str:
    plain = f"soundex({compiler.process(element.clauses, **options)})"
    return f"substr({plain}, 1, 4)" if compiler.dialect.name in ("mysql", "mariadb") else plain


def compile_step(step: Step, found: Found, values: Mapping[str, Bound], limit: int | None) -> Select[Any]:
    """A `select` of exactly the step's columns, at most `limit` rows where the dialect can say so, in stable order."""
    exact = {name.lower(): found.exact(name) for name in _named(step)}
    source: TableClause = table(
        found.name, *(column(name, found.columns[name]) for name in dict.fromkeys(exact.values())), schema=found.schema
    )
    tests = [_test(source.c[exact[item.column.lower()]], item, values.get(item.key)) for item in step.where]
    shown = [source.c[exact[name.lower()]] for name in step.columns]
    order = [source.c[exact[name.lower()]] for name in step.order]
    chosen = select(*shown).where(and_(true(), *(test for test in tests if test is not None)))
    return chosen.order_by(*order).limit(limit)


def compile_text(step: Step, values: Mapping[str, Bound], *, days: bool = False) -> TextClause:
    """A raw statement with its values bound by name; colons in quoted texts stay what they are.

    `days`: a day without a format is bound as a day; only SQLite keeps days as text. PostgreSQL compares no text with a
    day, and SQL Server reads `2014-05-17` in the order of the login's language where the column is a `datetime`: under
    British English as day five of month seventeen.
    """
    bound: dict[str, Any] = {
        key: value if days and isinstance(value, date) and not form else written(value, form)
        for key, value in values.items()
        for form in [step.formats.get(key)]
    }
    return bound_text(step.sql or "", bound)


def bound_text(sql: str, values: Mapping[str, Any]) -> TextClause:
    """Bind `values` to the `:names` of `sql`. WrongStatement for a writing one or a name without a value."""
    clause, wanted = _read(sql)
    missing = sorted(wanted - set(values))
    if missing:
        raise WrongStatement(Problem(where="a connector's statement", what=f"nothing is bound to :{missing[0]}"))
    return clause.bindparams(*(bindparam(name, values[name]) for name in sorted(wanted)))


@lru_cache(maxsize=128)
def _read(sql: str) -> tuple[TextClause, frozenset[str]]:
    """A connector's own text, the same for every person, read once, with no values; and the names that it binds."""
    problem = not_read_only(sql)
    if problem:
        do = "Only read from agency systems."
        raise WrongStatement(Problem(where="a connector's statement", what=problem, do=do))
    parts, wanted = [], set()
    for token in tokens(sql.rstrip().rstrip(";")):
        if token.kind == "bind":
            wanted.add(token.text[1:])
            parts.append(token.text)
        else:
            parts.append(token.text.replace("\\", "\\\\").replace(":", "\\:"))
    return text("".join(parts)), frozenset(wanted)


def _named(step: Step) -> tuple[str, ...]:
    return (*step.columns, *(item.column for item in step.where), *step.order)


def _test(place: ColumnElement[Any], item: Condition, value: Bound) -> ColumnElement[bool] | None:
    if value is None:
        return None if item.how in ("at_least", "at_most") else false()
    ways = [way for way in (_typed(place.type, each, item.format) for each in _ways(value)) if way is not None]
    if not ways:
        return false()
    return _compared(place, item.how, ways)


def _compared(place: ColumnElement[Any], how: str, ways: list[Any]) -> ColumnElement[bool]:
    if how == "soundex":
        same: ColumnElement[bool] = Sound(place) == ways[0]
        return same
    if how == "equals":
        return place.in_(ways)
    if how == "sector":  # two letters follow: `NB1 4` is NB1 4QT, and `NB14` not NB14 1QT
        return or_(false(), *(place.like(f"{way}__") for way in ways if isinstance(way, str) and plain_sector(way)))
    undated = [place.is_(None), place == ""] if isinstance(ways[0], str) else [place.is_(None)]
    return or_(place >= ways[0] if how == "at_least" else place <= ways[0], *undated)


def _ways(value: str | date | tuple[str, ...]) -> tuple[str | date, ...]:
    return value if isinstance(value, tuple) else (value,)


def _typed(kind: TypeEngine[Any], value: str | date, form: str | None) -> Any:
    """The value in the column's own type; None when a column of that type cannot hold it."""
    try:
        wanted: type = kind.python_type
    except NotImplementedError:
        wanted = str
    if issubclass(wanted, datetime):
        return datetime.combine(value, datetime.min.time()) if isinstance(value, date) else None
    if issubclass(wanted, date):
        return value if isinstance(value, date) else None
    if issubclass(wanted, int | float | Decimal) and wanted is not bool:
        return _number(written(value, form) or "")
    return written(value, form)


def _number(value: str) -> int | Decimal | None:
    try:
        return int(value) if value.strip().isdigit() else Decimal(value)
    except InvalidOperation:
        return None
