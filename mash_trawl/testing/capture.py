"""Everything that a connector says while it runs: log lines at DEBUG, what it prints, warnings."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


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


@contextmanager
def listening() -> Iterator[Said]:
    """Hear what is logged (at every level), printed and warned of until the end of the block."""
    said = Said()
    root, keeper = logging.getLogger(), _Keeper(said.log)
    level, disabled, out, err = root.level, logging.root.manager.disable, sys.stdout, sys.stderr
    printed, complained = io.StringIO(), io.StringIO()
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    logging.disable(logging.NOTSET)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            sys.stdout, sys.stderr = printed, complained
            yield said
    finally:
        sys.stdout, sys.stderr = out, err
        logging.disable(disabled)
        root.setLevel(level)
        root.removeHandler(keeper)
        said.out, said.err = printed.getvalue(), complained.getvalue()
        said.warned = [str(item.message) for item in warned]
