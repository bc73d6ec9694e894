"""What stands on the shelf: every installed connector, whether this hub approves it, and what it can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mash_trawl.model.hub import Approved, SourceSettings
from mash_trawl.sources.installed import Found, installed, printable
from mash_trawl.sources.plugins import Offered
from mash_trawl.sources.worker_facts import tell

Approval = Literal["yes", "without_sha256", "another_sha256", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a connector says of itself; known only of what was approved, because nothing else is imported."""

    name: str
    agency: str
    kind: str
    offers: tuple[str, ...]
    search_keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A plugin that is installed, or that the hub file approves although it is not.

    `sha256` is the digest of its files as they lie there; `sources` are those of the hub that it serves.
    """

    distribution: str
    plugin: str
    version: str = ""
    sha256: str = ""
    installed: bool = True
    approved: Approval = "no"
    why: str = ""
    capabilities: tuple[Capability, ...] = ()
    sources: tuple[str, ...] = ()


def shelf(
    approve: Sequence[Approved] = (),
    sources: Sequence[SourceSettings] = (),
    offered: Mapping[str, Offered] | None = None,
) -> tuple[Listed, ...]:
    """Everything installed, by distribution and plugin, then what is approved and missing."""
    offered = offered or {}
    there = sorted(installed(), key=lambda one: (one.distribution, one.entry.name))
    brought = Counter(name for _, name in {(one.distribution, one.entry.name) for one in there})
    twice = {name for name, count in brought.items() if count > 1}
    missing = [item for item in approve if not any(one.is_meant(item) for one in there)]
    return (
        *(_listed(one, approve, sources, offered, twice) for one in there),
        *(
            Listed(distribution=item.distribution, plugin=item.plugin, installed=False, approved="yes")
            for item in missing
        ),
    )


def _listed(
    found: Found, approve: Sequence[Approved], sources: Sequence[SourceSettings], offered: Mapping[str, Offered],
    twice: Collection[str] = (),
) -> Listed:  # fmt: skip
    name = found.entry.name
    meant = next((item for item in approve if found.is_meant(item)), None)
    held = offered.get(name) if meant is not None else None
    can = {key: _capability(one) for key, one in offered.items() if one.order == found.order}
    return Listed(
        distribution=found.distribution,
        plugin=printable(name),
        version=found.version,
        sha256=found.sha256,
        approved=_approval(meant, found),
        why=_why(held, taken=name in twice),
        capabilities=tuple(one for one in can.values() if one is not None),
        sources=tuple(item.name for item in sources if item.connector in can),
    )


def _why(held: Offered | None, *, taken: bool) -> str:
    """Why it cannot be used; empty when nothing is known against it. No hub opens with two of one name."""
    if taken:
        return "another_distribution_has_a_plugin_of_this_name"
    return held.why.value if held is not None and held.why is not None else ""


def _approval(meant: Approved | None, found: Found) -> Approval:
    if meant is None:
        return "no"
    if meant.sha256 is None:
        return "without_sha256"
    return "yes" if meant.sha256 == found.sha256 else "another_sha256"


def _capability(one: Offered) -> Capability | None:
    facts = one.facts if one.connector is None else tell(one.connector)
    if not facts:
        return None
    return Capability(
        name=facts["name"],
        agency=facts.get("agency") or "",
        kind=facts["kind"],
        offers=tuple(sorted(facts["offers"])),
        search_keys=tuple(tuple(key) for key in facts["search_keys"]),
    )
