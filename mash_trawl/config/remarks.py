"""Remarks: what a look at papers and profiles found, how much it matters, where it stands and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""Error: it contradicts itself. Warning: something cannot happen as it is written. Note: somebody should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One finding. `code` is stable; `where` is file:line:column, or a plain place."""

    severity: Severity
    code: str
    where: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.what} {self.do}".rstrip()


def in_order(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The worst first; of one severity as they were found, nothing twice."""
    found = tuple(dict.fromkeys(remarks))
    return tuple(item for severity in SEVERITIES for item in found if item.severity == severity)
