"""A statement with question marks instead of names, in the database's own dialect where it is a known one."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import IdentifierPreparer
from sqlalchemy.sql.elements import ClauseElement

_DIALECTS: Mapping[str, tuple[str, str]] = {
    "sqlite": ("sqlite.base", "SQLiteDialect"),
    "postgresql": ("postgresql.base", "PGDialect"),
    "mariadb": ("mysql.mariadb", "MariaDBDialect"),
    "mysql": ("mysql.base", "MySQLDialect"),
    "microsoft sql server": ("mssql.base", "MSDialect"),
}
"""By the name that the database gives itself. Any other is asked in plain SQL, and for all rows."""


def question_marks(statement: ClauseElement, quote: str, name: str = "") -> tuple[str, tuple[Any, ...]]:
    """The text and its values in order, for the database `name`; `quote` is its driver's quotation mark.

    A database that is not known gets no limit of rows: each says it in another way.
    """
    known = next((parts for start, parts in _DIALECTS.items() if name.startswith(start)), None)
    dialect = _known(*known) if known else _plain(quote)
    if known is None and hasattr(statement, "limit"):
        statement = statement.limit(None)
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), tuple(compiled.params[name] for name in compiled.positiontup or ())


def _known(module: str, name: str) -> Any:
    """The dialect with question marks, quoting every name: the catalogue's own spelling is used."""
    dialect = getattr(importlib.import_module(f"sqlalchemy.dialects.{module}"), name)(paramstyle="qmark")
    dialect.identifier_preparer._requires_quotes = _always
    return dialect


def _plain(quote: str) -> DefaultDialect:
    dialect = DefaultDialect(paramstyle="qmark")
    mark = quote.strip() or '"'
    dialect.identifier_preparer = IdentifierPreparer(dialect, initial_quote=mark, escape_quote=mark)
    dialect.identifier_preparer._requires_quotes = _always  # type: ignore[method-assign]  # no name is left as it is
    return dialect


def _always(value: str) -> bool:
    return True
