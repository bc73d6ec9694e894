"""A statement with question marks instead of names, each identifier quoted as the driver asks for."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import IdentifierPreparer
from sqlalchemy.sql.elements import ClauseElement


def question_marks(statement: ClauseElement, quote: str) -> tuple[str, tuple[Any, ...]]:
    """The text and its values in order; `quote` is the driver's quotation mark (blank: it knows none)."""
    dialect = DefaultDialect(paramstyle="qmark")
    mark = quote.strip() or '"'
    dialect.identifier_preparer = _Quoting(dialect, mark)
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), tuple(compiled.params[name] for name in compiled.positiontup or ())


class _Quoting(IdentifierPreparer):
    """Quotes every name: the catalogue's own spelling is used, so no name depends on the driver's folding."""

    def __init__(self, dialect: DefaultDialect, mark: str) -> None:
        super().__init__(dialect, initial_quote=mark, escape_quote=mark)

    def _requires_quotes(self, value: str) -> bool:
        return True
