"""The words of an SQL statement: enough to see what it names and binds, never to rewrite it.

The same reading serves the check at load and the translation of `:name` for drivers that only know `?`, so that a
colon in a quoted text is a colon in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["word", "quoted", "bind", "text", "number", "comment", "space", "sign"]

_TOKENS = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<text>'(?:[^']|'')*')"
    r'|(?P<quoted>"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])'
    r"|(?P<bind>(?<![:\w]):[A-Za-z_]\w*)"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<space>\s+)"
    r"|(?P<sign>::|/\*|.)",
    re.DOTALL,
)
_WRITES = frozenset({
    "insert", "update", "delete", "merge", "upsert", "drop", "alter", "create", "truncate", "grant", "revoke", "exec",
    "execute", "into", "attach", "detach", "pragma", "copy", "vacuum", "set", "commit", "rollback",
})  # fmt: skip
_SIGNS = (";", "{", "}", "'", '"', "`", "$", "?", "/*")
"""Signs that have no place in one plain question: a second statement, a template, something never closed."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement, exactly as it is written."""

    kind: TokenKind
    text: str

    @property
    def name(self) -> str:
        """The name without quotation marks or colon, in lower case."""
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"').lower()
        return self.text.removeprefix(":").lower()


def tokens(sql: str) -> Iterator[Token]:
    """All pieces in order; joined, they are the statement again."""
    for found in _TOKENS.finditer(sql):
        yield Token(found.lastgroup, found.group())  # type: ignore[arg-type]  # the groups are the kinds


def binds(sql: str) -> tuple[str, ...]:
    """The names that a statement binds, each once, in order."""
    return tuple(dict.fromkeys(token.text[1:] for token in tokens(sql) if token.kind == "bind"))


def names(sql: str) -> frozenset[str]:
    """Every word and quoted name in it, in lower case; texts and comments do not count."""
    return frozenset(token.name for token in tokens(sql) if token.kind in ("word", "quoted"))


def not_read_only(sql: str) -> str | None:
    """Why a statement may not run against an agency's system; None for one plain `select`.

    A safety net beside a read-only login and a read-only transaction, which remain the real protection.
    """
    pieces = [token for token in tokens(sql) if token.kind not in ("space", "comment")]
    while pieces and pieces[-1].text == ";":
        pieces.pop()
    if not pieces or pieces[0].kind != "word" or pieces[0].name not in ("select", "with"):
        return "a statement must start with select or with"
    for piece in pieces:
        if piece.kind == "sign" and piece.text in _SIGNS:
            return f"a statement may not hold {piece.text}"
        if piece.kind == "word" and piece.name in _WRITES:
            return f"a statement may only read: {piece.name} is not allowed"
    return None


def reads_everything(sql: str) -> bool:
    """True if it says `select *` or `t.*`: then nobody can see which columns are read."""
    pieces = [token.text.lower() for token in tokens(sql) if token.kind not in ("space", "comment")]
    ends = {"from", ",", ")", ";", ""}
    for before, piece, after in zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False):
        if piece == "*" and (before == "." or (after in ends and before != "(")):
            return True
    return False
