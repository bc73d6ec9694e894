"""Typed log events: only enums, counts, durations and opaque ids can be said, so that nothing personal can be.

The library never configures logging; it emits JSON lines to the logger `mash_trawl`, which the host may route.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, fields
from typing import Literal

_LOGGER = logging.getLogger("mash_trawl")
_LOGGER.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStarted:
    """A source's lane began: how many people it will be asked about."""

    source: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFinished:
    """A source's lane ended, by itself or at its deadline."""

    source: str
    answers: int
    milliseconds: int
    ended: Literal["answered", "deadline", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFailed:
    """One ask ended in an error; `why` is a code, `kind` the exception's class name."""

    source: str
    step: Literal["find", "fetch"]
    why: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent:
    """A transport sent one request or statement (a page, a retry)."""

    source: str
    attempt: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsDropped:
    """A source sent what nobody asked it for: rows about others, rows outside the grant. Look at its connector."""

    source: str
    step: Literal["find", "fetch"]
    other_people: int
    not_granted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingUnread:
    """What was said about a case could not be read while its trawl ran, so nothing more is asked for it."""

    kind: str


class _NoRows(logging.Filter):
    """Lets nothing below INFO through: at DEBUG a database library writes every row that it reads."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG


_NO_ROWS = _NoRows()


def never_rows(name: str) -> str:
    """The `logging_name` for one of our own SQLAlchemy engines, whose logger never lets a row through at any level."""
    logging.getLogger(f"sqlalchemy.engine.Engine.{name}").addFilter(_NO_ROWS)
    return name


LogEvent = SourceStarted | SourceFinished | AskFailed | RequestSent | RowsDropped | StandingUnread


def log(event: LogEvent, level: int = logging.INFO) -> None:
    """Write one event as one JSON line; control characters are escaped by JSON."""
    if _LOGGER.isEnabledFor(level):
        told = {field.name: getattr(event, field.name) for field in fields(event)}
        _LOGGER.log(level, "%s", json.dumps({"event": type(event).__name__} | told))
