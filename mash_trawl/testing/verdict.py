"""What a check is, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mash_trawl.testing.bench import Bench

Outcome = Literal["passed", "failed", "skipped"]


class Skip(Exception):
    """This check does not apply here, for the reason given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One of the 24. `look` yields a sentence for each fault; `always` ones no author can skip."""

    number: int
    name: str
    proves: str
    always: bool
    look: Callable[[Bench], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one check found: sentences that say what is wrong, where, and what to do; or why it was skipped."""

    number: int
    name: str
    outcome: Outcome
    findings: tuple[str, ...] = ()
    reason: str = ""
    milliseconds: int = 0


REGISTER: dict[int, Check] = {}


def check(
    number: int, name: str, proves: str, *, always: bool = False
) -> Callable[[Callable[[Bench], Iterator[str]]], Callable[[Bench], Iterator[str]]]:
    """Enter a function into the list of checks."""

    def enter(look: Callable[[Bench], Iterator[str]]) -> Callable[[Bench], Iterator[str]]:
        if number in REGISTER:
            raise ValueError(f"two checks are number {number}")
        REGISTER[number] = Check(number=number, name=name, proves=proves, always=always, look=look)
        return look

    return enter
