"""What a statement names and its database does not have, in words that `check` may say.

Names are taken from the part of a database's message that repeats the statement's own name. Values are bound apart from
the statement, so none can stand there; in a trawl the words go nowhere all the same, only the code does.
"""

from __future__ import annotations

import re

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why

_NAME = r"([\w.$`\"]{1,200}?)"
_SAID = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("table", r"no such table: ([\w.$]{1,200})"),
        ("table", r'relation "([^"]{1,200})" does not exist'),
        ("table", r"table '([^']{1,200})' doesn't exist"),
        ("table", r"invalid object name '([^']{1,200})'"),
        ("table", r"ORA-00942: table or view (?:\"([^\n]{1,200})\" )?does not exist"),
        ("column", r"no such column: ([\w.$]{1,200})"),
        ("column", rf"column {_NAME} does not exist"),
        ("column", r"unknown column '([^']{1,200})'"),
        ("column", r"invalid column name '([^']{1,200})'"),
        ("column", rf"ORA-00904: {_NAME}: invalid identifier"),
        ("function", r"no such function: ([\w.$]{1,200})"),
        ("function", r"function ([\w.$`]{1,200})(?:\([^\n]*\))? does not exist"),
        ("function", r"'([^']{1,200})' is not a recognized built-in function name"),
        ("schema", r'schema "([^"]{1,200})" does not exist'),
    )
)
"""SQLite, PostgreSQL (42P01, 42703, 42883, 3F000), MariaDB (1146, 1054, 1305), SQL Server (208, 207, 195), Oracle."""
_BY_STATE = {"42P01": "table", "42S02": "table", "42703": "column", "42S22": "column", "42883": "function"}
"""For messages in another language."""


class Missing(Unavailable):
    """`server_error`, and why in `words`: the schema is not what the statement takes it for."""

    def __init__(self, words: str) -> None:
        super().__init__(Why.SERVER_ERROR)
        self.words = words


def not_there(kind: str, name: str = "") -> str:
    """The sentence: which part of the schema is missing."""
    return f"the {kind} `{name}` is not there" if name else f"a {kind} that it names is not there"


def missing(error: BaseException) -> Missing | None:
    """What a driver's exception says is missing; None when it says something else."""
    message = str(error)
    for kind, pattern in _SAID:
        if found := pattern.search(message):
            return Missing(not_there(kind, (found[1] or "").replace('"', "").replace("`", "")))
    state = getattr(error, "sqlstate", None) or (error.args[0] if len(error.args) > 1 else None)
    kind_of = _BY_STATE.get(state) if isinstance(state, str) else None
    return Missing(not_there(kind_of)) if kind_of else None
