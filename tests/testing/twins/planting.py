"""What a faulty twin is: a healthy connector with one mistake that authors really make, and who should notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.seeds import Seed

C = TypeVar("C", bound=type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """One fault. `wrong` says what the author did; `kind` is the name of the check that stands for it.

    `expects` are the checks that should notice, any of them. `seed` is another one than the family's, if it needs one.
    """

    family: str
    name: str
    wrong: str
    kind: str
    expects: tuple[int, ...]
    connector: type[Connector]
    seed: Callable[[], Seed] | None = None

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


class Family:
    """Twins of one healthy connector over one seed."""

    def __init__(self, name: str, healthy: type[Any], seed: Callable[[], Seed], **told: Any) -> None:
        self.name, self.healthy, self.seed, self.told = name, healthy, seed, told
        self.twins: list[Twin] = []

    def plant(
        self, name: str, wrong: str, kind: str, *expects: int, seed: Callable[[], Seed] | None = None
    ) -> Callable[[C], C]:
        """Enter the class below as a twin; it describes itself as its healthy sibling does."""

        def enter(faulty: C) -> C:
            if "__doc__" not in vars(faulty) or vars(faulty)["__doc__"] is None:
                faulty.__doc__ = self.healthy.__doc__
            self.add(name, wrong, kind, *expects, connector=faulty, seed=seed)
            return faulty

        return enter

    def add(
        self, name: str, wrong: str, kind: str, *expects: int, connector: Any, seed: Callable[[], Seed] | None = None
    ) -> None:
        """Enter a twin that is made already."""
        self.twins.append(
            Twin(
                family=self.name, name=name, wrong=wrong, kind=kind, expects=expects, connector=connector, seed=seed
            )
        )  # fmt: skip
