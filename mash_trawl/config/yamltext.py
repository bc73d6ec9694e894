"""YAML without surprises: every scalar is text, and nothing in a file can refer, repeat, construct or explode."""

from __future__ import annotations

from typing import Any

import yaml

from mash_trawl.config.tree import Builder, Tree

EMPTY = frozenset({"", "~", "null"})
"""Plain words that say "nothing here". `Null` and `NULL` are text: Null is a surname."""

_SYNTAX = (
    ("mapping values are not allowed", "a colon and a space stand inside a plain text", "Put the text in quotes."),
    ("cannot start any token", "a value starts with a character that YAML keeps for itself, or a line with a tab",
     "Put the text in quotes; indent with spaces."),
    ("expected <block end>", "the indentation does not line up", "Give the keys of one group the same indentation."),
    ("could not find expected ':'", "a key has no colon", "Write `key: value`."),
    ("unexpected end of stream", "a quotation mark or bracket is never closed", "Close it."),
    ("did not find expected ',' or", "a bracket is never closed, or a comma is missing", "Close it."),
    ("Unicode character escape", "an escape stands for no character", "Write the character itself."),
    ("expected ',' or", "a bracket is never closed, or a comma is missing", "Close it."),
)  # fmt: skip


class StrictLoader(yaml.SafeLoader):
    """Only its events are used: no node is composed and no Python object constructed, so nothing recurses."""


FastLoader: Any = getattr(yaml, "CSafeLoader", StrictLoader)
"""The same events from libyaml where PyYAML was built with it: about ten times as fast."""


def parse_yaml(text: str, name: str, loader: Any = FastLoader) -> Tree:
    """Read one document. Raises Misconfigured with file:line:column, and never with anything the file says."""
    builder = Builder(name)
    events = _Events(builder)
    broken = _feed(events, text, loader)
    if broken:
        builder.stop(*broken)
    if not events.documents:
        builder.stop(1, 1, "the file is empty")
    return builder.tree()


def _feed(events: _Events, text: str, loader: Any) -> tuple[int, int, str, str] | None:
    """Give all events; returns line, column and sentences if the parser gave up. Its own error holds file content."""
    try:
        for event in yaml.parse(text, Loader=loader):
            events.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return (mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, *_explain(str(error.problem)))
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        return 1, 1, "this is not YAML that can be read", "Save the file as UTF-8 text."
    return None


class _Events:
    """Turns the parser's events into parts of a tree."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.documents = 0

    def take(self, event: Any) -> None:
        """Handle one event."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self._refuse(event, line, column)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            value = None if plain and event.value in EMPTY else event.value
            self.builder.scalar(value, line, column)
        elif isinstance(event, yaml.CollectionStartEvent):
            if self.builder.awaits_key:
                self.builder.stop(
                    line, column, "a list or a group stands where a key must stand", "Write `key: value`."
                )
            self.builder.open({} if isinstance(event, yaml.MappingStartEvent) else [], line, column)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.builder.close()

    def _refuse(self, event: Any, line: int, column: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            do = "Write the part out again, or put a text that begins with * in quotes."
            self.builder.stop(line, column, "an alias (*) is not allowed", do)
        if getattr(event, "anchor", None) is not None:
            do = "Remove it, or put a text that begins with & in quotes."
            self.builder.complain(line, column, "an anchor (&) is not allowed", do)
        if getattr(event, "tag", None) is not None:
            do = "Remove it, or put a text that begins with ! in quotes."
            self.builder.complain(line, column, "a tag (!) is not allowed", do)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if event.version or event.tags:
                self.builder.complain(line, column, "a directive (%) is not allowed", "Remove the line.")
            if self.documents > 1:
                self.builder.stop(line, column, "a second document begins here (---)", "Use one file for each.")


def _explain(problem: str) -> tuple[str, str]:
    """A sentence of ours for a sentence of the parser's, which could quote the file."""
    for sign, what, do in _SYNTAX:
        if sign in problem:
            return what, do
    return "this is not YAML that can be read", "Look at this line and the one above it."
