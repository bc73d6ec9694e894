"""The commands that a next step is printed with, so that it works as printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mash_trawl.model.unlocks import OF_THE_HUB, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """`prefix` is how the program and its hub were named; `case` how the case was. Both are ready for a shell.

    `reader` is who asks, for a step that somebody else has to do for them; `known` are the commands that there are
    (None: all).
    """

    prefix: str = "mash-trawl"
    case: str = "CASE"
    reader: str = "READER"
    known: frozenset[str] | None = None

    def say(self, command: str, *more: str) -> str:
        """The whole command, in backticks: about the case, unless it is one about the hub; then what it is about."""
        name = name_of(command)
        about = () if name in OF_THE_HUB else (self.case,)
        return f"`{' '.join([self.prefix, name, *about, *command[len(name) :].split(), *more])}`"

    def ways(self, commands: Iterable[str]) -> str:
        """The commands that there are by their names alone: `case consent add or case power add`."""
        return " or ".join(self._there(commands))

    def written_by(self, commands: Iterable[str]) -> tuple[str, ...]:
        """One sentence with those commands whole; none where there is none."""
        whole = " or ".join(self.say(one) for one in sorted(set(self._there(commands))))
        return (f"The commands for it: {whole}.",) if whole else ()

    def _there(self, commands: Iterable[str]) -> list[str]:
        return [one for one in commands if self.known is None or name_of(one) in self.known]


PLAIN_STEPS = Steps()
"""Without a hub and a case: as the documents write them."""
