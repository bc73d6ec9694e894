"""Everything that a connector says while it runs: log lines at DEBUG, what it prints, warnings.

What is printed is heard at `sys.stdout` and `sys.stderr`, and at the program's own first two lines to the outside, by
which `sys.__stdout__`, `os.write` and programs print.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import IO


@dataclass(slots=True, kw_only=True)
class Said:
    """What came out, by where it came out."""

    log: list[str] = field(default_factory=list)
    out: str = ""
    err: str = ""
    warned: list[str] = field(default_factory=list)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Place and text of everything."""
        yield from (("the log", line) for line in self.log)
        yield from (("a warning", line) for line in self.warned)
        yield "stdout", self.out
        yield "stderr", self.err


_USUAL = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) - {"threadName"} | {"message", "asctime"}
"""What every record has, and the message tells; whatever else a record carries, a formatter may write."""


class _Keeper(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
            beside = [f"{name}={value}" for name, value in vars(record).items() if name not in _USUAL]
            self._lines.append(" ".join((line, *beside)))
        except Exception:  # a record that cannot be formatted still was said
            self._lines.append(f"{record.msg!r} {record.args!r}")


@cache
def _ear(process: int, line: int) -> int:
    """The file into which this process prints while somebody listens; a copy of a process has files of its own."""
    with tempfile.TemporaryFile(prefix=f"mash-trawl-kit-{line}-") as file:
        return os.dup(file.fileno())


@contextmanager
def _aside(line: int, heard: list[str]) -> Iterator[None]:
    """What is written straight to this descriptor (1: out, 2: errors) until the end of the block, at its end."""
    ear = _ear(os.getpid(), line)
    shown = sys.__stdout__ if line == 1 else sys.__stderr__
    try:
        kept = os.dup(line)
    except OSError:  # a service has none
        yield
        return
    _flush(shown)
    os.dup2(ear, line)
    try:
        yield
    finally:
        _flush(shown)
        os.dup2(kept, line)
        os.close(kept)
        if length := os.lseek(ear, 0, os.SEEK_END):
            os.lseek(ear, 0, os.SEEK_SET)
            heard.append(os.read(ear, length).decode("utf-8", "replace"))
            os.lseek(ear, 0, os.SEEK_SET)
            os.ftruncate(ear, 0)


def _flush(shown: IO[str] | None) -> None:
    with suppress(AttributeError, OSError, ValueError):  # None, or closed
        shown.flush()  # type: ignore[union-attr]


class _Page(io.StringIO):
    """What is printed on it can be read even when a connector closed it."""

    def close(self) -> None:
        """It stays open."""


@contextmanager
def listening() -> Iterator[Said]:
    """Hear what is logged (at every level), printed and warned of until the end of the block."""
    said = Said()
    root, keeper = logging.getLogger(), _Keeper(said.log)
    level, disabled, out, err = root.level, logging.root.manager.disable, sys.stdout, sys.stderr
    printed, complained = _Page(), _Page()
    heard: tuple[list[str], list[str]] = ([], [])
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    logging.disable(logging.NOTSET)
    try:
        with warnings.catch_warnings(record=True) as warned, _aside(1, heard[0]), _aside(2, heard[1]):
            warnings.simplefilter("always")
            sys.stdout, sys.stderr = printed, complained
            yield said
    finally:
        sys.stdout, sys.stderr = out, err
        logging.disable(disabled)
        root.setLevel(level)
        root.removeHandler(keeper)
        said.out, said.err = printed.getvalue() + "".join(heard[0]), complained.getvalue() + "".join(heard[1])
        said.warned = [str(item.message) for item in warned]
