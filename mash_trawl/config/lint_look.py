"""What every look at a profile shares: the profile, its files, the day, and the hub that works by it, if any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mash_trawl.config.agreements import Paper
from mash_trawl.config.remarks import Remark, Severity
from mash_trawl.config.tree import Path, Tree
from mash_trawl.model.hub import HubFile
from mash_trawl.model.profile import Category, Gateway, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`settings` and `papers` are None where no hub is looked at: then nothing is said about people or agreements."""

    profile: Profile
    tree: Tree
    today: date
    settings: HubFile | None = None
    papers: tuple[Paper, ...] | None = None

    def remark(self, severity: Severity, code: str, path: Path, what: str, do: str, *, key: bool = False) -> Remark:
        """A finding at the line of the file that says it."""
        return Remark(severity=severity, code=code, where=self.tree.where(path, key=key), what=what, do=do)

    def relied_on(self) -> Iterator[tuple[str, Gateway]]:
        """The powers that this profile uses, of those that it knows."""
        for name in self.profile.relies_on:
            if name in self.profile.gateways:
                yield name, self.profile.gateways[name]

    def categories(self) -> Iterator[tuple[str, str, Category]]:
        """Every agency, category id and category."""
        for agency, body in self.profile.agencies.items():
            for name, category in body.categories.items():
                yield agency, name, category

    def in_reach(self, gateway: Gateway) -> bool:
        """Whether a case that the profile takes can have a level of this power."""
        return not gateway.levels or bool(set(gateway.levels) & set(self.profile.scope.levels))


def shut(gateway: Gateway, today: date) -> str:
    """Why a power cannot be used on this day; empty if it can."""
    if gateway.in_force_from is None:
        return "it has no `in_force_from`"
    if gateway.confirm and not (gateway.instrument and gateway.confirmed_by):
        return "nobody has confirmed it (`instrument`, `confirmed_by`)"
    if gateway.in_force_from > today:
        return f"it begins on {gateway.in_force_from}"
    if gateway.in_force_until and gateway.in_force_until <= today:
        return f"it ended on {gateway.in_force_until}"
    return ""


def names_it(gateway: Gateway, agency: str, category: str) -> bool:
    """Whether what the power opens, be it only for existence, takes this category in."""
    lists = (gateway.opens.get(agency, ()), gateway.existence.get(agency, ()))
    return any(opened == "all" or category in opened for opened in lists)
